// The runs that are kept: every finished one, and what the visitor keeps or opens. Where the browser allows storage they
// survive a reload, and so does the one under way. Other tabs keep runs in the same place: each change is made to what is
// stored now.
import { answer, Database } from "./database.js";
import { described } from "./own/own.js";
import { readRecord, sameRun } from "./record.js";
import { UnderWay } from "./under-way.js";

/** A store that has not answered by then is not to be relied on; what it writes later counts all the same. */
const PATIENCE_MS = 5000;
/** Longest name of a run, in characters. */
const NAME = 60;
const UNDER_WAY = ["training", "paused", "judging"];

/** The first of the names “Run 1”, “Run 2” and so on that comes after all in use. */
function nextName(names) {
  const numbers = names.map((name) => Number(/^Run (\d{1,9})$/.exec(name)?.[1] ?? 0));
  return `Run ${Math.max(0, ...numbers) + 1}`;
}

const nameOf = (value) => (typeof value?.name === "string" && value.name ? value.name.slice(0, NAME) : "Nameless");

export class Runs {
  #store;
  #run;
  #database = new Database("semantic-continuity-lab", "runs");
  #underWay;
  #phase;
  #serial;
  #reading = Promise.resolve();
  /** What was deleted here: reading that began before must not bring it back. */
  #removed = new Set();

  constructor(store, run) {
    this.#store = store;
    this.#run = run;
    this.#underWay = new UnderWay(run, store.defaults, () => this.#lookForLeft());
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

  /** Puts an entry in the place of the one with `id`, or in its order. */
  #insert(entry, id = entry.id) {
    const others = this.#state.kept.filter((other) => other.id !== id && other.id !== entry.id);
    this.#show({ kept: [...others, entry].sort((a, b) => (a.id < b.id ? -1 : 1)) });
  }

