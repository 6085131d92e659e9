// What all sections with choices share: a section reads and writes its part of the store, and draws a field for each
// choice.
import { LitElement, nothing } from "../vendor/lit.js";
import { choiceField, numberField } from "./fields.js";

/** @import { Store } from "../app/store.js" */
/** @import { PropertyDeclarations } from "../vendor/lit.js" */

/**
 * The class `Base` with the reactive properties that its `static properties` name: Lit makes accessors of them. Its
 * elements draw into a shadow root.
 * @template Properties, [Base=typeof LitElement]
 * @typedef {Base & (new (...args: any[]) => Properties & { readonly renderRoot: ShadowRoot })} With
 */

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {{ key: string, why: string }} refused
 */

/**
 * What the field of a choice is given; all else its control knows.
 * @typedef {object} Field
 * @property {string} [id]
 * @property {string} [label]
 * @property {string[][]} [options] `[value, label]` each
 * @property {any} [value] where it is not the one chosen
 * @property {number} [most] the largest number
 * @property {unknown} [help]
 * @property {(value: any) => void} [set]
 */

/** A figure names its `section` of the store. */
export class Section extends /** @type {With<Properties>} */ (LitElement) {
  /** @type {PropertyDeclarations} */
  static properties = {
    store: { attribute: false },
    /** Why a number was not taken: `{ key, why }`, until something else is chosen. */
    refused: { state: true },
  };

  /** Its name in the store. @type {string} */
  section;
  /** What was chosen when last looked at. */
  #seen;
  #follow = (event) => this.follow(event.detail);

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#follow);
    this.follow([]);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#follow);
  }

  /**
   * Sees the store for the first time, or after these parts of it changed.
   * @param {string[]} _parts
   */
  follow(_parts) {
    const { chosen } = this;
    const before = this.#seen;
    this.#seen = chosen;
    if (!before || chosen === before) return;
    this.refused = null;
    this.changed(Object.keys(chosen).filter((key) => chosen[key] !== before[key]));
  }

  /** What the visitor chose. */
  get chosen() {
    return this.store.state.figures[this.section];
  }

  /** The page, or the shadow root of a widget: where figures find each other. */
  get root() {
    return /** @type {Document | ShadowRoot} */ (this.getRootNode());
  }

  /** For a button that goes when it has done its work: the keyboard goes on there. */
  async takeOver(selector) {
    await this.updateComplete;
    this.renderRoot.querySelector(selector)?.focus();
  }

  choose(patch) {
    this.store.choose(this.section, patch);
  }

  /** Whether the control of a choice stays: a lesson may leave some out. What they choose stays as it is. */
  shows(key) {
    const { show = "all" } = this.chosen; // the builder of snippets leaves none out
    return show === "all" || show.split(",").includes(key);
  }

  /** The choices `keys` changed. */
  changed(keys) {
    if (keys.length) this.requestUpdate();
  }

  /**
   * The field of a choice, if it stays; what its control does not know comes from the figure. A number says its range.
   * @param {string} key
   * @param {Field} [field]
   */
  field(key, { id = key, label, options, value = this.chosen[key], most, help, set } = {}) {
    if (!this.shows(key)) return nothing;
    set ??= (value) => this.choose({ [key]: value });
    const control = this.store.sections[this.section][key];
    const name = label ?? control.label;
    if (control.kind !== "number")
      return choiceField(id, name, value, options ?? control.choices.map(({ id, label }) => [id, label]), set, help);
    const { min, max } = { ...control, ...(most === undefined ? {} : { max: most }) };
    const refused = this.refused?.key === key ? this.refused.why : null;
    return numberField(id, `${name} (${min} to ${max})`, value, [min, max], {
      change: (number) => {
        this.refused = null;
        set(number);
      },
      refuse: (why) => (this.refused = { key, why }),
      refused,
      help,
    });
  }
}
