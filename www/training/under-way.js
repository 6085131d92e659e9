// The run that is under way, kept in the browser's own store as it goes: a tab that is reloaded, closed or crashes
// loses seconds. Each tab writes its own run only; what a tab left behind is offered to the next one.
import { answer, Database, newId } from "../lib/database.js";
import { described } from "../user-data/own.js";
import { toColumns, toRecords } from "./history.js";
import { readRecord } from "./record.js";

/** @import { Failure } from "../engine/client.js" */
/** @import { RunRecord } from "./record.js" */

/** Not more often than this. */
const EVERY_MS = 3000;
/** Where the browser has no locks, a run that was written so long ago is no longer under way. */
const SILENT_MS = 60_000;

/** All that is kept of one run: its head, each checkpoint of a lane by its step, and its history in pieces. */
const keysOf = (id) => IDBKeyRange.bound([id], [id, []]);
const HEAD = "head";
/** Records in a piece of a history: whole ones are written once, so a long run is written as quickly as a short one. */
const PIECE = 1000;
const pieceName = (lane, i) => `history ${lane} ${i}`;

/**
 * What stands beside the head: name → what tells it from an earlier content of that name, and how to make the content.
 * @returns {Map<string, { is: unknown, content: () => unknown }>}
 */
function partsOf(lanes) {
  const parts = new Map();
  for (const { name, checkpoints, history } of lanes) {
    for (const [step, bytes] of Object.entries(checkpoints)) {
      parts.set(`${name} ${step}`, { is: bytes, content: () => bytes });
    }
    for (let at = 0; at < history.length; at += PIECE) {
      const piece = history.slice(at, at + PIECE);
      // A history loses and gains records at its end alone.
      parts.set(pieceName(name, at / PIECE), { is: piece.at(-1), content: () => toColumns(piece) });
    }
  }
  return parts;
}

/** The history of a lane from its pieces; earlier versions of the page had it in the head. */
function historyOf({ name, history }, parts) {
  if (history) return history;
  const pieces = [];
  while (parts.has(pieceName(name, pieces.length))) pieces.push(toRecords(parts.get(pieceName(name, pieces.length))));
  return pieces.flat();
}

const lockOf = (id) => `semantic-continuity-run-${id}`;

/** Holds a lock until the function it returns is called, or the tab ends. */
function hold(name) {
  const { promise: held, resolve: release } = Promise.withResolvers();
  try {
    navigator.locks.request(name, () => held).catch(() => {});
  } catch {
    // Then the time of writing tells.
  }
  return release;
}

/**
 * A run that a tab left behind.
 * @typedef {object} Left
 * @property {string} id
 * @property {string | number} [kept] what the list calls it, if it is there
 * @property {RunRecord} [record]
 * @property {Failure} [problem] why there is no record
 * @property {unknown} [found] what is stored in its place, if the browser gives it back
 */

export class UnderWay {
  #present;
  #defaults;
  #database = new Database("semantic-continuity-lab-under-way", "runs");
  /** The run being kept: its name in the store, and what of it is written. */
  #id;
  #release;
  #written = null;
  /** One of an earlier tab that the present one goes on from: it goes when this one is there. */
  #before;
  /** What of its parts is written. */
  #parts = new Map();
  #timer;
  #began = -Infinity;
  /** What the last writing was of, so that nothing is written twice. */
  #state = null;
  #isWriting = false;
  #work = Promise.resolve();
  #awaited = new Set();

