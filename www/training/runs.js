// The runs that are kept: every finished one, and what the visitor keeps or opens. Where the browser allows storage
// they survive a reload, and so does the one under way. Other tabs keep runs in the same place: each change is made to
// what is stored now.
import { answer, Database, newId } from "../lib/database.js";
import { readRecord, sameRun, toStored } from "./record.js";
import { sameLearning } from "./run.js";
import { UnderWay } from "./under-way.js";

/** @import { Failure } from "../engine/client.js" */
/** @import { RunRecord } from "./record.js" */

/** A store that has not answered by then is not to be relied on; what it writes later counts all the same. */
const PATIENCE_MS = 5000;
const SILENT = "The browser’s storage does not answer: runs marked “only in this tab” go with it. Save them as files.";
/** Runs that are read are shown together, so often at most: each time the whole list is drawn. */
const SHOWN_MS = 100;
/** Longest name of a run, in characters. */
const NAME = 60;
const UNDER_WAY = ["training", "paused", "evaluating"];

/** The first of the names “Run 1”, “Run 2” and so on that comes after all in use. */
function nextName(names) {
  const numbers = names.map((name) => Number(/^Run (\d{1,9})$/.exec(name)?.[1] ?? 0));
  return `Run ${Math.max(0, ...numbers) + 1}`;
}

/** Which run comes first: earlier versions of the page had numbers for keys, and a store has those before texts. */
const order = ({ id: a }, { id: b }) => (typeof a === typeof b ? (a < b ? -1 : 1) : typeof a === "number" ? -1 : 1);

const revisionOf = (value) => Number(value?.revision) || 0;

/** What to say where the store refused. */
const failed = (what, error) => {
  const message = `${what}: the browser’s storage failed (${error?.message ?? error}). Try again, or reload the page.`;
  return { code: "storage", message };
};

const nameOf = (value) => (typeof value?.name === "string" && value.name ? value.name.slice(0, NAME) : "Nameless");

/**
 * A run of the list.
 * @typedef {object} Entry
 * @property {string | number} id
 * @property {string} name
 * @property {number} [revision] of what is stored; nothing before it was
 * @property {boolean} stored whether it is written as it is here
 * @property {boolean} [isNamed] whether the visitor named it
 * @property {boolean} [shown] whether its curves are drawn behind those of the present run
 * @property {RunRecord} [record]
 * @property {Failure} [problem] why there is no record
 * @property {unknown} [found] what is stored in its place
 */

export class Runs {
  #store;
  #run;
  #database = new Database("semantic-continuity-lab", "runs");
  #underWay;
  #phase;
  #serial;
  #reading = Promise.resolve();
  #looking = Promise.resolve();
  /** The end of what the store was asked for last. @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /** How many changes were made here: what was read before one of them is no longer so. */
  #changes = 0;
  /** Runs left behind that were discarded or gone on with: looking that began before must not offer them again. */
  #settled = new Set();

  constructor(store, run) {
    this.#store = store;
    this.#run = run;
    // One that stands in the list is not kept twice.
    const present = () => (this.#isStored ? null : run.underWay);
    this.#underWay = new UnderWay(present, store.defaults, () => this.#lookForLeft());
    this.#phase = store.state.run.phase;
    // Whether they last is not known before the store has answered.
    store.set({ runs: { kept: [], left: [], lasting: undefined, trouble: null } });
    store.addEventListener("change", () => this.#watch());
    this.#database.onChange(() => this.#refresh());
    this.#refresh();
    this.#lookForLeft();
  }

  get #state() {
    return this.#store.state.runs;
  }

  #show(patch) {
    this.#store.set({ runs: { ...this.#state, ...patch } });
  }

