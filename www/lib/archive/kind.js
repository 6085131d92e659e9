// What an archive is, by its first bytes: names lie.
import { isGzip } from "./inflate.js";
import { isTarHeader } from "./tar.js";

/** Archives that the page cannot unpack. */
const FOREIGN = [
  ["7-Zip", [0x37, 0x7a, 0xbc, 0xaf]],
  ["RAR", [0x52, 0x61, 0x72, 0x21]],
  ["XZ", [0xfd, 0x37, 0x7a, 0x58]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
  ["LZ4", [0x04, 0x22, 0x4d, 0x18]],
];

const begins = (head, bytes) => bytes.every((byte, i) => head[i] === byte);

/**
 * `{ kind }`: "zip", "gzip", "tar" or nothing; or `{ foreign }`, the name of one that cannot be unpacked. `head` has
 * 512 bytes.
 */
export function archiveKind(head) {
  if (begins(head, [0x50, 0x4b]) && (begins(head.subarray(2), [3, 4]) || begins(head.subarray(2), [5, 6])))
    return { kind: "zip" };
  if (isGzip(head)) return { kind: "gzip" };
  const foreign = FOREIGN.find(([, bytes]) => begins(head, bytes))?.[0];
  if (foreign) return { foreign };
  return { kind: isTarHeader(head) ? "tar" : null };
}
