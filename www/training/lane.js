// One lane: a worker that trains one model, its history, and the checkpoints that bring it back after a mishap.
import { Engine, isLoss as survivable } from "../engine/client.js";

/** @import { DataInfo, Diverged, LookReply, WallReply } from "semantic-continuity-lab/engine" */
/** @import { Lane as LaneName, Record as StepRecord } from "semantic-continuity-lab/engine" */
/** @import { Message, Settings } from "../engine/client.js" */
/** @import { Own } from "../user-data/own.js" */

/** A slice of steps between two messages should take about so long: short enough to pause at once. */
const SLICE_MS = 200;
/** Checkpoints in a run; both lanes take them at the same steps, so that they can go back together. */
const CHECKPOINTS = 20;
/** How many of the latest that both lanes have are kept, besides the one at the start. */
const KEPT = 4;
/** No more work than this is lost with a tab: a lane that is long on its way takes a checkpoint of its own. */
const LOST_MS = 10_000;
/** Restarts of a lane's worker before the visitor is asked. */
const RESTARTS = 3;
/**
 * Pictures watched under fixed noise: the same ones as long as the run lasts, and what the model said of them each
 * time.
 * @typedef {object} Wall
 * @property {WallReply} shown
 * @property {LookReply[]} looks
 * @property {DataInfo} data
 */

const WAY_ON = "Continue tries it again; a smaller batch, the other engine or a reload of the page may help.";

export class Lane {
  /** The lane that goes back with this one after a divergence. @type {Lane | null} */
  partner = null;
  /** @type {Engine | null} */
  engine = null;
  /** @type {Settings | null} */
  settings = null;
  /** The visitor's own pictures, when it learns from them. @type {Own | null} */
  own = null;
  step = 0;
  steps = 0;
  /** One record a step. @type {StepRecord[]} */
  history = [];
  /** By their steps. @type {Map<number, Uint8Array>} */
  checkpoints = new Map();
  perSecond = 0;
  /** What happened to this lane that a reader of its numbers should know. @type {string[]} */
  notes = [];
  /** @type {Diverged | null} */
  diverged = null;
  /** The model as safetensors, since it was last recorded. @type {Uint8Array | null} */
  weights = null;
  evaluated = { done: 0, units: 0 };
  /** Of the evaluation. @type {Message | null} */
  report = null;
  /** What was seen of it while it learnt. @type {Wall | null} */
  wall = null;
  /** Whether the engine holds that wall, too: a new one, or one that went back, has to draw it again. */
  #isWatched = false;
  /** What is known of the pictures. @type {DataInfo} */
  #data;
  #restarts = 0;
  /** When the last checkpoint was taken. */
  #taken = 0;
  #closed = false;
  #changed;
  #onBytes;

  /**
   * @param {LaneName} name
   * @param changed called when something to show has changed
   * @param onBytes called with the number of bytes of data that arrived
   */
  constructor(name, changed, onBytes) {
    this.name = name;
    this.#changed = changed;
    this.#onBytes = onBytes;
  }

  /** The lanes of a run, which keep checkpoints of the same steps. */
  static pair(names, changed, onBytes) {
    const lanes = names.map((name) => new Lane(name, changed, onBytes));
    lanes.forEach((lane, i) => (lane.partner = lanes[1 - i]));
    return lanes;
  }

  /** Forgets the run; the engine stays. */
  clear() {
    Object.assign(this, { step: 0, steps: 0, history: [], perSecond: 0, notes: [] });
    Object.assign(this, { diverged: null, weights: null, report: null, wall: null });
    this.evaluated = { done: 0, units: 0 };
    this.checkpoints.clear();
    this.#restarts = 0;
  }

