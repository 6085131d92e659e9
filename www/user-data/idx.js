// MNIST-like IDX files: two zero bytes, a type, the number of dimensions, each dimension as a big-endian u32, then the
// values.
import { megabytes } from "../lib/archive/refuse.js";
import { halfOfFile } from "./halves.js";
import { counted } from "../lib/numbers.js";
import { LIMITS, refuse } from "./limits.js";
import { once } from "./sources.js";

/**
 * Types of values by their number in the file: an array that takes no more than the file does, and how a DataView reads
 * one; bytes are taken as they are.
 */
const TYPES = {
  0x08: { of: Uint8Array },
  0x09: { of: Int8Array, get: "getInt8" },
  0x0b: { of: Int16Array, get: "getInt16" },
  0x0c: { of: Int32Array, get: "getInt32" },
  0x0d: { of: Float32Array, get: "getFloat32" },
  0x0e: { of: Float64Array, get: "getFloat64" },
};
const UNSIGNED = 0x08;

/** Whether bytes begin as an IDX file does. */
export const isIdx = (head) =>
  head[0] === 0 && head[1] === 0 && TYPES[head[2]] !== undefined && head[3] >= 1 && head[3] <= 4;

const times = (dims) => dims.reduce((product, dim) => product * dim, 1);

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The dimensions of an IDX file, by its first bytes. */
function dimsOf(path, head) {
  if (head.length < 4 + 4 * head[3]) refuse(`${path} is cut off. Get it anew.`);
  return Array.from({ length: head[3] }, (_, i) => viewOf(head).getUint32(4 + 4 * i));
}

/** The values of an IDX file: bytes, or numbers of another type. */
function valuesOf(path, dims, bytes) {
  const { of: Values, get } = TYPES[bytes[2]];
  const size = Values.BYTES_PER_ELEMENT;
  const start = 4 + 4 * dims.length;
  const n = (bytes.length - start) / size;
  if (n !== times(dims)) {
    refuse(
      `${path} has ${counted(Math.floor(n), "value")}, but by its head ${dims.join("×")}, that is ${times(dims)}: ` +
        "it is cut off, or damaged. Get it anew.",
    );
  }
  if (!get) return bytes.subarray(start);
  const view = viewOf(bytes);
  const values = new Values(n);
  for (let i = 0; i < n; i++) values[i] = view[get](start + i * size);
  return values;
}

/** The bytes of an IDX file. */
export function toIdx(dims, values) {
  const bytes = new Uint8Array(4 + 4 * dims.length + values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, UNSIGNED, dims.length]);
  dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
  bytes.set(values, 4 + 4 * dims.length);
  return bytes;
}

/** What the values of a file mean, by the lowest and the highest: `{ scale, offset, range }`. */
function rangeOf({ path, values }) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value))
      refuse(`${path} has a value that is no number (${value}); allowed are 0 to 1, −1 to 1, or 0 to 255.`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0 && high <= 1) return { scale: 255, offset: 0, range: "0 to 1" };
  if (low >= -1 && high <= 1) return { scale: 127.5, offset: 127.5, range: "−1 to 1" };
  if (low >= 0 && high <= 255) return { scale: 1, offset: 0, range: "0 to 255" };
  if (low >= -128 && high <= 127) return { scale: 1, offset: 128, range: "−128 to 127" };
  return refuse(
    `${path} has values from ${low} to ${high}; ` +
      "allowed are 0 to 1, −1 to 1, −128 to 127, or 0 to 255. Scale them and save them again.",
  );
}

/** Images as bytes of 0 to 255. Each file tells by itself what its values mean: one half may be of floats alone. */
export function toBytes(images, said) {
  const others = images.filter(({ values }) => !(values instanceof Uint8Array));
  const ranges = others.map(rangeOf);
  // Where one has values below zero, another of the same type without any may be bright, or be scaled otherwise.
  if (new Set(ranges.map(({ offset }) => offset > 0)).size > 1) {
    const found = others.map(({ path }, i) => `${path} has values of ${ranges[i].range}`).join(", ");
    refuse(`${found}: it is not clear what they mean together. Scale both halves alike and save them again.`);
  }
  const areAlike = others.length === images.length && new Set(ranges.map(({ range }) => range)).size === 1;
  others.forEach((image, i) => {
    const { scale, offset, range } = ranges[i];
    image.values = Uint8Array.from(image.values, (value) => Math.round(value * scale + offset));
    if (!areAlike) said.push(`The values of ${image.path} were taken as ${range}, from black to white.`);
  });
  if (areAlike) said.push(`The values of the images were taken as ${ranges[0].range}, from black to white.`);
}

