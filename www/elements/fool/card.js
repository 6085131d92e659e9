// What one model says: its answer in a large word, the verdict, and the classes that it finds most likely.
import { html, svg, nothing } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";
import { verdictBadge, verdictOf } from "../answers/verdict.js";

/** @import { Answer } from "semantic-continuity-lab/engine" */
/** @import { LaneLabel } from "../../app/store.js" */

/** Classes shown with their probability; the others are one line. */
const SHOWN = 3;

/**
 * @param {LaneLabel} lane
 * @param {Answer | undefined} answer
 * @param {{ classes: string[], truth: number | undefined, none: unknown, waiting: unknown }} about what stands there
 *   while there is no answer: `none` for the word, `waiting` for the verdict
 */
export function card({ id, label }, answer, { classes, truth, none, waiting }) {
  return html`<section class="card model ${id}" data-model=${id} aria-label="Worst case: ${label}">
    <h2>${label}</h2>
    <p class="says">${answer ? classes[answer.prediction_after] : none}</p>
    <p>${answer ? verdict(answer, classes, truth) : html`<span class="muted">${waiting}</span>`}</p>
    <div class="bars">${answer ? bars(answer, classes) : nothing}</div>
  </section>`;
}

function verdict(answer, classes, truth) {
  const { prediction_before: before, prediction_after: after } = answer;
  const changed = before === after ? nothing : html` <span class="small">said ${classes[before]}</span>`;
  return html`${verdictBadge(verdictOf(answer, truth))}${changed}`;
}

/** A probability as a length. */
const bar = (share) =>
  svg`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect width=${100 * share} height="10" />
  </svg>`;

function bars({ after }, classes) {
  const order = Array.from(after.keys()).sort((a, b) => after[b] - after[a]);
  const [rest] = order.slice(SHOWN);
  return html`${order.slice(0, SHOWN).map(
    (k) =>
      html`<span class="name">${classes[k]}</span>
        ${bar(after[k])}
        <span class="share">${percent(after[k])}</span>`,
  )}${
    rest === undefined
      ? nothing
      : html`<span class="others muted">${order.length - SHOWN} more, each at most ${percent(after[rest])}</span>`
  }`;
}
