// <scl-mixture>: a perturbation or a mixture of up to four, as `kind:strength+kind:strength`. Fires `change`.
import { LitElement, html, css, nothing, live } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";

/** @import { Message } from "../../engine/messages.js" */
/** @import { With } from "../../vendor/lit.js" */

const MOST = 4;

/**
 * @typedef {object} Properties
 * @property {Message} control
 * @property {string} value
 * @property {boolean} disabled
 */

export class Mixture extends /** @type {With<Properties>} */ (LitElement) {
  static properties = { control: { attribute: false }, value: {}, disabled: { type: Boolean } };

  static styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      .part {
        display: grid;
        gap: 0.2rem;
      }
      .pick {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space-1);
      }
      button {
        min-height: 2.5rem;
        font-weight: 400;
      }
    `,
  ];

  get #parts() {
    return this.value.split("+").map((part) => {
      const [kind, strength] = part.split(":");
      return { kind, strength: Number(strength) };
    });
  }

  #emit(parts) {
    const detail = parts.map(({ kind, strength }) => `${kind}:${strength}`).join("+");
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }

  #strength(kind) {
    return this.control.strengths[this.control.choices.findIndex((choice) => choice.id === kind)];
  }

  render() {
    const parts = this.#parts;
    return html`${parts.map((_, i) => this.#part(parts, i))} ${parts.length < MOST ? this.#adder(parts) : nothing}`;
  }

  /** The fields of part `i` of a mixture. */
  #part(parts, i) {
    const { kind, strength } = parts[i];
    const { choices } = this.control;
    const choice = choices.find((choice) => choice.id === kind);
    const { label, unit, max } = this.#strength(kind);
    const text = `${label} = ${short(strength)} ${unit}`;
    const replace = (part) => this.#emit(parts.map((old, j) => (i === j ? part : old)));
    const pick = (kind) => replace({ kind, strength: this.#strength(kind).typical });
    return html`<div class="part">
      <div class="pick">
        <select
          aria-label="Perturbation ${i + 1}"
          aria-describedby="help-${i}"
          ?disabled=${this.disabled}
          @change=${(event) => pick(event.target.value)}
        >
          ${choices.map(({ id, label }) => html`<option value=${id} .selected=${id === kind}>${label}</option>`)}
        </select>
        ${parts.length > 1 ? this.#remover(parts, i, choice.label) : nothing}
      </div>
      <p class="small" id="help-${i}" translate="yes" .textContent=${choice.help}></p>
      <label class="small"
        >Strength: <span class="number">${text}</span>
        <input
          type="range"
          min="0"
          max=${max}
          step=${max / 100}
          .value=${live(String(strength))}
          aria-valuetext=${text}
          aria-describedby="help-${i}"
          ?disabled=${this.disabled}
          @input=${(event) => replace({ kind, strength: Number(Number(event.target.value).toFixed(4)) })}
      /></label>
    </div>`;
  }

  #remover(parts, i, label) {
    const remove = () => this.#emit(parts.filter((_, j) => j !== i));
    return html`<button aria-label="Remove ${label}" ?disabled=${this.disabled} @click=${remove}>✕</button>`;
  }

  #adder(parts) {
    return html`<button
      ?disabled=${this.disabled}
      title="Another change on top: P is then all of them, one after the other"
      @click=${() => this.#add(parts)}
    >
      Add to the mixture
    </button>`;
  }

  #add(parts) {
    // The first kind that is not in use yet.
    const kind = this.control.choices.find((choice) => parts.every((part) => part.kind !== choice.id)).id;
    this.#emit([...parts, { kind, strength: this.#strength(kind).typical }]);
    // With the last place taken the button goes; the keyboard goes on in what it made.
    this.updateComplete.then(() => [...this.renderRoot.querySelectorAll("select")].at(-1).focus());
  }
}

export const registerMixture = () => customElements.get("scl-mixture") ?? customElements.define("scl-mixture", Mixture);
