// What a change did to the answer of a model: one verdict, in the same words, sign and colour for every figure.
import { html, css } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";

/** A sign for what was right before, "=" and "≠" for what was not, or of which nobody knows. */
const VERDICTS = {
  steady: ["✓", "steady"],
  fooled: ["✗", "fooled"],
  "steady-wrong": ["=", "steady, but wrong"],
  "changed-wrong": ["≠", "changed, still wrong"],
  "changed-right": ["≠", "changed, now right"],
  same: ["=", "steady"],
  changed: ["≠", "changed"],
};

function idOf(before, after, truth) {
  const stays = before === after;
  if (truth === undefined) return stays ? "same" : "changed";
  if (before === truth) return stays ? "steady" : "fooled";
  if (stays) return "steady-wrong";
  return after === truth ? "changed-right" : "changed-wrong";
}

/**
 * The verdict on one answer: `{ id, sign, words }`.
 * @param truth the class that the picture shows; nothing, where nobody said so: then no answer is right or wrong
 */
export function verdictOf({ prediction_before: before, prediction_after: after }, truth) {
  const id = idOf(before, after, truth);
  const [sign, words] = VERDICTS[id];
  return { id, sign, words };
}

/** The verdicts of both models in words, for who hears them. */
export const spoken = (answers, lanes, truth) =>
  lanes.map(({ label }, i) => `${label}: ${verdictOf(answers[i], truth).words}.`).join(" ");

/** What a model says before and after, and how surely: `[name, probability]` each. */
export const sayings = ({ prediction_before, prediction_after, before, after }, classes) =>
  [
    [prediction_before, before],
    [prediction_after, after],
  ].map(([k, shares]) => [classes[k], percent(shares[k])]);

/** `Sandal (93 %) → Bag (80 %)`. */
export const sayingsText = (answer, classes) =>
  sayings(answer, classes)
    .map(([name, share]) => `${name} (${share})`)
    .join(" → ");

/** All of it in a line, for figures that are saved. */
export function verdictText(answer, truth, classes) {
  const { sign, words } = verdictOf(answer, truth);
  return `${sign} ${words}: ${sayingsText(answer, classes)}`;
}

export const verdictBadge = ({ id, sign, words }) =>
  html`<span class="badge ${id}" data-verdict=${id}><span aria-hidden="true">${sign}</span> ${words}</span>`;

/** Green is for what is right and stays so, and for nothing else. */
export const verdictStyle = css`
  .badge {
    display: inline-block;
    padding: 0 0.6em;
    border: 1px solid currentColor;
    border-radius: 0.8em;
    font-weight: 700;
    color: var(--ink);
    background: var(--surface-2);
  }
  .badge.steady {
    color: var(--good-ink);
    background: var(--good-soft);
  }
  .badge.fooled {
    color: var(--warn-ink);
    background: var(--warn-soft);
  }
`;