  /** Begins a run at step 0 on the engine `engineName`. */
  async prepare(settings, engineName, own) {
    this.clear();
    Object.assign(this, { settings, own, steps: settings.steps });
    await this.#start(engineName, async () => {
      await this.engine.remote.prepare(settings, this.name);
      this.#isWatched = false;
      this.checkpoints.set(0, await this.engine.remote.checkpoint());
    });
  }

  /** Opens the engine and begins there. One on which that failed is of no use: the next try gets another, the CPU's. */
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
    this.#data = await this.engine.loadData(this.settings, ["train", "test"], this.#onBytes, this.own);
    if (this.settings.start === "base") {
      const { dataset, architecture } = this.settings;
      await this.engine.loadWeightsFile("base", `${dataset}-${architecture}-base.safetensors`);
    }
  }

  /** The step of the last checkpoint. */
  get #last() {
    return Math.max(...this.checkpoints.keys());
  }

  /** Steps of checkpoints that both lanes have. */
  get common() {
    const steps = [...this.checkpoints.keys()].sort((a, b) => a - b);
    return this.partner ? steps.filter((step) => this.partner.checkpoints.has(step)) : steps;
  }

  /** What is kept of this lane while it is under way: as it stood at its last checkpoint, and the ways back. */
  get atCheckpoint() {
    const { name, steps, diverged } = this;
    const step = diverged ? this.step : this.#last;
    const kept = new Set([...this.common, this.#last].filter((at) => at <= step));
    return {
      name,
      step,
      steps,
      diverged,
      notes: [...this.notes],
      history: this.history.filter((record) => record.step <= step),
      checkpoints: Object.fromEntries([...kept].map((at) => [at, this.checkpoints.get(at)])),
    };
  }

  /** What is kept of this lane: its results and its model when the run is finished, or all that it goes on from. */
  async record(finished) {
    if (this.engine && !this.diverged) {
      if (!finished) await this.ask(() => this.#takeCheckpoint());
      this.weights = await this.ask((engine) => engine.remote.weights());
    }
    const { name, step, steps, notes, history, report, weights } = this;
    if (!finished) return { ...this.atCheckpoint, weights };
    return { name, step, steps, diverged: null, notes: [...notes], history: [...history], report, weights };
  }

  /** Takes the place of a lane that was recorded. Its engine starts when it is needed. */
  restore(settings, own, { step, steps, diverged, notes, history, report, weights, checkpoints = {} }) {
    this.clear();
    this.engine?.close();
    const ways = new Map(Object.entries(checkpoints).map(([at, bytes]) => [Number(at), bytes]));
    const evaluated = report ? { done: 1, units: 1 } : this.evaluated;
    Object.assign(this, { engine: null, settings, own, step, steps, diverged, report, weights, evaluated });
    Object.assign(this, { notes: [...notes], history: [...history], checkpoints: ways });
  }

  /** Ends the engine for good. */
  close() {
    this.#closed = true;
    this.engine?.close();
  }

  /** Starts the engine of a lane that has none, at its last checkpoint. */
  async wake(engineName) {
    if (this.engine) return;
    await this.#start(engineName, () => this.#resume(this.#last));
  }

  /** Trains until the end, a divergence, or `signal`. At most `limit` steps, when given. */
  async train(signal, limit = Infinity) {
    const interval = this.#interval;
    const end = Math.min(this.steps, this.step + limit);
    let slice = 1;
    this.#taken = performance.now();
    while (this.step < end && !this.diverged && !signal.aborted) {
      await this.#surviving(async () => {
        const toLook = await this.#watch();
        const toCheckpoint = interval - (this.step % interval);
        const progress = await this.engine.remote.advance(Math.min(slice, toCheckpoint, toLook, end - this.step));
        const made = progress.step - this.step;
        this.history.push(...progress.records);
        this.weights = null;
        this.diverged = progress.diverged ?? null;
        this.step = this.diverged ? (progress.records.at(-1)?.step ?? this.step) : progress.step;
        if (!this.diverged && made > 0) {
          const perSecond = made / Math.max(progress.seconds, 1e-3);
          // The first step also compiles kernels: it does not count for long.
          this.perSecond = this.perSecond === 0 || this.step < 3 ? perSecond : 0.8 * this.perSecond + 0.2 * perSecond;
          slice = Math.min(256, Math.max(1, Math.round((this.perSecond * SLICE_MS) / 1000)));
          if (this.#isRegular(this.step) || performance.now() - this.#taken > LOST_MS) await this.#takeCheckpoint();
        }
      });
      this.#changed();
    }
    // Whoever pauses sees where it stands.
    if (!this.diverged && this.step > 0) await this.#surviving(() => this.#look());
    // Whoever pauses may leave.
    if (this.diverged || this.checkpoints.has(this.step)) return;
    await this.#surviving(() => this.#takeCheckpoint());
    this.#changed();
  }

  /** Looks at the wall when it is time; returns the number of steps until it is again. */
  async #watch() {
    const interval = this.wall?.shown.interval ?? 1;
    if (this.step % interval === 0) await this.#look();
    const { shown } = this.wall;
    return shown.interval - (this.step % shown.interval);
  }

  /** What the model says of the wall now. That reads the model, and nothing of the run depends on it. */
  async #look() {
    const { remote } = this.engine;
    if (!this.#isWatched) {
      const shown = await remote.open_wall();
      this.wall ??= { shown, looks: [], data: this.#data };
      this.#isWatched = true;
    }
    const { looks } = this.wall;
    if (looks.at(-1)?.step === this.step) return;
    looks.push(await remote.look());
    this.#changed();
  }

  get #interval() {
    return Math.max(1, Math.ceil(this.steps / CHECKPOINTS));
  }

  /** Whether both lanes take a checkpoint at this step. */
  #isRegular(step) {
    return step % this.#interval === 0 || step === this.steps;
  }

  async #takeCheckpoint() {
    this.checkpoints.set(this.step, await this.engine.remote.checkpoint());
    this.#taken = performance.now();
    this.#prune();
    if (this.partner) this.partner.#prune();
  }

  /** A lane gives up only what the other has passed, so that both go back together as far as they can. */
  #prune() {
    const last = this.#last;
    const common = this.common.filter((step) => step > 0 && this.#isRegular(step));
    const ways = common.slice(-KEPT);
    const ahead = common.at(-1) ?? 0;
    for (const step of this.checkpoints.keys()) {
      const isKept = step === 0 || step === last || ways.includes(step) || (step > ahead && this.#isRegular(step));
      if (!isKept) this.checkpoints.delete(step);
    }
  }

  get isEvaluated() {
    return this.evaluated.units > 0 && this.evaluated.done === this.evaluated.units;
  }

  /**
   * Evaluates the model on the test images until finished or `signal`. `report` grows by whole rows of the table;
   * `onReport` is awaited each time.
   */
  async evaluate(signal, onReport) {
    while (!this.isEvaluated && !signal.aborted) {
      let reported = false;
      await this.#surviving(async () => {
        if (this.evaluated.units === 0) this.evaluated = { done: 0, ...(await this.engine.remote.begin_evaluation()) };
        const { done, units, report } = await this.engine.remote.advance_evaluation();
        this.evaluated = { done, units };
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
    const at = await this.engine.remote.resume(this.settings, this.name, this.checkpoints.get(step));
    if (at.step !== step) {
      const message = `The checkpoint of step ${step} is one of step ${at.step}: it is damaged. Reset and start again.`;
      throw { code: "invalid-weights", message };
    }
    this.weights = null;
    this.#isWatched = false;
    if (this.wall) this.wall = { ...this.wall, looks: this.wall.looks.filter((look) => look.step <= step) };
    this.step = step;
    this.history = this.history.filter((record) => record.step <= step);
    this.diverged = null;
    this.report = null;
    this.evaluated = { done: 0, units: 0 };
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
    try {
      await this.#start(engineName, () => this.#resume(this.#last));
    } catch (again) {
      if (!survivable(again)) throw again;
      return this.#revive(again);
    }
    const engine = engineName === "cpu" ? "CPU" : "WebGPU";
    this.notes.push(`${error.message} The lane went on from step ${this.step} on the ${engine} engine.`);
    this.#changed();
  }
}
