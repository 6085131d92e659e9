// <scl-lab>: training, and below it the figures about the models that were trained, each loaded when it is opened.
import { LitElement, html, css, nothing } from "../vendor/lit.js";
import { shared } from "../elements/style.js";
import { register as registerTrain } from "../elements/train/train.js";
import { FIGURES } from "../catalogue/figures.js";

/** @import { Store } from "../app/store.js" */
/** @import { PairEngine } from "../engine/pair-engine.js" */
/** @import { Run } from "../training/run.js" */
/** @import { With } from "../elements/section.js" */

const MORE = Object.keys(FIGURES).filter((figure) => FIGURES[figure].after);

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {PairEngine} quick
 * @property {Run} run
 * @property {URL} home
 * @property {(figure: string) => Promise<void>} define
 * @property {Map<string, Element>} open
 * @property {string} problem
 */

export class Lab extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    quick: { attribute: false },
    run: { attribute: false },
    home: { attribute: false },
    /** Defines the element of a figure. */
    define: { attribute: false },
    /** Names of the figures that are there. */
    open: { state: true },
    problem: { state: true },
  };

  static styles = [
    shared,
    css`
      details {
        border-top: 1px solid var(--line);
        padding: var(--space-2) 0;
      }
      summary {
        cursor: pointer;
        min-height: 2.5rem;
        align-content: center;
        font-weight: 600;
      }
      summary .small {
        font-weight: 400;
      }
      .place {
        container-type: inline-size;
        padding-top: var(--space-2);
      }
      #train {
        margin-bottom: var(--space-4);
      }
    `,
  ];

  constructor() {
    super();
    this.open = new Map();
  }

  async #opened(figure, details) {
    if (!details.open || this.open.has(figure)) return;
    this.problem = null;
    try {
      await this.define(figure);
      const element = Object.assign(document.createElement(`scl-${figure}`), { store: this.store, quick: this.quick });
      this.open = new Map(this.open).set(figure, element);
    } catch (error) {
      details.open = false;
      this.problem = `${FIGURES[figure].title} cannot be loaded: ${error.message}. Open it again to try again.`;
    }
  }

  /** Opens a figure and goes there. */
  #open(figure) {
    /** @type {HTMLDetailsElement} */
    const details = this.renderRoot.querySelector(`details:has([data-figure=${figure}])`);
    details.open = true;
    details.querySelector("summary").focus();
  }

  render() {
    return html`<div id="train">
        <scl-train
          .store=${this.store}
          .quick=${this.quick}
          .run=${this.run}
          .home=${this.home}
          .goOn=${() => this.#open("attack")}
        ></scl-train>
      </div>
      ${this.problem ? html`<p class="notice" role="alert">${this.problem}</p>` : nothing}
      ${MORE.map(
        (figure) =>
          html`<details @toggle=${({ currentTarget }) => this.#opened(figure, currentTarget)}>
            <summary>${FIGURES[figure].title} <span class="muted small">${FIGURES[figure].about}</span></summary>
            <div class="place" data-figure=${figure}>
              ${this.open.get(figure) ?? html`<p class="muted">Loading …</p>`}
            </div>
          </details>`,
      )}`;
  }
}

export function register() {
  registerTrain();
  customElements.get("scl-lab") ?? customElements.define("scl-lab", Lab);
}
