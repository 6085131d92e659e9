// The runs that are kept: every finished one, and what the visitor keeps or opens. They survive a reload where the browser
// allows storage.
import { described } from "./own/own.js";
import { createStore, del, entries, set } from "./vendor/idb-keyval.js";

/** What tells a run from others: what was asked of it and what it showed. */
const learned = ({ settings, comparison, lanes }) => JSON.stringify([settings, comparison, lanes.map(({ step, history }) => [step, history])]);

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

  /** Keeps the present run as it stands, in the place of an earlier state of it. Nothing before a run began. */
  async keep() {
    const record = await this.#run.record();
    if (!record) return null;
    const { kept } = this.#store.state.run;
    const known = this.#state.kept.find(({ id }) => id === kept);
    const entry = known ? { ...known, record } : this.#entry(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: entry.id } });
    this.#put(entry);
    return entry;
  }

  /** Whether leaving the page would lose something: steps that no kept run has, or kept runs that only this page has. */
  get wouldLose() {
    const { phase, kept, lanes } = this.#store.state.run;
    const { kept: runs, lasting } = this.#state;
    const entry = runs.find(({ id }) => id === kept);
    const ahead = lanes.some(({ step }, i) => step > (entry?.record.lanes[i].step ?? 0));
    return ["training", "judging"].includes(phase) || (phase === "paused" && ahead) || (!lasting && runs.length > 0);
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

  /** Opens a run of the list; the present one, when it has begun and is not kept yet, is kept first. */
  async open({ id, record }) {
    const { phase, kept, lanes } = this.#store.state.run;
    if (phase === "paused" && lanes.some((lane) => lane.step > 0) && kept !== id) await this.keep();
    await this.#run.open(record);
    this.#store.set({ run: { ...this.#store.state.run, kept: id } });
  }

  /** Opens a run that came from elsewhere, and keeps it, unless it is kept already. */
  async take({ name, record }) {
    const known = this.#state.kept.find((entry) => learned(entry.record) === learned(record));
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
