// Pixels of a canvas, as they were put. Browsers that resist fingerprinting hand out others, and do not say so.

/** The context of a canvas of this size. */
export const canvas = ({ height, width }) =>
  Object.assign(document.createElement("canvas"), { height, width }).getContext("2d", { willReadFrequently: true });

const fromCanvas = (context) => {
  const { height, width } = context.canvas;
  return context.getImageData(0, 0, width, height).data;
};

/** The same by WebCodecs, which hands out what is there. */
async function fromFrame({ canvas: source }) {
  const frame = new VideoFrame(source, { timestamp: 0, alpha: "keep" });
  try {
    const bytes = new Uint8ClampedArray(frame.allocationSize({ format: "RGBA" }));
    await frame.copyTo(bytes, { format: "RGBA" });
    return bytes;
  } finally {
    frame.close();
  }
}

/** Whether a way to read pixels finds those that were put. */
async function isFaithful(read) {
  const side = 16;
  const context = canvas({ height: side, width: side });
  const put = new ImageData(side, side);
  put.data.forEach((_, i) => (put.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256));
  context.putImageData(put, 0, 0);
  try {
    const found = await read(context);
    return put.data.every((value, i) => found[i] === value);
  } catch {
    return false;
  }
}

/**
 * The way to read a canvas in this browser: a function of its context, that resolves to RGBA.
 * @throws `{ code: "canvas-blocked", message }` where there is none
 */
export async function pixelReader() {
  for (const read of [fromCanvas, fromFrame]) if (await isFaithful(read)) return read;
  const message =
    "This browser hides what is on a canvas, as a protection against fingerprinting: " +
    "the pixels of pictures come back as others. " +
    "Allow this page to read canvas data (the picture sign in the address bar), " +
    "or put it on the list privacy.resistFingerprinting.exemptedDomains in about:config, then try again. " +
    "IDX and CIFAR-10 files need no canvas.";
  throw { code: "canvas-blocked", message };
}
