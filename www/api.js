// The lab for other programs: trains both lanes, and asks both models, without the page.
import { chooseEngine } from "./engine/select-engine.js";
import { asError, Engine, probeWebgpu } from "./engine/client.js";
import { Lane } from "./training/lane.js";
import { PairEngine } from "./engine/pair-engine.js";

export { Engine, probeWebgpu };

const LANES = ["plain", "continuity"];

let known;

/** What every call of a trainer rejects with. */
export class LabError extends Error {
  constructor({ code, message }) {
    super(message);
    Object.assign(this, { name: "LabError", code });
  }
}

const asLabError = (error) => (error instanceof LabError ? error : new LabError(asError(error)));
const invalid = (message) => new LabError({ code: "invalid-setting", message });

/** Every setting's control, by its name. */
function controls() {
  const lost = ({ message }) => {
    throw { code: "network", message: `settings.json cannot be loaded: ${message}. Check the connection.` };
  };
  known ??= fetch(new URL("./settings.json", import.meta.url))
    .catch(lost)
    .then(async (response) => {
      if (!response.ok)
        throw { code: "network", message: `settings.json cannot be loaded: the server answered ${response.status}.` };
      const { controls } = await response.json();
      return new Map(controls.map((control) => [control.key, control]));
    })
    .catch((error) => {
      known = undefined;
      throw asLabError(error);
    });
  return known;
}

/**
 * Two lanes from the same start, on the same pictures in the same order.
 * @param settings what differs from the defaults
 * @param onBytes called with the number of bytes of data that arrived
 */
export async function createTrainer(settings = {}, { onBytes = () => {} } = {}) {
  const all = await controls();
  if (!settings || typeof settings !== "object" || Array.isArray(settings))
    throw invalid(`The settings are ${String(settings)}; allowed is an object with what differs from the defaults.`);
  const strange = Object.keys(settings).filter((key) => !all.has(key));
  if (strange.length)
    throw invalid(`There is no setting ${strange.join(", ")}; there are ${[...all.keys()].join(", ")}.`);
  const defaults = Object.fromEntries([...all].map(([key, control]) => [key, control.default]));
  const given = { ...defaults, ...settings };
  // The library knows more kinds of pictures than ship with it.
  const shipped = all.get("dataset").choices.map(({ id }) => id);
  if (!shipped.includes(given.dataset))
    throw invalid(`dataset is ${JSON.stringify(given.dataset)}; allowed is ${shipped.join(", ")}.`);
  return new Trainer(given).open(onBytes);
}

class Trainer {
  #stop = new AbortController();
  #lanes;
  /** For questions about single pictures, with both models as they are. */
  #quick = new PairEngine();
  #statistics = new PairEngine("statistics");
  /** One command after the other. */
  #work = Promise.resolve();
  #trained;

  constructor(settings) {
    this.settings = settings;
  }

  async open(onBytes) {
    try {
      await this.#quick.validate(this.settings);
      this.engine = await chooseEngine(this.settings, null, () => {});
      this.#lanes = Lane.pair(LANES, () => {}, onBytes);
      await Promise.all(this.#lanes.map((lane) => lane.prepare(this.settings, this.engine.name)));
      return this;
    } catch (error) {
      this.close();
      throw asLabError(error);
    }
  }

  get step() {
    return Math.min(...this.#lanes.map((lane) => lane.step));
  }

  /** Makes up to `count` steps of both lanes; less at the end, or when one diverges. */
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

  /** Judges both models as they are on the same test pictures, and compares them. */
  evaluate() {
    return this.#command(async () => {
      for (const lane of this.#lanes) Object.assign(lane, { judged: { done: 0, units: 0 }, report: null });
      await Promise.all(this.#lanes.map((lane) => lane.judge(this.#stop.signal, () => {})));
      const [plain, continuity] = this.#lanes.map((lane) => lane.report);
      return { ...(await this.#statistics.call("compare", plain, continuity)), reports: { plain, continuity } };
    });
  }

  /** Attacks one test picture on both models. */
  attack({ index = 0, attack = { pgd: { steps: 20 } }, budget = { norm: "linf", epsilon: 25 / 255 }, seed = 1 } = {}) {
    return this.#ask("example", { index, attack, budget, seed });
  }

  /** Where both models look on one test picture, before and after a change. */
  saliency({
    index = 0,
    methods = ["gradient"],
    class: explained = "label",
    change = { perturbation: "gaussian:0.1" },
    seed = 1,
  } = {}) {
    return this.#ask("explain", { index, methods, class: explained, change, seed });
  }

  /** Both models as safetensors. */
  export() {
    return this.#command(async () => {
      const [plain, continuity] = await Promise.all(
        this.#lanes.map((lane) => lane.ask((engine) => engine.call("weights"))),
      );
      return { plain, continuity };
    });
  }

  /** Ends everything; calls under way fail. */
  close() {
    this.#stop.abort();
    this.#lanes?.forEach((lane) => lane.close());
    this.#quick.retire();
    this.#statistics.retire();
  }

  async #ask(name, request) {
    try {
      this.#trained ??= { settings: this.settings, ...(await this.export()) };
      const { answer } = await this.#quick.ask(this.settings, this.#trained, name, () => request);
      return answer;
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
