// Where the claims lead: to the raw data of a number, and to the page with the settings of a lane.
import { html, nothing } from "../../vendor/lit.js";

/** @import { Store } from "../../app/store.js" */

/** Where the results lie, below the page. */
export const FOLDER = "./data/results/default";

export class Links {
  #store;
  #lanes;
  #home;

  /**
   * @param {Store} store
   * @param {{ [lane: string]: any }} lanes the settings of each
   * @param {URL} [home] where the lab is, on another page
   */
  constructor(store, lanes, home) {
    this.#store = store;
    this.#lanes = lanes;
    this.#home = home;
  }

  /** Where the raw data lie: on a host page elsewhere. */
  get #folder() {
    return this.#home ? new URL(FOLDER, this.#home) : FOLDER;
  }

  get csv() {
    return `${this.#folder}/table.csv`;
  }

  /** Opens the page with the settings of a lane. The page itself follows it in place, a host page stays. */
  settings(group, lane, words) {
    const settings = this.#lanes[`${group}.${lane}`];
    if (!settings) return words;
    const address = `${this.#home ?? ""}?${this.#store.query({ settings })}#train`;
    return html`<a href=${address} target=${this.#home ? "_blank" : nothing} title="Open the page with these settings"
      >${words}</a
    >`;
  }

  /** A number that leads to what it was made of, beside the page and what the visitor made there. */
  raw(group, lane, number) {
    const address = `${this.#folder}/${group}.${lane}.json`;
    return html`<a href=${address} target="_blank" title="Raw data: ${group}, ${lane}, all seeds">${number}</a>`;
  }
}
