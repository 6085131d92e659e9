// What a file is, how large its picture, and whether all of it is there: by its own bytes, before any of them is
// decoded. A decoder would take memory for whatever size they claim, and some fill in for what is missing.
import { crc32 } from "../lib/archive/crc32.js";

const latin = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const CUT = "it is cut off";
const DAMAGED = "it is damaged";

/** Chunks up to IEND, those that a decoder needs with their sums. */
function png(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 33) return { fault: CUT };
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const isNeeded = (bytes[at + 4] & 32) === 0;
    if (isNeeded && crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      return { ...size, fault: DAMAGED };
    if (latin(bytes, at + 4, 4) === "IEND") return size;
    at = end;
  }
  return { ...size, fault: CUT };
}

/** The larger size of two that a file claims: which of them a decoder takes memory for is its own affair. */
const larger = (size, width, height) => ({
  width: Math.max(size.width, width),
  height: Math.max(size.height, height),
});

/** Markers of a JPEG file that nothing belongs to. */
const isAlone = (marker) => marker <= 1 || (marker >= 0xd0 && marker <= 0xd7);

/** Markers and scans up to the end of the image. */
function jpeg(bytes) {
  let size = { width: 0, height: 0 };
  for (let at = 2; at + 1 < bytes.length;) {
    // Within a scan 0xff is followed by 0 or by a restart.
    if (bytes[at] !== 0xff || isAlone(bytes[at + 1])) {
      const next = bytes.indexOf(0xff, at + 1);
      if (next < 0) break;
      at = next;
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) return size.width ? size : { ...size, fault: DAMAGED };
    if (at + 9 > bytes.length) break;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) size = larger(size, (bytes[at + 7] << 8) | bytes[at + 8], (bytes[at + 5] << 8) | bytes[at + 6]);
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return { ...size, fault: CUT };
}

/** Blocks up to the end of the first image: it is the one that counts. */
function gif(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 13) return { fault: CUT };
  const word = (at) => view.getUint16(at, true);
  let size = { width: word(6), height: word(8) };
  const table = (flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + table(bytes[10]);
  while (at < bytes.length && bytes[at] !== 0x3b) {
    const isImage = bytes[at] === 0x2c;
    if (!isImage && bytes[at] !== 0x21) return { ...size, fault: DAMAGED };
    if (isImage && at + 10 > bytes.length) break;
    // An image may reach over the screen, and then makes it larger.
    if (isImage) size = larger(size, word(at + 1) + word(at + 5), word(at + 3) + word(at + 7));
    at += isImage ? 11 + table(bytes[at + 9] ?? 0) : 2;
    while (at < bytes.length && bytes[at] > 0) at += 1 + bytes[at];
    if (isImage && at < bytes.length) return size;
    at++;
  }
  return { ...size, fault: CUT };
}

/** The size stands in the first chunk, how long all is in front of it. */
function webp(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 30) return { fault: CUT };
  const three = (at) => 1 + (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16));
  const size = {
    VP8X: () => ({ width: three(24), height: three(27) }),
    "VP8 ": () => ({ width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }),
    VP8L: () => ({
      width: 1 + (view.getUint32(21, true) & 0x3fff),
      height: 1 + ((view.getUint32(21, true) >>> 14) & 0x3fff),
    }),
  }[latin(bytes, 12, 4)]?.();
  if (!size) return { fault: DAMAGED };
  return 8 + view.getUint32(4, true) > bytes.length + 1 ? { ...size, fault: CUT } : size;
}

function bmp(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 30) return { fault: CUT };
  const start = view.getUint32(10, true);
  const isOld = view.getUint32(14, true) === 12;
  const at = (offset, old) => (isOld ? view.getUint16(old, true) : view.getInt32(offset, true));
  const [width, height] = [at(18, 18), Math.abs(at(22, 20))];
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const isPacked = !isOld && bytes.length >= 38 && [1, 2].includes(view.getUint32(30, true));
  const data = isPacked ? view.getUint32(34, true) : height * 4 * Math.ceil((width * bits) / 32);
  return start + data > bytes.length ? { width, height, fault: CUT } : { width, height };
}

/** Boxes of AVIF that hold others, and how many bytes come before these. */
const HOLDS = { meta: 4, iprp: 0, ipco: 0, moov: 0, trak: 0 };
/** Boxes that lie deeper in each other mean nothing. */
const DEEPEST = 6;

/** Boxes in boxes; the size is that of the largest image in them. */
function avif(bytes) {
  const view = viewOf(bytes);
  let size = { width: 0, height: 0 };
  let isWhole = true;
  const walk = (from, end, depth) => {
    for (let at = from; at + 8 <= end;) {
      const kind = latin(bytes, at + 4, 4);
      const isLong = view.getUint32(at) === 1 && at + 16 <= end;
      const length = isLong ? Number(view.getBigUint64(at + 8)) : view.getUint32(at) || end - at;
      const body = at + (isLong ? 16 : 8);
      if (at + length < body) return;
      if (at + length > end) {
        isWhole = false;
        return;
      }
      at += length;
      if (kind === "ispe" && body + 12 <= at) size = larger(size, view.getUint32(body + 4), view.getUint32(body + 8));
      // The head of a track ends with its size, in 65,536ths of a pixel.
      if (kind === "tkhd") size = larger(size, view.getUint16(at - 8), view.getUint16(at - 4));
      if (kind in HOLDS && depth < DEEPEST) walk(body + HOLDS[kind], at, depth + 1);
    }
  };
  walk(0, bytes.length, 1);
  if (!isWhole) return { ...size, fault: CUT };
  return size.width ? size : { ...size, fault: DAMAGED };
}

