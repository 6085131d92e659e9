// Tar files, packed by gzip or not: ustar, with the long names of pax and GNU.
import { isGzip, unpacked } from "./inflate.js";
import { decodeNames, safePath } from "./names.js";
import { megabytes, refuse } from "./refuse.js";
import { inTurns } from "./turns.js";

const BLOCK = 512;
/** Longest list of names and sizes of one file that is believed, in bytes. */
const LONGEST = 1e6;
const decoder = new TextDecoder();
const text = (bytes) => decoder.decode(bytes);

/** A field of a header up to its end or the first zero. */
function field(header, from, length) {
  const end = header.indexOf(0, from);
  return header.subarray(from, end < 0 || end > from + length ? from + length : end);
}

/** A number: octal digits, or from 8 GB on the bits themselves. */
function number(header, from, length) {
  if (header[from] & 0x80) return header.subarray(from + 1, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
  return parseInt(text(field(header, from, length)).trim() || "0", 8);
}

/** Whether 512 bytes are a header: they hold their own sum. */
export function isTarHeader(header) {
  if (header.length < BLOCK) return false;
  const sum = header.subarray(0, BLOCK).reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
  return sum === number(header, 148, 8);
}

/** How a record of pax begins: with its length, and a name if it is one of those that are asked for. */
const RECORD = /^(\d{1,8}) (?:(path|size)=)?/;

/** "27 path=cat/1.png\n" and so on, as a map of bytes. */
function paxRecords(bytes) {
  const records = new Map();
  for (let at = 0; at < bytes.length;) {
    const [head, length, name] = RECORD.exec(text(bytes.subarray(at, at + 16))) ?? [];
    if (!(head?.length < Number(length))) break;
    const end = at + Number(length);
    if (name) records.set(name, bytes.subarray(at + head.length, end - 1));
    at = end;
  }
  return records;
}

/** The name in a header, with the folder that ustar keeps apart. */
function nameOf(header) {
  const name = field(header, 0, 100);
  const prefix = text(header.subarray(257, 262)) === "ustar" && header[262] === 0 ? field(header, 345, 155) : [];
  return prefix.length ? Uint8Array.from([...prefix, 47, ...name]) : name;
}

/** Takes bytes off a stream: `take(n)` so many, fewer at its end; `skip(n)` passes over them. */
function taker(stream) {
  const reader = stream.getReader();
  const rest = inTurns();
  let part = new Uint8Array();
  const next = async () => {
    await rest();
    const { done, value } = await reader.read();
    part = value ?? new Uint8Array();
    return !done;
  };
  const pass = async (length, use) => {
    for (let left = length; left > 0;) {
      if (!part.length && !(await next())) return length - left;
      const some = part.subarray(0, left);
      use?.(some, length - left);
      part = part.subarray(some.length);
      left -= some.length;
    }
    return length;
  };
  const take = async (length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, await pass(length, (some, at) => bytes.set(some, at)));
  };
  return { take, skip: (length) => pass(length), cancel: () => reader.cancel().catch(() => {}) };
}

/**
 * The files of a tar, `{ path, size, bytes() }` each. What is packed is unpacked here, and held; what is not stays in
 * the blob.
 * @param limits as for `openZip`
 * @throws `{ code: "invalid-archive", message }`
 */
export async function openTar(blob, called, { bytes: most = Infinity, files: mostFiles = 200_000 } = {}) {
  const packed = isGzip(new Uint8Array(await blob.slice(0, 3).arrayBuffer()));
  const stream = taker(unpacked(blob, packed ? "gzip" : null));
  const broken = () => refuse(`${called} is damaged or cut off. Get it anew.`);
  const entries = [];
  // What is unpacked, with the headers: many of them are small only when they are packed.
  let at = 0;
  let long = new Map();
  try {
    for (;;) {
      const header = await stream.take(BLOCK);
      at += BLOCK;
      // It ends with a block of zeros; some leave it out.
      if (!header.length || header.every((byte) => byte === 0)) break;
      if (!isTarHeader(header)) broken();
      const kind = String.fromCharCode(header[156] || 48);
      const size = long.has("size") && !"xgL".includes(kind) ? Number(text(long.get("size"))) : number(header, 124, 12);
      if (!Number.isSafeInteger(size) || size < 0) broken();
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      const isFile = kind === "0" || kind === "7";
      if (at + size > most) {
        refuse(`${called} unpacks to more than ${megabytes(most)}. Unpack it yourself and choose a part of it.`);
      }
      if ("xL".includes(kind) && size > LONGEST) broken();
      const isKept = "xL".includes(kind) || (isFile && packed);
      const content = isKept ? await stream.take(size) : null;
      if ((content ? content.length : await stream.skip(size)) < size) broken();
      await stream.skip(padding);
      if (kind === "x") long = new Map([...long, ...paxRecords(content)]);
      else if (kind === "L") long.set("path", field(content, 0, size));
      else if (kind !== "g") {
        const name = long.get("path") ?? nameOf(header);
        if (isFile) entries.push({ name, size, content, at, isUtf8: false });
        if (entries.length > mostFiles) refuse(`${called} holds more than ${mostFiles} files. Choose a part of them.`);
        long = new Map();
      }
      at += size + padding;
    }
    // Only at its end a packed file shows that it is whole.
    if (packed) while ((await stream.skip(1e6)) > 0);
  } catch (error) {
    stream.cancel();
    if (error.code === "invalid-archive") throw error;
    broken();
  }
  stream.cancel();
  const names = decodeNames(entries);
  const slice = async ({ at: from, size }) => new Uint8Array(await blob.slice(from, from + size).arrayBuffer());
  const files = entries.map((entry, i) => {
    const { size, content } = entry;
    return { path: safePath(names[i]), size, bytes: async () => content ?? slice(entry) };
  });
  return [...new Map(files.filter(({ path }) => path).map((file) => [file.path, file])).values()];
}
