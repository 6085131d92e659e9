// A run as one file: a zip of run.json (settings, history, results) and safetensors (both models, and checkpoints of a
// run that is not finished). docs/visitors.md describes it. What was unpacked, or packed again by others, is read as
// well.
import { zip } from "../lib/archive/pack.js";
import { megabytes } from "../lib/archive/refuse.js";
import { openZip } from "../lib/archive/zip.js";
import { described } from "../user-data/own.js";
import { isDamage, refuse } from "./damage.js";
import { readRecord } from "./record.js";
import { offer } from "../download/save.js";

const FORMAT = "semantic-continuity-run";
/** Version 1 calls two settings otherwise, which the library knows. */
const VERSION = 2;
const LANES = ["plain", "continuity"];
/** Largest content read, in bytes: a run of 20,000 steps takes a third of it. */
const MOST = 64e6;
/** Largest run.json: that of 20,000 steps takes a third of it. */
const MOST_TEXT = 16e6;
/** Most files in one archive, and most checkpoints of a lane. */
const MOST_FILES = 1000;
const MOST_CHECKPOINTS = 50;

const checkpointName = (lane, step) => `${lane}.checkpoint-${step}.safetensors`;

/** Records of a history that are made text at once. */
const PIECE = 1000;

/** run.json in parts: each record of a history is a line of its own, and texts of many are made one after the other. */
function* runText(about, lanes) {
  const short = { ...about, lanes: lanes.map((lane) => ({ ...lane, history: "" })) };
  // Within a text of JSON quotes stand behind a backslash: this is found where it is meant alone.
  const [head, ...rest] = JSON.stringify(short, null, 1).split('"history": ""');
  yield head;
  for (const [i, { history }] of lanes.entries()) {
    yield '"history": [';
    for (let at = 0; at < history.length; at += PIECE) {
      const lines = history.slice(at, at + PIECE).map((record) => `\n    ${JSON.stringify(record)}`);
      yield `${at ? "," : ""}${lines.join(",")}`;
    }
    yield `]${rest[i]}`;
  }
}

/** The file. */
function toFile({ lanes, own, settings, engine, comparison }, name) {
  const files = [];
  // Weights do not get smaller by packing.
  const add = (path, bytes) => files.push({ path, parts: [bytes] });
  const about = lanes.map(({ weights, checkpoints = {}, ...lane }) => {
    if (weights) add(`${lane.name}.safetensors`, weights);
    for (const [step, bytes] of Object.entries(checkpoints)) add(checkpointName(lane.name, step), bytes);
    return { ...lane, checkpoints: Object.keys(checkpoints).map(Number) };
  });
  const run = { format: FORMAT, version: VERSION, name, settings, engine, comparison, own: described(own) };
  return zip([...files, { path: "run.json", parts: runText(run, about), packs: true }]);
}

/** A file with all that was found in place of a run, whatever it is: bytes as files, all else as JSON. */
function rescued(value) {
  const files = [];
  const keep = (_, part) => {
    if (typeof part === "bigint") return String(part);
    if (part instanceof Map || part instanceof Set) return [...part];
    const buffer = ArrayBuffer.isView(part) ? part.buffer : part;
    if (!(buffer instanceof ArrayBuffer)) return part;
    const bytes = new Uint8Array(buffer, part.byteOffset ?? 0, part.byteLength);
    files.push({ path: `${files.length}.bin`, parts: [bytes] });
    return files.at(-1).path;
  };
  let text;
  try {
    text = JSON.stringify(value, keep, 1) ?? "null";
  } catch (error) {
    // A circle, which JSON has no words for.
    text = JSON.stringify(error.message);
  }
  return zip([...files, { path: "found.json", parts: [text], packs: true }]);
}

/**
 * Offers a run as a file: its `record`, or where that could not be read, what was `found` in its place, with the
 * `problem` in the name.
 */
export async function saveRun({ name, record, found, problem }) {
  const slug =
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-|-$/g, "") || "run";
  const { dataset, architecture, seed } = record?.settings ?? {};
  const what = record ? `${dataset}-${architecture}-seed-${seed}` : isDamage(problem) ? "damaged" : "unread";
  offer(`${slug}-${what}.zip`, await (record ? toFile(record, name) : rescued(found)));
}

/** A name without the number that a browser adds to a second download. */
const original = (name) => name.replace(/ ?\(\d+\)(?=\.\w+$)/, "");

