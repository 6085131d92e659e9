// A study of both models at once, of their robustness or their saliency: one worker a model, with progress, time left
// and cancel. What is done stays when it is cancelled, and the last result until there is another.
import { madeBy, Quick, statistics } from "./quick.js";
import { asError } from "./engine.js";
import { prepared } from "./prepared.js";

const SLOTS = ["plain", "continuity"];

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
  /** `{ value, reports, request, models, about }`: what the library makes of both reports, and what made them; `beforehand` if it came with the page. */
  result = null;

  /**
   * @param changed called when something to show has changed
   * @param name of its result that comes with the page
   * @param task makes of what was chosen `{ kind, request, combine, … }`: `kind` is what the library calls it (`robustness`, `survey`,
   * `response`, `smoothness` or `transfer`), `combine` the call that makes a result of two reports; with `whole`, only of finished
   * ones. `trained` is a pair, as `Quick.ask` takes it; `moveTo` another dataset, in place of the models' own; `about` anything that
   * the caller wants back with the result.
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
    return ["request", "models", "settings"].every((key) => JSON.stringify(result[key]) === JSON.stringify(made[key]));
  }

  /** Whether something else was chosen since the result was made. */
  get isStale() {
    return Boolean(this.result) && !this.isBusy && !this.#finds(this.result);
  }

  /** Shows the result that comes with the page, if that is what the study would find and there is nothing else to show. */
  async recall() {
    const free = () => this.phase === "idle" && !this.result;
    const result = free() && (await prepared(this.name));
    if (!result || !free() || !this.#finds(result)) return;
    this.result = { ...result, ...this.#made(this.#task()), beforehand: true };
    this.#changed();
  }

  /** Does it on both models. */
  async run() {
    const task = this.#task();
    const { kind, request, combine, whole, trained, moveTo } = task;
    const made = this.#made(task);
    this.#stop.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    const reports = [null, null];
    const show = (patch) => {
      // A run that was replaced has nothing more to say.
      if (this.#stop !== stop) return;
      Object.assign(this, patch);
      this.#changed();
    };
    show({ phase: "loading", done: 0, units: 0, secondsLeft: null, load: null, error: null });
    const engines = SLOTS.map(() => new Quick());
    const loads = SLOTS.map(() => ({ done: 0, total: 0 }));
    const onLoad = (i) => (done, total) => {
      loads[i] = { done, total };
      const mean = (key) => loads.reduce((sum, load) => sum + load[key], 0) / loads.length;
      show({ load: { done: mean("done"), total: mean("total") } });
    };
    const each = async (work) => {
      const outcomes = await Promise.allSettled(engines.map((engine, i) => work(engine, i).catch((error) => {
        stop.abort();
        throw error;
      })));
      const failed = outcomes.find(({ status }) => status === "rejected");
      if (failed) throw failed.reason;
      return outcomes.map(({ value }) => value);
    };
    try {
      const begun = await each(async (engine, i) => {
        const { data } = await engine.ask(this.#store.defaults, trained, undefined, undefined, { onLoad: onLoad(i) });
        made.data = data;
        if (moveTo) made.data = await engine.loadData({ ...made.settings, dataset: moveTo }, onLoad(i));
        else if (made.settings.start === "base") await engine.loadBase(made.settings);
        return engine.call("begin_study", SLOTS[i], { [kind]: request });
      });
      const units = begun.reduce((sum, progress) => sum + progress.units, 0);
      const done = [0, 0];
      show({ phase: "running", units, load: null });
      const start = performance.now();
      let latest = 0;
      await each(async (engine, i) => {
        while (done[i] < begun[i].units && !signal.aborted) {
          const progress = await engine.call("advance_study");
          done[i] = progress.done;
          const sum = done[0] + done[1];
          show({ done: sum, secondsLeft: ((performance.now() - start) / 1000 / sum) * (units - sum) });
          if (!progress.report) continue;
          reports[i] = progress.report;
          if (!reports.every(Boolean) || (whole && sum < units)) continue;
          const number = (latest += 1);
          const both = [...reports];
          const value = await statistics.call(combine, ...both);
          if (number === latest) show({ result: { ...made, value, reports: both } });
        }
      });
      show({ phase: signal.aborted ? "cancelled" : "done" });
    } catch (error) {
      show({ phase: "cancelled", error: asError(error) });
    } finally {
      engines.forEach((engine) => engine.close());
    }
  }
}
