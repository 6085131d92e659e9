// One lane: a worker that trains one model, its history, and the checkpoints that bring it back after a mishap.
import { Engine, isLoss as survivable } from "./engine.js";

/** A slice of steps between two messages should take about so long: short enough to pause at once. */
const SLICE_MS = 200;
/** Checkpoints in a run; both lanes take them at the same steps, so that they can go back together. */
const CHECKPOINTS = 20;
/** How many of the latest are kept, besides the one at the start. */
const KEPT = 4;
/** Restarts of a lane's worker before the visitor is asked. */
const RESTARTS = 3;
const WAY_ON = "Continue tries it again; a smaller batch, the other engine or a reload of the page may help.";

export class Lane {
  engine = null;
  settings = null;
  /** The visitor's own pictures, when it learns from them. */
  own = null;
  step = 0;
  steps = 0;
  /** One record a step: { step, ce, ds, accuracy, grad_norm }; ds may be missing. */
  history = [];
  checkpoints = new Map();
  perSecond = 0;
  /** What happened to this lane that a reader of its numbers should know. */
  notes = [];
  diverged = null;
  /** The model as safetensors, since it was last recorded. */
  weights = null;
  judged = { done: 0, units: 0 };
  report = null;
  #restarts = 0;
  #closed = false;
  #changed;
  #onBytes;

  /**
   * @param {"plain"|"continuity"} name
   * @param changed called when something to show has changed
   * @param onBytes called with the number of bytes of data that arrived
   */
  constructor(name, changed, onBytes) {
    this.name = name;
    this.#changed = changed;
    this.#onBytes = onBytes;
  }

  /** Forgets the run; the engine stays. */
  clear() {
    Object.assign(this, { step: 0, steps: 0, history: [], perSecond: 0, notes: [], diverged: null, weights: null, report: null });
    this.judged = { done: 0, units: 0 };
    this.checkpoints.clear();
    this.#restarts = 0;
  }

