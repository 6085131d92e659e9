// Zip files, written in turns and packed by the browser's own encoder, so that the page answers meanwhile.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32 } from "./crc32.js";
import { pieces } from "./inflate.js";
import { inTurns } from "./turns.js";

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
/** Of the format that knows Deflate. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x800;

/** Numbers of 2 or 4 bytes, `[value, bytes]` each, the lowest byte first. */
function fields(...values) {
  return Uint8Array.from(
    values.flatMap(([value, n]) => Array.from({ length: n }, (_, i) => (value >>> (8 * i)) & 255)),
  );
}

/** A moment as zip files have it: two seconds are told apart. */
function stamp(date) {
  const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return (day << 16) | time;
}

/** What a blob is packed to; nothing in a browser that does not pack so. */
function deflated(blob) {
  try {
    return new Response(pieces(blob).pipeThrough(new CompressionStream("deflate-raw"))).blob();
  } catch {
    return null;
  }
}

/**
 * A zip file as a Blob.
 * @param {{ path: string, parts: Iterable<string | Uint8Array>, packs?: boolean }[]} files the contents of each in
 *   parts, which are made when it is their turn; `packs` where packing makes them smaller
 */
export async function zip(files) {
  const rest = inTurns();
  const encoder = new TextEncoder();
  const moment = stamp(new Date());
  const [blobs, list] = [[], []];
  let at = 0;
  for (const { path, parts, packs } of files) {
    const contents = [];
    let sum = 0;
    for (const part of parts) {
      const bytes = typeof part === "string" ? encoder.encode(part) : part;
      sum = crc32(bytes, sum);
      contents.push(bytes);
      await rest();
    }
    const whole = new Blob(contents);
    const packed = packs ? await deflated(whole) : null;
    const body = packed ?? whole;
    const name = encoder.encode(path);
    const about = [
      [VERSION, 2],
      [FLAGS, 2],
      [packed ? 8 : 0, 2],
      [moment, 4],
      [sum, 4],
      [body.size, 4],
      [whole.size, 4],
    ];
    const ends = [
      [name.length, 2],
      [0, 2],
    ];
    blobs.push(fields([LOCAL, 4], ...about, ...ends), name, body);
    // No comment, first disk, no attributes.
    list.push(fields([CENTRAL, 4], [VERSION, 2], ...about, ...ends, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), name);
    at += 30 + name.length + body.size;
  }
  const size = list.reduce((sum, { length }) => sum + length, 0);
  const end = fields([END, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [at, 4], [0, 2]);
  return new Blob([...blobs, ...list, end], { type: "application/zip" });
}
