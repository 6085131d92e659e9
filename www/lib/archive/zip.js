// Zip files as the world makes them, read from the list at their end, one file at a time.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32 } from "./crc32.js";
import { inflate } from "./inflate.js";
import { decodeNames, safePath } from "./names.js";
import { megabytes, refuse } from "./refuse.js";

const [LOCAL, CENTRAL, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];

const STORED = 0;
const DEFLATE = 8;
/** Compression methods that browsers cannot unpack. */
const METHODS = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "XZ",
  98: "PPMd",
};
const AES = 99;

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const read = async (blob, from, length) => new Uint8Array(await blob.slice(from, from + length).arrayBuffer());

/** Where the list of files is: `{ count, at, size }`. */
async function locate(blob, broken) {
  const from = Math.max(0, blob.size - 65_557);
  const view = viewOf(await read(blob, from, 65_557));
  let at = view.byteLength - 22;
  // A comment may hold the same bytes, but then does not end with the file.
  while (at >= 0 && !(view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) <= view.byteLength))
    at--;
  if (at < 0) return broken();
  let [disk, count] = [view.getUint16(at + 4, true), view.getUint16(at + 10, true)];
  let [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  let end = from + at;
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    const there = Number(view.getBigUint64(at - 12, true));
    const whole = viewOf(await read(blob, there, 56));
    if (whole.byteLength === 56 && whole.getUint32(0, true) === END64) {
      [count, size, start] = [32, 40, 48].map((offset) => Number(whole.getBigUint64(offset, true)));
      [disk, end] = [whole.getUint32(16, true), there];
    }
  }
  // What stands in front of an archive, such as a program that unpacks it, moves all of it.
  const before = end - size - start;
  return { disk, count, size, at: start + Math.max(0, before), before: Math.max(0, before) };
}

/** Whether a file is a zip file by its end, whatever stands in front, such as a program that unpacks it. */
export async function endsAsZip(blob) {
  const found = await locate(blob, () => {}).catch(() => null);
  if (!found?.count) return false;
  const list = await read(blob, found.at, 46);
  return isEntry(list, 0);
}

/** The extra fields of an entry, by number. */
function extras(bytes) {
  const view = viewOf(bytes);
  const fields = new Map();
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = view.getUint16(at + 2, true);
    fields.set(view.getUint16(at, true), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** Sizes and place of an entry; those that have no room in it stand in an extra field, in this order. */
function whole(values, field) {
  let at = 0;
  return values.map((value) => {
    if (value !== 0xffffffff || !field || at + 8 > field.length) return value;
    at += 8;
    return Number(viewOf(field).getBigUint64(at - 8, true));
  });
}

/** Whether an entry of the list begins here. */
const isEntry = (list, at) => at + 46 <= list.length && viewOf(list).getUint32(at, true) === CENTRAL;

/** One entry of the list, and where the next begins. */
function entry(list, at, broken) {
  const view = viewOf(list);
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
  const next = at + 46 + nameLength + extraLength + commentLength;
  if (next > list.length) broken();
  const name = list.subarray(at + 46, at + 46 + nameLength);
  const fields = extras(list.subarray(at + 46 + nameLength, next - commentLength));
  const sizes = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  const [size, packed, offset] = whole(sizes, fields.get(1));
  // A name in UTF-8 counts as long as the other has not been changed since.
  const second = fields.get(0x7075);
  const isMeant = second?.length > 5 && second[0] === 1 && viewOf(second).getUint32(1, true) === crc32(name);
  return {
    next,
    name,
    method,
    size,
    packed,
    offset,
    crc: view.getUint32(at + 16, true),
    isUtf8: (flags & 0x800) !== 0,
    isLocked: (flags & 0x2041) !== 0 || method === AES,
    unicode: isMeant ? second.subarray(5) : null,
  };
}

/**
 * The files of a zip: `{ path, size, crc, bytes() }` each, without folders; `crc` is their CRC-32. Nothing is unpacked
 * before `bytes()` asks for it.
 * @param source a Blob, or bytes
 * @param called what the visitor calls it
 * @param limits `bytes`: what all may unpack to; `files`: how many there may be
 * @throws `{ code: "invalid-archive", message }`
 */
export async function openZip(source, called, { bytes: most = Infinity, files: mostFiles = 200_000 } = {}) {
  const blob = source instanceof Blob ? source : new Blob([source]);
  const broken = () => refuse(`${called} cannot be read: it is not a zip file, or it is cut off. Get it anew.`);
  const { disk, count, size, at: start, before } = await locate(blob, broken);
  if (disk)
    refuse(`${called} is one part of a split archive: put the parts together, unpack them and choose the folder.`);
  const list = await read(blob, start, size);
  if (list.length !== size) broken();
  const entries = [];
  // The list goes on past its count where that had no room for all: it begins anew at 65,536.
  for (let at = 0; isEntry(list, at); at = entries.at(-1).next) {
    entries.push(entry(list, at, broken));
    if (entries.length > mostFiles) refuse(`${called} holds more than ${mostFiles} files. Choose a part of them.`);
  }
  if (entries.length < count) broken();

  const names = decodeNames(entries);
  // Of two with one path the later one counts, as when they are unpacked.
  const files = new Map();
  entries.forEach((found, i) => {
    const path = safePath(names[i]);
    if (path && !/[\\/]$/.test(names[i])) files.set(path, { path, ...found });
  });
  let total = 0;
  for (const { path, method, isLocked, size: length } of files.values()) {
    total += length;
    if (isLocked) refuse(`${called} is locked with a password (${path}): unpack it yourself and choose the folder.`);
    if (method === STORED || method === DEFLATE) continue;
    const name = METHODS[method] ?? `method ${method}`;
    refuse(
      `${called}: ${path} is compressed with ${name}, which browsers cannot unpack: ` +
        "unpack it yourself and choose the folder, or pack it again with the usual method, Deflate.",
    );
  }
  if (total > most) refuse(`${called} unpacks to ${megabytes(total)}; allowed are ${megabytes(most)}.`);
  return [...files.values()].map(({ path, size: length, ...packed }) => ({
    path,
    size: length,
    crc: packed.crc,
    bytes: () => bytesOf(blob, `${path} in ${called}`, { size: length, before, ...packed }),
  }));
}

/** The bytes of one file, unpacked and checked. */
async function bytesOf(blob, called, { method, size, packed, offset, before, crc }) {
  const head = viewOf(await read(blob, before + offset, 30));
  const isThere = head.byteLength === 30 && head.getUint32(0, true) === LOCAL;
  const start = isThere ? before + offset + 30 + head.getUint16(26, true) + head.getUint16(28, true) : 0;
  if (!isThere || start + packed > blob.size)
    refuse(`${called} is cut off, or stands elsewhere than the archive says. Get it anew.`);
  return inflate(blob.slice(start, start + packed), method === DEFLATE ? "deflate-raw" : null, size, called, crc);
}
