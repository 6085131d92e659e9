// Labelled fields of the figures: a number and a choice.
import { html, nothing } from "../vendor/lit.js";

/** A whole number from `min` to `max`; what does not fit is not taken: the field goes back to `value` and says so. */
export function numberField(id, label, value, [min, max], change, help) {
  const take = ({ target }) => {
    const number = target.value === "" ? NaN : Math.round(Number(target.value));
    const fits = number >= min && number <= max;
    target.parentElement.querySelector(".refused").textContent = fits ? "" : `${target.value === "" ? "That" : target.value} is not taken: allowed is ${min} to ${max}.`;
    target.value = String(fits ? number : value);
    if (fits) change(number);
  };
  return html`<div><label for=${id}>${label}</label>
    <input id=${id} type="number" min=${min} max=${max} .value=${String(value)} aria-describedby=${help ? `${id}-help` : nothing} @change=${take}>
    <p class="small refused" role="status"></p>
    ${help ? html`<p id="${id}-help" class="small muted">${help}</p>` : nothing}</div>`;
}

/** @param options `[value, label]` each */
export const choiceField = (id, label, value, options, change, help) => html`<div><label for=${id}>${label}</label>
  <select id=${id} aria-describedby=${help ? `${id}-help` : nothing} @change=${(event) => change(event.target.value)}>
    ${options.map(([option, text]) => html`<option value=${option} .selected=${option === value}>${text}</option>`)}</select>
  ${help ? html`<p id="${id}-help" class="small muted">${help}</p>` : nothing}</div>`;
