// <scl-outcome>: what came of a run in two numbers and a sentence, which is true whichever way it came out.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { differenceIn, inUnit, percent } from "../../lib/numbers.js";
import { isDefined, noNumber } from "../quantity.js";
import { shared } from "../style.js";
import { GUESSES, cameTrue } from "./guess.js";

/** @import { Comparison } from "semantic-continuity-lab/engine" */
/** @import { LaneLabel } from "../../app/store.js" */
/** @import { With } from "../section.js" */

/**
 * @typedef {object} Properties
 * @property {Comparison | null} comparison
 * @property {LaneLabel[]} lanes
 * @property {number[] | null} crosses
 * @property {string | null} guess
 * @property {(() => void) | null} attack
 * @property {(() => void) | null} repeat
 */

export class Outcome extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    comparison: { attribute: false },
    lanes: { attribute: false },
    /** At the end, on both walls. */
    crosses: { attribute: false },
    guess: {},
    /** Attacks the models of the run, where that can be done. */
    attack: { attribute: false },
    /** Trains once more with the same seed, where the run was the visitor's. */
    repeat: { attribute: false },
  };

  static styles = [
    shared,
    css`
      .card {
        overflow-wrap: anywhere;
        display: grid;
        grid-template-columns: auto auto minmax(0, 1fr);
        gap: var(--space-2) var(--space-4);
        align-items: center;
        border-width: 2px;
        border-color: var(--ink);
      }
      .model {
        color: var(--lane);
      }
      .model strong {
        display: block;
        font-size: 2.6rem;
        line-height: 1.1;
      }
      .model .small {
        color: var(--muted);
      }
      .words {
        display: grid;
        gap: var(--space-2);
      }
      h3 {
        grid-column: 1 / -1;
      }
      @container (max-width: 52.5rem) {
        .card {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
          gap: var(--space-2) var(--space-3);
        }
        .words {
          grid-column: 1 / -1;
        }
        .model strong {
          font-size: 2rem;
        }
        .words button {
          min-height: 2.75rem;
        }
      }
      @container (max-width: 15rem) {
        .card {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  /** The last row is the strictest: what withstands the worst of several attacks. */
  get #row() {
    return this.comparison?.sentence ? this.comparison.rows.at(-1) : null;
  }

  render() {
    const row = this.#row;
    if (!row) return nothing;
    return html`<section class="card" id="outcome" aria-labelledby="outcome-title">
      <h3 id="outcome-title">${row.label}</h3>
      ${this.lanes.map((lane) => this.#model(lane, row))}
      <div class="words">
        <p role="status">${this.#sentence(row)}</p>
        ${this.guess ? html`<p id="guessed">${this.#guessed()}</p>` : nothing}
        <p class="row">
          ${
            this.attack
              ? html`<button class="primary" id="attack-mine" @click=${this.attack}>Attack yours</button>`
              : nothing
          }
          ${this.repeat ? html`<button id="repeat" @click=${this.repeat}>Repeat with the same seed</button>` : nothing}
        </p>
      </div>
    </section>`;
  }

  /** @param {LaneLabel} lane */
  #model({ id, label }, row) {
    const quantity = row[id];
    const number = inUnit(row.unit);
    return html`<div class="model ${id}">
      ${label}
      <strong class="number">${isDefined(quantity) ? number(quantity.value) : "–"}</strong>
      <span class="small number">
        ${
          isDefined(quantity)
            ? `95 % interval ${number(quantity.low)} to ${number(quantity.high)}, n\u00a0=\u00a0${quantity.n}`
            : noNumber(quantity)
        }
      </span>
    </div>`;
  }

  #sentence({ help, unit, difference, verdict }) {
    if (!isDefined(difference)) return `${help} There is no difference to speak of: ${noNumber(difference)}.`;
    const number = differenceIn(unit);
    const { value, low, high } = difference;
    const [, second] = this.lanes;
    const better = { plain: this.lanes[0].label, continuity: second.label }[verdict];
    const what = `${number(value)} (95 % interval ${number(low).split("\u00a0")[0]} to ${number(high)})`;
    return better
      ? `${help} The second model minus the first: ${what}. In this run “${better}” is clearly better.`
      : `${help} The second model minus the first: ${what}; too close to call.`;
  }

  #guessed() {
    const guess = GUESSES.find(({ id }) => id === this.guess);
    const said = `You guessed ${guess.label}.`;
    if (!this.crosses) return said;
    const [plain, second] = this.crosses;
    const counts = `${second} crosses against ${plain}`;
    const truth = cameTrue(plain, second);
    if (!truth) return `${said} It came to ${counts}: of none there is no share.`;
    const ratio = `${counts}, ${percent(second / plain)}`;
    return truth === guess ? `✓ ${said} So it came: ${ratio}.` : `${said} It came to ${ratio}: ${truth.label}.`;
  }
}
