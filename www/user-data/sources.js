// Chosen files as sources, `{ path, size, head(), bytes() }` each; archives stand for what they hold.
import { archiveKind } from "../lib/archive/kind.js";
import { gunzip, isGzip, unpacked } from "../lib/archive/inflate.js";
import { isTarHeader, openTar } from "../lib/archive/tar.js";
import { endsAsZip, openZip } from "../lib/archive/zip.js";
import { sumOf } from "./digest.js";
import { bare, original, stem, unnumbered } from "./files.js";
import { foreignFormat, isPictureName, pictureFormat } from "./format.js";
import { halfOfFile } from "./halves.js";
import { LIMITS, refuse } from "./limits.js";

/** As much as tells what a file is. */
const HEAD = 512;

/** Most files that are looked into whatever their names say: archives are few. */
const FEW = 20;

/** Longest name of a file or a folder, in characters: no system has longer ones, an archive may. */
const LONGEST = 255;

/** What systems and programs leave in folders: lists, waste, small copies of pictures. */
const LEFTOVER = new RegExp(
  "^(@eadir|[@#]recycle|\\$recycle\\.bin|system volume information|__macosx|[._]?thumbnails?|[._]thumbs|" +
    "(eh)?thumbs.*\\.db|desktop\\.ini|picasa\\.ini)$",
  "i",
);

/** Files without those that nobody put there. A dot in front hides a file, but not the folder that all lie in. */
function withoutLeftovers(files) {
  const kept = files.filter(({ path }) => !path.split("/").some((part) => LEFTOVER.test(part)));
  const lists = kept.map(({ path }) => path.split("/"));
  const [first = []] = lists;
  const differs = first.findIndex((part, i) => lists.some((parts) => parts[i] !== part));
  const shared = differs < 0 ? first.length - 1 : differs;
  const seen = kept.filter((_, i) => !lists[i].slice(shared).some((part) => part.startsWith(".")));
  const used = new Set(seen.length ? seen : kept);
  const others = files.filter((file) => !used.has(file));
  return { files: [...used], left: others.map(({ path }) => ({ path, why: "put there by the system, not by you" })) };
}

const inOrder = (files) => files.sort((a, b) => (a.path < b.path ? -1 : 1));

/** The first bytes of what a file holds, unpacked. */
async function headOf(file) {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (!isGzip(head)) return head;
  const reader = unpacked(file, "gzip").getReader();
  const { value = head } = await reader.read().catch(() => ({}));
  reader.cancel().catch(() => {});
  return value.subarray(0, HEAD);
}

/**
 * The archive that a file is: `{ kind }`, "zip" or "tar", or `{ why }` it cannot be unpacked; nothing for other files.
 * @param areFew whether what is called like a picture is looked into as well
 */
async function archiveOf({ path, file }, areFew) {
  if (isPictureName(path) && !areFew) return null;
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const { kind, foreign } = archiveKind(head);
  if (foreign)
    return { why: `is packed with ${foreign}, which browsers cannot unpack: unpack it yourself and choose the folder` };
  if (!kind && !pictureFormat(head) && (await endsAsZip(file))) return { kind: "zip" };
  // Other formats are zip files, too.
  const named = kind === "zip" && foreignFormat(path, head);
  if (named) return { why: `is ${named}` };
  const isTar = kind === "tar" || (kind === "gzip" && isTarHeader(await headOf(file)));
  if (kind === "zip" || isTar) return { kind: isTar ? "tar" : "zip" };
  return /\.(zip|tar|tgz|tar\.gz)$/i.test(path)
    ? { why: "is no archive, whatever its name says, or it is cut off. Get it anew" }
    : null;
}

/**
 * A file of a choice, or of an archive that was opened.
 * @param {{ path: string, size: number, file?: File, bytes?: () => Promise<Uint8Array<ArrayBuffer>> }} found
 */
function source({ path, size, file, bytes }) {
  const name = path.replace(/\.gz$/i, "");
  if (file) {
    const isPacked = async () => isGzip(new Uint8Array(await file.slice(0, 3).arrayBuffer()));
    const read = async () =>
      (await isPacked()) ? gunzip(file, path, LIMITS.bytes) : new Uint8Array(await file.arrayBuffer());
    return { path, name, size, head: () => headOf(file), bytes: read };
  }
  const read = async () => {
    const found = await bytes();
    return isGzip(found) ? gunzip(new Blob([found]), path, LIMITS.bytes) : found;
  };
  return { path, name, size, bytes: read, head: async () => headOf(new Blob([await bytes()])) };
}

