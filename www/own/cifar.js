// CIFAR-10's binary files: a label and 32×32 pixels in three planes a picture.
import { halfOfFile } from "./halves.js";
import { LIMITS, refuse } from "./limits.js";

const CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const SIZE = 3 * 32 * 32;
const RECORD = 1 + SIZE;

export const isCifar = ({ name }) => /\.bin$/i.test(name);

/** Reads the files into one half, one after the other, so that none is held twice. */
async function read(parts, note) {
  const counts = [];
  // Packed files do not tell how much they hold.
  const contents = [];
  for (const part of parts) {
    const bytes = await part.bytes();
    if (!bytes.length || bytes.length % RECORD) {
      refuse(
        `${part.path} has ${bytes.length} bytes; CIFAR-10’s binary files have a multiple of ${RECORD}. ` +
          "It is cut off, or another set: CIFAR-100 has more classes than fit here.",
      );
    }
    contents.push(bytes);
    counts.push(bytes.length / RECORD);
  }
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n > LIMITS.records) {
    const more = parts.length > 1 ? ` and ${parts.length - 1} more` : "";
    refuse(`${parts[0].path}${more}: ${n} images; allowed are ${LIMITS.records}. Choose fewer files.`);
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
 * CIFAR-10's binary files among `files`; nothing when there are none. `note` is called with a half and bytes that are
 * in it.
 */
export async function readCifar(files, note) {
  const batches = files.filter(isCifar);
  if (!batches.length) return null;
  const meta = files.find(({ path }) => path.split("/").at(-1) === "batches.meta.txt");
  const halves = {};
  for (const half of ["train", "test"]) {
    const parts = batches.filter(({ name }) => (half === "test") === (halfOfFile(name) === "test"));
    if (parts.length) halves[half] = await read(parts, (bytes) => note(half, bytes));
  }
  const lines = meta ? new TextDecoder().decode(await meta.bytes()).split("\n") : [];
  const named = lines.map((line) => line.trim()).filter(Boolean);
  const others = files.filter((file) => !isCifar(file) && file !== meta);
  return {
    channels: 3,
    height: 32,
    width: 32,
    halves,
    names: named.length >= 2 ? named : CIFAR10,
    said: [],
    left: others.map(({ path }) => ({ path, why: "not one of CIFAR-10’s binary files" })),
  };
}
