// The figure of a step: nothing of it is loaded before it is wanted. Whenever it draws it is asked what it shows.
import { CHECKS } from "./checks.js";

/** @import { Step } from "./format.js" */
/** @import { Measured } from "./checks.js" */

/** The settings of a step, with the seed of a class where one was given. */
export function settingsOf({ figure, settings = "" }, seed) {
  const query = new URLSearchParams(settings.replaceAll("+", "%2B"));
  if (seed !== null) {
    query.set("seed", String(seed));
    // What a figure draws at random by itself has a number of its own.
    if (figure === "nudge") query.set("draw", String(seed));
    if (figure === "attack") query.set("attack.draw", String(seed));
  }
  return query.toString();
}

export class Stage {
  #changed;
  #closed = false;
  #check;
  #observer;
  #mounted;
  /** @type {HTMLElement | undefined} */
  element;
  /** What the settings of the lesson could not say. @type {string[]} */
  notices = [];
  /** @type {string | undefined} */
  problem;

  /**
   * @param {Step} step
   * @param {number | null} seed
   * @param {(measured?: Measured) => void} changed called when there is more to show
   */
  constructor(step, seed, changed) {
    this.#changed = changed;
    this.#mount(step, seed);
  }

  async #mount(step, seed) {
    const { answer } = step.question;
    try {
      const { mount } = await import("../embed/mount.js");
      const mounted = await mount(step.figure, { dataset: null, settings: settingsOf(step, seed), few: false });
      if (this.#closed) return mounted.close();
      this.#mounted = mounted;
      this.element = mounted.element;
      this.notices = mounted.notices;
      if (answer !== null && typeof answer === "object") this.#check = CHECKS[answer.check];
    } catch (error) {
      this.problem = `This figure cannot be loaded: ${error?.message ?? error}`;
    }
    this.#changed();
  }

  /** The element stands in the page. A figure says nothing when it has computed something, but it draws it. */
  shown() {
    if (!this.#check || this.#observer || !this.element?.shadowRoot) return;
    const { measure } = this.#check;
    const ask = async () => {
      const measured = await measure(this.element);
      if (!measured || this.#closed) return;
      this.#observer.disconnect();
      this.#changed(measured);
    };
    this.#observer = new MutationObserver(ask);
    const parts = { subtree: true, childList: true, characterData: true, attributes: true };
    this.#observer.observe(this.element.shadowRoot, parts);
    ask();
  }

  close() {
    this.#closed = true;
    this.#observer?.disconnect();
    this.#mounted?.close();
  }
}
