// The step with the constraint in TensorFlow.js, whose script has put `tf` there.
import { ALPHA, BATCH, batch, CLASSES, drawn, LAYERS, normal, RATE, SIDE, size } from "./data.js";

/** A function that makes a step and returns its loss. */
export const open = async (backend) => {
  const { tf } = globalThis;
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} here`);
  await tf.ready();
  // Its convolutions want the channels last.
  const order = ([outputs, ...inputs]) => (inputs.length === 3 ? [3, 3, inputs[0], outputs] : [...inputs, outputs]);
  const p = Object.fromEntries(
    Object.entries(LAYERS).flatMap(([name, shape]) => [
      [`${name}.weight`, tf.variable(tf.tensor(drawn(size(shape), () => 0.1 * normal()), order(shape)))],
      [`${name}.bias`, tf.variable(tf.zeros([shape[0]]))],
    ]),
  );
  const layer = (x, name) =>
    tf.maxPool(tf.relu(tf.add(tf.conv2d(x, p[`${name}.weight`], 1, "same"), p[`${name}.bias`])), 2, 2, "valid");
  const dense = (x, name) => tf.add(tf.matMul(x, p[`${name}.weight`]), p[`${name}.bias`]);
  const logits = (x) => {
    const maps = layer(layer(x, "conv1"), "conv2");
    return dense(tf.relu(dense(maps.reshape([2 * BATCH, LAYERS.fc1[1]]), "fc1")), "fc2");
  };
  const optimizer = tf.train.adam(RATE);
  return async () => {
    const { images, targets } = batch();
    const value = tf.tidy(() => {
      const x = tf.tensor4d(images, [2 * BATCH, SIDE, SIDE, 1]);
      const y = tf.tensor2d(targets, [BATCH, CLASSES]);
      return optimizer.minimize(() => {
        const [clean, changed] = tf.split(logits(x), 2);
        const ce = tf.sum(tf.mul(tf.logSoftmax(clean), y)).mul(-1 / BATCH);
        return ce.add(tf.sum(tf.square(tf.sub(clean, changed))).mul(ALPHA / BATCH));
      }, true);
    });
    const [found] = await value.data();
    value.dispose();
    return found;
  };
};