const isLong = ({ path }) => path.split("/").some((part) => part.length > LONGEST);

/**
 * The sum of what an archive holds, which only some archives have written down.
 * @param {{ crc?: number, bytes: () => Promise<Uint8Array> }} entry
 */
const sumIn = async ({ crc, bytes }) => crc ?? sumOf(await bytes());

/** The files of archives that belong together. */
async function opened(archives) {
  const locked = archives.find(({ why }) => why);
  if (locked) refuse(`${locked.path} ${locked.why}.`);
  const names = archives.map(({ path }) => path.split("/").at(-1));
  const isOne = new Set(names.map((name) => stem(name).toLowerCase())).size === 1;
  const areHalves = new Set(names.map(halfOfFile)).size === names.length && names.every(halfOfFile);
  if (archives.length > 1 && !isOne && !areHalves) {
    refuse(
      `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""} are ${names.length} archives, ` +
        "and it is not clear how they belong together: choose one, or unpack them into one folder and choose that.",
    );
  }
  const found = new Map();
  const left = [];
  for (const [i, { path, file, kind }] of archives.entries()) {
    const files = await (kind === "zip" ? openZip(file, path) : openTar(file, path, { bytes: LIMITS.bytes }));
    for (const entry of files) {
      if (isLong(entry)) {
        left.push({ path: `${entry.path.slice(0, 40)}… in ${names[i]}`, why: `a name of over ${LONGEST} characters` });
        continue;
      }
      const below = areHalves && archives.length > 1 ? `${bare(names[i])}/${entry.path}` : entry.path;
      const there = found.get(below);
      const isSame = there?.size === entry.size && (await sumIn(there)) === (await sumIn(entry));
      if (isSame) left.push({ path: `${entry.path} in ${names[i]}`, why: "in another of the archives, too" });
      else found.set(there ? `${below} (${names[i]})` : below, { ...entry, path: below });
    }
  }
  return { files: [...found.values()], left };
}

/**
 * Files as sources, in the order of their paths, without leftovers. Archives stand for what they hold.
 * @param chosen `{ path, file }` each
 * @returns `{ files, left }`: sources, `name` being the path of what is packed without its ending; and `{ path, why }`
 * of what was left out
 */
export async function sources(chosen) {
  const { files, left } = withoutLeftovers(chosen);
  const kinds = await Promise.all(files.map((file) => archiveOf(file, files.length <= FEW)));
  const archives = files.map((file, i) => ({ ...file, ...kinds[i] })).filter((_, i) => kinds[i]);
  const others = files.filter((_, i) => !kinds[i]);
  const leave = (some, why) => left.push(...some.map(({ path }) => ({ path, why })));
  // An archive often lies beside what was unpacked from it.
  if (!archives.length || others.some(({ path }) => isPictureName(path))) {
    leave(archives, "an archive beside pictures");
    return { files: inOrder(others).map(({ path, file }) => source({ path, file, size: file.size })), left };
  }
  const held = await opened(archives);
  const seen = withoutLeftovers(held.files);
  const inner = seen.files.find(({ path }) => /\.(zip|tar|tgz|tar\.gz|7z|rar)$/i.test(path));
  if (inner && !seen.files.some(({ path }) => isPictureName(path))) {
    refuse(`${archives[0].path} holds another archive, ${inner.path}: unpack it and choose that.`);
  }
  leave(others, "not part of the archive");
  return { files: inOrder(seen.files).map(source), left: [...left, ...held.left, ...seen.left] };
}

const areSame = async (a, b) => a.length === b.length && (await sumOf(a)) === (await sumOf(b));

/** Files that are there once: one of those that are packed beside what they hold, or were downloaded twice. */
export async function once(files, left) {
  const kept = [];
  for (const file of files) {
    const name = original(file.name);
    const there = kept.find((other) => original(other.name) === name);
    // A number at the end may as well be that of a part: only what is in the files tells.
    const alike = there ? [there] : kept.filter((other) => unnumbered(other.name) === unnumbered(file.name));
    let same = null;
    for (const other of alike) {
      if (await areSame(await other.bytes(), await file.bytes())) same = other;
      else if (there)
        refuse(`${there.path} and ${file.path} are called alike and hold different things: choose one of them.`);
    }
    if (same) left.push({ path: file.path, why: `the same as ${same.path}` });
    else kept.push(file);
  }
  return kept;
}
