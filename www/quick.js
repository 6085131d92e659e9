// The CPU engine that answers the page at once: the nudge figure and the check of settings. Opened when first
// needed, and opened anew after it died.
import { Engine } from "./engine.js";

/** The models that come with the page, and the settings that made them. */
export const SHIPPED = { dataset: "fashion-mnist", architecture: "small-cnn" };

export class Quick {
  #engine;
  /** What is loaded, by whose models: "shipped" or "trained". */
  #loaded;

  engine() {
    this.#engine ??= Engine.open("cpu").catch((error) => this.#fail(error));
    return this.#engine;
  }

  async #fail(error) {
    const engine = this.#engine;
    this.#engine = this.#loaded = undefined;
    (await engine?.catch(() => null))?.close();
    throw error;
  }

  /** Throws what is wrong with the settings. */
  async validate(settings) {
    return (await this.engine()).validate(settings);
  }

  /**
   * Makes sure that data and a pair of models are loaded; returns what is known of the data.
   * @param settings defaults of the page
   * @param trained `{ settings, plain, continuity }` of a finished run, or nothing for the shipped pair
   */
  async load(settings, trained) {
    const wanted = trained ?? "shipped";
    if (this.#loaded?.models === wanted) return this.#loaded.data;
    const engine = await this.engine();
    try {
      const data = await engine.loadData(trained?.settings ?? { ...settings, ...SHIPPED }, ["test"]);
      for (const slot of ["plain", "continuity"]) {
        if (trained) await engine.call("load_weights", slot, trained[slot]);
        else await engine.loadWeightsFile(slot, `${SHIPPED.dataset}-${SHIPPED.architecture}-${slot}.safetensors`);
      }
      this.#loaded = { models: wanted, data };
      return data;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** Loads the model that both were trained from. */
  async loadBase({ dataset, architecture }) {
    await (await this.engine()).loadWeightsFile("base", `${dataset}-${architecture}-base.safetensors`);
  }

  /** Ends the worker. */
  async close() {
    (await this.#engine?.catch(() => null))?.close();
  }

  async call(name, ...values) {
    try {
      return await (await this.engine()).call(name, ...values);
    } catch (error) {
      if (["worker-died", "failed", "device"].includes(error.code)) return this.#fail(error);
      throw error;
    }
  }
}
