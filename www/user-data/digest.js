// What tells sets of pictures apart: the bytes of their files, which are the same in every browser; decoded pixels are
// not.
import { crc32 } from "../lib/archive/crc32.js";
import { inTurns } from "../lib/archive/turns.js";

const SLICE = 1e6;

/** Calls `work` with slices of bytes, so that the page answers meanwhile. */
async function slices(bytes, work) {
  const rest = inTurns();
  for (let at = 0; at < bytes.length; at += SLICE) {
    work(bytes.subarray(at, at + SLICE));
    await rest();
  }
}

const hex = (number) => (number >>> 0).toString(16).padStart(8, "0");

/** FNV-1a over the bytes of arrays. */
export async function fnv1a(arrays) {
  let hash = 0x811c9dc5;
  for (const bytes of arrays) {
    await slices(bytes, (slice) => {
      for (let i = 0; i < slice.length; i++) hash = Math.imul(hash ^ slice[i], 0x01000193);
    });
  }
  return hex(hash);
}

/** The CRC-32 of bytes. */
export async function sumOf(bytes) {
  let sum = 0;
  await slices(bytes, (slice) => (sum = crc32(slice, sum)));
  return sum;
}

/** The digest of a set, whose files may come in any order. */
export class Digest {
  #files = [];

  /** Takes a file: its half, its bytes, and of a picture its class. */
  async take(half, bytes, label = "") {
    this.#files.push([half, label, bytes.length, await sumOf(bytes)].join(" "));
  }

  async hex() {
    const list = new TextEncoder().encode(this.#files.sort().join("\n"));
    return hex(crc32(list)) + (await fnv1a([list]));
  }
}
