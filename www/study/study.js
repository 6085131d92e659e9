// A study of both models at once, of their robustness or their saliency: one worker a model, with progress, time left
// and cancel. A worker that is lost is replaced, and goes on from its last unit. What is done stays when the study is
// cancelled, and the last result until there is another.
import { madeBy, PairEngine, statistics } from "../engine/pair-engine.js";
import { asError, isLoss } from "../engine/client.js";
import { precomputed } from "./precomputed.js";
import { latest } from "../lib/latest.js";

const SLOTS = ["plain", "continuity"];
/** Engines in a row that may be lost over one unit. */
const RESTARTS = 3;

const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** One model's half of a study, and what it needs to go on with another engine. */
class Half {
  progress = { done: 0, units: 0 };
  report = null;
  #slot;
  #request;
  #engine;
  #checkpoint;

  constructor(slot, request) {
    this.#slot = slot;
    this.#request = request;
  }

  get isOpen() {
    return Boolean(this.#engine);
  }

  get isOver() {
    const { done, units } = this.progress;
    return units > 0 && done === units;
  }

  /** Why its engine is slower than it could be, if it is. */
  get note() {
    return this.#engine?.note;
  }

  /** Begins with a new engine, or goes on; `load` brings the engine what the study is about. */
  async begin(load) {
    this.#engine = new PairEngine();
    await load(this.#engine);
    this.progress = await this.#engine.remote.begin_study(this.#slot, this.#request, this.#checkpoint);
  }

  /** Does one unit; whether there is something new to report. */
  async advance() {
    const { done, units, report } = await this.#engine.remote.advance_study();
    const checkpoint = done < units ? await this.#engine.remote.study_checkpoint() : undefined;
    // Only now may the engine be lost.
    this.#checkpoint = checkpoint;
    this.progress = { done, units };
    this.report = report ?? this.report;
    return Boolean(report);
  }

  close() {
    this.#engine?.close();
    this.#engine = undefined;
  }
}

export class Study {
  #store;
  #changed;
  #task;
  #stop = new AbortController();
  /** idle, loading, running, done, cancelled */
  phase = "idle";
  done = 0;
  units = 0;
  secondsLeft = null;
  /** `{ done, total }` megabytes an engine, while they load. */
  load = null;
  error = null;
  /** What happened on the way that a reader of the numbers should know. */
  notes = [];
  /**
   * `{ value, reports, request, models, about }`: what the library makes of both reports, and what made them;
   * `beforehand` if it came with the page.
   */
  result = null;
  /** What a study left that ended with a failure: `{ task, made, halves }`. */
  #left = null;

  /**
   * @param changed called when something to show has changed
   * @param name of its result that comes with the page
   * @param task makes of what was chosen `{ kind, request, combine, … }`: `kind` is what the library calls it
   *   (`robustness`, `survey`, `response`, `smoothness` or `transfer`), `combine` the call that makes a result of two
   *   reports; with `whole`, only of finished ones. `trained` is a pair, as `PairEngine.ask` takes it; `moveTo` another
   *   dataset, in place of the models' own; `about` anything that the caller wants back with the result.
   */
  constructor(store, changed, name, task) {
    this.name = name;
    this.#store = store;
    this.#changed = changed;
    this.#task = task;
  }

  get isBusy() {
    return this.phase === "loading" || this.phase === "running";
  }

  cancel() {
    this.#stop.abort();
  }

  /** The start of a result of `task`: what is asked, and of which models. */
  #made({ request, trained, about }) {
    return { request, ...madeBy(trained, this.#store.defaults), trained, about };
  }

  /** Whether the study would find `result`, as things are chosen now. */
  #finds(result) {
    const made = this.#made(this.#task());
    return ["request", "models", "settings"].every((key) => equal(result[key], made[key]));
  }

  /** Whether something else was chosen since the result was made. */
  get isStale() {
    return Boolean(this.result) && !this.isBusy && !this.#finds(this.result);
  }

  /**
   * Shows the result that comes with the page, if that is what the study would find and there is nothing else to show.
   */
  async recall() {
    const free = () => this.phase === "idle" && !this.result;
    const result = free() && (await precomputed(this.name));
    if (!result || !free() || !this.#finds(result)) return;
    this.result = { ...result, ...this.#made(this.#task()), beforehand: true };
    this.#changed();
  }

  /** Does it on both models; after a failure, what was left of the same question. */
  async run() {
    const task = this.#task();
    const { kind, request, combine, whole, trained, moveTo } = task;
    const of = ({ kind, request, moveTo }) => ({ kind, request, moveTo });
    const left = this.#left?.task.trained === trained && equal(of(this.#left.task), of(task)) ? this.#left : null;
    const made = left?.made ?? this.#made(task);
    const halves = left?.halves ?? SLOTS.map((slot) => new Half(slot, { [kind]: request }));
    this.#left = null;
    this.#stop.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    const show = (patch) => {
      // A run that was replaced has nothing more to say.
      if (this.#stop !== stop) return;
      Object.assign(this, patch);
      this.#changed();
    };
    const count = (key) => halves.reduce((sum, { progress }) => sum + progress[key], 0);
    const say = (note) => this.notes.includes(note) || show({ notes: [...this.notes, note] });
    show({ phase: "loading", done: 0, units: 0, secondsLeft: null, load: null, error: null, notes: [] });
    const loads = halves.map(() => ({ done: 0, total: 0 }));
    const onLoad = (i) => (done, total) => {
      loads[i] = { done, total };
      const mean = (key) => loads.reduce((sum, load) => sum + load[key], 0) / loads.length;
      show({ load: { done: mean("done"), total: mean("total") } });
    };
    const load = (i) => async (engine) => {
      const { data } = await engine.load(this.#store.defaults, trained, { onLoad: onLoad(i) });
      made.data = data;
      if (moveTo) made.data = await engine.loadData({ ...made.settings, dataset: moveTo }, onLoad(i));
      else if (made.settings.start === "base") await engine.loadBase(made.settings);
    };
    const each = async (work) => {
      const outcomes = await Promise.allSettled(
        halves.map((half, i) =>
          work(half, i).catch((error) => {
            stop.abort();
            throw error;
          }),
        ),
      );
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed) throw failed.reason;
    };
    /** Does `work` with the engine of a half; another one goes on when it is lost. */
    const surviving = async (half, i, work) => {
      let loss;
      for (let lost = 0; ; lost++) {
        try {
          if (!half.isOpen) await half.begin(load(i));
          if (half.note) say(half.note);
          const { done, units } = half.progress;
          if (loss)
            say(`${loss.message} Another engine went on from part ${done} of ${units} of the ${SLOTS[i]} model.`);
          return await work();
        } catch (error) {
          loss = asError(error);
          half.close();
          if (signal.aborted || !isLoss(loss)) throw error;
          if (lost === RESTARTS)
            throw { ...loss, message: `${loss.message} That happened ${lost + 1} times in a row.` };
        }
      }
    };
    try {
      await each(async (half, i) => half.isOver || surviving(half, i, () => {}));
      const [start, before] = [performance.now(), count("done")];
      show({ phase: "running", done: before, units: count("units"), load: null });
      const telling = latest();
      let told = false;
      const tell = async () => {
        const reports = halves.map(({ report }) => report);
        if (!reports.every(Boolean)) return;
        told = true;
        const isLatest = telling();
        const value = await statistics.remote[combine](...reports);
        if (isLatest()) show({ result: { ...made, value, reports } });
      };
      await each(async (half, i) => {
        while (!half.isOver && !signal.aborted) {
          const news = await surviving(half, i, () => half.advance());
          const [done, units] = [count("done"), count("units")];
          const pace = (performance.now() - start) / 1000 / Math.max(1, done - before);
          show({ done, secondsLeft: pace * (units - done) });
          if (news && !(whole && done < units)) await tell();
        }
      });
      // Nothing was left to do but this.
      if (left && !told) await tell();
      show({ phase: signal.aborted ? "cancelled" : "done" });
    } catch (error) {
      if (this.#stop === stop) this.#left = { task, made, halves };
      const kept = count("done") > 0 ? " What is done is kept: start again to go on from there." : "";
      const { message, ...failure } = asError(error);
      show({ phase: "cancelled", error: { ...failure, message: message + kept } });
    } finally {
      halves.forEach((half) => half.close());
    }
  }
}
