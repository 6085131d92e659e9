// What a reader answered, as long as the tab is open: nothing is sent, and nothing stays behind.

/**
 * @typedef {object} Answered
 * @property {number | null} choice the option by its index; nothing if the question was skipped
 * @property {{ outcome: string, says: string }} [measured] what the figure found, once it has
 */

export class Answers {
  #key;
  /** @type {Record<number, Answered>} step → answer */
  #all = {};

  /** @param {string} lesson its id */
  constructor(lesson) {
    this.#key = `lesson ${lesson}`;
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key)) ?? {};
      for (const [step, { choice, measured }] of Object.entries(kept)) this.#all[step] = { choice, measured };
    } catch {
      // Storage may be forbidden, or hold something else: the answers then last as long as the page.
    }
  }

  /** @returns {Answered | undefined} */
  of(step) {
    return this.#all[step];
  }

  get count() {
    return Object.values(this.#all).filter(({ choice }) => choice !== null).length;
  }

  /** @param {Partial<Answered>} answer */
  set(step, answer) {
    this.#all[step] = { choice: null, ...this.#all[step], ...answer };
    this.#keep();
  }

  clear() {
    this.#all = {};
    this.#keep();
  }

  #keep() {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#all));
    } catch {
      // As above.
    }
  }
}

/**
 * The option that is right, as far as it is known: its index; null where none is; nothing while the figure has not
 * answered.
 * @param {import("./format.js").Question} question
 * @param {Answered} [answered]
 */
export function rightOption({ answer }, answered) {
  if (answer === null) return null;
  if (typeof answer === "number") return answer - 1;
  const measured = answered?.measured;
  if (!measured) return undefined;
  const option = answer.is[measured.outcome];
  return option === null || option === undefined ? null : option - 1;
}
