// The step with the constraint in jax-js: the whole of it one compiled function.
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "./node_modules/@jax-js/jax/dist/index.js";
import { ALPHA, BATCH, batch, BETAS, CLASSES, drawn, LAYERS, normal, RATE, SIDE, size } from "./data.js";

// Arrays are counted references there: whoever uses one again takes `.ref`.

const convolved = (x, weight, bias, channels) =>
  lax.conv(x, weight, [1, 1], "SAME").add(bias.reshape([1, channels, 1, 1]));
const pooled = (x) => {
  const [n, channels, height, width] = x.shape;
  return np.max(x.reshape([n, channels, height / 2, 2, width / 2, 2]), [3, 5]);
};

const logits = ([w1, b1, w2, b2, w3, b3, w4, b4], x) => {
  const maps1 = pooled(nn.relu(convolved(x, w1, b1, LAYERS.conv1[0])));
  const maps2 = pooled(nn.relu(convolved(maps1, w2, b2, LAYERS.conv2[0])));
  const features = nn.relu(np.matmul(maps2.reshape([2 * BATCH, LAYERS.fc1[1]]), w3.transpose()).add(b3));
  return np.matmul(features, w4.transpose()).add(b4);
};

const loss = (parameters, images, targets) => {
  const z = logits(parameters, images);
  const clean = z.ref.slice([0, BATCH]);
  const changed = z.slice([BATCH, 2 * BATCH]);
  const ce = np.sum(nn.logSoftmax(clean.ref).mul(targets)).mul(-1 / BATCH);
  const ds = np.sum(np.square(clean.sub(changed))).mul(ALPHA / BATCH);
  return ce.add(ds);
};

const step = jit((parameters, first, second, images, targets, rate, root) => {
  const [value, gradients] = valueAndGrad(loss)(
    parameters.map((array) => array.ref),
    images,
    targets,
  );
  const m = first.map((array, i) => array.mul(BETAS[0]).add(gradients[i].ref.mul(1 - BETAS[0])));
  const v = second.map((array, i) => array.mul(BETAS[1]).add(np.square(gradients[i]).mul(1 - BETAS[1])));
  const moved = parameters.map((array, i) =>
    array.sub(m[i].ref.mul(rate.ref).div(np.sqrt(v[i].ref).mul(root.ref).add(1e-8))),
  );
  rate.dispose();
  root.dispose();
  return [value, moved, m, v];
});

/** A function that makes a step and returns its loss. */
export const open = async (device) => {
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  const shapes = Object.values(LAYERS).flatMap((shape) => [shape, [shape[0]]]);
  const array = (values, shape) => np.array(values).reshape(shape);
  let parameters = shapes.map((shape) => array(drawn(size(shape), () => 0.1 * normal()), shape));
  let first = shapes.map((shape) => np.zeros(shape));
  let second = shapes.map((shape) => np.zeros(shape));
  let time = 0;
  return async () => {
    time += 1;
    const { images, targets } = batch();
    let value;
    [value, parameters, first, second] = step(
      parameters,
      first,
      second,
      array(images, [2 * BATCH, 1, SIDE, SIDE]),
      array(targets, [BATCH, CLASSES]),
      np.array(RATE / (1 - BETAS[0] ** time)),
      np.array(1 / Math.sqrt(1 - BETAS[1] ** time)),
    );
    const [found] = await value.data();
    return found;
  };
};
