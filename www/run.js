// A run: both lanes from the same start, through training and judging, with pause, step, reset and recovery.
import { Lane } from "./lane.js";
import { chooseEngine } from "./choice.js";
import { asError } from "./engine.js";
import { Quick, statistics } from "./quick.js";
import { prepared } from "./prepared.js";
import { isOwn } from "./own/own.js";

const LANES = ["plain", "continuity"];

/** Whether two runs learn and measure the same: engines differ in how long they take. */
export const sameLearning = (a, b) => JSON.stringify({ ...a, engine: null }) === JSON.stringify({ ...b, engine: null });

export class Run {
  #store;
  #stop = new AbortController();
  /** The work under way; a new command waits for it. */
  #work = Promise.resolve();
  #lanes;
  /** The step of the last way back after a divergence, in this run. */
  #wentBackTo;

  constructor(store) {
    this.#store = store;
    const changed = () => this.#show({});
    const onBytes = (n) => this.#show({ bytes: (this.#state.bytes ?? 0) + n });
    this.#lanes = LANES.map((name) => new Lane(name, changed, onBytes));
    store.set({ run: { phase: "idle", lanes: this.#lanes } });
  }

  get #state() {
    return this.#store.state.run;
  }

  #show(patch) {
    this.#store.set({ run: { ...this.#state, ...patch } });
  }

  /** Forgets the run but for the models it made: they stay until others take their place. */
  #begin(phase, more) {
    const { trained, example } = this.#state;
    this.#store.set({ run: { phase, lanes: this.#lanes, trained, example, ...more } });
  }

