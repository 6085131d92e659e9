// Labelled fields of the figures: a number and a choice.
import { html, nothing } from "../vendor/lit.js";

/**
 * A whole number from `min` to `max`. What does not fit is not taken: the field goes back to `value`.
 * @param refuse called with why a number is not taken
 * @param refused why the last one was not, if that is still to be said
 */
export function numberField(id, label, value, [min, max], { change, refuse, refused, help }) {
  const take = ({ target }) => {
    const number = target.value === "" ? NaN : Number(target.value);
    const fits = Number.isInteger(number) && number >= min && number <= max;
    if (fits) change(number);
    else refuse(`${target.value || "That"} is not taken: allowed is ${min} to ${max}, whole numbers.`);
    target.value = String(fits ? number : value);
  };
  const described = [...(refused ? [`${id}-refused`] : []), ...(help ? [`${id}-help`] : [])].join(" ");
  return html`<div>
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="number"
      min=${min}
      max=${max}
      .value=${String(value)}
      aria-describedby=${described || nothing}
      @change=${take}
    />
    ${refused ? html`<p id="${id}-refused" class="small refused" role="alert">${refused}</p>` : nothing}
    ${help ? html`<p id="${id}-help" class="small muted" translate="yes" .textContent=${help}></p>` : nothing}
  </div>`;
}

/** @param options `[value, label]` each */
export const choiceField = (id, label, value, options, change, help) =>
  html`<div>
    <label for=${id}>${label}</label>
    <select id=${id} aria-describedby=${help ? `${id}-help` : nothing} @change=${(event) => change(event.target.value)}>
      ${options.map(([option, text]) => html`<option value=${option} .selected=${option === value}>${text}</option>`)}
    </select>
    ${help ? html`<p id="${id}-help" class="small muted" translate="yes" .textContent=${help}></p>` : nothing}
  </div>`;
