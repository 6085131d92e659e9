// <scl-answers>: what one model says before and after the nudge, as bars with a verdict in words.
import { LitElement, html, svg, css, nothing } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { verdictBadge, verdictOf, verdictStyle } from "./verdict.js";

/** @import { Answer } from "semantic-continuity-lab/engine" */
/** @import { With } from "../section.js" */

/**
 * @typedef {object} Properties
 * @property {string} lane
 * @property {string} heading
 * @property {Answer} answer
 * @property {string[]} classes
 * @property {number} truth
 * @property {boolean} failed
 */

export class Answers extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    lane: {},
    heading: {},
    answer: { attribute: false },
    classes: { attribute: false },
    /** The class that the picture shows, where that is known. */
    truth: { type: Number },
    /** Whether no answer will come. */
    failed: { type: Boolean },
  };

  static styles = [
    shared,
    verdictStyle,
    css`
      .card {
        border-top: 4px solid var(--lane);
        height: 100%;
      }
      h2 {
        color: var(--lane);
        font-size: var(--size-m);
        line-height: 1.3;
      }
      .verdict {
        margin: var(--space-1) 0 var(--space-2);
        min-height: var(--verdict-height, 3em);
      }
      .verdict strong {
        white-space: nowrap;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--size-s);
      }
      th {
        width: 7.2em;
        max-width: 7.2em;
        padding: 0.15rem 0;
        overflow: hidden;
        font-weight: 400;
        text-align: left;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      tr.first th,
      tr.first td {
        font-weight: 700;
      }
      td {
        padding: 0.15rem 0;
      }
      tr:not(.first) {
        display: var(--other-classes, table-row);
      }
      td.share {
        width: 3.4em;
        text-align: right;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
      svg {
        display: block;
        width: 100%;
        height: 1.1rem;
      }
      .track {
        fill: var(--surface-2);
      }
      .after {
        fill: var(--lane);
      }
      .before {
        fill: var(--ink);
      }
      @media (forced-colors: active) {
        .before {
          stroke: Canvas;
          stroke-width: 3px;
          vector-effect: non-scaling-stroke;
          paint-order: stroke;
        }
      }
    `,
  ];

  render() {
    const { answer, classes } = this;
    return html`<section class="card ${this.lane}" aria-label="Answer: ${this.heading}">
      <h2>${this.heading}</h2>
      ${answer ? this.#verdict() : html`<p class="verdict muted">${this.failed ? "No answer." : "Thinking …"}</p>`}
      <table>
        <caption class="hidden">
          ${this.heading}: probability of each class before and after the nudge
        </caption>
        <thead class="hidden">
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Bar</th>
            <th scope="col">After (before)</th>
          </tr>
        </thead>
        <tbody>
          ${(classes ?? Array(10).fill("…")).map((name, i) => this.#row(name, i))}
        </tbody>
      </table>
    </section>`;
  }

  #verdict() {
    const { answer, classes, truth } = this;
    const { prediction_before: from, prediction_after: to } = answer;
    const says = (prediction) => html`<strong>${classes[prediction]}</strong>`;
    return html`<p class="verdict">
      ${verdictBadge(verdictOf(answer, truth))}<br />
      ${says(from)}${from === to ? nothing : html` → ${says(to)}`}
    </p>`;
  }

  #row(name, i) {
    const { answer } = this;
    return html`<tr class=${answer?.prediction_after === i ? "first" : ""}>
      <th scope="row" title=${name}>${name}</th>
      <td aria-hidden="true">
        ${svg`<svg viewBox="0 0 100 10" preserveAspectRatio="none">
        <rect class="track" width="100" height="10" />
        ${answer ? this.#bars(answer.before[i], answer.after[i]) : nothing}
      </svg>`}
      </td>
      <td class="share">${answer ? this.#shares(answer.before[i], answer.after[i]) : "–"}</td>
    </tr>`;
  }

  #bars(before, after) {
    const at = Math.min(99, Math.max(0, 100 * before - 0.5));
    return svg`<rect class="after" y="1" width=${100 * after} height="8" />
      <rect class="before" x=${at} width="1" height="10" opacity=${before > 0.005 ? 1 : 0} />`;
  }

  #shares(before, after) {
    return html`${percent(after)}<span class="hidden"> (before ${percent(before)})</span>`;
  }
}

export const registerAnswers = () => customElements.get("scl-answers") ?? customElements.define("scl-answers", Answers);
