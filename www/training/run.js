// A run: both lanes from the same start, through training and evaluating, with pause, step, reset and recovery.
import { Lane } from "./lane.js";
import { chooseEngine } from "../engine/select-engine.js";
import { asError } from "../engine/client.js";
import { PairEngine, statistics } from "../engine/pair-engine.js";
import { precomputed } from "../study/precomputed.js";
import { refuse } from "./damage.js";
import { areThose, missing } from "../user-data/absent.js";
import { isOwn } from "../user-data/own.js";

/** @import { Store } from "../app/store.js" */
/** @import { Comparison } from "semantic-continuity-lab/engine" */
/** @import { EngineName, Failure, Settings } from "../engine/client.js" */
/** @import { Pair } from "../engine/pair-engine.js" */
/** @import { Own } from "../user-data/own.js" */

const LANES = ["plain", "continuity"];

/** Seeds that a run draws have no more digits than a person would copy. */
const SEEDS = 1_000_000;

const freshSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS;

/** Whether two runs learn and measure the same: engines differ in how long they take. */
export const sameLearning = (a, b) => JSON.stringify({ ...a, engine: null }) === JSON.stringify({ ...b, engine: null });

/** How the settings of a run differ from the defaults, in words. */
export const inWords = (store, settings) =>
  store
    .query({ settings })
    .replaceAll("&", " ")
    .replace(/ ?\bv=\d+$/, "") || "the defaults";

/**
 * The run as the page shows it.
 * @typedef {object} RunState
 * @property {"idle" | "preparing" | "training" | "paused" | "evaluating" | "done"} phase
 * @property {Lane[]} lanes
 * @property {number} serial tells one run from the next
 * @property {Settings} [settings] of a run that began
 * @property {Own | null} [own] the visitor's pictures, if it learns from them
 * @property {{ name: EngineName, why: string } | null} [engine]
 * @property {Comparison | null} [comparison]
 * @property {Pair} [trained] the models of the run that was finished last
 * @property {RunState} [example] the run that comes with the page
 * @property {string | number} [kept] what the list calls it, if it is there
 * @property {string | null} [message] what it is doing, where its phase does not say
 * @property {number} [bytes] of data that arrived
 * @property {Failure | null} [error]
 */

export class Run {
  #store;
  #stop = new AbortController();
  /** The work under way; a new command waits for it. */
  #work = Promise.resolve();
  #lanes;
  /** How many runs began here: tells one from the next. */
  #serial = 0;
  /** The step of the last way back after a divergence, in this run. */
  #wentBackTo;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    const changed = () => this.#show({});
    const onBytes = (n) => this.#show({ bytes: (this.#state.bytes ?? 0) + n });
    this.#lanes = Lane.pair(LANES, changed, onBytes);
    store.set({ run: { phase: "idle", lanes: this.#lanes, serial: 0 } });
    store.addEventListener("change", (event) => {
      const { detail } = /** @type {CustomEvent<string[]>} */ (event);
      if (detail.includes("own")) this.#welcome(store.state.own);
    });
  }

  /** @returns {RunState} */
  get #state() {
    return this.#store.state.run;
  }

  /** @param {Partial<RunState>} patch */
  #show(patch) {
    this.#store.set({ run: { ...this.#state, ...patch } });
  }

