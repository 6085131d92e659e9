// What all sections with choices share: a section reads and writes its part of the store, and draws a field for each
// choice.
import { LitElement } from "../vendor/lit.js";
import { choiceField, numberField } from "./fields.js";

/** A figure names its `section` of the store. */
export class Section extends LitElement {
  static properties = {
    store: { attribute: false },
    /** Why a number was not taken: `{ key, why }`, until something else is chosen. */
    refused: { state: true },
  };

  /** What was chosen when last looked at. */
  #seen;
  #follow = ({ detail }) => this.follow(detail);

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#follow);
    this.follow([]);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#follow);
  }

  /** Sees the store for the first time, or after these parts of it changed. */
  follow() {
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

  /** For a button that goes when it has done its work: the keyboard goes on there. */
  async takeOver(selector) {
    await this.updateComplete;
    this.renderRoot.querySelector(selector)?.focus();
  }

  choose(patch) {
    this.store.choose(this.section, patch);
  }

  /** The choices `keys` changed. */
  changed(keys) {
    if (keys.length) this.requestUpdate();
  }

  /** The field of a choice; what its control does not know comes from the figure. A number says its range. */
  field(
    key,
    {
      id = key,
      label,
      options,
      value = this.chosen[key],
      most,
      help,
      set = (value) => this.choose({ [key]: value }),
    } = {},
  ) {
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
