// How a visitor asks for an attack: the fields of a section that has one.
import { html, nothing } from "../../vendor/lit.js";
import { NORMS, attackNamed, epsilonText, most, withNorm } from "../../catalogue/attacks.js";

/** @import { Section } from "../section.js" */

/**
 * @param {Section} figure
 * @param {unknown} aim the field of what the attack is led towards, for a gradient can be
 */
export function attackFields(figure, aim = nothing) {
  const { chosen } = figure;
  const chooseNorm = (norm) => figure.choose(withNorm(norm));
  const kind = attackNamed(chosen.kind);
  return html` ${figure.field("kind", {
    help: kind.help,
    set: (id) => {
      const { norms } = attackNamed(id);
      figure.choose({ kind: id, ...(norms.includes(chosen.norm) ? {} : withNorm(norms[0])) });
    },
  })}
  ${kind.gradient ? [figure.field("loss"), aim] : nothing} ${kind.effort ? figure.field(kind.effort) : nothing}
  ${figure.field("norm", { options: NORMS.filter(([id]) => kind.norms.includes(id)), set: chooseNorm })}
  ${figure.shows("level") ? radius(figure) : nothing}`;
}

/** @param {Section} figure */
const radius = (figure) =>
  html`<div class="level">
    <label for="level">Radius: <output class="number">ε = ${epsilonText(figure.chosen)}</output></label>
    <input
      id="level"
      type="range"
      min="0"
      max=${most(figure.chosen.norm)}
      .value=${String(figure.chosen.level)}
      aria-valuetext="ε = ${epsilonText(figure.chosen)}"
      @input=${(event) => figure.choose({ level: Number(event.target.value) })}
    />
  </div>`;