  /** Forgets the run but for the models it made: they stay until others take their place. */
  #begin(phase, more) {
    const { trained, example } = this.#state;
    this.#store.set({ run: { phase, lanes: this.#lanes, trained, example, serial: ++this.#serial, ...more } });
  }

  /**
   * Brings the run that comes with the page: `{ settings, lanes, comparison }` as they stood at its end, to be shown
   * before any other.
   */
  async recall() {
    const example = this.#state.example ?? (await precomputed("run"));
    if (example && sameLearning(this.#store.state.settings, example.settings)) this.#show({ example });
  }

  /** Trains the present run once more, with the seed that it had. */
  repeat() {
    this.#store.setSettings({ seed: this.#state.settings.seed });
    return this.start();
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
      const { settings: before } = this.#state;
      const settings = { ...before, learning_rate: Math.max(min, before.learning_rate / 10) };
      const [first, second] = this.#lanes;
      const sound = Math.min(...this.#lanes.map((lane) => lane.diverged?.last_good_step ?? Infinity));
      const common = [...first.checkpoints.keys()].filter((step) => second.checkpoints.has(step) && step <= sound);
      if (!common.length) {
        const wayOn = "Reset, and start again with a smaller learning rate.";
        throw { code: "no-way-back", message: `Both lanes have no sound state in common. ${wayOn}` };
      }
      const step = Math.max(Math.min(...common), ...common.filter((step) => step !== this.#wentBackTo));
      this.#wentBackTo = step;
      await this.#wake();
      await Promise.all(this.#lanes.map((lane) => lane.goBack(step, settings)));
      const rate = Number(settings.learning_rate.toPrecision(3));
      const note = `From step ${step} on with learning rate ${rate}, after a divergence.`;
      for (const lane of this.#lanes) lane.notes.push(note);
      this.#show({ settings, comparison: null });
      // The form and a link are to lead to what is sound, too.
      this.#store.setSettings({ learning_rate: settings.learning_rate });
      await this.#finish(signal);
    });
  }

  get #isPaused() {
    return this.#state.phase === "paused";
  }

  /**
   * The run as it stands, to be kept; nothing before it began. What would change it waits until whoever asked has been
   * told.
   */
  record() {
    const recording = this.#work.then(async () => {
      const { settings, own, engine, comparison, phase } = this.#state;
      if (phase === "idle" || !settings) return null;
      const isDone = phase === "done";
      const lanes = await Promise.all(this.#lanes.map((lane) => lane.record(isDone)));
      return { settings, own, engine: engine ?? null, comparison: isDone ? comparison : null, lanes };
    });
    this.#work = recording.then(
      () => {},
      () => {},
    );
    return recording;
  }

  /**
   * The run as it would go on after the tab is gone, from the last checkpoint of each lane; nothing where none is under
   * way.
   */
  get underWay() {
    const { settings, own, engine, phase, kept } = this.#state;
    const isBegun = settings && this.#lanes.every((lane) => lane.checkpoints.size > 0);
    if (!isBegun || !["training", "paused", "evaluating"].includes(phase)) return null;
    const lanes = this.#lanes.map((lane) => lane.atCheckpoint);
    return { settings, own, engine: engine ?? null, comparison: null, lanes, kept };
  }

  /**
   * Puts a kept run in the place of the present one: a finished one with its table, another one paused where it stood.
   * Own pictures that are not here are asked for when something needs them.
   * @param record as `readRecord` gives it
   * @param kept what the list calls the run, if it is there
   */
  async open({ settings, own: described, engine, comparison, lanes }, kept) {
    const { own: here } = this.#store.state;
    const own = described && areThose(here, described) ? here : described;
    await this.#checkModels({ settings, lanes });
    this.#stop.abort();
    await this.#work;
    this.#store.set({ settings, seedIsChosen: true });
    this.#wentBackTo = undefined;
    this.#lanes.forEach((lane, i) => lane.restore(settings, own, lanes[i]));
    this.#begin(comparison ? "done" : "paused", { settings, own, engine, comparison, kept });
    if (comparison) this.#made(...lanes.map(({ weights }) => weights));
    else this.#settle();
  }

  /** Own pictures were brought: the present run and its models may have waited for them. */
  #welcome(own) {
    const isWaitedFor = (described) => described && !described.files && areThose(own, described);
    const { own: described, trained, error } = this.#state;
    if (isWaitedFor(described)) {
      for (const lane of this.#lanes) lane.own = own;
      this.#show({ own, ...(error?.code === "own-data-missing" ? { error: null } : {}) });
    }
    if (isWaitedFor(trained?.own)) this.#show({ trained: { ...trained, own } });
  }

  /** Throws what is wrong with the models of a record, which may come from a file. */
  async #checkModels({ settings, lanes }) {
    const models = lanes.filter(({ weights }) => weights);
    if (!models.length) return;
    const engine = new PairEngine();
    try {
      for (const { name, weights } of models) {
        const { architecture } = await engine.remote.load_weights(name, weights);
        if (architecture !== settings.architecture) {
          refuse(`The model of the ${name} lane is a ${architecture}, its settings name ${settings.architecture}.`);
        }
      }
    } finally {
      engine.close();
    }
  }

  /** Starts the engines that are not there: of an opened run, or of one that could not start again. */
  async #wake() {
    if (this.#lanes.every((lane) => lane.engine)) return;
    const { own } = this.#state;
    if (own && !own.files) throw missing(own);
    this.#show({ phase: "preparing", message: "Choosing the engine …" });
    const engine = await chooseEngine(this.#state.settings, this.#state.own, (message) => this.#show({ message }));
    this.#show({ engine, message: "Loading the engine and the images …" });
    const outcomes = await Promise.allSettled(this.#lanes.map((lane) => lane.wake(engine.name)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
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
        const { phase, settings } = this.#state;
        const isPrepared = settings && this.#lanes.every((lane) => lane.checkpoints.size > 0);
        // A finished run stays when another one cannot begin.
        const after = phase === "done" ? phase : isPrepared ? "paused" : "idle";
        this.#show({ phase: after, error: asError(error), message: null });
      }
    });
    return this.#work;
  }

  async #prepare(signal) {
    const { seedIsChosen, settings: chosen } = this.#store.state;
    const settings = { ...chosen, ...(seedIsChosen ? {} : { seed: freshSeed() }) };
    const own = isOwn(settings) ? this.#store.state.own : null;
    if (isOwn(settings) && !own) throw missing(this.#state.own);
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
    this.#show({ phase: "evaluating" });
    await this.#both((lane, lanesSignal) => lane.evaluate(lanesSignal, () => this.#compare()), signal);
    if (!this.#lanes.every((lane) => lane.isEvaluated)) return this.#show({ phase: "paused" });
    if (!this.#state.comparison?.sentence) await this.#compare();
    const models = await Promise.all(this.#lanes.map((lane) => lane.ask((engine) => engine.remote.weights())));
    this.#made(...models);
  }

  /** The run is finished, with these models. */
  #made(plain, continuity) {
    const { settings, own } = this.#state;
    this.#show({ phase: "done", trained: { settings, own, plain, continuity } });
  }

  /** Fills in the rows of the table that both reports have. */
  async #compare() {
    const [plain, continuity] = this.#lanes.map((lane) => lane.report);
    if (!plain || !continuity) return;
    const comparison = await statistics.remote.compare(plain, continuity);
    // Two lanes ask: an earlier, shorter table must not replace a longer one.
    if (comparison.rows.length >= (this.#state.comparison?.rows.length ?? 0)) this.#show({ comparison });
  }

  /** Both lanes at once. A divergence or failure of one stops the other at its next slice. */
  async #both(work, signal) {
    const together = new AbortController();
    const abort = () => together.abort();
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    const outcomes = await Promise.allSettled(
      this.#lanes.map(async (lane) => {
        try {
          await work(lane, together.signal);
          if (lane.diverged) abort();
        } catch (error) {
          abort();
          throw error;
        }
      }),
    );
    signal.removeEventListener("abort", abort);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** After training stopped: shows why. True unless both lanes are finished. */
  #settle() {
    const lane = this.#lanes.find((lane) => lane.diverged);
    if (lane) {
      const { label } = this.#store.lanes(this.#state.settings).find(({ id }) => id === lane.name);
      const message = `The lane “${label}” stopped. ${lane.diverged.message}`;
      this.#show({ phase: "paused", error: { code: "diverged", message } });
      return true;
    }
    const finished = this.#lanes.every((lane) => lane.step >= lane.steps);
    this.#show({ phase: "paused" });
    return !finished;
  }
}
