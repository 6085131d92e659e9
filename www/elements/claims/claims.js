// <scl-claims>: which claims hold, over many seeds, as the study runner found: every number leads to its raw data.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { HOME } from "../../lib/home.js";
import { differenceIn, inUnit } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { whenNear } from "../near.js";

/** @import { Store } from "../../app/store.js" */
/** @import { Message } from "../../engine/client.js" */
/** @import { With } from "../section.js" */

const FOLDER = "./data/results/default";
/** Sign, word, colour, and what it says of a claim. */
const VERDICTS = {
  supported: ["●", "supported", "good", "every row with a value is"],
  mixed: ["◆", "mixed", "open", "rows with a value are not all the same"],
  contradicted: ["▲", "contradicted", "bad", "every row with a value goes the other way"],
  inconclusive: ["○", "inconclusive", "open", "no row can be told from chance"],
  undefined: ["–", "undefined", "open", "no row has a value"],
};
/** The lanes that the columns are named after. */
const USUAL = ["plain", "continuity"];

/** An end of the interval of a difference: not the unit again. */
const endIn = (unit) => (x) => differenceIn(unit)(x).split("\u00a0")[0];
/** A p-value in words. */
const probability = (p) => (p < 0.0001 ? "< 0.0001" : p.toFixed(4));

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {URL} home
 * @property {Message} table
 * @property {Error} error
 */

