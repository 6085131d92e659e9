// <scl-mixture>: a perturbation or a mixture, as `kind:strength+kind:strength`. Fires `change`.
import { LitElement, html, css, nothing, live } from "../../vendor/lit.js";
import { KINDS, MOST, join, kindNamed, parse } from "../../catalogue/perturbations.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";

/** @import { With } from "../section.js" */

/**
 * @typedef {object} Properties
 * @property {string} value
 * @property {boolean} disabled
 */

export class Mixture extends /** @type {With<Properties>} */ (LitElement) {
  static properties = { value: {}, disabled: { type: Boolean } };

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
    return parse(this.value);
  }

  #emit(parts) {
    this.dispatchEvent(new CustomEvent("change", { detail: join(...parts) }));
  }

  render() {
    const parts = this.#parts;
    return html`${parts.map((_, i) => this.#part(parts, i))} ${parts.length < MOST ? this.#adder(parts) : nothing}`;
  }

  /** The fields of part `i` of a mixture. */
  #part(parts, i) {
    const { kind, strength } = parts[i];
    const { name, help, label, unit, max } = kindNamed(kind);
    const text = `${label} = ${short(strength)} ${unit}`;
    const replace = (part) => this.#emit(parts.map((old, j) => (i === j ? part : old)));
    const pick = (kind) => replace({ kind, strength: kindNamed(kind).typical });
    return html`<div class="part">
      <div class="pick">
        <select
          aria-label="Perturbation ${i + 1}"
          aria-describedby="help-${i}"
          ?disabled=${this.disabled}
          @change=${(event) => pick(event.target.value)}
        >
          ${KINDS.map(({ id, name }) => html`<option value=${id} .selected=${id === kind}>${name}</option>`)}
        </select>
        ${parts.length > 1 ? this.#remover(parts, i, name) : nothing}
      </div>
      <p class="small" id="help-${i}" translate="yes" .textContent=${help}></p>
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
      Add another change
    </button>`;
  }

  #add(parts) {
    // The first kind that is not in use yet.
    const { id, typical } = KINDS.find(({ id }) => parts.every(({ kind }) => kind !== id));
    this.#emit([...parts, { kind: id, strength: typical }]);
    // With the last place taken the button goes; the keyboard goes on in what it made.
    this.updateComplete.then(() => [...this.renderRoot.querySelectorAll("select")].at(-1).focus());
  }
}

export const registerMixture = () => customElements.get("scl-mixture") ?? customElements.define("scl-mixture", Mixture);
