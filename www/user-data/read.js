// Own pictures, from files to what the engines load. Nothing here leaves the visitor's machine.
import { batchesIn, readCifar, withoutAbsent } from "./cifar.js";
import { Digest, fnv1a } from "./digest.js";
import { foreignFormat, isPictureName, pictureFormat } from "./format.js";
import { isIdx, readIdx, toIdx } from "./idx.js";
import { megabytes } from "../lib/archive/refuse.js";
import { OWN } from "./own.js";
import { counted } from "../lib/numbers.js";
import { LIMITS, SIDES, refuse } from "./limits.js";
import { readPictures } from "./pictures.js";

/** Without a test half every so manieth picture of a class becomes one. */
const EVERY = 5;
/** The way on where a half of files with many pictures each lacks a class. */
const BRING = "Bring files that hold more pictures of it in each half, or none at all.";

/**
 * What was read: pictures in one half or two, the names of their classes, what to say of them, and what was left out.
 * @typedef {object} Read
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 * @property {Partial<Record<"train" | "test", { pixels: Uint8Array, labels: Uint8Array }>>} halves
 * @property {string[]} names
 * @property {string[]} [said]
 * @property {string} [bring] the way on where a half lacks a class, if it is not that of files with many pictures each
 * @property {{ path: string, why: string }[]} left
 */

/**
 * Takes the test half out of the training half where there is none.
 * @param {Read} read
 * @returns {Read & { divided: boolean }}
 */
function split({ channels, height, width, halves, ...rest }) {
  if (halves.train && halves.test) return { channels, height, width, halves, divided: false, ...rest };
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
  return {
    channels,
    height,
    width,
    halves: { train: only(parts.train), test: only(parts.test) },
    divided: true,
    ...rest,
  };
}

const counts = (labels, classes) =>
  labels.reduce((sums, label) => ((sums[label] += 1), sums), new Array(classes).fill(0));

const tooLarge = ({ size }) =>
  size > LIMITS.bytes ? `${megabytes(size)}, more than ${megabytes(LIMITS.bytes)}: choose a part of it` : null;

/** What each file is: `{ pictures, idx, others }`. Names that pictures have are believed until the picture is read. */
async function sorted(files, signal) {
  const found = { pictures: [], idx: [], others: [] };
  for (const file of files) {
    signal?.throwIfAborted();
    const head = isPictureName(file.path) || file.size > LIMITS.bytes ? new Uint8Array() : await file.head();
    if (isPictureName(file.path) || pictureFormat(head)) found.pictures.push(file);
    else if (isIdx(head)) found.idx.push(file);
    else found.others.push({ ...file, what: foreignFormat(file.path, head) ?? tooLarge(file) });
  }
  return found;
}

async function readAny(name, files, note, say, signal) {
  const { pictures, idx, others } = await sorted(files, signal);
  const left = others.map(({ path, what }) => ({ path, why: what ?? "not a picture" }));
  const batches = batchesIn(others, pictures.length > 0);
  const bytes = [...idx, ...batches].reduce((sum, { size }) => sum + size, 0);
  if (bytes > LIMITS.bytes)
    refuse(`${name}: ${megabytes(bytes)}; allowed are ${megabytes(LIMITS.bytes)} together. Choose a part of it.`);
  const beside = (what) => pictures.map(({ path }) => ({ path, why: `a picture beside ${what}` }));
  if (idx.length) {
    const read = await readIdx(idx, note);
    return { ...read, left: [...read.left, ...left, ...beside("IDX files")] };
  }
  if (batches.length) {
    const read = withoutAbsent(await readCifar(batches, others, note), batches);
    return { ...read, left: [...read.left, ...beside("CIFAR-10’s files")] };
  }
  if (pictures.length) {
    const read = await readPictures(pictures, note, say, signal);
    return { ...read, left: [...read.left, ...left] };
  }
  if (others.some((file) => file.path.endsWith("run.json"))) {
    refuse(`${name} is a saved run, not pictures: open it under “Your runs”.`);
  }
  const [{ path, what }] = [others.find((file) => file.what) ?? others[0]];
  if (what) refuse(`${path}: ${what}.`);
  return refuse(
    `${path} ${others.length > 1 ? `and ${others.length - 1} more are` : "is"} neither an IDX file, ` +
      "nor a CIFAR-10 batch, nor a picture (PNG, JPEG, GIF, WebP, BMP, AVIF).",
  );
}

/**
 * Reads MNIST-like IDX files, CIFAR-10's binary files, or pictures in class folders.
 * @param name what the visitor calls them
 * @param files as `sources` makes them, with what it `left` out
 * @param say called with what is done
 * @param signal ends the reading
 * @returns `{ name, dataset, classes, height, width, train, test, counts, digest, pixelDigest, divided, said, left,
 * files }`: `said` are sentences on how they were read, `left` are `{ path, why }`, `files` what the engines load
 * @throws `{ code: "invalid-data", message }`, naming file and reason
 */
export async function readOwn(name, { files, left: before }, say, signal) {
  if (!files.length) {
    const [first] = before;
    refuse(
      `${name}: there are no files in it that can be used` +
        `${first ? ` (${first.path}: ${first.why})` : ""}. Choose others.`,
    );
  }
  const digest = new Digest();
  const note = (half, bytes, label) => digest.take(half, bytes, label);
  const {
    channels,
    height,
    width,
    halves,
    names: classes,
    said,
    bring = BRING,
    left,
    divided,
  } = split(await readAny(name, files, note, say, signal));
  signal?.throwIfAborted();
  if (Math.min(height, width) < SIDES[0] || Math.max(height, width) > SIDES[1]) {
    refuse(
      `${name}: the pictures are ${height}×${width} pixels; allowed are ${SIDES[0]} to ${SIDES[1]} a side. ` +
        "Make them smaller, or bring them as PNG or JPEG files: then the page does.",
    );
  }
  const { train, test } = halves;
  const total = train.labels.length + test.labels.length;
  if (total > LIMITS.records) refuse(`${name}: ${total} images; allowed are ${LIMITS.records}. Choose a part of them.`);
  const [learnt, tested] = [train, test].map(({ labels }) => counts(labels, classes.length));
  const poor = classes.findIndex((_, i) => learnt[i] < 1 || tested[i] < 1);
  if (poor >= 0) {
    const why = left.length ? ` Left out: ${left[0].path}: ${left[0].why}.` : "";
    refuse(
      `${name}: the class “${classes[poor]}” has ${counted(learnt[poor], "picture")} to learn from ` +
        `and ${tested[poor]} to test on; each needs some${divided ? `: at least ${EVERY} together` : ""}. ` +
        `${bring}${why}`,
    );
  }
  const dims = channels === 1 ? [height, width] : [channels, height, width];
  return {
    name,
    dataset: channels === 1 ? OWN.grey : OWN.colour,
    classes,
    height,
    width,
    train: train.labels.length,
    test: test.labels.length,
    counts: classes.map((_, i) => [learnt[i], tested[i]]),
    digest: await digest.hex(),
    pixelDigest: await fnv1a([train.labels, test.labels, train.pixels, test.pixels]),
    divided,
    said,
    left: [...left, ...before],
    files: {
      "train-images": toIdx([train.labels.length, ...dims], train.pixels),
      "train-labels": toIdx([train.labels.length], train.labels),
      "test-images": toIdx([test.labels.length, ...dims], test.pixels),
      "test-labels": toIdx([test.labels.length], test.labels),
    },
  };
}