  #find(id) {
    return this.#state.kept.find((entry) => entry.id === id);
  }

  get #waiting() {
    return this.#state.kept.filter(({ stored }) => !stored);
  }

  /** Puts entries in the place of earlier states of them, or in their order. */
  #insert(...entries) {
    const ids = new Set(entries.map(({ id }) => id));
    this.#show({ kept: [...this.#state.kept.filter(({ id }) => !ids.has(id)), ...entries].sort(order) });
  }

  #takeOut(id) {
    this.#show({ kept: this.#state.kept.filter((entry) => entry.id !== id) });
  }

  /**
   * Asks the store, after all that it was asked for before. Says so when that takes too long.
   * @template Result
   * @param {() => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async #inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    const timer = setTimeout(() => this.#show({ trouble: SILENT }), PATIENCE_MS);
    try {
      return await done;
    } finally {
      clearTimeout(timer);
      if (this.#state.trouble === SILENT) this.#show({ trouble: null });
    }
  }

  /** Changes the store in its turn: `work` finds in the list what came of earlier changes. */
  #change(work) {
    this.#changes += 1;
    return this.#inTurn(work);
  }

  /** Reads what is stored: at first, and whenever another tab has changed it. */
  #refresh() {
    this.#reading = this.#reading.then(() => this.#readStored()).catch(() => this.#show({ lasting: false }));
    return this.#reading;
  }

  async #readStored() {
    const changes = this.#changes;
    const isOld = () => this.#changes !== changes;
    const stored = new Map(await this.#inTurn(() => this.#database.entries()));
    this.#show({ lasting: true });
    if (isOld()) return this.#readStored();
    const kept = this.#state.kept.filter(({ id, stored: was }) => !was || stored.has(id));
    const named = kept.map((entry) => (entry.stored ? { ...entry, name: nameOf(stored.get(entry.id)) } : entry));
    this.#show({ kept: named });
    const read = [];
    const show = () =>
      this.#insert(
        ...read.splice(0).map((entry) => ({ ...entry, shown: Boolean(entry.record && this.#find(entry.id)?.shown) })),
      );
    let shownAt = performance.now();
    for (const [id, value] of stored) {
      const known = this.#find(id);
      if (known && (!known.stored || (known.record && known.revision === revisionOf(value)))) continue;
      read.push(await this.#read(id, value));
      if (isOld()) return this.#readStored();
      if (performance.now() - shownAt < SHOWN_MS) continue;
      show();
      shownAt = performance.now();
    }
    show();
  }

  /**
   * An entry of what is stored. One that cannot be read is shown as such, and hides no other.
   * @returns {Promise<Entry>}
   */
  async #read(id, value) {
    const about = { id, name: nameOf(value), revision: revisionOf(value), stored: true };
    try {
      return { ...about, record: await readRecord(value?.record, this.#store.defaults) };
    } catch (error) {
      return { ...about, problem: error, found: value };
    }
  }

  /** Looks for runs that were under way in a tab that is gone. */
  #lookForLeft() {
    this.#looking = this.#looking.then(async () => {
      const found = await this.#underWay.left().catch(() => []);
      const left = found.filter(({ id }) => !this.#settled.has(id));
      if (left.length || this.#state.left.length) this.#show({ left });
    });
  }

  /** Takes back the offer of a run that was left behind. */
  #settle(id) {
    this.#settled.add(id);
    this.#show({ left: this.#state.left.filter((run) => run.id !== id) });
  }

  /** Follows the present run: keeps it as it goes, and in the list when it is finished. */
  #watch() {
    const { phase, serial } = this.#store.state.run;
    const [before, of] = [this.#phase, this.#serial];
    [this.#phase, this.#serial] = [phase, serial];
    if (serial !== of || phase === "idle") this.#underWay.drop();
    // A worker that dies just now takes nothing with it that is shown: the visitor can still press Keep.
    if (phase === "done" && before === "evaluating") this.keep().catch(() => {});
    if (UNDER_WAY.includes(phase)) this.#underWay.keep({ now: phase !== before });
  }

  /** The entry of the list that the present run belongs to. */
  get #present() {
    return this.#find(this.#store.state.run.kept);
  }

  /** Keeps the present run as it stands, in the place of an earlier state of it, or apart; nothing before it began. */
  async keep({ apart = false } = {}) {
    const record = await this.#run.record();
    if (!record) return;
    const known = !apart && this.#present;
    const entry = known ? { ...known, record, stored: false } : this.#entry(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: entry.id } });
    this.#put(entry);
  }

  /** Whether the present run stands in the list as it is now. After a divergence the same steps are made otherwise. */
  get #isKept() {
    const { settings, lanes } = this.#store.state.run;
    const { record } = this.#present ?? {};
    const has = ({ step }, i) => step <= record.lanes[i].step;
    return Boolean(record) && sameLearning(settings, record.settings) && lanes.every(has);
  }

  /** Whether the present run was paused at steps that no kept run has. */
  get #isAhead() {
    const { phase, lanes } = this.#store.state.run;
    return phase === "paused" && lanes.some(({ step }) => step > 0) && !this.#isKept;
  }

  /** Whether it stands in the list, written. */
  get #isStored() {
    return Boolean(this.#present?.stored) && this.#isKept;
  }

  /** Whether leaving the page would lose more than seconds of work, or a kept run: what is written is not lost. */
  get wouldLose() {
    const { phase, lanes } = this.#store.state.run;
    if (this.#waiting.length) return true;
    if (!UNDER_WAY.includes(phase) || this.#isStored) return false;
    if (phase === "training") return !this.#underWay.isFresh;
    const { steps } = this.#underWay;
    return lanes.some(({ step }, i) => step > (steps?.[i] ?? 0));
  }

  /** A new entry. Another tab may have taken its name meanwhile: writing it gives it the next one. */
  #entry(record, name) {
    const names = this.#state.kept.map((entry) => entry.name);
    const isNamed = name !== undefined;
    return { id: newId(), name: name ?? nextName(names), isNamed, record, shown: false, stored: false };
  }

  /** Shows an entry and writes it. Until that is confirmed it counts as one of this tab only. */
  #put(entry) {
    this.#insert(entry);
    this.#write(entry.id);
  }

  /** Writes an entry as the list has it when its turn comes, unless it is written or deleted by then. */
  async #write(id) {
    try {
      await this.#change(async () => {
        const entry = this.#find(id);
        if (!entry || entry.stored) return;
        const written = await this.#database.change((objects) => this.#enter(objects, entry));
        // A later state of it, another name, its deletion: each has a turn of its own.
        const now = this.#find(id);
        if (!now) return;
        const name = now.name === entry.name ? written.name : now.name;
        this.#insert({ ...now, ...written, name, stored: now.record === entry.record });
      });
      this.#relieve();
      if (this.#isStored && ["paused", "done"].includes(this.#store.state.run.phase)) this.#underWay.drop();
    } catch (error) {
      const entry = this.#find(id);
      if (entry) this.#refused(entry, error);
    }
  }

  /** Writes an entry in the transaction of `objects`; returns what the list is to say of it. */
  async #enter(objects, { id, name: wanted, isNamed, record }) {
    const there = await answer(objects.get(id));
    let name = wanted;
    if (!there && !isNamed) {
      const others = (await answer(objects.getAllKeys())).filter((key) => !this.#find(key));
      const values = await Promise.all(others.map((key) => answer(objects.get(key))));
      const names = [...values, ...this.#state.kept.filter((entry) => entry.id !== id)].map(nameOf);
      if (names.includes(name)) name = nextName(names);
    }
    const revision = revisionOf(there) + 1;
    // Another tab may have renamed what is there; whoever renames it here does so in a turn of its own.
    const stored = { id, name: there ? nameOf(there) : name, revision };
    objects.put({ ...stored, record: toStored(record) }, id);
    return { name, revision };
  }

  /** Nothing is said of runs that are only in this tab once none is. */
  #relieve() {
    if (this.#state.trouble && !this.#waiting.length) this.#show({ trouble: null });
  }

  /** Says which run is not kept, why, and how to make room. */
  #refused({ name }, error) {
    if (this.#state.lasting !== true) return this.#show({ lasting: false });
    const [why, way] =
      error?.name === "QuotaExceededError"
        ? ["the browser gives this page no more room", "Delete another run, or save this one as a file"]
        : [`the browser’s storage failed (${error?.message ?? error})`, "Save it as a file"];
    this.#show({ trouble: `“${name}” is only in this tab: ${why}. ${way}.` });
  }

  /**
   * Opens a run of the list. Steps that only the present one has are kept first: apart, where it went on from what is
   * opened.
   */
  async open({ id, record }) {
    if (this.#isAhead) await this.keep({ apart: this.#store.state.run.kept === id });
    await this.#run.open(record, id);
  }

  /** Opens a run that came from elsewhere, and keeps it, unless it is kept already. */
  async take({ name, record }) {
    const known = this.#state.kept.find((entry) => entry.record && sameRun(entry.record, record));
    if (known) return this.open(known);
    const entry = this.#entry(record, name);
    await this.open(entry);
    this.#put(entry);
  }

  /** Goes on with a run that a tab left behind. */
  async goOn({ id, kept, record }) {
    await this.open({ id: this.#find(kept) ? kept : undefined, record });
    this.#underWay.goesOnFrom(id);
    this.#settle(id);
    this.#run.start();
  }

  /** Gives up a run that a tab left behind. */
  async discard(run) {
    this.#settle(run.id);
    try {
      await this.#underWay.discard(run.id);
    } catch (error) {
      this.#settled.delete(run.id);
      this.#show({ left: [...this.#state.left, run] });
      throw failed("The run that was under way could not be discarded", error);
    }
  }

  /** Renames a run, unless another tab has deleted it. */
  async rename(id, name) {
    const entry = this.#find(id);
    if (!entry || !name) return;
    this.#insert({ ...entry, name, isNamed: true });
    try {
      await this.#change(async () => {
        // One that is not there yet gets its name when it is.
        if (this.#find(id)?.revision === undefined) return;
        const isThere = await this.#database.change(async (objects) => {
          const there = await answer(objects.get(id));
          if (there) objects.put({ ...there, name }, id);
          return Boolean(there);
        });
        if (!isThere && this.#find(id)?.stored) this.#takeOut(id);
      });
    } catch (error) {
      const now = this.#find(id);
      if (now?.name === name) this.#insert({ ...now, name: entry.name });
      throw failed(`“${entry.name}” could not be renamed`, error);
    }
  }

  /** Whether its curves are drawn behind those of the present run. */
  overlay(id, shown) {
    this.#show({ kept: this.#state.kept.map((entry) => (entry.id === id ? { ...entry, shown } : entry)) });
  }

  /** Deletes a run, and writes those that had no room before. */
  async remove(id) {
    const entry = this.#find(id);
    this.#takeOut(id);
    try {
      await this.#change(() => this.#database.change(async (objects) => void objects.delete(id)));
    } catch (error) {
      // What was in this tab alone is gone with its line.
      if (entry?.revision !== undefined) {
        this.#insert(entry);
        throw failed(`“${entry.name}” could not be deleted`, error);
      }
    }
    this.#relieve();
    for (const waiting of this.#waiting) this.#write(waiting.id);
  }
}
