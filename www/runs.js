// The runs that are kept: every finished one, and what the visitor keeps or opens. They survive a reload where the browser
// allows storage.
import { described } from "./own/own.js";
import { createStore, del, entries, set } from "./vendor/idb-keyval.js";

/** All bytes of a lane: its model, and its checkpoints in the order of their steps. */
const bytesOf = ({ weights, checkpoints = {} }) => [weights ?? [], ...Object.values(checkpoints)];
const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Whether two records are of one run at one step: the same was asked, and the same came out. */
function same(a, b) {
  const asked = ({ settings, comparison, lanes }) => JSON.stringify([settings, comparison, lanes.map(({ step, history }) => [step, history])]);
  const made = ({ lanes }) => lanes.flatMap(bytesOf);
  return asked(a) === asked(b) && made(a).length === made(b).length && made(a).every((bytes, i) => sameBytes(bytes, made(b)[i]));
}

export class Runs {
  #store;
  #run;
  /** Where they are kept; nothing where storage is forbidden, as in a sandbox. */
  #place;
  #phase;
  /** Writing one after the other, so that a removed run does not come back. */
  #writing = Promise.resolve();

  /** @param lasting whether the runs are kept beyond this visit */
  constructor(store, run, { lasting = true } = {}) {
    this.#store = store;
    this.#run = run;
    this.#phase = store.state.run.phase;
    store.set({ runs: { kept: [], lasting } });
    store.addEventListener("change", () => this.#watch());
    if (lasting) this.#load();
  }

  get #state() {
    return this.#store.state.runs;
  }

  #show(kept) {
    this.#store.set({ runs: { ...this.#state, kept } });
  }

  async #load() {
    try {
      this.#place = createStore("semantic-continuity-lab", "runs");
      const stored = (await entries(this.#place)).map(([, run]) => run).sort((a, b) => a.id - b.id);
      const here = new Set(this.#state.kept.map(({ id }) => id));
      this.#show([...stored.filter(({ id }) => !here.has(id)).map((run) => ({ ...run, shown: false })), ...this.#state.kept]);
    } catch {
      this.#forget();
    }
  }

  /** Storage is forbidden or full. */
  #forget() {
    this.#store.set({ runs: { ...this.#state, lasting: false } });
  }

  #write(work) {
    if (!this.#place) return;
    this.#writing = this.#writing.then(() => work(this.#place)).catch(() => this.#forget());
  }

  /** A run that has just finished is kept without being asked for. */
  async #watch() {
    const { phase } = this.#store.state.run;
    const before = this.#phase;
    this.#phase = phase;
    if (phase !== "done" || before !== "judging") return;
    // A worker that dies just now takes nothing with it that is shown: the visitor can still press Keep.
    await this.keep().catch(() => {});
  }

  /** Keeps the present run as it stands, in the place of an earlier state of it, or apart from it. Nothing before a run began. */
  async keep({ apart = false } = {}) {
    const record = await this.#run.record();
    if (!record) return null;
    const { kept } = this.#store.state.run;
    const known = !apart && this.#state.kept.find(({ id }) => id === kept);
    const entry = known ? { ...known, record } : this.#entry(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: entry.id } });
    this.#put(entry);
    return entry;
  }

  /** Whether the present run was paused at steps that no kept run has. */
  get #isAhead() {
    const { phase, kept, lanes } = this.#store.state.run;
    const entry = this.#state.kept.find(({ id }) => id === kept);
    return phase === "paused" && lanes.some(({ step }, i) => step > (entry?.record.lanes[i].step ?? 0));
  }

  /** Whether leaving the page would lose something: steps that no kept run has, or kept runs that only this page has. */
  get wouldLose() {
    const { kept, lasting } = this.#state;
    return ["training", "judging"].includes(this.#store.state.run.phase) || this.#isAhead || (!lasting && kept.length > 0);
  }

  #entry(record, name) {
    // One more than any that is there: runs of another tab may have come meanwhile, so the clock takes part.
    const id = Math.max(Date.now(), ...this.#state.kept.map(({ id }) => id + 1));
    return { id, name: name ?? `Run ${this.#state.kept.length + 1}`, record, shown: false };
  }

  #put(entry) {
    const others = this.#state.kept;
    this.#show(others.some(({ id }) => id === entry.id) ? others.map((other) => (other.id === entry.id ? entry : other)) : [...others, entry]);
    const { shown, record, ...stored } = entry;
    this.#write((place) => set(entry.id, { ...stored, record: { ...record, own: described(record.own) } }, place));
  }

  /** Opens a run of the list. Steps that only the present one has are kept first: apart, where it went on from what is opened. */
  async open({ id, record }) {
    if (this.#isAhead) await this.keep({ apart: this.#store.state.run.kept === id });
    await this.#run.open(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: id } });
  }

  /** Opens a run that came from elsewhere, and keeps it, unless it is kept already. */
  async take({ name, record }) {
    const known = this.#state.kept.find((entry) => same(entry.record, record));
    if (known) return this.open(known);
    const entry = this.#entry(record, name);
    await this.open(entry);
    this.#put(entry);
  }

  rename(id, name) {
    const entry = this.#state.kept.find((entry) => entry.id === id);
    if (entry && name) this.#put({ ...entry, name });
  }

  /** Whether its curves are drawn behind those of the present run. */
  overlay(id, shown) {
    this.#show(this.#state.kept.map((entry) => (entry.id === id ? { ...entry, shown } : entry)));
  }

  remove(id) {
    this.#show(this.#state.kept.filter((entry) => entry.id !== id));
    this.#write((place) => del(id, place));
  }
}
