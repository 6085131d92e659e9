// Own pictures, from files to what the engines load. Nothing here leaves the visitor's machine.
import { readCifar, readIdx, toIdx } from "./arrays.js";
import { LIMITS, SIDES, megabytes, refuse } from "./limits.js";
import { isPicture, readPictures } from "./pictures.js";

/** Without a test half every so manieth picture of a class becomes one. */
const EVERY = 5;

/** Takes the test half out of the training half where there is none. */
function split({ channels, height, width, halves, ...rest }) {
  if (halves.train && halves.test) return { channels, height, width, halves, ...rest };
  const all = halves.train ?? halves.test;
  const size = channels * height * width;
  const seen = new Map();
  const parts = { train: [], test: [] };
  all.labels.forEach((label, i) => {
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    parts[count % EVERY === EVERY - 1 ? "test" : "train"].push(i);
  });
  const only = (indices) => {
    const pixels = new Uint8Array(indices.length * size);
    indices.forEach((i, at) => pixels.set(all.pixels.subarray(i * size, (i + 1) * size), at * size));
    return { pixels, labels: Uint8Array.from(indices, (i) => all.labels[i]) };
  };
  return { channels, height, width, halves: { train: only(parts.train), test: only(parts.test) }, ...rest, divided: true };
}

/** FNV-1a over bytes: tells whether pictures are those that a run was made on. */
function digest(arrays) {
  let hash = 0x811c9dc5;
  for (const bytes of arrays) for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const counts = (labels, classes) => labels.reduce((sums, label) => ((sums[label] += 1), sums), new Array(classes).fill(0));

/**
 * Reads MNIST-like IDX files, CIFAR-10's binary files, or pictures in class folders.
 * @param name what the visitor calls them
 * @param files `{ path, size, bytes() }` each, as `sources` makes them
 * @returns `{ name, dataset, classes, height, width, train, test, counts, digest, divided, left, files }`, `files` being what the engines load
 * @throws `{ code: "invalid-data", message }`, naming file and reason
 */
export async function readOwn(name, files, onProgress) {
  if (!files.length) refuse("There are no files.");
  let read;
  if (files.some(({ path }) => isPicture(path))) {
    read = await readPictures(files, onProgress);
  } else {
    const arrays = [];
    for (const { path, bytes } of files) arrays.push({ path, bytes: (await bytes()) ?? refuse(`${path} is larger than ${megabytes(LIMITS.bytes)}.`) });
    read = readCifar(arrays) ?? readIdx(arrays) ?? refuse(`${files[0].path} ${files.length > 1 ? `and ${files.length - 1} more are` : "is"} neither an IDX file, nor a CIFAR-10 batch, nor a picture (PNG, JPEG, GIF, WebP, BMP, AVIF).`);
  }
  const { channels, height, width, halves, names, left = [], divided = false } = split(read);
  if (Math.min(height, width) < SIDES[0] || Math.max(height, width) > SIDES[1]) refuse(`${name}: the pictures are ${height}×${width} pixels; allowed are ${SIDES[0]} to ${SIDES[1]} a side.`);
  const { train, test } = halves;
  const total = train.labels.length + test.labels.length;
  if (total > LIMITS.records) refuse(`${name}: ${total} images; allowed are ${LIMITS.records}.`);
  let highest = 0;
  for (const { labels } of [train, test]) for (const label of labels) highest = Math.max(highest, label);
  if (highest >= LIMITS.classes) refuse(`${name}: a label is ${highest}; allowed are 2 to ${LIMITS.classes} classes, labelled from 0.`);
  const classes = Array.from({ length: Math.max(highest + 1, names?.length ?? 0) }, (_, i) => names?.[i] ?? String(i));
  const [learnt, tested] = [train, test].map(({ labels }) => counts(labels, classes.length));
  const poor = classes.findIndex((_, i) => learnt[i] < 1 || tested[i] < 1);
  if (poor >= 0) refuse(`${name}: the class “${classes[poor]}” has ${learnt[poor]} pictures to learn from and ${tested[poor]} to test on; each needs some${divided ? `: at least ${EVERY} together` : ""}.`);
  const dims = channels === 1 ? [height, width] : [channels, height, width];
  return {
    name, dataset: channels === 1 ? "own-grey" : "own-color", classes, height, width, train: train.labels.length, test: test.labels.length,
    counts: classes.map((_, i) => [learnt[i], tested[i]]), digest: digest([train.labels, test.labels, train.pixels, test.pixels]), divided, left,
    files: {
      "train-images": toIdx([train.labels.length, ...dims], train.pixels), "train-labels": toIdx([train.labels.length], train.labels),
      "test-images": toIdx([test.labels.length, ...dims], test.pixels), "test-labels": toIdx([test.labels.length], test.labels),
    },
  };
}
