// Pictures in folders, one folder a class, made small and all of one size.
import { LIMITS, SIDE, refuse } from "./limits.js";
import { canvas, decode, drawMiddle } from "./picture.js";

/** A picture is grey when no pixel's channels differ by more than what JPEG leaves behind. */
const GREY = 12;
const PICTURE = /\.(png|jpe?g|gif|webp|bmp|avif)$/i;
const HALVES = { train: "train", training: "train", test: "test", testing: "test", val: "test", valid: "test", validation: "test" };

export const isPicture = (path) => PICTURE.test(path);

/** `{ half, name }` of a path such as `pets/train/cat/1.png`; no half where no folder says so. */
function place(path) {
  const folders = path.split("/").slice(0, -1);
  return { name: folders.at(-1), half: folders.map((folder) => HALVES[folder.toLowerCase()]).find(Boolean) ?? null };
}

/**
 * Reads pictures in class folders.
 * @param files `{ path, size, bytes() }` each, in the order of their paths
 * @param onProgress called with the number of pictures read and of all
 * @returns `{ channels, height, width, halves, names, left }`; `left` says which files were left out, and why
 */
export async function readPictures(files, onProgress) {
  const pictures = files.filter(({ path }) => isPicture(path));
  const left = files.filter(({ path }) => !isPicture(path)).map(({ path }) => `${path}: not a picture`);
  if (pictures.length > LIMITS.pictures) refuse(`${pictures.length} pictures; allowed are ${LIMITS.pictures}.`);
  const loose = pictures.find(({ path }) => !place(path).name);
  if (loose) refuse(`${loose.path} lies in no folder: put the pictures of each class into a folder with its name.`);
  const names = [...new Set(pictures.map(({ path }) => place(path).name))].sort();
  if (names.length < 2 || names.length > LIMITS.classes) {
    refuse(`${names.length} class folder${names.length === 1 ? "" : "s"} (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}); allowed are 2 to ${LIMITS.classes}.`);
  }

  let side = 0, context;
  const read = [];
  for (const [i, { path, ...file }] of pictures.entries()) {
    try {
      const bitmap = await decode(file);
      if (!side) {
        // Pictures that are small and square already stay as they are.
        const { width, height } = bitmap;
        side = width === height && width >= 8 && width <= SIDE ? width : SIDE;
        context = canvas({ width: side, height: side });
      }
      drawMiddle(context, bitmap);
      bitmap.close();
      const { name, half } = place(path);
      read.push({ rgba: context.getImageData(0, 0, side, side).data, label: names.indexOf(name), half });
    } catch (error) {
      if (error.code) throw error;
      left.push(`${path}: ${error.message}`);
    }
    if (i % 20 === 0) onProgress?.(i, pictures.length);
  }
  if (!read.length) refuse(`None of ${pictures.length} pictures can be used. ${left[0] ?? ""}`);
  return { ...planes(read, side), names, left };
}

/** Pixels as planes, and both halves where the folders name them. */
function planes(read, side) {
  const grey = read.every(({ rgba }) => {
    for (let p = 0; p < rgba.length; p += 4) {
      if (Math.max(rgba[p], rgba[p + 1], rgba[p + 2]) - Math.min(rgba[p], rgba[p + 1], rgba[p + 2]) > GREY) return false;
    }
    return true;
  });
  const channels = grey ? 1 : 3;
  const area = side * side;
  const half = (pictures) => {
    const pixels = new Uint8Array(pictures.length * channels * area);
    pictures.forEach(({ rgba }, i) => {
      for (let c = 0; c < channels; c++) for (let p = 0; p < area; p++) pixels[(i * channels + c) * area + p] = rgba[4 * p + c];
    });
    return { pixels, labels: Uint8Array.from(pictures, ({ label }) => label) };
  };
  const named = ["train", "test"].map((name) => [name, read.filter((picture) => picture.half === name)]);
  const halves = named.every(([, pictures]) => pictures.length) && read.every((picture) => picture.half)
    ? Object.fromEntries(named.map(([name, pictures]) => [name, half(pictures)]))
    : { train: half(read) };
  return { channels, height: side, width: side, halves };
}
