// Zip files, written in turns and packed by the browser's own encoder, so that the page answers meanwhile.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32 } from "./crc32.js";
import { inTurns } from "./turns.js";

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [STORED, DEFLATE] = [0, 8];
/** Of the format that knows Deflate. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x800;

/** Numbers of two bytes and of four, the lowest byte first. */
const short = (value) => [value & 255, (value >>> 8) & 255];
const long = (value) => [...short(value), ...short(value >>> 16)];

/** A moment as zip files have it: two seconds are told apart. */
function stamp(date) {
  const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  return [...short((date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1)), ...short(day)];
}

/** An encoder packs all that it is given at once: no more than so many bytes. */
const PIECE = 65_536;

/** The browser's encoder, where it has one for zip files. */
function encoder() {
  try {
    return new CompressionStream("deflate-raw");
  } catch {
    return null;
  }
}

/** What the parts are packed to, or they themselves, and what a zip file says of both. */
async function pack(parts, packer, rest) {
  const text = new TextEncoder();
  const { readable, writable } = packer ?? new TransformStream();
  const body = new Response(readable).blob();
  const writer = writable.getWriter();
  let [sum, size] = [0, 0];
  for (const part of parts) {
    const bytes = typeof part === "string" ? text.encode(part) : part;
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      sum = crc32(piece, sum);
      size += piece.length;
      await writer.write(piece);
      await rest();
    }
  }
  await writer.close();
  return { method: packer ? DEFLATE : STORED, sum, size, body: await body };
}

/**
 * A zip file as a Blob.
 * @param {{ path: string, parts: Iterable<string | Uint8Array>, packs?: boolean }[]} files the contents of each in
 *   parts, which are made when it is their turn; `packs` where packing makes them smaller
 */
export async function zip(files) {
  const rest = inTurns();
  const moment = stamp(new Date());
  const [blobs, list] = [[], []];
  let at = 0;
  for (const { path, parts, packs } of files) {
    const { method, sum, size, body } = await pack(parts, packs ? encoder() : null, rest);
    const name = new TextEncoder().encode(path);
    const form = [...short(VERSION), ...short(FLAGS), ...short(method), ...moment];
    const about = [...form, ...long(sum), ...long(body.size), ...long(size), ...short(name.length), ...short(0)];
    blobs.push(Uint8Array.of(...long(LOCAL), ...about), name, body);
    // No comment, the first disk, no attributes.
    const place = [...short(0), ...short(0), ...short(0), ...long(0), ...long(at)];
    list.push(Uint8Array.of(...long(CENTRAL), ...short(VERSION), ...about, ...place), name);
    at += 30 + name.length + body.size;
  }
  const length = list.reduce((sum, part) => sum + part.length, 0);
  const count = [...short(files.length), ...short(files.length)];
  const end = Uint8Array.of(...long(END), ...long(0), ...count, ...long(length), ...long(at), ...short(0));
  return new Blob([...blobs, ...list, end], { type: "application/zip" });
}
