// <scl-claims>: which claims hold, over many seeds, as the study runner found: every number leads to its raw data.
import { LitElement, html } from "../../vendor/lit.js";
import { HOME } from "../../lib/home.js";
import { counted } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { whenNear } from "../near.js";
import { measurementsOf, moreTables, rule } from "./detail.js";
import { FOLDER, Links } from "./links.js";
import { overview, sceptic, summary } from "./overview.js";
import { layout } from "./style.js";
import { measurements } from "./summary.js";
import { verdictStyle } from "./verdict.js";

/** @import { Store } from "../../app/store.js" */
/** @import { Message } from "../../engine/client.js" */
/** @import { With } from "../section.js" */

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {URL} home
 * @property {Message} table
 * @property {Set<string>} open
 * @property {Error} error
 */

export class Claims extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    /** Where the lab is, on another page. */
    home: { attribute: false },
    table: { state: true },
    /** The claims whose measurements are shown. */
    open: { state: true },
    error: { state: true },
  };

  static styles = [shared, verdictStyle, layout];

  constructor() {
    super();
    this.open = new Set();
    whenNear(this, () => this.#load());
  }

  async #load() {
    this.error = null;
    try {
      const response = await fetch(new URL(`${FOLDER}/claims.json`, HOME));
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.table = await response.json();
    } catch (error) {
      this.error = error;
    }
  }

  async #retry() {
    await this.#load();
    await this.updateComplete;
    // The button that was pressed is gone.
    /** @type {HTMLElement} */
    const first = this.renderRoot.querySelector(".claim button");
    if (!this.error) first.focus();
  }

  async #toggle(id) {
    const open = new Set(this.open);
    if (!open.delete(id)) open.add(id);
    this.open = open;
    await this.updateComplete;
    if (!open.has(id)) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.renderRoot.querySelector(`#claim-${id}`).scrollIntoView({ block: "nearest", behavior });
  }

  get #isAllOpen() {
    return this.table.claims.every(({ id }) => this.open.has(id));
  }

  render() {
    const { table } = this;
    if (this.error) {
      return html`<p class="notice" role="alert">
        The results cannot be loaded: ${this.error.message}. <button @click=${() => this.#retry()}>Try again</button>
      </p>`;
    }
    if (!table) return html`<p class="muted">Loading the results …</p>`;
    const links = new Links(this.store, table.lanes, this.home);
    const all = table.claims.map(({ id }) => id);
    const isAllOpen = this.#isAllOpen;
    return html`${summary(table)}
      ${overview(
        table,
        this.open,
        (id) => this.#toggle(id),
        (claim) => measurementsOf(claim, links),
      )}
      ${sceptic(table)}
      <div class="ways">
        <button id="all" aria-pressed=${isAllOpen} @click=${() => (this.open = new Set(isAllOpen ? [] : all))}>
          All ${counted(measurements(table.claims).length, "measurement")}
        </button>
        <a class="button" href=${links.csv} target="_blank">CSV</a>
      </div>
      <div class="folded">${rule(table, links)}${moreTables(table, links)}</div>`;
  }
}

export const register = () => customElements.get("scl-claims") ?? customElements.define("scl-claims", Claims);
