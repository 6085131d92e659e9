// <scl-claims>: which claims hold, over many seeds, as the study runner found: every number leads to its raw data.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, inUnit } from "../style.js";
import { whenNear } from "../near.js";

const FOLDER = "./data/results/default";
const VERDICTS = { supported: ["●", "supported", "good"], mixed: ["◆", "mixed", "open"], "not-supported": ["▲", "not supported", "bad"] };

export class Claims extends LitElement {
  static properties = {
    store: { attribute: false },
    /** Where the lab is, on another page. */
    home: { attribute: false },
    table: { state: true },
    error: { state: true },
  };

  static styles = [shared, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-4); }
    article { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-2); }
    /* A shade where a wide table goes on, behind a cover that moves with its end. */
    .scroll {
      overflow-x: auto;
      background:
        linear-gradient(to right, var(--page) 1rem, transparent) left / 2rem 100% no-repeat local,
        linear-gradient(to left, var(--page) 1rem, transparent) right / 2rem 100% no-repeat local,
        linear-gradient(to right, var(--line), transparent) left / 0.75rem 100% no-repeat,
        linear-gradient(to left, var(--line), transparent) right / 0.75rem 100% no-repeat;
    }
    table { border-collapse: collapse; width: 100%; font-size: var(--size-s); }
    th, td { padding: 0.3rem 0.6rem 0.3rem 0; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
    th:first-child, td:last-child, th:last-child { text-align: left; }
    th[scope="row"] { min-width: 13em; }
    td { white-space: nowrap; }
    thead th { color: var(--muted); }
    a { color: inherit; text-decoration-color: var(--line-strong); text-underline-offset: 0.2em; }
    .verdict { font-weight: 700; }
    td .verdict, ol .verdict { white-space: nowrap; }
    .good { color: var(--good-ink); } .bad { color: var(--warn-ink); } .open { color: var(--muted); }
    ol { margin: 0; padding: 0; list-style: none; display: grid; gap: var(--space-1); }
    ol a { color: var(--ink); }
    summary { cursor: pointer; min-height: 2rem; align-content: center; font-weight: 600; }
    details > * + * { margin-top: var(--space-2); }
  `];

  constructor() {
    super();
    whenNear(this, () => this.#load());
  }

  async #load() {
    this.error = null;
    try {
      const response = await fetch(new URL(`../../${FOLDER}/claims.json`, import.meta.url));
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
    if (!this.error) this.renderRoot.querySelector("a").focus();
  }

  /** Where the raw data lie: on a host page elsewhere. */
  get #folder() {
    return this.home ? new URL(FOLDER, this.home) : FOLDER;
  }

  /** A link that opens the page with the settings of a lane. The page itself follows it in place, a host page stays. */
  #settings(group, lane, words) {
    const settings = this.table.lanes[`${group}.${lane}`];
    if (!settings) return words;
    const address = `${this.home ?? ""}?${this.store.query({ settings })}#train`;
    return html`<a href=${address} target=${this.home ? "_blank" : nothing} title="Open the page with these settings">${words}</a>`;
  }

  /** A number that leads to what it was made of, beside the page and what the visitor made there. */
  #raw(group, lane, number) {
    const address = `${this.#folder}/${group}.${lane}.json`;
    return html`<a href=${address} target="_blank" title="Raw data: ${group}, ${lane}, all seeds">${number}</a>`;
  }

  #verdict(id) {
    const [sign, words, kind] = VERDICTS[id];
    return html`<span class="verdict ${kind}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
  }

  render() {
    const { table } = this;
    if (this.error) return html`<p class="notice" role="alert">The results cannot be loaded: ${this.error.message}. <button @click=${() => this.#retry()}>Try again</button></p>`;
    if (!table) return html`<p class="muted">Loading the results …</p>`;
    return html`<ol aria-label="Claims and verdicts">${table.claims.map(({ id, text, verdict }) => html`<li>${this.#verdict(verdict)} <a href="#claim-${id}" @click=${(event) => this.#go(event, id)}>${text}</a></li>`)}</ol>
      <p class="small muted">Seeds ${table.seeds.join(", ")}, each with a start, training and pictures of its own; intervals are Student’s 95 %, paired by seed. A row is <em>supported</em> when the interval of the difference lies on the better side of 0,
        <em>not supported</em> when it lies on the other, <em>mixed</em> when it holds 0. A claim is supported when all its rows are, not supported when none is. The rule and the rows were written down before any number was known; what lost stays.
        Made by <code>${table.command}</code> at commit <code>${table.made_by.commit.slice(0, 10)}</code>.
        <a href="${this.#folder}/table.csv" target="_blank">All numbers as CSV</a>.</p>
      ${table.claims.map((claim) => this.#claim(claim))}
      <article><h3>More from the same study</h3>${table.tables.map((sheet) => this.#sheet(sheet))}</article>`;
  }

  #go(event, id) {
    event.preventDefault();
    const heading = this.renderRoot.querySelector(`#claim-${id}`);
    heading.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    heading.focus({ preventScroll: true });
  }

  #claim({ id, text, note, rows, verdict }) {
    const upper = rows.some((row) => row.upper_mean);
    const rivals = rows.some((row) => row.rival);
    const limit = rows.some((row) => row.threshold !== null);
    const line = (row) => {
      const number = inUnit(row.unit);
      const { difference, rival } = row;
      const sign = difference.value > 0 ? "+" : "";
      return html`<tr><th scope="row">${row.label}, <span class="muted">${row.group}</span></th>
        <td class="number">${this.#raw(row.group, row.plain, number(row.plain_mean.value))}</td>
        <td class="number">${limit ? number(row.threshold) : this.#raw(row.group, row.continuity, number(row.continuity_mean.value))}</td>
        <td class="number">${sign}${number(difference.value)} <span class="muted">${number(difference.low)} to ${number(difference.high)}</span></td>
        ${rivals ? html`<td class="number">${rival ? html`${this.#raw(row.group, rival[0], number(rival[1].value))} <span class="muted">${this.#settings(row.group, rival[0], rival[0])}</span>` : nothing}</td>` : nothing}
        ${upper ? html`<td class="number">${row.upper_mean ? this.#raw(row.group, row.upper, number(row.upper_mean.value)) : nothing}</td>` : nothing}
        <td>${this.#verdict(row.verdict)}${limit ? nothing : html` <span class="small">${this.#settings(row.group, row.continuity, "try it")}</span>`}</td></tr>`;
    };
    return html`<article><h3 id="claim-${id}" tabindex="-1">${text} ${this.#verdict(verdict)}</h3>
      ${note ? html`<p class="small muted">${note}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${text}><table>
        <thead><tr><th scope="col">Measure</th><th scope="col">Plain</th><th scope="col">${limit ? "Threshold" : "Constraint"}</th><th scope="col">Difference</th>
          ${rivals ? html`<th scope="col">Best rival</th>` : nothing}${upper ? html`<th scope="col">Adversarial</th>` : nothing}<th scope="col">Verdict</th></tr></thead>
        <tbody>${rows.map(line)}</tbody></table></div></article>`;
  }

  #sheet({ id, title, note, group, lanes, column, means }) {
    const cell = (mean, { unit }) => {
      const number = inUnit(unit);
      return html`<td class="number">${mean ? html`${number(mean.value)} <span class="muted">± ${number((mean.high - mean.low) / 2)}</span>` : "–"}</td>`;
    };
    return html`<details id="table-${id}"><summary>${title}</summary><p class="small muted">${note} ${group}; mean over ${this.table.seeds.length} seeds ± half of a 95 % interval.</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${title}><table>
        <thead><tr><th scope="col">Lane</th>${column.map(({ label }) => html`<th scope="col">${label}</th>`)}<th scope="col">Data</th></tr></thead>
        <tbody>${lanes.map((lane, i) => html`<tr><th scope="row">${this.#settings(group, lane, lane)}</th>${column.map((each, k) => cell(means[i][k], each))}<td>${this.#raw(group, lane, "JSON")}</td></tr>`)}</tbody></table></div></details>`;
  }
}

export const registerClaims = () => customElements.get("scl-claims") ?? customElements.define("scl-claims", Claims);
