// What the figures about a pair of models share: which pair it is, and what made it.
import { LitElement, html } from "../vendor/lit.js";
import { SHIPPED } from "../quick.js";
import { choiceField } from "./fields.js";
import { short } from "./style.js";

export class PairFigure extends LitElement {
  static properties = {
    store: { attribute: false },
    quick: { attribute: false },
    /** The run that was finished last. */
    trained: { state: true },
    /** The pair looked at: a finished run, one of the shipped pairs, or nothing for the pair of the first figure. */
    own: { state: true },
  };

  #follow = () => {
    const { trained = null } = this.store.state.run;
    if (trained === this.trained) return;
    this.trained = trained;
    if (this.own && !this.own.shipped) this.use(trained);
  };

  constructor() {
    super();
    this.own = this.trained = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#follow);
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#follow);
  }

  use(own) {
    this.own = own;
  }

  /** Both models, with their names. */
  get lanes() {
    return this.store.lanes(this.own?.settings);
  }

  /** The field that chooses the pair. */
  pairField(label, disabled = false) {
    const { shipped, controls } = this.store.schema;
    const names = controls.find(({ key }) => key === "dataset").choices;
    const options = shipped.map(({ dataset }) => [dataset, `Shipped: ${names.find(({ id }) => id === dataset).label}`]);
    const now = this.own?.shipped ? this.own.settings.dataset : this.own ? "own" : SHIPPED.dataset;
    const choose = (value) => this.use(value === "own" ? this.trained : value === SHIPPED.dataset ? null : shippedPair(this.store, value));
    return html`<fieldset class="bare" ?disabled=${disabled}>${choiceField("pair", label, now, this.trained ? [...options, ["own", "The models you trained"]] : options, choose)}</fieldset>`;
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

/** What made the models of `own`, in the words of a study's result. */
export const madeBy = (own, defaults) => ({ models: own && !own.shipped ? "trained in this tab" : "shipped", settings: own?.settings ?? { ...defaults, ...SHIPPED } });

/** `shipped (fashion-mnist, small-cnn, α = 1, P = gaussian:0.1, 400 steps, seed 1)`. */
export const modelsText = ({ models, settings: { dataset, architecture, regularizer, alpha, perturbation, steps, seed } }) =>
  `${models} (${dataset}, ${architecture}, ${regularizer}, α = ${short(alpha)}, P = ${perturbation}, ${steps} steps, seed ${seed})`;

/** The same for a table: the second cell is what `cargo lab run` takes. */
export const modelsColumns = ({ models, settings }) => ({ models, "model settings": Object.entries(settings).map((pair) => pair.join("=")).join(" ") });