  /** Brings the run that comes with the page: `{ settings, lanes, comparison }` as they stood at its end, to be shown before any other. */
  async recall() {
    const example = this.#state.example ?? (await prepared("run"));
    if (example && sameLearning(this.#store.state.settings, example.settings)) this.#show({ example });
  }

  /** Starts a new run, or goes on with a paused one. */
  start() {
    return this.#command(async (signal) => {
      if (!this.#isPaused) await this.#prepare(signal);
      if (this.#isPaused) await this.#finish(signal);
    });
  }

  /** One step of both lanes. */
  step() {
    return this.#command(async (signal) => {
      if (!this.#isPaused) await this.#prepare(signal);
      if (!this.#isPaused || signal.aborted) return;
      await this.#wake();
      this.#show({ phase: "training" });
      await Promise.all(this.#lanes.map((lane) => lane.train(signal, 1)));
      this.#settle();
    });
  }

  /** Stops after the slice under way; nothing is lost. */
  pause() {
    this.#stop.abort();
  }

  /** Back to before the start. */
  async reset() {
    this.#stop.abort();
    await this.#work;
    for (const lane of this.#lanes) lane.clear();
    this.#begin("idle");
  }

  /** Ends both lanes for good. */
  close() {
    this.#stop.abort();
    for (const lane of this.#lanes) lane.close();
  }

  /**
   * After a divergence: both lanes go back to their last common sound state and go on with a tenth of the learning
   * rate; further back, when nothing sound came after the last time: finite is not always sound.
   */
  calmDown() {
    return this.#command(async (signal) => {
      const { min } = this.#store.controls.get("learning_rate");
      const settings = { ...this.#state.settings, learning_rate: Math.max(min, this.#state.settings.learning_rate / 10) };
      const [first, second] = this.#lanes;
      const sound = Math.min(...this.#lanes.map((lane) => lane.diverged?.last_good_step ?? Infinity));
      const common = [...first.checkpoints.keys()].filter((step) => second.checkpoints.has(step) && step <= sound);
      const step = Math.max(0, ...common.filter((step) => step !== this.#wentBackTo));
      this.#wentBackTo = step;
      await this.#wake();
      await Promise.all(this.#lanes.map((lane) => lane.goBack(step, settings)));
      for (const lane of this.#lanes) lane.notes.push(`From step ${step} on with learning rate ${Number(settings.learning_rate.toPrecision(3))}, after a divergence.`);
      this.#show({ settings, comparison: null });
      // The form and a link are to lead to what is sound, too.
      this.#store.setSettings({ learning_rate: settings.learning_rate });
      await this.#finish(signal);
    });
  }

  get #isPaused() {
    return this.#state.phase === "paused";
  }

  /** The run as it stands, to be kept; nothing before it began. */
  async record() {
    await this.#work;
    const { settings, own, engine, comparison, phase } = this.#state;
    if (phase === "idle") return null;
    const lanes = await Promise.all(this.#lanes.map((lane) => lane.record()));
    return { settings, own, engine, comparison: phase === "done" ? comparison : null, lanes };
  }

  /** Puts a kept run in the place of the present one: a finished one with its table, another one paused where it stood. */
  async open(record) {
    const { engine, comparison, lanes } = record;
    const settings = { ...this.#store.defaults, ...record.settings };
    const own = this.#ownOf(record);
    await this.#check({ settings, lanes });
    this.#stop.abort();
    await this.#work;
    this.#store.set(own ? { settings, own } : { settings });
    this.#wentBackTo = undefined;
    this.#lanes.forEach((lane, i) => lane.restore(settings, own, lanes[i]));
    this.#begin(comparison ? "done" : "paused", { settings, own, engine, comparison });
    if (comparison) this.#show({ trained: { settings, own, plain: lanes[0].weights, continuity: lanes[1].weights } });
    else this.#settle();
  }

  /** The pictures that a run was made on, when they are the visitor's: a record may only say which. */
  #ownOf({ settings, own }) {
    if (!isOwn(settings)) return null;
    if (own?.files) return own;
    const here = this.#store.state.own;
    if (here && here.digest === own?.digest) return here;
    throw { code: "own-data-missing", message: `This run was made on your own pictures “${own?.name ?? "unknown"}” (${own?.train} to learn from, ${own?.test} to test on), which are not kept: bring them again under “Images”, then open it.` };
  }

  /** Throws what is wrong with a record: it may come from a file. */
  async #check({ settings, lanes }) {
    const engine = new Quick();
    try {
      await engine.validate(settings);
      for (const { name, weights } of lanes) if (weights) await engine.call("load_weights", name, weights);
    } finally {
      engine.close();
    }
  }

  /** Starts the engines that are not there: of an opened run, or of one that could not start again. */
  async #wake() {
    if (this.#lanes.every((lane) => lane.engine)) return;
    this.#show({ phase: "preparing", message: "Choosing the engine …" });
    const engine = await chooseEngine(this.#state.settings, this.#state.own, (message) => this.#show({ message }));
    this.#show({ engine, message: "Loading the engine and the images …" });
    const outcomes = await Promise.allSettled(this.#lanes.map((lane) => lane.wake(engine.name)));
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
    this.#show({ phase: "paused", message: null });
  }

  /** Runs one command at a time; what it throws becomes the state's error. */
  #command(work) {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#work = this.#work.then(async () => {
      this.#show({ error: null });
      try {
        await work(signal);
      } catch (error) {
        const prepared = this.#lanes.every((lane) => lane.checkpoints.size > 0) && this.#state.settings;
        this.#show({ phase: prepared ? "paused" : "idle", error: asError(error), message: null });
      }
    });
    return this.#work;
  }

  async #prepare(signal) {
    const settings = { ...this.#store.state.settings };
    const own = isOwn(settings) ? this.#store.state.own : null;
    for (const lane of this.#lanes) lane.clear();
    this.#wentBackTo = undefined;
    this.#begin("preparing", { message: "Choosing the engine …", bytes: 0 });
    const say = (message) => this.#show({ message });
    const engine = await chooseEngine(settings, own, say);
    if (signal.aborted) return this.#show({ phase: "idle", message: null });
    this.#show({ engine, message: "Loading the engine and the images …" });
    const outcomes = await Promise.allSettled(this.#lanes.map((lane) => lane.prepare(settings, engine.name, own)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    // Only now is there something to go on with.
    this.#show({ settings, own, phase: "paused", message: null });
  }

  async #finish(signal) {
    await this.#wake();
    if (signal.aborted) return this.#settle();
    this.#show({ phase: "training", message: null });
    await this.#both((lane, lanesSignal) => lane.train(lanesSignal), signal);
    if (this.#settle()) return;
    this.#show({ phase: "judging" });
    await this.#both((lane, lanesSignal) => lane.judge(lanesSignal, () => this.#compare()), signal);
    if (!this.#lanes.every((lane) => lane.isJudged)) return this.#show({ phase: "paused" });
    if (!this.#state.comparison?.sentence) await this.#compare();
    const [a, b] = await Promise.all(this.#lanes.map((lane) => lane.ask((engine) => engine.call("weights"))));
    this.#show({ phase: "done", trained: { settings: this.#state.settings, own: this.#state.own, plain: a, continuity: b } });
  }

  /** Fills in the rows of the table that both reports have. */
  async #compare() {
    const reports = this.#lanes.map((lane) => lane.report);
    if (!reports.every(Boolean)) return;
    const comparison = await statistics.call("compare", ...reports);
    // Two lanes ask: an earlier, shorter table must not replace a longer one.
    if (comparison.rows.length >= (this.#state.comparison?.rows.length ?? 0)) this.#show({ comparison });
  }

  /** Both lanes at once. A divergence or failure of one stops the other at its next slice. */
  async #both(work, signal) {
    const together = new AbortController();
    const abort = () => together.abort();
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    const outcomes = await Promise.allSettled(this.#lanes.map(async (lane) => {
      try {
        await work(lane, together.signal);
        if (lane.diverged) abort();
      } catch (error) {
        abort();
        throw error;
      }
    }));
    signal.removeEventListener("abort", abort);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** After training stopped: shows why. True unless both lanes are finished. */
  #settle() {
    const lane = this.#lanes.find((lane) => lane.diverged);
    if (lane) {
      this.#show({ phase: "paused", error: { code: "diverged", message: `The lane “${this.#store.lanes(this.#state.settings).find(({ id }) => id === lane.name).label}” stopped. ${lane.diverged.message}` } });
      return true;
    }
    const finished = this.#lanes.every((lane) => lane.step >= lane.steps);
    this.#show({ phase: "paused" });
    return !finished;
  }
}
