// Unpacking, by the browser's own decoder: as a stream, with a limit that holds whatever the packed bytes claim.
import { crc32 } from "./crc32.js";
import { megabytes, refuse } from "./refuse.js";
import { inTurns } from "./turns.js";

/** Deflate packs at most so many bytes into one. */
const RATIO = 1032;

/**
 * A decoder hands out at once all that a piece unpacks to: pieces grow to so many bytes, from a few for who wants the
 * first.
 */
const PIECE = 8192;

/** The bytes of a blob in pieces. */
export function pieces(blob) {
  let length = 512;
  const cut = (chunk, out) => {
    for (let at = 0; at < chunk.length; at += length) {
      length = Math.min(PIECE, 2 * length);
      out.enqueue(chunk.subarray(at, at + length));
    }
  };
  return blob.stream().pipeThrough(new TransformStream({ transform: cut }));
}

/** The bytes that a blob unpacks to, as a stream. `format` is "gzip", "deflate-raw", or nothing: not packed. */
export const unpacked = (blob, format) =>
  format ? pieces(blob).pipeThrough(new DecompressionStream(format)) : blob.stream();

/**
 * What a packed blob holds, which is known to be `size` bytes.
 * @param format as in `unpacked`
 * @param called what the visitor knows it as
 * @param crc their CRC-32, where it is known and nobody else looks at it
 */
export async function inflate(blob, format, size, called, crc) {
  const broken = () => refuse(`${called} is damaged or cut off: unpacked it is not what was packed. Get it anew.`);
  // Before any memory is taken for it.
  if (size > RATIO * blob.size + PIECE) broken();
  const bytes = new Uint8Array(size);
  const reader = unpacked(blob, format).getReader();
  const rest = inTurns();
  let at = 0;
  let sum = 0;
  try {
    for (let part; !(part = await reader.read()).done; await rest()) {
      if (at + part.value.length > size) throw new Error("more than announced");
      bytes.set(part.value, at);
      at += part.value.length;
      if (crc !== undefined) sum = crc32(part.value, sum);
    }
  } catch {
    reader.cancel().catch(() => {});
    broken();
  }
  if (at !== size || (crc ?? sum) !== sum) broken();
  return bytes;
}

/** Whether bytes begin as a gzip file does. */
export const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** What a gzip file (a blob) holds, at most `most` bytes. */
export async function gunzip(blob, called, most) {
  // A gzip file ends with the number of bytes that it unpacks to.
  const end = new DataView(await blob.slice(Math.max(0, blob.size - 4)).arrayBuffer());
  const size = end.byteLength === 4 ? end.getUint32(0, true) : 0;
  if (size > most && size <= RATIO * blob.size) {
    refuse(`${called} unpacks to ${megabytes(size)}; allowed are ${megabytes(most)}.`);
  }
  return inflate(blob, "gzip", size, called);
}
