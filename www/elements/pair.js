// What the figures about a pair of models share: which pair it is, and what made it.
import { html, nothing } from "../vendor/lit.js";
import { SHIPPED } from "../catalogue/datasets.js";
import { Section } from "./section.js";
import { counted, short } from "../lib/numbers.js";

/** @import { DataInfo } from "semantic-continuity-lab/engine" */
/** @import { Pair, PairEngine } from "../engine/pair-engine.js" */
/** @import { PropertyDeclarations } from "../vendor/lit.js" */
/** @import { With } from "./section.js" */

/**
 * @typedef {object} PairProperties
 * @property {PairEngine} quick
 * @property {Pair} trained
 * @property {DataInfo} data
 */

export class PairFigure extends /** @type {With<PairProperties, typeof Section>} */ (Section) {
  /** @type {PropertyDeclarations} */
  static properties = {
    quick: { attribute: false },
    /** The models that were trained here: of the run that was finished last, or what another figure shows. */
    trained: { state: true },
  };

  #latest = null;

  constructor() {
    super();
    this.trained = null;
  }

  follow(parts) {
    super.follow(parts);
    const { trained = null } = this.store.state.run;
    if (trained === this.#latest) return;
    this.#latest = this.trained = trained;
    if (this.chosen.models === "own") this.changed(["models"]);
  }

  /** The pair looked at: a finished run, one of the shipped pairs, or nothing for the pair of the first figure. */
  get own() {
    const { models } = this.chosen;
    return models === "own" ? this.trained : models === SHIPPED.dataset ? null : shippedPair(this.store, models);
  }

  get lastPicture() {
    return (this.data?.test ?? 2000) - 1;
  }

  /** The test picture shown; a link or another pair may have left a number that these pictures do not reach. */
  get picture() {
    return Math.min(this.chosen.picture, this.lastPicture);
  }

  nextPicture() {
    this.choose({ picture: (this.picture + 1) % (this.lastPicture + 1) });
  }

  /**
   * A button that goes to the next picture, if pictures can be chosen.
   * @param {any} [id]
   */
  nextButton(words, id = nothing) {
    return this.shows("picture")
      ? html`<button id=${id} @click=${() => this.nextPicture()}>${words}</button>`
      : nothing;
  }

  /** Says that a picture was chosen and is not there; nobody chose the default. */
  missing() {
    const {
      chosen: { picture },
      lastPicture,
    } = this;
    return picture > lastPicture && picture !== this.store.sections[this.section].picture.default
      ? instead(`There is no test picture ${picture} here`, `the last one, ${lastPicture},`)
      : nothing;
  }

  /** Both models, with their names. */
  get lanes() {
    return this.store.lanes(this.own?.settings);
  }

  /** The field that chooses the pair. */
  pairField(disabled = false) {
    const { choices } = this.store.sections[this.section].models;
    const options = choices.map(({ id, label }) => [id, label]);
    if (this.trained) options.push(["own", "The models you trained"]);
    return html`<fieldset class="bare" ?disabled=${disabled}>
      ${this.field("models", { id: "pair", options })}
    </fieldset>`;
  }
}

const pairs = new Map();

/** The shipped pair for a dataset; the same object every time. */
export function shippedPair(store, dataset) {
  if (!pairs.has(dataset)) {
    const entry = store.schema.shipped.find((entry) => entry.dataset === dataset);
    pairs.set(dataset, { shipped: true, settings: { ...store.defaults, ...entry } });
  }
  return pairs.get(dataset);
}

/** Says that something else is shown than what was chosen. */
export const instead = (reason, other, done = "shown") =>
  html`<p class="notice small" role="status">${reason}; ${other} is ${done}.</p>`;

/** `shipped (fashion-mnist, small-cnn, α = 1, P = gaussian:0.1, 400 steps, seed 1)`. */
export const modelsText = ({
  models,
  settings: { dataset, architecture, regularizer, alpha, perturbation, steps, seed },
}) =>
  `${models} (${dataset}, ${architecture}, ${regularizer}, α = ${short(alpha)}, P = ${perturbation}, ` +
  `${counted(steps, "step")}, seed ${seed})`;

/** The same for a table: the second cell is what `cargo lab run` takes. */
export const modelsColumns = ({ models, settings }) => ({
  models,
  "model settings": Object.entries(settings)
    .map((pair) => pair.join("="))
    .join(" "),
});
