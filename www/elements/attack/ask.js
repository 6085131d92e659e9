// How a visitor asks for an attack: the fields of a section that has one.
import { html, nothing } from "../../vendor/lit.js";
import { KINDS, MOST, NORMS, epsilonText, withNorm } from "../../catalogue/attacks.js";

/** @import { Section } from "../section.js" */

/**
 * @param {Section} figure
 * @param {unknown} aim the field of what the attack is led towards, for a gradient can be
 */
export function attackFields(figure, aim = nothing) {
  const { chosen } = figure;
  const chooseNorm = (norm) => figure.choose(withNorm(norm));
  const kind = KINDS.find(({ id }) => id === chosen.kind);
  return html` ${figure.field("kind", {
      help: kind.help,
      set: (id) => {
        const { linf } = KINDS.find((kind) => kind.id === id);
        figure.choose({ kind: id, ...(linf && chosen.norm !== "linf" ? withNorm("linf") : {}) });
      },
    })}
    ${kind.gradient ? [figure.field("loss"), aim] : nothing} ${kind.count ? figure.field(kind.count) : nothing}
    ${figure.field("norm", { options: kind.linf ? NORMS.filter(([id]) => id === "linf") : NORMS, set: chooseNorm })}
    <div>
      <label for="level">Radius: <output class="number">ε = ${epsilonText(chosen)}</output></label>
      <input
        id="level"
        type="range"
        min="0"
        max=${MOST[chosen.norm]}
        .value=${String(chosen.level)}
        aria-valuetext="ε = ${epsilonText(chosen)}"
        @input=${(event) => figure.choose({ level: Number(event.target.value) })}
      />
    </div>`;
}
