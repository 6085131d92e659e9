// CIFAR-10's binary files: a label and 32×32 pixels in three planes a picture.
import { halfOfFile } from "./halves.js";
import { LIMITS, refuse } from "./limits.js";
import { once } from "./sources.js";

const CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const SIZE = 3 * 32 * 32;
const RECORD = 1 + SIZE;

const isBinary = ({ name }) => /\.bin$/i.test(name);
const isBatch = ({ name }) => /(^|\/)(data|test)_batch[^/]*\.bin$/i.test(name);

/** The batches among `files`: by their names or, where nothing else can be meant, by their ending. */
export function batchesIn(files, arePictures) {
  const batches = files.filter(isBatch);
  return batches.length || arePictures ? batches : files.filter(isBinary);
}

/**
 * Reads the files into one half, one after the other, so that none is held twice.
 * @param allow called with a number of images before they are held
 */
async function read(parts, allow, note) {
  const contents = [];
  let n = 0;
  for (const part of parts) {
    const bytes = await part.bytes();
    if (!bytes.length || bytes.length % RECORD) {
      refuse(
        `${part.path} has ${bytes.length} bytes; CIFAR-10’s binary files have a multiple of ${RECORD}. ` +
          "It is cut off, or another set: CIFAR-100 has more classes than fit here.",
      );
    }
    allow(part, bytes.length / RECORD);
    contents.push(bytes);
    n += bytes.length / RECORD;
  }
  const [labels, pixels] = [new Uint8Array(n), new Uint8Array(n * SIZE)];
  let at = 0;
  while (contents.length) {
    const bytes = contents.shift();
    await note(bytes);
    for (let start = 0; start < bytes.length; start += RECORD, at++) {
      labels[at] = bytes[start];
      pixels.set(bytes.subarray(start + 1, start + RECORD), at * SIZE);
    }
  }
  return { labels, pixels };
}

/**
 * CIFAR-10's binary files.
 * @param batches as `batchesIn` finds them among `files`
 * @param note called with a half and bytes that are in it
 */
export async function readCifar(batches, files, note) {
  const meta = files.find(({ path }) => path.split("/").at(-1) === "batches.meta.txt");
  let total = 0;
  // Packed files do not tell how much they hold.
  const allow = ({ path }, count) => {
    total += count;
    if (total > LIMITS.records)
      refuse(`With ${path} there are ${total} images or more; allowed are ${LIMITS.records}. Choose fewer files.`);
  };
  const left = [];
  const used = await once(batches, left);
  const halves = {};
  for (const half of ["train", "test"]) {
    const parts = used.filter(({ name }) => (half === "test") === (halfOfFile(name) === "test"));
    if (parts.length) halves[half] = await read(parts, allow, (bytes) => note(half, bytes));
  }
  const lines = meta ? new TextDecoder().decode(await meta.bytes()).split("\n") : [];
  const named = lines.map((line) => line.trim()).filter(Boolean);
  const others = files.filter((file) => !batches.includes(file) && file !== meta);
  return {
    channels: 3,
    height: 32,
    width: 32,
    halves,
    names: named.length >= 2 ? named : CIFAR10,
    said: [],
    left: [...left, ...others.map(({ path }) => ({ path, why: "not one of CIFAR-10’s binary files" }))],
  };
}

/** What was read with the classes that occur alone, their labels from 0 on. */
export function withoutAbsent(read, batches) {
  const { halves, names, said } = read;
  const present = new Set(Object.values(halves).flatMap(({ labels }) => [...new Set(labels)]));
  const found = [...present].sort((a, b) => a - b);
  const files = batches.map(({ path }) => path).join(" and ");
  const nameOf = (label) => names[label] ?? String(label);
  const highest = found.at(-1);
  if (highest >= LIMITS.classes)
    refuse(`${files}: a label is ${highest}; allowed are 2 to ${LIMITS.classes} classes, labelled from 0.`);
  if (found.length < 2) {
    refuse(
      `${files}: all pictures are of the class “${nameOf(found[0])}”; allowed are 2 to ${LIMITS.classes} classes. ` +
        "Bring pictures of at least two.",
    );
  }
  const isWhole = found.length === Math.max(names.length, highest + 1);
  const only = `The files hold pictures of ${found.map(nameOf).join(", ")} only: these are the classes.`;
  const classes = new Map(found.map((label, i) => [label, i]));
  const used = Object.entries(halves).map(([half, { pixels, labels }]) => {
    return [half, { pixels, labels: labels.map((label) => classes.get(label)) }];
  });
  return {
    ...read,
    halves: Object.fromEntries(used),
    names: found.map(nameOf),
    said: isWhole ? said : [...said, only],
  };
}