const starts =
  (...codes) =>
  (bytes) =>
    codes.every((code, i) => bytes[i] === code);
const says = (at, text) => (bytes) => latin(bytes, at, text.length) === text;
/** ISO media files name what they are in their first box. */
const brand =
  (...names) =>
  (bytes) =>
    says(4, "ftyp")(bytes) && names.includes(latin(bytes, 8, 4));

/**
 * @typedef {(bytes: Uint8Array) => boolean} Test
 * @typedef {{ width?: number, height?: number, fault?: string }} Look
 */

/**
 * Pictures that browsers decode: how they begin, and how they are looked at.
 * @type {[string, Test, (bytes: Uint8Array) => Look][]}
 */
const PICTURES = [
  ["PNG", starts(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), png],
  ["JPEG", starts(0xff, 0xd8, 0xff), jpeg],
  ["GIF", says(0, "GIF8"), gif],
  ["WebP", (bytes) => says(0, "RIFF")(bytes) && says(8, "WEBP")(bytes), webp],
  [
    "BMP",
    (bytes) => says(0, "BM")(bytes) && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14]) && bytes[15] === 0,
    bmp,
  ],
  ["AVIF", brand("avif", "avis"), avif],
];

const CONVERT = "save it as PNG or JPEG";
const EXPORT = "save its pictures in a folder for each class, or as IDX files";

/**
 * What is often brought and cannot be read: how it begins, or its name ends, and what to do.
 * @type {[string, Test, RegExp, string][]}
 */
const FOREIGN = [
  ["HEIC", brand("heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"), /\.hei[cf]s?$/i, CONVERT],
  ["TIFF", (bytes) => says(0, "II*\0")(bytes) || says(0, "MM\0*")(bytes), /\.tiff?$/i, CONVERT],
  ["a raw photograph", says(0, "FUJIFILM"), /\.(cr[23w]|nef|arw|dng|orf|rw2|raf|pef|srw|raw)$/i, CONVERT],
  ["Photoshop", says(0, "8BPS"), /\.psd$/i, CONVERT],
  ["JPEG XL", (bytes) => starts(0xff, 0x0a)(bytes) || says(4, "JXL ")(bytes), /\.jxl$/i, CONVERT],
  ["JPEG 2000", says(4, "jP  "), /\.(jp2|j2k)$/i, CONVERT],
  ["SVG", (bytes) => /^\s*(<\?xml[^]*)?<svg[\s>]/.test(latin(bytes, 0, 512)), /\.svgz?$/i, CONVERT],
  ["NumPy", (bytes) => says(0, "\x93NUMPY")(bytes), /\.np[yz]$/i, EXPORT],
  ["Parquet", says(0, "PAR1"), /\.parquet$/i, EXPORT],
  ["Arrow", says(0, "ARROW1"), /\.(arrow|feather)$/i, EXPORT],
  ["MATLAB", says(0, "MATLAB"), /\.mat$/i, EXPORT],
  ["HDF5", says(0, "\x89HDF"), /\.(h5|hdf5?)$/i, EXPORT],
  ["TFRecord", () => false, /\.tfrecords?(-\d+.*)?$/i, EXPORT],
  ["PyTorch", () => false, /\.(pt|pth)$/i, EXPORT],
  [
    "Python pickle",
    (bytes) => bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && /[cq(}\]\x8c\x95]/.test(latin(bytes, 2, 1)),
    /\.(pkl|pickle)$/i,
    "of CIFAR-10 there is a binary version; otherwise " + EXPORT,
  ],
];

/** Names that pictures have; only others are looked into before it is known what a set holds. */
export const isPictureName = (path) => /\.(png|apng|jpe?g|jpe|jfif|pjp(eg)?|gif|webp|bmp|dib|avif)$/i.test(path);

/** The format of a picture that browsers decode, by its first bytes, or nothing. */
export const pictureFormat = (head) => PICTURES.find(([, is]) => is(head))?.[0] ?? null;

/** Why a file that is no picture here cannot be used: what it is, if that is known, and what to do. */
export function foreignFormat(path, head) {
  const [name, , , todo] = FOREIGN.find(([, is]) => is(head)) ?? FOREIGN.find(([, , named]) => named.test(path)) ?? [];
  return name ? `${name}, which this page cannot read: ${todo}` : null;
}

/**
 * What is known of a picture before it is decoded: `{ format, width, height, fault }`, `fault` being what is wrong with
 * it. Nothing for what is no picture.
 */
export function inspect(bytes) {
  const [format, , look] = PICTURES.find(([, is]) => is(bytes)) ?? [];
  return format ? { format, ...look(bytes) } : null;
}
