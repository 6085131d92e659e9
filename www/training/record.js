// A run as a record: what is kept of it. One that was kept or saved may come from anywhere, so nothing in it is
// believed: the library says what it is, and gives back what it knows.
import { described } from "../user-data/own.js";
import { statistics } from "../engine/pair-engine.js";
import { refuse } from "./damage.js";
import { toColumns, toRecords } from "./history.js";

/** @import { Comparison, Diverged, Lane as LaneName, Record as StepRecord } from "semantic-continuity-lab/engine" */
/** @import { EngineName, Message, Settings } from "../engine/client.js" */
/** @import { Own } from "../user-data/own.js" */

/**
 * A lane as it is kept: the model of a finished run, or the checkpoints that another one goes on from.
 * @typedef {object} LaneRecord
 * @property {LaneName} name
 * @property {number} step
 * @property {number} steps
 * @property {StepRecord[]} history
 * @property {string[]} notes
 * @property {Diverged | null} diverged
 * @property {Message | null} [report] of the evaluation
 * @property {Uint8Array | null} [weights]
 * @property {Record<string, Uint8Array>} [checkpoints] by their steps
 */

/**
 * A run as it is kept.
 * @typedef {object} RunRecord
 * @property {Settings} settings
 * @property {Omit<Own, "dataset"> | null} own which pictures of the visitor's it was made on, if on such
 * @property {{ name: string, why: string } | null} engine
 * @property {Comparison | null} comparison nothing before it is finished
 * @property {LaneRecord[]} lanes
 */

/** So many records of a lane go over to the library at once: with a long history the page would wait. */
const PIECE = 1000;

const LANE = ["name", "step", "steps", "history", "notes", "diverged", "report"];
const list = (value) => (Array.isArray(value) ? value : []);
const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from?.[name] ?? null]));

/**
 * The record of a run as far as it is sound and known.
 * @param {unknown} found in its place
 * @param {Settings} defaults
 * @returns {Promise<RunRecord>}
 * @throws `{ code, message }`: which part of it cannot be
 */
export async function readRecord(found, defaults) {
  const record = /** @type {Partial<RunRecord> | null} */ (found);
  const lanes = list(record?.lanes);
  const bytes = lanes.map((lane) => {
    return { weights: lane?.weights, checkpoints: new Map(Object.entries(lane?.checkpoints ?? {})) };
  });
  const about = { ...pick(record, ["settings", "engine", "comparison"]), own: described(record?.own) };
  const asked = lanes.map((lane, i) => {
    const checkpoints = [...bytes[i].checkpoints.keys()].map(Number);
    return { ...pick(lane, LANE), history: toRecords(lane?.history ?? null), checkpoints };
  });
  const begun = asked.map((lane) => ({ ...lane, history: lane.history?.slice?.(0, PIECE) ?? lane.history }));
  const { lanes: sound, settings, ...run } = await statistics.remote.read_run({ ...about, lanes: begun });
  const longest = Math.max(...asked.map(({ history }) => history.length));
  for (let at = PIECE; at < longest; at += PIECE) {
    // What was looked at is left out, but for the last record: the library looks at their order, too.
    const more = asked.map((lane) => {
      return { ...lane, history: lane.history.slice(at - 1, at + PIECE), report: null, checkpoints: [0] };
    });
    const { lanes: read } = await statistics.remote.read_run({ ...about, comparison: null, lanes: more });
    sound.forEach(({ history }, i) => history.push(...read[i].history.slice(1)));
  }
  const whole = sound.map((lane, i) => joined(lane, bytes[i], Boolean(run.comparison)));
  return { ...run, settings: { ...defaults, ...settings }, lanes: whole };
}

/**
 * A lane with its bytes: a model of a finished run, checkpoints of one that is not.
 * @param {Message} lane
 * @returns {LaneRecord}
 */
function joined({ checkpoints: steps, ...lane }, { weights, checkpoints }, isFinished) {
  const isBytes = (value) => value instanceof Uint8Array;
  if (isFinished && !isBytes(weights)) refuse(`The ${lane.name} lane has no model.`);
  const kept = isFinished ? [] : steps.map((step) => [step, checkpoints.get(String(step))]);
  const lost = kept.find(([, value]) => !isBytes(value));
  if (lost) refuse(`The ${lane.name} lane has no checkpoint of step ${lost[0]}.`);
  const bytes = { weights: isBytes(weights) ? weights : null, checkpoints: Object.fromEntries(kept) };
  return { .../** @type {LaneRecord} */ (lane), ...bytes };
}

/** JSON in which equal values are equal texts, whatever the order in which they were written. */
function canonical(value) {
  const isPlain = (part) => part && typeof part === "object" && !Array.isArray(part);
  return JSON.stringify(value, (_, part) => (isPlain(part) ? Object.fromEntries(Object.entries(part).sort()) : part));
}

const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** All bytes of a lane: its model, and its checkpoints in the order of their steps. */
const bytesOf = ({ weights, checkpoints = {} }) => [weights ?? [], ...Object.values(checkpoints)];

const sameSteps = (a, b) => a.length === b.length && a.every((record, i) => sameStep(record, b[i]));
const sameStep = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);

/** Whether two records are of one run at one step: the same was asked, and the same came out. */
export function sameRun(a, b) {
  const [made, others] = [a, b].map(({ lanes }) => lanes.flatMap(bytesOf));
  const asked = ({ settings, comparison }) => canonical([settings, comparison]);
  // Two runs differ in their models before long; only of one run all that follows is looked at.
  return (
    made.length === others.length &&
    made.every((bytes, i) => sameBytes(bytes, others[i])) &&
    a.lanes.every(({ step, history }, i) => step === b.lanes[i].step && sameSteps(history, b.lanes[i].history)) &&
    asked(a) === asked(b)
  );
}

/** A record as the browser's store keeps it, which `readRecord` reads. */
export function toStored(record) {
  const lanes = record.lanes.map((lane) => ({ ...lane, history: toColumns(lane.history) }));
  return { ...record, own: described(record.own), lanes };
}
