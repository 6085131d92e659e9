// Pictures that come as arrays: MNIST-like IDX files and CIFAR-10's binary files.
import { LIMITS, refuse } from "./limits.js";

const CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const RECORD = 1 + 3 * 32 * 32;

/** An IDX file of bytes: `dims` and a view of its values; nothing when it is none. */
function parseIdx(bytes) {
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 8 || bytes[3] < 1 || bytes[3] > 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) return null;
  return { dims: Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i)), values: bytes.subarray(start) };
}

/** The bytes of an IDX file. */
export function toIdx(dims, values) {
  const bytes = new Uint8Array(4 + 4 * dims.length + values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, 8, dims.length]);
  dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
  bytes.set(values, 4 + 4 * dims.length);
  return bytes;
}

const isTrain = (path) => /train|data_batch/i.test(path);
const isTest = (path) => /test|t10k|val/i.test(path);

/** MNIST-like pairs among `files` (`{ path, bytes }` each): halves of `{ pixels, labels }` and their size; nothing when there are none. */
export function readIdx(files) {
  const parsed = files.map(({ path, bytes }) => ({ path, ...parseIdx(bytes) })).filter(({ dims }) => dims);
  if (!parsed.length) return null;
  const images = parsed.filter(({ dims }) => dims.length === 3);
  const labels = parsed.filter(({ dims }) => dims.length === 1);
  const odd = parsed.find(({ dims }) => dims.length !== 3 && dims.length !== 1);
  if (odd) refuse(`${odd.path} has ${odd.dims.length} dimensions; images have 3 (number, height, width) and labels 1.`);
  const pairs = images.length;
  if (pairs < 1 || pairs > 2 || labels.length !== pairs) refuse(`${images.length} files of images and ${labels.length} of labels make no pairs; allowed is a pair to learn from, and one to test on.`);
  const halves = images.map((image) => {
    const half = isTest(image.path) && !isTrain(image.path) ? "test" : "train";
    const label = pairs === 1 ? labels[0] : labels.find(({ path }) => (isTest(path) && !isTrain(path) ? "test" : "train") === half);
    if (!label) refuse(`${image.path} has no labels: name both files of a pair with “train” or with “test”.`);
    const [n, height, width] = image.dims;
    if (n !== label.dims[0]) refuse(`${image.path} has ${n} images, ${label.path} ${label.dims[0]} labels.`);
    if (image.values.length !== n * height * width) refuse(`${image.path} has ${image.values.length} values; ${n} images of ${height}×${width} have ${n * height * width}.`);
    if (label.values.length !== n) refuse(`${label.path} has ${label.values.length} values for ${n} labels.`);
    return { half, height, width, pixels: image.values, labels: label.values };
  });
  if (pairs === 2 && halves[0].half === halves[1].half) refuse(`${images[0].path} and ${images[1].path}: which is to learn from, which to test on? Name them with “train” and “test”.`);
  const { height, width } = halves[0];
  if (halves.some((half) => half.height !== height || half.width !== width)) refuse(`The images in ${images.map(({ path }) => path).join(" and ")} have different sizes.`);
  return { channels: 1, height, width, halves: Object.fromEntries(halves.map(({ half, pixels, labels }) => [half, { pixels, labels }])), names: null };
}

/** CIFAR-10's binary files among `files`; nothing when there are none. */
export function readCifar(files) {
  const batches = files.filter(({ path }) => path.toLowerCase().replace(/\.gz$/, "").endsWith(".bin"));
  if (!batches.length) return null;
  const halves = {};
  for (const half of ["train", "test"]) {
    const parts = batches.filter(({ path }) => (half === "test") === (isTest(path) && !isTrain(path)));
    for (const { path, bytes } of parts) {
      if (!bytes.length || bytes.length % RECORD) refuse(`${path} has ${bytes.length} bytes; CIFAR-10's binary files have a multiple of ${RECORD}.`);
    }
    const n = parts.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
    if (!n) continue;
    if (n > LIMITS.records) refuse(`${parts[0].path}${parts.length > 1 ? ` and ${parts.length - 1} more` : ""}: ${n} images; allowed are ${LIMITS.records}.`);
    const labels = new Uint8Array(n), pixels = new Uint8Array(n * (RECORD - 1));
    let at = 0;
    for (const { bytes } of parts) {
      for (let start = 0; start < bytes.length; start += RECORD, at++) {
        labels[at] = bytes[start];
        pixels.set(bytes.subarray(start + 1, start + RECORD), at * (RECORD - 1));
      }
    }
    halves[half] = { labels, pixels };
  }
  const meta = files.find(({ path }) => path.endsWith("batches.meta.txt"));
  const names = meta ? new TextDecoder().decode(meta.bytes).split("\n").map((line) => line.trim()).filter(Boolean) : CIFAR10;
  return { channels: 3, height: 32, width: 32, halves, names };
}
