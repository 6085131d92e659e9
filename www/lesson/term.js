// <scl-term name="attack">: a word of a text that says what it means when it is pressed.
import { LitElement, html, css, nothing } from "../vendor/lit.js";
import { shared } from "../elements/style.js";
import { pieces } from "./markup.js";
import { glossary, termNamed } from "./terms.js";

/** @import { With } from "../elements/section.js" */
/** @import { Term } from "./terms.js" */

/** Pixels between a word and what is said of it. */
const GAP = 6;

/**
 * @typedef {object} Properties
 * @property {string} name
 * @property {string} words
 * @property {Term | undefined} term
 * @property {boolean} open
 */

export class TermElement extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    /** Its name in the glossary. */
    name: {},
    /** How it stands in the text. */
    words: {},
    term: { state: true },
    /** Where the browser has no popovers: whether it stands in the text. */
    open: { state: true },
  };

  static styles = [
    shared,
    css`
      :host {
        display: inline;
      }
      button {
        all: unset;
        cursor: help;
        text-decoration: underline dotted 0.1em;
        text-underline-offset: 0.2em;
      }
      button:hover {
        text-decoration-style: solid;
      }
      button:focus-visible {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
      .says {
        max-width: min(22rem, 92vw);
        margin: 0;
        padding: var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--ink);
        font-size: max(1rem, var(--size-s));
        font-weight: 400;
        line-height: 1.45;
        text-align: left;
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.2);
      }
      .says[popover] {
        position: fixed;
        inset: auto;
      }
      .says strong {
        display: block;
      }
      .source {
        display: block;
        margin-top: var(--space-1);
      }
    `,
  ];

  constructor() {
    super();
    this.open = false;
  }

  async willUpdate(changed) {
    if (!changed.has("name")) return;
    this.term = termNamed(await glossary(), this.name);
  }

  /** Below the word, or above it where there is no room; a policy allows no style in an attribute. */
  #place(event) {
    if (event.newState !== "open") return;
    const box = event.target;
    const word = this.renderRoot.querySelector("button").getBoundingClientRect();
    const { offsetWidth, offsetHeight } = box;
    const { clientWidth, clientHeight } = document.documentElement;
    const below = word.bottom + GAP + offsetHeight <= clientHeight;
    const top = below ? word.bottom + GAP : Math.max(GAP, word.top - GAP - offsetHeight);
    const left = Math.max(GAP, Math.min(word.left, clientWidth - offsetWidth - GAP));
    Object.assign(box.style, { top: `${top}px`, left: `${left}px` });
  }

  render() {
    const words = this.words ?? this.name;
    const { term } = this;
    if (!term) return html`${words}`;
    const said = html`<strong>${term.term}</strong>${term.says}
      <span class="source small muted">${term.source === "ours" ? "In our words." : `After ${term.source}.`}</span>`;
    if ("popover" in HTMLElement.prototype)
      return html`<button type="button" popovertarget="says">${words}</button
        ><span class="says" id="says" popover @toggle=${this.#place}>${said}</span>`;
    return html`<button type="button" aria-expanded=${String(this.open)} @click=${() => (this.open = !this.open)}>
        ${words}</button
      >${this.open ? html` <span class="says">${said}</span>` : nothing}`;
  }
}

/** A text of a lesson, with its markup. */
export const marked = (text) =>
  pieces(text).map(({ text, strong, term }) => {
    if (strong) return html`<strong>${text}</strong>`;
    return term ? html`<scl-term name=${term} words=${text}></scl-term>` : text;
  });

export const registerTerm = () => customElements.get("scl-term") ?? customElements.define("scl-term", TermElement);