  /** Begins a run at step 0 on the engine `engineName`. */
  async prepare(settings, engineName, own) {
    this.clear();
    Object.assign(this, { settings, own, steps: settings.steps });
    await this.#start(engineName, async () => {
      await this.engine.call("prepare", settings, this.name);
      this.checkpoints.set(0, await this.engine.call("checkpoint"));
    });
  }

  /** Opens the engine and begins there. One on which that failed is of no use: the next try gets another, of the CPU. */
  async #start(engineName, begin) {
    try {
      await this.#open(engineName);
      await begin();
    } catch (error) {
      this.engine?.close();
      this.engine = null;
      if (engineName === "cpu" || this.#restarts > 0 || !survivable(error)) throw error;
      await this.#start("cpu", begin);
      this.notes.push(`${error.message} The lane is computed on the CPU engine instead.`);
    }
  }

  async #open(engineName) {
    if (this.engine?.name !== engineName) {
      this.engine?.close();
      this.engine = null;
      const engine = await Engine.open(engineName);
      if (this.#closed) {
        engine.close();
        throw { code: "closed", message: "The lane was closed." };
      }
      this.engine = engine;
    }
    const { note } = this.engine;
    if (note && !this.notes.includes(note)) this.notes.push(note);
    await this.engine.loadData(this.settings, ["train", "test"], this.#onBytes, this.own);
    if (this.settings.start === "base") {
      await this.engine.loadWeightsFile("base", `${this.settings.dataset}-${this.settings.architecture}-base.safetensors`);
    }
  }

  /** What is kept of this lane: all that a reader of its numbers needs, its model, and checkpoints until it is judged. */
  async record() {
    const { name, step, steps, diverged, isJudged } = this;
    if (this.engine && !diverged) {
      if (!isJudged) this.checkpoints.set(step, await this.ask((engine) => engine.call("checkpoint")));
      this.weights = await this.ask((engine) => engine.call("weights"));
    }
    return { name, step, steps, diverged, history: [...this.history], notes: [...this.notes], weights: this.weights,
      ...(isJudged ? { judged: this.judged, report: this.report } : { checkpoints: Object.fromEntries(this.checkpoints) }) };
  }

  /** Takes the place of a lane that was recorded. Its engine starts when it is needed. */
  restore(settings, own, { checkpoints = {}, ...recorded }) {
    this.clear();
    this.engine?.close();
    const steps = Object.entries(checkpoints).map(([step, bytes]) => [Number(step), bytes]);
    Object.assign(this, structuredClone(recorded), { engine: null, settings, own, checkpoints: new Map(steps) });
  }

  /** Ends the engine for good. */
  close() {
    this.#closed = true;
    this.engine?.close();
  }

  /** Starts the engine of a lane that has none, at its last checkpoint. */
  async wake(engineName) {
    if (this.engine) return;
    await this.#start(engineName, () => this.#resume(Math.max(...this.checkpoints.keys())));
  }

  /** Trains until the end, a divergence, or `signal`. At most `limit` steps, when given. */
  async train(signal, limit = Infinity) {
    const interval = Math.max(1, Math.ceil(this.steps / CHECKPOINTS));
    const end = Math.min(this.steps, this.step + limit);
    let slice = 1;
    while (this.step < end && !this.diverged && !signal.aborted) {
      await this.#surviving(async () => {
        const toCheckpoint = interval - (this.step % interval);
        const progress = await this.engine.call("advance", Math.min(slice, toCheckpoint, end - this.step));
        const made = progress.step - this.step;
        this.history.push(...progress.records);
        this.diverged = progress.diverged ?? null;
        this.step = this.diverged ? (progress.records.at(-1)?.step ?? this.step) : progress.step;
        if (!this.diverged && made > 0) {
          const perSecond = made / Math.max(progress.seconds, 1e-3);
          // The first step also compiles kernels: it does not count for long.
          this.perSecond = this.perSecond === 0 || this.step < 3 ? perSecond : 0.8 * this.perSecond + 0.2 * perSecond;
          slice = Math.min(256, Math.max(1, Math.round((this.perSecond * SLICE_MS) / 1000)));
          if (this.step % interval === 0 || this.step === this.steps) await this.#keepCheckpoint();
        }
      });
      this.#changed();
    }
  }

  async #keepCheckpoint() {
    this.checkpoints.set(this.step, await this.engine.call("checkpoint"));
    for (const step of [...this.checkpoints.keys()].filter((step) => step > 0).slice(0, -KEPT)) this.checkpoints.delete(step);
  }

  get isJudged() {
    return this.judged.units > 0 && this.judged.done === this.judged.units;
  }

  /**
   * Judges the model on the test images until finished or `signal`. `report` grows by whole rows of the table;
   * `onReport` is awaited each time.
   */
  async judge(signal, onReport) {
    while (!this.isJudged && !signal.aborted) {
      let reported = false;
      await this.#surviving(async () => {
        if (this.judged.units === 0) this.judged = { done: 0, ...(await this.engine.call("begin_evaluation")) };
        const { done, units, report } = await this.engine.call("advance_evaluation");
        this.judged = { done, units };
        reported = Boolean(report);
        if (reported) this.report = report;
      });
      this.#changed();
      if (reported) await onReport();
    }
  }

  /** One question to the engine, asked again if its worker dies over it. */
  async ask(question) {
    try {
      return await question(this.engine);
    } catch (error) {
      if (!survivable(error)) throw error;
      await this.#revive(error);
      return question(this.engine);
    }
  }

  /** Goes back to the checkpoint of `step` with `settings`. */
  async goBack(step, settings) {
    this.settings = settings;
    await this.#resume(step);
  }

  async #resume(step) {
    await this.engine.call("resume", this.settings, this.name, this.checkpoints.get(step));
    this.step = step;
    this.history = this.history.filter((record) => record.step <= step);
    this.diverged = null;
    this.report = null;
    this.judged = { done: 0, units: 0 };
    for (const later of [...this.checkpoints.keys()].filter((kept) => kept > step)) this.checkpoints.delete(later);
  }

  /** Runs `work`; when the worker dies in it, starts another one from the last checkpoint. */
  async #surviving(work) {
    try {
      await work();
    } catch (error) {
      if (!survivable(error)) throw error;
      await this.#revive(error);
    }
  }

  /** Restarts the lane from its last checkpoint; after several tries in vain the error goes to the visitor. */
  async #revive(error) {
    this.#restarts += 1;
    if (this.#restarts > RESTARTS) {
      this.#restarts = 0;
      throw { ...error, message: `${error.message} That happened ${RESTARTS + 1} times. ${WAY_ON}` };
    }
    // A graphics processor that failed once may fail again; the CPU engine has less that can be lost.
    const isGone = error.code === "device" || this.#restarts > 1;
    const engineName = this.engine?.name === "webgpu" && isGone ? "cpu" : (this.engine?.name ?? "cpu");
    this.engine?.close();
    this.engine = null;
    const step = Math.max(...this.checkpoints.keys());
    try {
      await this.#start(engineName, () => this.#resume(step));
    } catch (again) {
      if (!survivable(again)) throw again;
      return this.#revive(again);
    }
    this.notes.push(`${error.message} The lane went on from step ${step} on the ${engineName === "cpu" ? "CPU" : "WebGPU"} engine.`);
    this.#changed();
  }
}