export class Claims extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    /** Where the lab is, on another page. */
    home: { attribute: false },
    table: { state: true },
    error: { state: true },
  };

  static styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
      }
      /* A shade where a wide table goes on, behind a cover that moves with its end. */
      .scroll {
        overflow-x: auto;
        background:
          linear-gradient(to right, var(--page) 1rem, transparent) left / 2rem 100% no-repeat local,
          linear-gradient(to left, var(--page) 1rem, transparent) right / 2rem 100% no-repeat local,
          linear-gradient(to right, var(--line), transparent) left / 0.75rem 100% no-repeat,
          linear-gradient(to left, var(--line), transparent) right / 0.75rem 100% no-repeat;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: var(--size-s);
      }
      th,
      td {
        padding: 0.3rem 0.6rem 0.3rem 0;
        text-align: right;
        border-bottom: 1px solid var(--line);
        vertical-align: top;
        font-weight: 400;
      }
      th:first-child,
      td:last-child,
      th:last-child {
        text-align: left;
      }
      th[scope="row"] {
        min-width: 13em;
      }
      td {
        white-space: nowrap;
      }
      thead th {
        color: var(--muted);
      }
      a {
        color: inherit;
        text-decoration-color: var(--line-strong);
        text-underline-offset: 0.2em;
      }
      .verdict {
        font-weight: 700;
      }
      td .verdict,
      ol .verdict {
        white-space: nowrap;
      }
      .good {
        color: var(--good-ink);
      }
      .bad {
        color: var(--warn-ink);
      }
      .open {
        color: var(--muted);
      }
      .explorations th,
      .explorations td {
        color: var(--muted);
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
        display: grid;
        gap: var(--space-1);
      }
      ol a {
        color: var(--ink);
      }
      summary {
        cursor: pointer;
        min-height: 2rem;
        align-content: center;
        font-weight: 600;
      }
      details > * + * {
        margin-top: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
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
    return html`<a href=${address} target=${this.home ? "_blank" : nothing} title="Open the page with these settings"
      >${words}</a
    >`;
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
    if (this.error) {
      return html`<p class="notice" role="alert">
        The results cannot be loaded: ${this.error.message}. <button @click=${() => this.#retry()}>Try again</button>
      </p>`;
    }
    if (!table) return html`<p class="muted">Loading the results …</p>`;
    const entry = ({ id, text, verdict }) =>
      html`<li>
        ${this.#verdict(verdict)} <a href="#claim-${id}" @click=${(event) => this.#go(event, id)}>${text}</a>
      </li>`;
    return html`<ol aria-label="Claims and verdicts">
        ${table.claims.map(entry)}
      </ol>
      ${this.#counts(table.claims)}${this.#rule(table)} ${table.claims.map((claim) => this.#claim(claim))}
      <article>
        <h3>More from the same study</h3>
        ${table.tables.map((sheet) => this.#sheet(sheet))}
      </article>`;
  }

  /** How many claims came to what, and what that word says. */
  #counts(claims) {
    const of = (id) => claims.filter(({ verdict }) => verdict === id).length;
    const kinds = Object.entries(VERDICTS).filter(([id]) => of(id));
    return html`<p class="small" id="counts">
      Of ${claims.length} claims
      ${kinds.map(([id, [, words, , says]], i) => html`${i ? "; " : ""}<strong>${of(id)}</strong> ${words} (${says})`)}.
    </p>`;
  }

  /** @param {Message} table */
  #rule({ seeds, claims, command, made_by, remade }) {
    const rows = claims.reduce((sum, claim) => sum + claim.rows.length, 0);
    const again = Object.entries(remade ?? {});
    return html`<p class="small muted">
        Seeds ${seeds.join(", ")}, each with its own start, its own training and its own draw of test pictures. Of the
        202 emoji saliency is measured on 24 and smoothness on 80; all else there, and on the sets that models are moved
        to, evaluates nearly all pictures every time: those intervals cover the luck of training, not the choice of
        pictures. Differences are the constraint minus plain (for the first claim plain minus the threshold), paired by
        seed, with Student’s 95 % interval; between shares they are in points. Among ${rows} intervals some exclude 0 by
        chance alone, so the verdict uses the p-value of the paired t-test, adjusted by Holm’s method for all rows of a
        claim. Below 0.05 a row is <em>supported</em> when the mean lies on the better side of 0,
        <em>contradicted</em> when it lies on the other; else it is <em>inconclusive</em>; it is <em>undefined</em>, and
        counts as p = 1, when a number has no value or all seeds differ by the same amount. A claim is what all its rows
        are, mixed when they are not all the same; undefined rows do not count there.
      </p>
      <p class="small muted">
        Rows were written down before these seeds were run; what lost stays. Not before anything was seen: α, P and the
        learning rate were chosen on held-out training pictures, the radius for emoji after a first look. The adjustment
        came later; it took verdicts away and gave none. Last, the rule for a claim was made the same in both
        directions, which turned transfer from contradicted to mixed. Explorations were looked at afterwards and decide
        nothing.
      </p>
      <p class="small muted">
        Made by <code>${command}</code> at commit <code>${made_by.commit.slice(0, 10)}</code>${
          again.length
            ? html`; ${again.length} of the cells, in which a number has no value on some picture, again at
                <code>${again[0][1].commit.slice(0, 10)}</code>, with all other numbers the same bit for bit`
            : nothing
        }. <a href="${this.#folder}/table.csv" target="_blank">All numbers as CSV</a>.
      </p>`;
  }

  #go(event, id) {
    event.preventDefault();
    /** @type {HTMLElement} */
    const heading = this.renderRoot.querySelector(`#claim-${id}`);
    heading.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    heading.focus({ preventScroll: true });
  }

  #claim({ id, text, note, rows, explorations, verdict }) {
    const all = [...rows, ...explorations];
    const has = {
      limit: rows.some((row) => row.threshold !== null),
      baselines: all.some((row) => row.baseline),
      references: all.some((row) => row.reference_means.length),
    };
    const width = 6 + Number(has.baselines) + Number(has.references);
    return html`<article>
      <h3 id="claim-${id}" tabindex="-1">${text} ${this.#verdict(verdict)}</h3>
      ${note ? html`<p class="small muted">${note}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${text}>
        <table>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col">Plain</th>
              <th scope="col">${has.limit ? "Threshold" : "Constraint"}</th>
              <th scope="col">${has.limit ? "Plain minus threshold" : "Constraint minus plain"}</th>
              <th scope="col">p (Holm)</th>
              ${has.baselines ? html`<th scope="col">Best baseline</th>` : nothing}
              ${has.references ? html`<th scope="col">Costlier reference</th>` : nothing}
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => this.#row(row, has))}
          </tbody>
          ${
            explorations.length
              ? html`<tbody class="explorations">
                  <tr>
                    <th scope="rowgroup" colspan=${width}>Explorations: looked at afterwards, they decide nothing</th>
                  </tr>
                  ${explorations.map((row) => this.#row(row, has))}
                </tbody>`
              : nothing
          }
        </table>
      </div>
    </article>`;
  }

  #row(row, has) {
    const { group, plain, continuity, difference, p, p_holm, baseline, verdict } = row;
    const number = inUnit(row.unit);
    const end = endIn(row.unit);
    const lane = (name, mean) => this.#raw(group, name, mean ? number(mean.value) : "–");
    const named = (name, mean) =>
      html`${lane(name, mean)}<br /><span class="muted">${this.#settings(group, name, name)}</span>`;
    const side = (name, mean) => (USUAL.includes(name) ? lane(name, mean) : named(name, mean));
    return html`<tr>
      <th scope="row">${row.label}, <span class="muted">${group}</span></th>
      <td class="number">${side(plain, row.plain_mean)}</td>
      <td class="number">${has.limit ? number(row.threshold) : side(continuity, row.continuity_mean)}</td>
      <td class="number">
        ${
          difference
            ? html`${differenceIn(row.unit)(difference.value)}
                <span class="muted">${end(difference.low)} to ${end(difference.high)}</span>`
            : html`– <span class="muted">undefined: ${row.undefined}</span>`
        }
      </td>
      <td class="number">
        ${p === null ? "–" : probability(p)}${
          p_holm === null ? nothing : html` <span class="muted">(${probability(p_holm)})</span>`
        }
      </td>
      ${has.baselines ? html`<td class="number">${baseline ? named(...baseline) : nothing}</td>` : nothing}
      ${
        has.references
          ? html`<td class="number">
              ${row.reference_means.map((reference) => html`<div>${named(...reference)}</div>`)}
            </td>`
          : nothing
      }
      <td>
        ${verdict ? this.#verdict(verdict) : html`<span class="muted">exploration</span>`}${
          has.limit ? nothing : html` <span class="small">${this.#settings(group, continuity, "try it")}</span>`
        }
      </td>
    </tr>`;
  }

  #sheet({ id, title, note, group, lanes, column, means }) {
    const cell = (mean, { unit }) => {
      const number = inUnit(unit);
      const half = (mean) => endIn(unit)((mean.high - mean.low) / 2).replace("+", "");
      const text = (mean) => html`${number(mean.value)} <span class="muted">± ${half(mean)}</span>`;
      return html`<td class="number">${mean ? text(mean) : "–"}</td>`;
    };
    return html`<details id="table-${id}">
      <summary>${title}</summary>
      <p class="small muted">${note} ${group}; mean over ${this.table.seeds.length} seeds ± half of a 95 % interval.</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${title}>
        <table>
          <thead>
            <tr>
              <th scope="col">Lane</th>
              ${column.map(({ label }) => html`<th scope="col">${label}</th>`)}
              <th scope="col">Data</th>
            </tr>
          </thead>
          <tbody>
            ${lanes.map(
              (lane, i) =>
                html`<tr>
                  <th scope="row">${this.#settings(group, lane, lane)}</th>
                  ${column.map((each, k) => cell(means[i][k], each))}
                  <td>${this.#raw(group, lane, "JSON")}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}

export const register = () => customElements.get("scl-claims") ?? customElements.define("scl-claims", Claims);