  /** Says so when the store takes too long. */
  async #patiently(work) {
    const silent = "The browser’s storage does not answer: runs marked “only in this tab” go with it. Save them as files.";
    const timer = setTimeout(() => this.#show({ trouble: silent }), PATIENCE_MS);
    try {
      const result = await work;
      if (this.#state.trouble === silent) this.#show({ trouble: null });
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads what is stored: at first, and whenever another tab has changed it. */
  #refresh() {
    this.#reading = this.#reading.then(() => this.#readStored()).catch(() => this.#show({ lasting: false }));
    return this.#reading;
  }

  async #readStored() {
    const stored = new Map(await this.#patiently(this.#database.entries()));
    const kept = this.#state.kept.filter(({ id, stored: was }) => !was || stored.has(id));
    const named = kept.map((entry) => (entry.stored ? { ...entry, name: nameOf(stored.get(entry.id)) } : entry));
    this.#show({ kept: named, lasting: true });
    for (const [id, value] of stored) {
      const known = this.#find(id);
      if (known && (!known.stored || (known.record && known.revision === value?.revision))) continue;
      const entry = await this.#read(id, value);
      const shown = Boolean(entry.record && this.#find(id)?.shown);
      if (!this.#removed.has(id)) this.#insert({ ...entry, shown });
    }
  }

  /** An entry of what is stored. One that cannot be read is shown as such, and hides no other. */
  async #read(id, value) {
    const about = { id, name: nameOf(value), revision: value?.revision, stored: true };
    try {
      return { ...about, record: await readRecord(value?.record, this.#store.defaults) };
    } catch (error) {
      return { ...about, problem: error, found: value };
    }
  }

  /** Looks for runs that were under way in a tab that is gone. */
  async #lookForLeft() {
    const left = await this.#underWay.left().catch(() => []);
    if (left.length || this.#state.left.length) this.#show({ left });
  }

  /** Follows the present run: keeps it as it goes, and in the list when it is finished. */
  #watch() {
    const { phase, serial } = this.#store.state.run;
    const [before, of] = [this.#phase, this.#serial];
    [this.#phase, this.#serial] = [phase, serial];
    if (serial !== of || phase === "idle") this.#underWay.drop();
    // A worker that dies just now takes nothing with it that is shown: the visitor can still press Keep.
    if (phase === "done" && before === "judging") this.keep().catch(() => {});
    if (UNDER_WAY.includes(phase) && !this.#isStored) this.#underWay.keep({ now: phase !== before });
  }

  /** The entry of the list that the present run belongs to. */
  get #present() {
    return this.#find(this.#store.state.run.kept);
  }

  /** Keeps the present run as it stands, in the place of an earlier state of it, or apart. Nothing before a run began. */
  async keep({ apart = false } = {}) {
    const record = await this.#run.record();
    if (!record) return null;
    const known = !apart && this.#present;
    const entry = known ? { ...known, record, stored: false } : this.#entry(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: entry.id } });
    this.#put(entry);
    return entry;
  }

  /** Whether the present run was paused at steps that no kept run has. */
  get #isAhead() {
    const { phase, lanes } = this.#store.state.run;
    const entry = this.#present;
    return phase === "paused" && lanes.some(({ step }, i) => step > (entry?.record?.lanes[i].step ?? 0));
  }

  /** Whether the present run stands in the list as it is now, written. */
  get #isStored() {
    const entry = this.#present;
    const { lanes } = this.#store.state.run;
    return Boolean(entry?.stored && entry.record) && lanes.every(({ step }, i) => step <= entry.record.lanes[i].step);
  }

  /** Whether leaving the page would lose more than seconds of work, or a kept run: what is written is not lost. */
  get wouldLose() {
    const { phase, lanes } = this.#store.state.run;
    if (this.#state.kept.some(({ stored }) => !stored)) return true;
    if (!UNDER_WAY.includes(phase) || this.#isStored) return false;
    if (phase === "training") return !this.#underWay.isFresh;
    const { steps } = this.#underWay;
    return lanes.some(({ step }, i) => step > (steps?.[i] ?? 0));
  }

  /** A new entry. Other tabs may have taken its number and its name meanwhile: writing it gives it the next ones. */
  #entry(record, name) {
    const id = Math.max(Date.now(), ...this.#state.kept.map(({ id }) => id + 1).filter(Number.isFinite));
    const names = this.#state.kept.map((entry) => entry.name);
    return { id, name: name ?? nextName(names), isNamed: name !== undefined, record, shown: false, stored: false };
  }

  /** Shows an entry and writes it. Until that is confirmed it counts as one of this tab only. */
  async #put(entry) {
    this.#insert(entry);
    try {
      const written = await this.#patiently(this.#database.change((objects) => this.#write(objects, entry)));
      if (this.#removed.has(entry.id)) return await this.#delete(written.id);
      this.#insert({ ...(this.#find(entry.id) ?? entry), ...written, stored: true }, entry.id);
      const { run } = this.#store.state;
      if (run.kept === entry.id && written.id !== entry.id) this.#store.set({ run: { ...run, kept: written.id } });
      if (this.#isStored && ["paused", "done"].includes(run.phase)) this.#underWay.drop();
    } catch (error) {
      if (this.#find(entry.id)) this.#refused(entry, error);
    }
  }

  /** Writes an entry in the transaction of `objects`; returns what it is called there. */
  async #write(objects, entry) {
    const keys = await answer(objects.getAllKeys());
    const there = keys.includes(entry.id) ? await answer(objects.get(entry.id)) : undefined;
    const { name: shown, isNamed } = this.#find(entry.id) ?? entry;
    let { id } = entry;
    let name = shown;
    if (entry.revision !== undefined) {
      // Another tab may have renamed it.
      if (there) name = nameOf(there);
    } else {
      while (keys.includes(id)) id += 1;
      const others = keys.filter((key) => !this.#find(key));
      const values = await Promise.all(others.map((key) => answer(objects.get(key))));
      const known = this.#state.kept.filter((other) => other.id !== entry.id);
      const names = [...values, ...known].map(nameOf);
      if (!isNamed && names.includes(name)) name = nextName(names);
    }
    const revision = (there?.revision ?? 0) + 1;
    const record = { ...entry.record, own: described(entry.record.own) };
    objects.put({ id, name, revision, record }, id);
    return { id, name, revision };
  }

  /** Says which run is not kept, why, and how to make room. */
  #refused({ name }, error) {
    if (this.#state.lasting !== true) return this.#show({ lasting: false });
    const [why, way] = error?.name === "QuotaExceededError"
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
    await this.#run.open(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: id } });
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
    this.#show({ left: this.#state.left.filter((other) => other.id !== id) });
    this.#run.start();
  }

  /** Gives up a run that a tab left behind. */
  async discard({ id }) {
    this.#show({ left: this.#state.left.filter((other) => other.id !== id) });
    await this.#underWay.discard(id);
  }

  /** Renames a run, unless another tab has deleted it. */
  async rename(id, name) {
    const entry = this.#find(id);
    if (!entry || !name) return;
    this.#insert({ ...entry, name, isNamed: true });
    if (!entry.stored) return;
    const isThere = await this.#patiently(this.#database.change(async (objects) => {
      const there = await answer(objects.get(id));
      if (there) objects.put({ ...there, name }, id);
      return Boolean(there);
    }));
    if (!isThere) this.#show({ kept: this.#state.kept.filter((other) => other.id !== id) });
  }

  /** Whether its curves are drawn behind those of the present run. */
  overlay(id, shown) {
    this.#show({ kept: this.#state.kept.map((entry) => (entry.id === id ? { ...entry, shown } : entry)) });
  }

  async remove(id) {
    const entry = this.#find(id);
    this.#removed.add(id);
    this.#show({ kept: this.#state.kept.filter((other) => other.id !== id) });
    try {
      await this.#delete(id);
    } catch (error) {
      // What is in this tab alone is gone with its line.
      if (!entry?.stored) return;
      this.#removed.delete(id);
      this.#insert(entry);
      throw { code: "storage", message: `“${entry.name}” could not be deleted: ${error?.message ?? error}.` };
    }
  }

  /** Deletes what is stored, and writes what had no room before. */
  async #delete(id) {
    await this.#patiently(this.#database.change(async (objects) => void objects.delete(id)));
    const waiting = this.#state.kept.filter(({ stored }) => !stored);
    if (waiting.length) this.#show({ trouble: null });
    for (const entry of waiting) this.#put(entry);
  }
}
