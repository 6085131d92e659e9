// A run as one file: a zip of run.json (settings, history, results) and safetensors (both models, and checkpoints of a run
// that is not finished). README.md describes it.
import { described } from "./own/own.js";
import { unzipSync, zipSync } from "./vendor/fflate.js";

const FORMAT = "semantic-continuity-run";
const VERSION = 1;
const LANES = ["plain", "continuity"];
/** Largest content read, in bytes: a run of 20,000 steps takes a tenth of it. */
const MOST = 64e6;

/** The checksum that a zip file has of each of its files; the library that reads them does not look at it. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const crc32 = (bytes) => ~bytes.reduce((sum, byte) => CRC_TABLE[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;

/** The name of a file that is not as its checksum says, or nothing. The list of files stands at the end of a zip file. */
function damaged(bytes, files) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end--;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const called = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name));
    if (files[called] && crc32(files[called]) !== view.getUint32(at + 16, true)) return called;
    at += 46 + name + extra + comment;
  }
}

const checkpointName = (lane, step) => `${lane}.checkpoint-${step}.safetensors`;
const refuse = (message) => {
  throw { code: "invalid-run", message };
};

/** The bytes of the file. */
export function toFile({ lanes, own, ...record }, name) {
  const files = {};
  // Weights do not get smaller by packing.
  const add = (file, bytes) => (files[file] = [bytes, { level: 0 }]);
  const parts = lanes.map(({ weights, checkpoints = {}, ...lane }) => {
    if (weights) add(`${lane.name}.safetensors`, weights);
    for (const [step, bytes] of Object.entries(checkpoints)) add(checkpointName(lane.name, step), bytes);
    return { ...lane, checkpoints: Object.keys(checkpoints).map(Number) };
  });
  const text = JSON.stringify({ format: FORMAT, version: VERSION, name, ...record, own: described(own), lanes: parts }, null, 1);
  files["run.json"] = new TextEncoder().encode(text);
  return zipSync(files);
}

const isCount = (value) => Number.isInteger(value) && value >= 0;
const isRecord = (value) => value && typeof value === "object" && isCount(value.step) && Number.isFinite(value.ce) && Number.isFinite(value.accuracy);

/**
 * Reads what `toFile` wrote: `{ name, record }`. What the library can judge (settings, weights, checkpoints) it judges when
 * the run is opened.
 * @param called what the visitor calls the file
 */
export function fromFile(bytes, called) {
  let size = 0;
  let files, spoilt;
  try {
    files = unzipSync(bytes, { filter: ({ originalSize }) => (size += originalSize) <= MOST });
    spoilt = damaged(bytes, files);
  } catch {
    refuse(`${called} is no saved run: it is cut off, or not a zip file as this page writes them.`);
  }
  if (size > MOST) refuse(`${called} holds ${Math.round(size / 1e6)} MB; a saved run has at most ${MOST / 1e6} MB.`);
  if (!files["run.json"]) refuse(`${called} is no saved run: it has no run.json.`);
  if (spoilt) refuse(`${called} is damaged: ${spoilt} is not as it was saved.`);
  let run;
  try {
    run = JSON.parse(new TextDecoder().decode(files["run.json"]));
  } catch (error) {
    refuse(`run.json in ${called} cannot be read: ${error.message}.`);
  }
  if (run?.format !== FORMAT) refuse(`run.json in ${called} has the format ${JSON.stringify(run?.format)}; allowed is ${FORMAT}.`);
  if (run.version !== VERSION) refuse(`${called} was saved in version ${JSON.stringify(run.version)} of the format; this page reads version ${VERSION}.`);
  const { name, settings, engine, comparison, own, lanes } = run;
  const wrong = (what) => refuse(`${called} is damaged: ${what}.`);
  if (!settings || typeof settings !== "object" || Array.isArray(settings)) wrong("it has no settings");
  if (!Array.isArray(lanes) || lanes.length !== 2 || !lanes.every((lane, i) => lane?.name === LANES[i])) wrong("it does not hold both lanes");
  if (comparison && !(Array.isArray(comparison.rows) && Array.isArray(comparison.notes) && comparison.sentence)) wrong("its results are incomplete");
  const whole = lanes.map(({ checkpoints, ...lane }) => {
    if (!isCount(lane.step) || !isCount(lane.steps) || lane.step > lane.steps) wrong(`the ${lane.name} lane is at step ${lane.step} of ${lane.steps}`);
    if (!Array.isArray(lane.history) || !lane.history.every(isRecord)) wrong(`the history of the ${lane.name} lane`);
    if (!Array.isArray(lane.notes) || !lane.notes.every((note) => typeof note === "string")) wrong(`the notes of the ${lane.name} lane`);
    if (!Array.isArray(checkpoints) || !checkpoints.every(isCount)) wrong(`the checkpoints of the ${lane.name} lane`);
    const file = (name) => files[name] ?? wrong(`it has no ${name}`);
    if (comparison ? !lane.report : checkpoints.length === 0) wrong(`the ${lane.name} lane has nothing to go on with`);
    return { ...lane, weights: comparison ? file(`${lane.name}.safetensors`) : (files[`${lane.name}.safetensors`] ?? null),
      ...(comparison ? {} : { checkpoints: Object.fromEntries(checkpoints.map((step) => [step, file(checkpointName(lane.name, step))])) }) };
  });
  return { name: typeof name === "string" ? name : called, record: { settings, engine: engine?.why ? engine : null, comparison: comparison ?? null, own, lanes: whole } };
}
