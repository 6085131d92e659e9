// The lab for other programs: trains both lanes, and asks both models, without the page.
import { chooseEngine } from "./engine/select-engine.js";
import { asError, Engine, probeWebgpu } from "./engine/client.js";
import { ASKED, PGD_20, linf } from "./catalogue/initial.js";
import { settings as schema } from "./catalogue/library.js";
import { Lane } from "./training/lane.js";
import { PairEngine } from "./engine/pair-engine.js";

/** @import * as engine from "semantic-continuity-lab/engine" */

export { Engine, probeWebgpu };

/** @typedef {import("./engine/client.js").EngineName} EngineName */
/** @typedef {import("./engine/client.js").Failure} Failure */
/**
 * The methods of an engine, which answer when it is their turn.
 * @template Methods
 * @typedef {import("./engine/client.js").Remote<Methods>} Remote
 */
/** @typedef {engine.Answer} Answer */
/** @typedef {engine.Attack} Attack */
/** @typedef {engine.Budget} Budget */
/** @typedef {engine.Change} Change */
/** @typedef {engine.Class} Class */
/** @typedef {engine.Comparison} Comparison */
/** @typedef {engine.DataInfo} DataInfo */
/** @typedef {engine.Example} Example */
/** @typedef {engine.Explanation} Explanation */
/** @typedef {engine.Method} Method */
/** @typedef {engine.Picture} Picture */
/** @typedef {engine.Quantity} Quantity */
/** @typedef {engine.Settings} Settings what differs from the defaults in `settings.json` */

/**
 * @typedef {object} Steps
 * @property {number} step steps that both lanes have made
 * @property {number} steps steps to make
 * @property {engine.Record[]} plain the steps just made
 * @property {engine.Record[]} continuity
 * @property {(engine.Diverged & { lane: engine.Lane }) | null} diverged
 */

/**
 * Two lanes from the same start, on the same pictures in the same order: plain, and with the constraint or a baseline
 * of it. Calls run one after the other and reject with a `LabError`.
 * @typedef {Readonly<PairTrainer>} Trainer
 */

const LANES = ["plain", "continuity"];

/** Every setting's control, by its name. */
const CONTROLS = new Map(schema.controls.map((control) => [control.key, control]));
/** Present names of settings by those that they had in earlier versions. */
const FORMER = new Map(schema.controls.flatMap(({ key, former }) => (former ? [[former, key]] : [])));

/** What every call of a trainer rejects with. */
export class LabError extends Error {
  /**
   * For programs, such as `invalid-setting`, `network`, `closed`.
   * @readonly
   * @type {string}
   */
  code;

  /** @param {Failure} failure */
  constructor({ code, message }) {
    super(message);
    Object.assign(this, { name: "LabError", code });
  }
}

const asLabError = (error) => (error instanceof LabError ? error : new LabError(asError(error)));
const invalid = (message) => new LabError({ code: "invalid-setting", message });

/**
 * Opens both lanes.
 * @param {Settings} [settings] what differs from the defaults in `settings.json`
 * @param {{ onBytes?: (bytes: number) => void }} [options] `onBytes` is called with the number of bytes of data that
 *   arrived
 * @returns {Promise<Trainer>}
 */
export async function createTrainer(settings = {}, { onBytes = () => {} } = {}) {
  if (!settings || typeof settings !== "object" || Array.isArray(settings))
    throw invalid(`The settings are ${String(settings)}; allowed is an object with what differs from the defaults.`);
  const given = Object.fromEntries(Object.entries(settings).map(([key, value]) => [FORMER.get(key) ?? key, value]));
  const strange = Object.keys(given).filter((key) => !CONTROLS.has(key));
  if (strange.length)
    throw invalid(`There is no setting ${strange.join(", ")}; there are ${[...CONTROLS.keys()].join(", ")}.`);
  const defaults = Object.fromEntries([...CONTROLS].map(([key, control]) => [key, control.default]));
  /** @type {Record<string, any>} */
  const whole = { ...defaults, ...given };
  // The library knows more kinds of pictures than ship with it.
  const shipped = CONTROLS.get("dataset").choices.map(({ id }) => id);
  if (!shipped.includes(whole.dataset))
    throw invalid(`dataset is ${JSON.stringify(whole.dataset)}; allowed is ${shipped.join(", ")}.`);
  return new PairTrainer(whole).open(onBytes);
}

class PairTrainer {
  #stop = new AbortController();
  #lanes;
  /** For questions about single pictures, with both models as they are. */
  #quick = new PairEngine();
  #statistics = new PairEngine("statistics");
  /** One command after the other. */
  #work = Promise.resolve();
  #trained;

