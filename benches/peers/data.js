// What every library trains on: pictures as in `pytorch.py`, drawn; neither they nor the weights change a cost.

export const BATCH = 64;
export const CLASSES = 10;
export const SIDE = 28;
export const ALPHA = 1;
export const RATE = 1e-3;
export const BETAS = [0.9, 0.999];

const SIGMA = 0.1;

/** Shapes of the small network's weights, each with a bias of as many values as it has outputs. */
export const LAYERS = {
  conv1: [8, 1, 3, 3],
  conv2: [16, 8, 3, 3],
  fc1: [64, 16 * (SIDE / 4) ** 2],
  fc2: [CLASSES, 64],
};

export const size = (shape) => shape.reduce((product, length) => product * length, 1);

export const drawn = (count, draw) => Float32Array.from({ length: count }, draw);

/** A normal number, by Box and Muller. */
export const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

const clipped = (value) => Math.min(1, Math.max(0, value));

const pixels = drawn(BATCH * SIDE * SIDE, Math.random);
const targets = new Float32Array(BATCH * CLASSES);
for (let i = 0; i < BATCH; i += 1) targets[i * CLASSES + Math.floor(Math.random() * CLASSES)] = 1;

/** The batch, the same in each step so that something can be learned: pictures, then the same under fresh noise. */
export const batch = () => {
  const images = new Float32Array(2 * pixels.length);
  images.set(pixels);
  images.set(
    pixels.map((value) => clipped(value + SIGMA * normal())),
    pixels.length,
  );
  return { images, targets };
};
