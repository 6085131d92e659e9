// An engine that answers the page at once: figures about one picture, the check of settings, comparisons. Opened when
// first needed, and opened anew after it died.
import { Engine, isLoss, methods } from "./client.js";
import { datasetOf, ENGINE, filesOf, firstOf, PICTURES, SHIPPED, weightsOf } from "../catalogue/datasets.js";

/** @import { DataInfo } from "semantic-continuity-lab/engine" */
/** @import { EngineName, Remote, Settings } from "./client.js" */
/** @import { Own } from "../user-data/own.js" */
/** @import { OwnPicture } from "../user-data/picture.js" */

/** What made the models of `pair`, as `PairEngine.ask` takes it, in the words of results. */
export const madeBy = (pair, defaults) => ({
  models: pair && !pair.shipped ? "trained in this tab" : "shipped",
  settings: pair?.settings ?? { ...defaults, ...SHIPPED },
});

/**
 * Two models to ask: of a finished run, with their bytes, or a pair that ships.
 * @typedef {object} Pair
 * @property {Settings} settings that made them
 * @property {boolean} [shipped]
 * @property {Own} [own] the visitor's pictures, if they learnt from them
 * @property {Uint8Array} [plain]
 * @property {Uint8Array} [continuity]
 */

/**
 * Megabytes that are there, of those that are loaded first.
 * @typedef {{ done: number, total: number }} Load
 */

const SLOTS = /** @type {const} */ (["plain", "continuity"]);

/** Failures after which the engine is of no more use. */
const isFatal = (error) => isLoss(error) || error.code === "closed";

export class PairEngine {
  #name;
  #engine;
  /** Whether it is there, and not only on its way. */
  #isOpen = false;
  /**
   * What is loaded: `{ models, data, part, picture }`, models being "shipped" or a finished run, part "first" or "test"
   * pictures, picture the visitor's own.
   */
  #loaded;
  /** Questions one after the other: loading and asking must not interleave. */
  #queue = Promise.resolve();

  #retired = false;
  /** Engines lost in a row. */
  #lost = 0;
  /** Why its engine is slower than it could be, if it is. */
  note = null;

  /** @param {EngineName | "statistics"} name */
  constructor(name = "cpu") {
    this.#name = name;
  }

  #open(ahead) {
    if (this.#retired) throw { code: "closed", message: "The engine was closed." };
    if (!this.#engine) {
      const opening = Engine.open(this.#name, ahead);
      this.#engine = opening;
      opening.then(
        ({ note }) => {
          this.#isOpen = this.#engine === opening;
          this.note = note;
        },
        () => this.#forget(opening),
      );
    }
    return this.#engine;
  }

  #forget(engine) {
    if (this.#engine !== engine) return;
    this.#engine = this.#loaded = undefined;
    this.#isOpen = false;
    engine.then(
      (engine) => engine.close(),
      () => {},
    );
  }

  /** Runs `work` with the engine, which fetches files ahead; after a fatal failure the next one gets a fresh engine. */
  async #with(work, ahead) {
    const opening = this.#open(ahead);
    try {
      const answer = await work(await opening);
      this.#lost = 0;
      return answer;
    } catch (error) {
      if (isFatal(error)) this.#forget(opening);
      if (!isLoss(error) || ++this.#lost < 2) throw error;
      const wayOn = "reload the page, which frees its memory.";
      throw { ...error, message: `${error.message} That happened ${this.#lost} times in a row: ${wayOn}` };
    }
  }

  /**
   * Starts the engine before anybody asks it, for a question about the first pair that ships.
   * @param {Settings} defaults
   */
  start(defaults) {
    const { settings } = madeBy(null, defaults);
    // Whoever asks hears of a failure.
    this.#open(this.#ahead(settings, null, this.#partFor(settings, null, 1))).catch(() => {});
  }

  /** Throws what is wrong with the settings. */
  validate(settings) {
    return this.#with((engine) => engine.validate(settings));
  }

  #has(pair) {
    return this.#loaded?.models === (pair ?? "shipped");
  }

  /** The part of the test pictures that is loaded for so many of them. */
  #partFor({ dataset }, pair, pictures) {
    if (this.#has(pair) && this.#loaded.part === "test") return "test";
    return !pair?.own && pictures <= firstOf(dataset) ? "first" : "test";
  }

  /**
   * Loads a part of the pictures and a pair of models, made with `settings`, unless they are there; returns what is
   * known of the data.
   */
  async #load(engine, settings, pair, part, count) {
    if (this.#has(pair) && this.#loaded.part === part) return this.#loaded.data;
    const slots = this.#has(pair) ? [] : SLOTS;
    // Half of one pair and half of another is nobody's.
    this.#loaded = undefined;
    const info = await engine.loadData(settings, [part], (bytes) => count(bytes / 1e6), pair?.own);
    // All of them can be asked for.
    const data = part === "first" ? { ...info, test: datasetOf(settings.dataset).pictures.test } : info;
    for (const slot of slots) {
      if (pair?.[slot]) await engine.remote.load_weights(slot, pair[slot]);
      else await engine.loadWeightsFile(slot, weightsOf(settings, slot));
    }
    this.#loaded = { models: pair ?? "shipped", data, part };
    return data;
  }

