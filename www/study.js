// A robustness study of both models at once: one worker a model, with progress, time left and cancel. What is done
// stays when it is cancelled.
import { Quick, SHIPPED } from "./quick.js";
import { asError } from "./engine.js";

const SLOTS = ["plain", "continuity"];

export class Study {
  #store;
  #changed;
  #stop = new AbortController();
  /** idle, loading, running, done, cancelled */
  phase = "idle";
  done = 0;
  units = 0;
  secondsLeft = null;
  /** What the study asked for, and of which models. */
  request = null;
  reports = [];
  /** What the library makes of both reports, as far as both have come. */
  result = null;
  error = null;

  /** @param changed called when something to show has changed */
  constructor(store, changed) {
    this.#store = store;
    this.#changed = changed;
  }

  get isBusy() {
    return this.phase === "loading" || this.phase === "running";
  }

  cancel() {
    this.#stop.abort();
  }

  /**
   * Runs `request` on both models.
   * @param combine the call that makes a result of two reports; with `whole`, only of finished ones
   * @param trained a finished run, or nothing for the shipped pair
   */
  async run(request, combine, { whole = false, trained = null } = {}) {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const models = trained ? trained.settings : { ...this.#store.defaults, ...SHIPPED };
    Object.assign(this, { phase: "loading", done: 0, units: 0, secondsLeft: null, reports: [null, null], result: null, error: null });
    this.request = { ...request, models: trained ? "trained in this tab" : "shipped", settings: models };
    this.#changed();
    const engines = SLOTS.map(() => new Quick());
    try {
      await Promise.all(engines.map(async (engine) => {
        await engine.load(this.#store.defaults, trained ?? undefined);
        if (models.start === "base" || !trained) await engine.loadBase(models);
      }));
      this.phase = "running";
      const progress = await Promise.all(engines.map((engine, i) => engine.call("begin_robustness", SLOTS[i], request)));
      this.units = progress.reduce((sum, { units }) => sum + units, 0);
      const start = performance.now();
      let latest = 0;
      await Promise.all(engines.map(async (engine, i) => {
        for (let done = 0; done < progress[i].units && !signal.aborted; done++) {
          const { report } = await engine.call("advance_robustness");
          this.done += 1;
          this.secondsLeft = ((performance.now() - start) / 1000 / this.done) * (this.units - this.done);
          if (report) {
            this.reports[i] = report;
            const finished = this.done === this.units;
            if (this.reports.every(Boolean) && (finished || !whole)) {
              const number = (latest += 1);
              const result = await engine.call(combine, ...this.reports);
              if (number === latest) this.result = result;
            }
          }
          this.#changed();
        }
      }));
      this.phase = signal.aborted ? "cancelled" : "done";
    } catch (error) {
      this.phase = "cancelled";
      this.error = asError(error);
    } finally {
      engines.forEach((engine) => engine.close());
      this.#changed();
    }
  }
}
