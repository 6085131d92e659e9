// The controls of the figure about explanations, and the caution beside them.
import { html, nothing } from "../../vendor/lit.js";
import { trainedOn } from "../../catalogue/conditions.js";
import { INITIAL, QUICK } from "../../catalogue/initial.js";
import { kindNamed, parse } from "../../catalogue/perturbations.js";
import { METHODS, changeOf } from "../../catalogue/saliency.js";
import { madeBy } from "../../engine/pair-engine.js";
import { HOME } from "../../lib/home.js";
import { short } from "../../lib/numbers.js";

/** @import { LookFigure } from "./look.js" */
/** @import { Shake } from "./shake.js" */

const [{ kind: KIND, strength: STRENGTH }] = parse(INITIAL.shaken);

/** Of methods that draw random samples themselves. */
const SAMPLES = "This method samples anew with each draw; compared are maps with the same samples.";

/**
 * What is used while looking: it stands beside the maps.
 * @param {LookFigure} figure
 * @param {Shake} shake
 */
export function play(figure, shake) {
  const { reply, busy, drawn, chosen } = figure;
  const { name, label, unit } = kindNamed(KIND);
  return html`<div class="group">
      <label for="blend">Picture ↔ explanation</label>
      <input
        id="blend"
        type="range"
        min="0"
        max="100"
        .value=${String(chosen.blend)}
        aria-valuetext="${chosen.blend} of 100 towards the explanation"
        @input=${(event) => figure.choose({ blend: Number(event.target.value) })}
      />
    </div>
    <div class="group">
      <div class="row">
        <button
          id="shake"
          class="primary"
          ?disabled=${!reply || (busy && !shake.isMoving)}
          @click=${() => shake.toggle()}
        >
          ${shake.label}
        </button>
        <button id="undisturbed" ?disabled=${!drawn || shake.isMoving} @click=${() => (figure.drawn = null)}>
          Undisturbed
        </button>
      </div>
      <p class="noise small muted">
        ${name}, ${label} = ${short(STRENGTH)}${unit && ` ${unit}`}${drawn ? `: draw ${shake.taken}` : nothing}.
        ${shake.help}.
      </p>
    </div>`;
}

/** @param {LookFigure} figure */
export const controls = (figure) =>
  html`${methods(figure)}
    <div class="two">
      <div class="group">${figure.field("share")}</div>
      <div class="group">${figure.field("scale")}</div>
    </div>
    ${caution(figure)}`;

function methods(figure) {
  const { method } = figure.chosen;
  const quick = QUICK.map((name) => METHODS.find(({ id }) => id === name));
  const others = METHODS.filter((method) => !quick.includes(method));
  const isOther = others.some(({ id }) => id === method);
  return html`<div class="group" role="group" aria-labelledby="methods">
    <h3 id="methods">Method</h3>
    <div class="row">
      ${quick.map(
        ({ id, label }) =>
          html`<button
            class="small"
            data-method=${id}
            aria-pressed=${String(id === method)}
            @click=${() => figure.choose({ method: id })}
          >
            ${label}
          </button>`,
      )}
      <select
        id="method"
        class="small"
        aria-label="More methods"
        @change=${(event) => figure.choose({ method: event.target.value })}
      >
        <option value="" disabled .selected=${!isOther}>${others.length} more</option>
        ${others.map(({ id, label }) => html`<option value=${id} .selected=${id === method}>${label}</option>`)}
      </select>
    </div>
  </div>`;
}

/** What the numbers mean. */
export const measured = (figure) =>
  html`<details class="small measured">
    <summary>How this is measured</summary>
    <p>
      Explained is what each model says of the undisturbed picture. “Explanation that stays” is the share of the
      strongest tenth of the pixels, by absolute value, that is also among the strongest tenth of the disturbed
      picture’s map: the mean over the draws, and the least and the largest of them. It is about this picture, and the
      seeds of the draws are 1, 2, 3 … Both models meet the same noise.
      ${figure.method.options?.samples ? SAMPLES : nothing}
    </p>
    <p translate="yes">
      Colours reach to the largest value of the undisturbed map, or of both maps on one scale; how opaque they are grows
      as the root of the value. Rows and columns count from 0. Where a method needs a picture of nothing, it is black.
    </p>
  </details>`;

/** On the page the numbers stand further down; elsewhere they stand on the page. */
function caution({ root, own, store, lanes }) {
  const { settings } = madeBy(own, store.defaults);
  const isHere = root.querySelector("#survey") !== null;
  return html`<p class="notice small">
    <strong>Steady is not the same as right</strong>${
      trainedOn(changeOf(INITIAL.shaken), settings)
        ? html`, and “${lanes[1].label}” was trained with this kind of noise.`
        : ": a map that never moves may never have looked."
    }
    <a href=${isHere ? "#survey" : new URL("#survey", HOME).href} target=${isHere ? nothing : "_blank"}
      >Numbers over many pictures</a
    >
  </p>`;
}