  /** Files that a question to `pair` loads first. */
  #ahead(settings, pair, part) {
    if (this.#has(pair)) return [];
    return [
      ...(pair?.own ? [] : Object.values(filesOf(settings.dataset, [part]))),
      ...SLOTS.filter((slot) => !pair?.[slot]).map((slot) => `weights/${weightsOf(settings, slot)}`),
    ];
  }

  /** Megabytes that a question to `pair` loads first. */
  #missing({ dataset }, pair, part) {
    const has = this.#has(pair);
    if (has && this.#loaded.part === part) return 0;
    const { first = 0, test, models } = PICTURES[dataset] ?? { test: 0, models: 0 };
    return (this.#isOpen ? 0 : ENGINE) + (part === "first" ? first : test) + (has || pair?.plain ? 0 : models);
  }

  /** Puts the visitor's picture into the engine. */
  async #put(engine, picture) {
    const loaded = this.#loaded;
    if (loaded.picture === picture) return;
    const pixels = await picture.planes(loaded.data);
    const label = loaded.data.classes.indexOf(picture.shows);
    await engine.remote.put_picture(pixels, label < 0 ? undefined : label);
    loaded.picture = picture;
  }

  /**
   * One question to a pair of models, which are loaded first if they are not there.
   * @template T
   * @param {Settings} settings defaults of the page
   * @param {Pair | null} trained nothing for the first pair that ships
   * @param {(engine: Remote, data: DataInfo, put: (picture: OwnPicture) => Promise<void>) => Promise<T> | T} question
   *   asked when its turn comes, of what is known of the data; `put` brings the visitor's own picture, for the subject
   *   `own`
   * @param {{ onLoad?: (done: number, total: number) => void, pictures?: () => number }} [more] `onLoad` is called
   *   with the megabytes that are there and with all that are loaded first, if any are; `pictures` says how many of the
   *   first test pictures the question is about, which is all unless it is given
   * @returns {Promise<T>}
   */
  ask(settings, trained, question, { onLoad, pictures = () => Infinity } = {}) {
    const work = this.#queue.then(() => {
      const { settings: made } = madeBy(trained, settings);
      const part = () => this.#partFor(made, trained, pictures());
      const total = this.#missing(made, trained, part());
      let done = 0;
      const count = (megabytes) => total > 0 && onLoad?.((done += megabytes), total);
      const opens = !this.#isOpen;
      count(0);
      return this.#with(
        async (engine) => {
          if (opens) count(ENGINE);
          let loaded, data;
          // Meanwhile the question may have become one about another picture.
          do data = await this.#load(engine, made, trained, (loaded = part()), count);
          while (loaded !== part());
          return question(engine.remote, data, (picture) => this.#put(engine, picture));
        },
        this.#ahead(made, trained, part()),
      );
    });
    this.#queue = work.catch(() => {});
    return work;
  }

  /** Loads a pair of models and their pictures, as `ask` does; returns what is known of the data. */
  load(settings, trained, more) {
    return this.ask(settings, trained, (_, data) => ({ data }), more);
  }

  /**
   * The engine's own methods, for who has this engine alone.
   * @type {Remote}
   */
  remote = methods((name, values) => this.#call((engine) => engine.remote[name](...values)));

  async #call(question) {
    try {
      return await this.#with(question);
    } catch (error) {
      // That of statistics holds nothing: another one answers as well.
      if (this.#name !== "statistics" || !isLoss(error)) throw error;
      return this.#with(question);
    }
  }

  /** Both halves of another dataset in place of the models' own; `onLoad` as for `ask`. */
  loadData(settings, onLoad) {
    this.#loaded = undefined;
    const { test, train } = PICTURES[settings.dataset];
    let done = 0;
    return this.#with((engine) =>
      engine.loadData(settings, ["train", "test"], (bytes) => onLoad((done += bytes / 1e6), test + train)),
    );
  }

  /** Loads the model that both were trained from. */
  loadBase(settings) {
    return this.#with((engine) => engine.loadWeightsFile("base", weightsOf(settings, "base")));
  }

  /** Ends the worker. */
  close() {
    if (this.#engine) this.#forget(this.#engine);
  }

  /** Ends the worker, and no question starts another one until `reopen`. */
  retire() {
    this.#retired = true;
    this.close();
  }

  reopen() {
    this.#retired = false;
  }
}

/** What puts two reports side by side, for all figures. */
export const statistics = new PairEngine("statistics");
