// Where files come from: a choice, a folder, a drop, a zip file. Each becomes `{ path, size, bytes() }`.
import { LIMITS, megabytes, refuse } from "./limits.js";
import { isPicture } from "./pictures.js";

/** Files of a zip that are unpacked in one go: the page stays alive, and little is held twice. */
const GROUP = 100;

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
const isHidden = (path) => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX" || part === "Thumbs.db");

/** All files below a dropped folder. */
async function below(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const reader = entry.createReader();
  const found = [];
  // A folder is read in parts, until one is empty.
  for (let part; (part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) found.push(...part);
  return (await Promise.all(found.map(below))).flat();
}

/** What was dropped. Call it in the event itself: afterwards the browser forgets. */
export function dropped({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? Promise.all(entries.map(below)).then((all) => all.flat()) : Promise.resolve(chosen(files));
}

/** What was chosen, as files or as a folder. */
export const chosen = (files) => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

async function decompressed(path, bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer().then((whole) => new Uint8Array(whole), () => refuse(`${path} is corrupt or cut off.`));
}

/** The files of a zip, unpacked in groups as they are asked for, in the order of their paths. */
async function unzipped(name, zip) {
  const { unzipSync } = await import("../vendor/fflate.js");
  const found = [];
  try {
    unzipSync(zip, { filter: ({ name: path, originalSize }) => {
      if (!path.endsWith("/")) found.push({ path, size: originalSize });
      return false;
    } });
  } catch {
    refuse(`${name} cannot be read: it is not a zip file, or it is cut off.`);
  }
  const files = found.filter(({ path }) => !isHidden(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  let latest = {};
  const group = (start) => {
    if (latest.start === start) return latest.files;
    const wanted = new Set(files.slice(start, start + GROUP).map(({ path }) => path));
    try {
      latest = { start, files: unzipSync(zip, { filter: ({ name: path, originalSize }) => wanted.has(path) && originalSize <= (isPicture(path) ? LIMITS.fileBytes : LIMITS.bytes) }) };
    } catch (error) {
      refuse(`${name} cannot be unpacked: ${error.message}.`);
    }
    return latest.files;
  };
  return files.map(({ path, size }, i) => ({ path, size, bytes: async () => {
    const bytes = group(i - (i % GROUP))[path];
    return bytes && decompressed(path, bytes);
  } }));
}

/**
 * Files as sources, in the order of their paths, without hidden ones. A single zip file stands for what it holds.
 * @param files `{ path, file }` each
 */
export async function sources(files) {
  const seen = files.filter(({ path }) => !isHidden(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const total = seen.reduce((sum, { file }) => sum + file.size, 0);
  if (total > LIMITS.bytes) refuse(`${seen.length === 1 ? seen[0].path : `${seen.length} files`}: ${megabytes(total)}; allowed are ${megabytes(LIMITS.bytes)} together.`);
  if (seen.length === 1 && seen[0].path.toLowerCase().endsWith(".zip")) {
    const all = await unzipped(seen[0].path, await bytesOf(seen[0].file));
    const whole = all.reduce((sum, { size }) => sum + size, 0);
    if (whole > LIMITS.bytes) refuse(`${seen[0].path} unpacks to ${megabytes(whole)}; allowed are ${megabytes(LIMITS.bytes)}.`);
    return all;
  }
  return seen.map(({ path, file }) => ({ path, size: file.size, bytes: () => bytesOf(file).then((bytes) => decompressed(path, bytes)) }));
}
