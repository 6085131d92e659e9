// <scl-watch>: between both walls, what the visitor thinks will come of the run, and how it goes. Fires `guess`.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { GUESSES } from "./guess.js";
import { noiseCurve } from "./noise-curve.js";

/** @import { LookReply } from "semantic-continuity-lab/engine" */
/** @import { LaneLabel } from "../../app/store.js" */
/** @import { With } from "../section.js" */

/**
 * @typedef {object} Properties
 * @property {LaneLabel[]} lanes
 * @property {LookReply[][]} looks
 * @property {number} steps
 * @property {number} sigma
 * @property {string | null} guess
 * @property {boolean} isOpen
 */

export class Watch extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    lanes: { attribute: false },
    /** What was seen of each lane so far. */
    looks: { attribute: false },
    steps: { type: Number },
    /** Of the noise on the walls. */
    sigma: { type: Number },
    /** Which of `GUESSES` was chosen. */
    guess: {},
    /** Whether it can still be chosen. */
    isOpen: { type: Boolean },
  };

  static styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        grid-template-columns: minmax(0, 1fr);
      }
      .card {
        display: grid;
        gap: var(--space-2);
        padding: 0.75rem var(--space-3);
      }
      .guesses button {
        border-radius: 2rem;
        padding: 0 0.8rem;
        font-weight: 400;
        min-height: 2.75rem;
      }
      .guesses button[aria-pressed="true"] {
        font-weight: 700;
      }
      .curve {
        width: 100%;
        height: auto;
        display: block;
        overflow: visible;
      }
      .curve .grid {
        stroke: var(--line);
      }
      .curve text {
        font-size: 13px;
        font-weight: 700;
        fill: var(--lane);
      }
      .curve .axis {
        font-size: 11px;
        font-weight: 400;
        fill: var(--muted);
      }
      .curve polyline {
        fill: none;
        stroke: var(--lane);
        stroke-width: 3;
        stroke-linejoin: round;
      }
      .curve .continuity polyline {
        stroke-dasharray: 6 4;
      }
      .curve circle {
        fill: var(--lane);
      }
      strong.plain,
      strong.continuity {
        color: var(--lane);
      }
    `,
  ];

  constructor() {
    super();
    Object.assign(this, { looks: [[], []], lanes: [], steps: 1, guess: null, isOpen: false });
  }

  render() {
    return html`${this.isOpen || this.guess ? this.#guess() : nothing}${this.#curve()}`;
  }

  #guess() {
    const choose = (id) => this.dispatchEvent(new CustomEvent("guess", { detail: id === this.guess ? null : id }));
    const chosen = GUESSES.find(({ id }) => id === this.guess);
    if (!this.isOpen) {
      return html`<section class="card" id="guess" aria-label="Your guess">
        <p><strong>Your guess:</strong> at the end the second wall has ${chosen.label}.</p>
      </section>`;
    }
    return html`<section class="card" id="guess" aria-labelledby="guess-title">
      <h3 id="guess-title">What do you think?</h3>
      <p class="small">
        At the end the wall
        <strong class="continuity">${this.lanes[1]?.words}</strong> will have:
      </p>
      <div class="row guesses" role="group" aria-labelledby="guess-title">
        ${GUESSES.map(
          ({ id, label }) =>
            html`<button class="small" data-guess=${id} aria-pressed=${id === this.guess} @click=${() => choose(id)}>
              ${label}
            </button>`,
        )}
      </div>
    </section>`;
  }

  #curve() {
    const last = this.looks.map((looks) => looks.at(-1));
    const n = last[0]?.changed.length;
    const share = (i, key) =>
      last[i] ? html`<strong class="number ${this.lanes[i].id}">${percent(last[i][key].value)}</strong>` : "–";
    return html`<section class="card" id="curve" aria-labelledby="curve-title">
      <h3 id="curve-title">Answers changed by noise</h3>
      ${n ? noiseCurve(this.looks, this.lanes, this.steps) : html`<p class="small muted">Drawn while both learn.</p>`}
      <p class="hidden">${n ? this.#spoken(last) : nothing}</p>
      <p class="small muted">
        ${
          n
            ? html`Right without noise: ${share(0, "accuracy")} · ${share(1, "accuracy")}; n = ${n}. Noise: σ =
              ${this.sigma}, one draw a picture (our choice).`
            : nothing
        }
      </p>
    </section>`;
  }

  #spoken(last) {
    return this.lanes.map(({ label }, i) => (last[i] ? `${label}: ${percent(last[i].changes.value)}. ` : ""));
  }
}
