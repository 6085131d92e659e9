// In what both lanes differ, and the few settings that say how much.
import { html } from "../../vendor/lit.js";
import { trainsWith } from "../../catalogue/conditions.js";
import { kindNamed, parse } from "../../catalogue/perturbations.js";
import { short } from "../../lib/numbers.js";

/** @import { Store } from "../../app/store.js" */

const LABELS = html`<strong class="plain">fit the labels</strong>`;

/** The changes that the second lane is to ignore, in a few characters. */
function changes(text) {
  const parts = parse(text);
  const [{ kind, strength }] = parts;
  const { name, label } = kindNamed(kind);
  return parts.length > 1 ? `a mixture of ${parts.length} changes` : `${name}, ${label} = ${short(strength)}`;
}

/**
 * @param {Store} store
 * @param {(key?: string) => void} goTo shows a setting, or all of them
 * @param {unknown} more stands behind them
 */
export function difference(store, goTo, more) {
  const { settings, seedIsChosen, run } = store.state;
  const [, second] = store.lanes(settings);
  const { regularizer, alpha, perturbation } = settings;
  const isConstraint = regularizer === store.defaults.regularizer;
  const added = isConstraint ? "answer alike for a changed copy" : `what ${second.label} adds`;
  const seed = seedIsChosen ? settings.seed : run.settings?.seed;
  const chips = [
    trainsWith("perturbation", settings) && ["perturbation", changes(perturbation)],
    trainsWith("alpha", settings) && ["alpha", `strength α = ${short(alpha)}`],
    ["seed", seed === undefined ? "a new seed for each run" : `seed ${seed}`],
  ].filter(Boolean);
  /** @param {string[]} setting its name, and what is written of it */
  const chip = ([key, label]) =>
    html`<button class="chip" data-chip=${key} @click=${() => goTo(key)}>${label}</button>`;
  return html`<div class="card difference">
    <p class="small">
      <strong>What is different?</strong> Only the loss: ${LABELS} against
      <strong class="continuity">fit the labels <em>and</em> ${added}</strong>. Start, pictures and their order are the
      same.
    </p>
    <p class="row">
      ${chips.map(chip)}
      <button class="chip" data-chip="all" @click=${() => goTo()}>all settings …</button>
      ${more}
    </p>
  </div>`;
}