/** Numbers of labels as classes from 0 on, and their names; all halves together. */
function toClasses(labels, said) {
  const present = new Set();
  for (const { path, values } of labels) {
    for (const value of values) {
      if (!Number.isInteger(value)) refuse(`${path} has the label ${value}; labels are whole numbers.`);
      if (present.size <= LIMITS.classes) present.add(value);
    }
  }
  const numbers = [...present].sort((a, b) => a - b);
  if (numbers.length < 2 || numbers.length > LIMITS.classes) {
    const found =
      numbers.length < 2
        ? `all labels are ${numbers[0]}: there is one class`
        : `there are more than ${LIMITS.classes} different labels`;
    refuse(
      `${labels.map(({ path }) => path).join(" and ")}: ${found}; allowed are 2 to ${LIMITS.classes} classes. ` +
        (numbers.length < 2 ? "Bring pictures of at least two." : "Bring those of fewer classes."),
    );
  }
  if (numbers.some((number, i) => number !== i)) {
    said.push(`The labels are ${numbers.join(", ")}: each of these numbers is a class, the others are none.`);
  }
  const classes = new Map(numbers.map((number, i) => [number, i]));
  for (const label of labels) label.values = Uint8Array.from(label.values, (value) => classes.get(value));
  return numbers.map(String);
}

/** `{ n, channels, height, width }` of images, whose values become planes where colours stand together. */
function shape(image) {
  const [n, ...rest] = image.dims;
  if (rest.length === 2) return { n, channels: 1, height: rest[0], width: rest[1] };
  if (rest[0] === 1 || rest[0] === 3) return { n, channels: rest[0], height: rest[1], width: rest[2] };
  const [height, width, channels] = rest;
  if (channels !== 1 && channels !== 3) {
    refuse(
      `${image.path} is ${image.dims.join("×")}; ` +
        "images of four dimensions have 1 or 3 channels: (number, channels, height, width).",
    );
  }
  const area = height * width;
  const { values } = image;
  image.values = values.slice();
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < area; p++)
        image.values[(i * channels + c) * area + p] = values[(i * area + p) * channels + c];
    }
  }
  return { n, channels, height, width };
}

/** Images with their labels, `{ half, image, label }` each. */
function pairUp(images, labels) {
  const pairs = images.length;
  if (pairs < 1 || pairs > 2 || labels.length !== pairs) {
    const some = [...images, ...labels].slice(0, 4).map(({ path }) => path);
    refuse(
      `${images.length} files of images and ${labels.length} of labels make no pairs (${some.join(", ")}); ` +
        "allowed is a pair to learn from, and one to test on. Choose the files of one set.",
    );
  }
  if (pairs === 1) return [{ half: halfOfFile(images[0].name) ?? "train", image: images[0], label: labels[0] }];
  const found = images.map((image) => {
    const half = halfOfFile(image.name);
    const label = labels.find(({ name }) => halfOfFile(name) === half);
    if (!half || !label) refuse(`${image.path} has no labels: name both files of a pair with “train” or with “test”.`);
    return { half, image, label };
  });
  if (found[0].half === found[1].half) {
    refuse(
      `${images[0].path} and ${images[1].path}: which is to learn from, which to test on? ` +
        "Name them with “train” and “test”.",
    );
  }
  return found;
}

/**
 * MNIST-like pairs among `files`: halves of `{ pixels, labels }` and their size.
 * @param note is called with a half and bytes that are in it
 */
export async function readIdx(files, note) {
  const left = [];
  const said = [];
  const found = [];
  for (const file of await once(files, left)) found.push({ ...file, dims: dimsOf(file.path, await file.head()) });
  const images = found.filter(({ dims }) => dims.length > 2);
  const labels = found.filter(({ dims }) => dims.length === 1);
  const odd = found.find(({ dims }) => dims.length === 2);
  if (odd)
    refuse(`${odd.path} has 2 dimensions, ${odd.dims.join("×")}; images have 3 (number, height, width) and labels 1.`);
  // Nothing is held before its head tells that it is needed.
  const pairs = pairUp(images, labels);
  let total = 0;
  for (const file of [...images, ...labels]) {
    file.content = await file.bytes();
    total += file.content.length;
    // Packed files do not tell how much they hold.
    if (total > LIMITS.bytes) {
      const [most, sum] = [LIMITS.bytes, total].map(megabytes);
      refuse(`With ${file.path} the files unpack to ${sum}; allowed are ${most} together. Choose a part of them.`);
    }
    file.values = valuesOf(file.path, file.dims, file.content);
  }
  const shapes = pairs.map(({ image, label }) => {
    const size = shape(image);
    if (!size.n) refuse(`${image.path} holds no pictures. Get it anew.`);
    if (size.n !== label.dims[0])
      refuse(`${image.path} has ${counted(size.n, "image")}, ${label.path} ${counted(label.dims[0], "label")}.`);
    return size;
  });
  const [{ channels, height, width }] = shapes;
  if (shapes.some((size) => size.height !== height || size.width !== width || size.channels !== channels)) {
    refuse(`The images in ${images.map(({ path }) => path).join(" and ")} have different sizes.`);
  }
  for (const { half, image, label } of pairs) {
    await note(half, image.content);
    await note(half, label.content);
  }
  toBytes(images, said);
  const names = toClasses(labels, said);
  const halves = Object.fromEntries(
    pairs.map(({ half, image, label }) => [half, { pixels: image.values, labels: label.values }]),
  );
  return { channels, height, width, halves, names, said, left };
}