  /** @internal */
  constructor(settings) {
    /**
     * All of them.
     * @type {Required<Settings>}
     */
    this.settings = settings;
  }

  /** @internal */
  async open(onBytes) {
    try {
      await this.#quick.validate(this.settings);
      /**
       * Which one trains, and why.
       * @type {{ name: EngineName, why: string }}
       */
      this.engine = await chooseEngine(this.settings, null, () => {});
      this.#lanes = Lane.pair(LANES, () => {}, onBytes);
      await Promise.all(this.#lanes.map((lane) => lane.prepare(this.settings, this.engine.name)));
      return this;
    } catch (error) {
      this.close();
      throw asLabError(error);
    }
  }

  /** Steps that both lanes have made. */
  get step() {
    return Math.min(...this.#lanes.map((lane) => lane.step));
  }

  /**
   * Makes up to `count` steps of both lanes, a whole number from 1 on; less at the end, or when one diverges. Not
   * calling is pausing.
   * @param {number} count
   * @returns {Promise<Steps>}
   */
  trainSteps(count) {
    return this.#command(async () => {
      if (!(Number.isInteger(count) && count > 0))
        throw invalid(`trainSteps was given ${count}; allowed is a whole number from 1 on.`);
      const before = this.#lanes.map((lane) => lane.history.length);
      this.#trained = undefined;
      await Promise.all(this.#lanes.map((lane) => lane.train(this.#stop.signal, count)));
      const [plain, continuity] = this.#lanes.map((lane, i) => lane.history.slice(before[i]));
      const diverged = this.#lanes.find((lane) => lane.diverged);
      return {
        step: this.step,
        steps: this.settings.steps,
        plain,
        continuity,
        diverged: diverged ? { lane: diverged.name, ...diverged.diverged } : null,
      };
    });
  }

  /**
   * Evaluates both models as they are on the same test pictures, and compares them.
   * @returns {Promise<Comparison & { reports: { plain: engine.Report, continuity: engine.Report } }>}
   */
  evaluate() {
    return this.#command(async () => {
      for (const lane of this.#lanes) Object.assign(lane, { evaluated: { done: 0, units: 0 }, report: null });
      await Promise.all(this.#lanes.map((lane) => lane.evaluate(this.#stop.signal, () => {})));
      const [plain, continuity] = this.#lanes.map((lane) => lane.report);
      return { ...(await this.#statistics.remote.compare(plain, continuity)), reports: { plain, continuity } };
    });
  }

  /**
   * Attacks one test picture on both models; PGD-20 within 25/255 unless said otherwise.
   * @param {{ index?: number, attack?: Attack, budget?: Budget, seed?: number }} [request]
   * @returns {Promise<Example>}
   */
  attack({ index = 0, attack = PGD_20, budget = linf(25 / 255), seed = 1 } = {}) {
    return this.#ask((engine) => engine.example({ subject: { test: index }, attack, budget, seed }));
  }

  /**
   * Where both models look on one test picture, before and after a change.
   * @param {{ index?: number, methods?: Method[], class?: Class, change?: Change, seed?: number }} [request]
   * @returns {Promise<Explanation>}
   */
  saliency({ index = 0, methods = ASKED.methods, class: explained = "label", change = ASKED.change, seed = 1 } = {}) {
    return this.#ask((engine) => engine.explain({ subject: { test: index }, methods, class: explained, change, seed }));
  }

  /**
   * Both models as safetensors, which PyTorch reads.
   * @returns {Promise<{ plain: Uint8Array<ArrayBuffer>, continuity: Uint8Array<ArrayBuffer> }>}
   */
  export() {
    return this.#command(async () => {
      const [plain, continuity] = await Promise.all(
        this.#lanes.map((lane) => lane.ask((engine) => engine.remote.weights())),
      );
      return { plain, continuity };
    });
  }

  /** Ends its engines. Calls under way fail. */
  close() {
    this.#stop.abort();
    this.#lanes?.forEach((lane) => lane.close());
    this.#quick.retire();
    this.#statistics.retire();
  }

  async #ask(question) {
    try {
      this.#trained ??= { settings: this.settings, ...(await this.export()) };
      return await this.#quick.ask(this.settings, this.#trained, question);
    } catch (error) {
      throw asLabError(error);
    }
  }

  #command(work) {
    const result = this.#work
      .then(() => {
        if (this.#stop.signal.aborted) throw { code: "closed", message: "The trainer was closed." };
        return work();
      })
      .catch((error) => {
        throw asLabError(error);
      });
    this.#work = result.catch(() => {});
    return result;
  }
}
