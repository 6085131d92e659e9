// Zip files, written in turns, so that the page answers meanwhile.
import { inTurns } from "./turns.js";

/** The library packs all that it is given at once: no more than so many bytes. */
const PIECE = 65_536;

/** The bytes of parts in pieces. */
function* pieces(parts) {
  const text = new TextEncoder();
  for (const part of parts) {
    const bytes = typeof part === "string" ? text.encode(part) : part;
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }
}

/**
 * A zip file as a Blob.
 * @param {{ path: string, parts: Iterable<string | Uint8Array>, packs?: boolean }[]} files the contents of each in
 *   parts, which are made when it is their turn; `packs` where packing makes them smaller
 */
export async function zip(files) {
  // Nobody else needs the library.
  const { Zip, ZipDeflate, ZipPassThrough } = await import("../../vendor/fflate.js");
  const rest = inTurns();
  const written = [];
  const archive = new Zip((error, bytes) => {
    if (error) throw error;
    written.push(bytes);
  });
  for (const { path, parts, packs } of files) {
    const file = packs ? new ZipDeflate(path) : new ZipPassThrough(path);
    archive.add(file);
    for (const piece of pieces(parts)) {
      // What is stored as it is goes into the archive itself, and belongs to somebody else.
      file.push(packs ? piece : piece.slice());
      await rest();
    }
    file.push(new Uint8Array(), true);
  }
  archive.end();
  return new Blob(written, { type: "application/zip" });
}
