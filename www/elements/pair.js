// What the figures about a pair of models share: which pair it is, and what made it.
import { LitElement, html, nothing } from "../vendor/lit.js";
import { SHIPPED } from "../quick.js";
import { short } from "./style.js";

export class PairFigure extends LitElement {
  static properties = {
    store: { attribute: false },
    quick: { attribute: false },
    /** The run that was finished last. */
    trained: { state: true },
    /** The finished run whose models are looked at, or nothing for the shipped pair. */
    own: { state: true },
  };

  #follow = () => {
    const { trained = null } = this.store.state.run;
    if (trained === this.trained) return;
    this.trained = trained;
    if (this.own) this.use(trained);
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

  /** Buttons that choose the pair, once there is a choice. */
  pairButtons(label, disabled = false) {
    if (!this.trained) return nothing;
    return html`<div class="row" role="group" aria-label=${label}>
      <button aria-pressed=${!this.own} ?disabled=${disabled} @click=${() => this.use(null)}>Shipped models</button>
      <button aria-pressed=${Boolean(this.own)} ?disabled=${disabled} @click=${() => this.use(this.trained)}>The models you trained</button></div>`;
  }
}

/** What made the models of `own`, in the words of a study's result. */
export const madeBy = (own, defaults) => (own ? { models: "trained in this tab", settings: own.settings } : { models: "shipped", settings: { ...defaults, ...SHIPPED } });

/** `shipped (fashion-mnist, small-cnn, α = 1, P = gaussian:0.1, 400 steps, seed 1)`. */
export const modelsText = ({ models, settings: { dataset, architecture, alpha, perturbation, steps, seed } }) =>
  `${models} (${dataset}, ${architecture}, α = ${short(alpha)}, P = ${perturbation}, ${steps} steps, seed ${seed})`;

/** The same for a table: the second cell is what `cargo lab run` takes. */
export const modelsColumns = ({ models, settings }) => ({ models, "model settings": Object.entries(settings).map((pair) => pair.join("=")).join(" ") });