/** Files by the folder that they lie in: folder → name → file. What systems leave behind is nobody's. */
function folders(files) {
  const found = new Map();
  for (const file of files) {
    const parts = file.path.split("/");
    if (parts.includes("__MACOSX") || parts.some((part) => part.startsWith("._"))) continue;
    const folder = parts.slice(0, -1).join("/");
    if (!found.has(folder)) found.set(folder, new Map());
    found.get(folder).set(original(parts.at(-1)), file);
  }
  return [...found.values()].filter((inside) => inside.has("run.json"));
}

const isZip = async (file) => {
  const [p, k] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return p === 0x50 && k === 0x4b;
};

/**
 * The runs in files: zip files, each with one or more, and the files of unpacked ones.
 * @param files `{ path, file }` each
 * @param defaults of the settings
 * @returns `{ name, record }` each
 * @throws `{ code: "invalid-run", message }`, naming the file and what is wrong with it; other failures as they are
 */
export async function readRuns(files, defaults) {
  const zips = [];
  const loose = [];
  for (const { path, file } of files) {
    if (file.size > MOST) refuse(`${path} has ${megabytes(file.size)}; a saved run has at most ${megabytes(MOST)}.`);
    if (await isZip(file)) zips.push({ path, file });
    else loose.push({ path, size: file.size, bytes: async () => new Uint8Array(await file.arrayBuffer()) });
  }
  const runs = [];
  for (const { path, file } of zips) {
    const found = folders(await openZip(file, path, { bytes: MOST, files: MOST_FILES }));
    if (!found.length) refuse(`${path} is no saved run: it has no run.json.`);
    for (const inside of found) runs.push(await readRun(inside, path, defaults));
  }
  const beside = folders(loose);
  if (loose.length && !beside.length) {
    const several = loose.length > 1 ? ` and ${loose.length - 1} more` : "";
    const what = "a saved run is a zip file, or its run.json together with the safetensors files beside it";
    refuse(`${loose[0].path}${several}: no saved run is there; ${what}. Choose or drop all of them together.`);
  }
  const total = loose.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST) refuse(`These files have ${megabytes(total)}; a saved run has at most ${megabytes(MOST)}.`);
  for (const inside of beside) runs.push(await readRun(inside, inside.get("run.json").path, defaults));
  return runs;
}

/** One run of the files of its folder, by their names. */
async function readRun(files, called, defaults) {
  const text = files.get("run.json");
  if (text.size > MOST_TEXT) {
    refuse(`run.json in ${called} has ${megabytes(text.size)}; allowed are ${megabytes(MOST_TEXT)}.`);
  }
  let run;
  try {
    run = JSON.parse(new TextDecoder().decode(await text.bytes()));
  } catch (error) {
    if (error.code) throw error;
    refuse(`run.json in ${called} cannot be read: ${error.message}.`);
  }
  if (run?.format !== FORMAT) {
    refuse(`run.json in ${called} has the format ${JSON.stringify(run?.format)?.slice(0, 40)}; allowed is ${FORMAT}.`);
  }
  if (!Number.isInteger(run.version) || run.version < 1 || run.version > VERSION) {
    const version = JSON.stringify(run.version)?.slice(0, 40);
    refuse(`${called} was saved in version ${version} of the format; this page reads versions 1 to ${VERSION}.`);
  }
  const wrong = (what) => refuse(`${called} is damaged: ${what}.`);
  if (!Array.isArray(run.lanes) || run.lanes.length !== LANES.length) wrong("it does not hold both lanes");
  const missing = (name) =>
    refuse(
      `${called} lacks ${name}, which belongs to it: choose or drop all files of a run together, or its zip file.`,
    );
  const file = (name) => files.get(name) ?? missing(name);
  const lanes = [];
  for (const [i, name] of LANES.entries()) {
    const steps = run.lanes[i]?.checkpoints ?? [];
    const isSound = Array.isArray(steps) && steps.length <= MOST_CHECKPOINTS && steps.every(Number.isInteger);
    if (!isSound) wrong(`the checkpoints of the ${name} lane`);
    const checkpoints = {};
    for (const step of run.comparison ? [] : steps) checkpoints[step] = await file(checkpointName(name, step)).bytes();
    const model = `${name}.safetensors`;
    const weights = run.comparison || files.has(model) ? await file(model).bytes() : null;
    lanes.push({ ...run.lanes[i], weights, checkpoints });
  }
  const record = await readRecord({ ...run, lanes }, defaults).catch((error) => {
    if (!isDamage(error)) throw error;
    refuse(`${called} is damaged. ${error.message}`);
  });
  return { name: typeof run.name === "string" && run.name.trim() ? run.name.trim().slice(0, 60) : called, record };
}