  /**
   * @param present gives the run to be kept as it is now, as `Run.underWay` does; nothing where none is
   * @param changed called when another tab left a run behind, or took one
   */
  constructor(present, defaults, changed) {
    this.#present = present;
    this.#defaults = defaults;
    this.changed = changed;
    this.#database.onChange(changed);
    document.addEventListener("visibilitychange", () => document.hidden && this.#timer && this.#write());
  }

  /** Steps of both lanes that are written, or nothing. */
  get steps() {
    return this.#written?.steps ?? null;
  }

  /** Whether a run that goes on loses only seconds with the tab. */
  get isFresh() {
    return this.#written !== null && performance.now() - this.#written.at < 10 * EVERY_MS;
  }

  /** Writes the present run: now, or when it is time again. */
  keep({ now = false } = {}) {
    // Not by a timer when it is due: those of a tab in the background are late.
    const left = this.#began + EVERY_MS - performance.now();
    if (now || left <= 0) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), left);
  }

  async #write() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const record = this.#present();
    if (!record) return;
    const lanes = record.lanes.map(({ checkpoints, history, ...lane }) => lane);
    const at = lanes.map(({ step, notes, diverged }) => [step, notes, diverged]);
    const state = JSON.stringify([record.settings, record.kept, at]);
    // One after the other: a store that does not answer must not pile up what it was given.
    if (state === this.#state || this.#isWriting) return;
    this.#began = performance.now();
    this.#id ??= newId();
    this.#release ??= hold(lockOf(this.#id));
    const [id, before] = [this.#id, this.#before];
    const parts = partsOf(record.lanes);
    const head = { ...record, own: described(record.own), lanes, at: Date.now() };
    const writing = this.#work.then(() =>
      this.#database.change(async (objects) => {
        const there = new Set((await answer(objects.getAllKeys(keysOf(id)))).map(([, name]) => name));
        objects.put(head, [id, HEAD]);
        // What is there already is not written again.
        for (const [name, { is, content }] of parts) {
          if (!there.has(name) || this.#parts.get(name)?.is !== is) objects.put(content(), [id, name]);
        }
        for (const name of there) if (name !== HEAD && !parts.has(name)) objects.delete([id, name]);
        if (before) objects.delete(keysOf(before));
      }),
    );
    this.#state = state;
    this.#isWriting = true;
    this.#work = writing.then(
      () => {},
      () => {},
    );
    const isDone = await writing.then(
      () => true,
      () => false,
    );
    this.#isWriting = false;
    // Where it was dropped meanwhile, what goes after it is on its way.
    const isPresent = id === this.#id;
    if (isPresent && isDone) {
      this.#parts = parts;
      this.#written = { at: this.#began, steps: lanes.map(({ step }) => step) };
      if (this.#before === before) this.#before = undefined;
    } else if (isPresent) {
      // Full or forbidden: then leaving the page asks first.
      this.#written = this.#state = null;
    }
    // What came meanwhile: more of this run, or the next one.
    this.keep();
  }

  /** Forgets the run: it is finished and kept, or the visitor gave it up. */
  drop() {
    clearTimeout(this.#timer);
    const ids = [this.#id, this.#before].filter(Boolean);
    const release = this.#release;
    this.#timer = this.#id = this.#before = this.#release = undefined;
    this.#written = this.#state = null;
    this.#parts = new Map();
    this.#began = -Infinity;
    for (const id of ids)
      this.discard(id)
        .catch(() => {})
        .then(release);
  }

  /** Takes a run that a tab left behind out of the store. */
  discard(id) {
    const gone = this.#work.then(() => this.#database.change(async (objects) => void objects.delete(keysOf(id))));
    this.#work = gone.catch(() => {});
    return gone;
  }

  /** The present run goes on from one that was left behind. */
  goesOnFrom(id) {
    this.#before = id;
    this.#state = null;
  }

  /**
   * Runs that tabs left behind, `{ id, record }` each, or `{ id, problem, found }` where one cannot be read: `found` is
   * all that is there, if the browser gives it back.
   * @returns {Promise<Left[]>}
   */
  async left() {
    await this.#work;
    const heads = await this.#database.read(async (objects) => {
      const keys = (await answer(objects.getAllKeys())).filter((key) => key[1] === HEAD);
      return Promise.all(keys.map(async ([id]) => ({ id, at: (await answer(objects.get([id, HEAD])))?.at })));
    });
    const found = [];
    for (const { id, at } of heads) {
      if (id === this.#id || id === this.#before || !(await this.#isFree(id, at))) continue;
      const left = await this.#read(id).catch((problem) => ({ id, problem }));
      if (left) found.push(left);
    }
    return found;
  }

  /** Whether no tab has this run under way. When one has, its end is waited for. */
  async #isFree(id, at) {
    try {
      const isFree = await navigator.locks.request(lockOf(id), { ifAvailable: true }, (lock) => lock !== null);
      if (!isFree && !this.#awaited.has(id)) {
        this.#awaited.add(id);
        navigator.locks.request(lockOf(id), () => {}).then(this.changed, () => {});
      }
      return isFree;
    } catch {
      return !(Date.now() - at < SILENT_MS);
    }
  }

  async #read(id) {
    const [keys, values] = await this.#database.read((objects) =>
      Promise.all([answer(objects.getAllKeys(keysOf(id))), answer(objects.getAll(keysOf(id)))]),
    );
    const parts = new Map(keys.map(([, name], i) => [name, values[i]]));
    const head = parts.get(HEAD);
    if (!head) return null;
    const about = { id, kept: head.kept };
    const lanes = (Array.isArray(head.lanes) ? head.lanes : []).map((lane) => {
      const own = [...parts].filter(([name]) => name.startsWith(`${lane?.name} `));
      const checkpoints = Object.fromEntries(own.map(([name, bytes]) => [name.split(" ")[1], bytes]));
      return { ...lane, history: historyOf(lane ?? {}, parts), checkpoints };
    });
    return readRecord({ ...head, lanes }, this.#defaults).then(
      (record) => ({ ...about, record }),
      (problem) => ({ ...about, problem, found: Object.fromEntries(parts) }),
    );
  }
}
