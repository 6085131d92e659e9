// <scl-models>: both models of a finished run: to look at in the other figures, as files, and how to rebuild them
// elsewhere.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";
import { HOME } from "../../lib/home.js";
import { saveBytes } from "../../download/save.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Pair } from "../../engine/pair-engine.js" */
/** @import { With } from "../section.js" */

const missing = (why) => ({
  ok: false,
  text: `The snippet cannot be loaded: ${why}. Close and open this to try again.`,
});

/** How to use the snippet. */
const USE = html`<p class="small muted">
  Then <code>config, p = load("….safetensors")</code> and <code>logits(config, p, images)</code>: the same logits as
  here, but for rounding.
</p>`;

/**
 * @typedef {object} Properties
 * @property {Pair} trained
 * @property {LaneLabel[]} lanes
 * @property {() => void} show
 * @property {{ ok: boolean, text: string }} snippet
 */

export class Models extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    trained: { attribute: false },
    lanes: { attribute: false },
    /** Lets the other figures show them, and goes there; nothing where there are none. */
    show: { attribute: false },
    snippet: { state: true },
  };

  static styles = [
    shared,
    css`
      .card {
        display: grid;
        gap: var(--space-2);
        grid-template-columns: minmax(0, 1fr);
      }
      pre {
        overflow-x: auto;
        font-size: var(--size-s);
        margin: 0;
        padding: var(--space-2);
        background: var(--surface-2);
        border-radius: var(--radius);
      }
      summary {
        cursor: pointer;
        min-height: 2rem;
        align-content: center;
      }
    `,
  ];

  willUpdate(changed) {
    if (changed.has("trained")) this.snippet = null;
  }

  async #toggle(open) {
    const { trained } = this;
    if (!open || this.snippet) return;
    const { architecture } = trained.settings;
    let snippet;
    try {
      const answer = await fetch(new URL(`pytorch/${architecture}.py`, HOME));
      snippet = answer.ok ? { ok: true, text: await answer.text() } : missing(answer.status);
    } catch ({ message }) {
      snippet = missing(message);
    }
    if (trained === this.trained) this.snippet = snippet;
  }

  #save(id) {
    const { dataset, architecture, seed } = this.trained.settings;
    saveBytes(`${dataset}-${architecture}-${id}-seed-${seed}.safetensors`, this.trained[id]);
  }

  render() {
    if (!this.trained) return nothing;
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">These two models are yours</h3>
      ${
        this.show
          ? html`<div class="row">
              <button class="primary" id="show" @click=${() => this.show()}>Attack them</button>
              <span class="small muted">
                All figures then take them in place of the shipped ones: those about one picture at once, studies when
                they are started.
              </span>
            </div>`
          : nothing
      }
      <p class="small muted">
        safetensors with PyTorch's names and shapes; the network's configuration, the settings and the step are in the
        metadata.
      </p>
      <div class="row">
        ${this.lanes.map(({ id, label }) => {
          const save = () => this.#save(id);
          return html`<button data-save=${id} @click=${save}>Save: ${label}</button>`;
        })}
      </div>
      <details @toggle=${(event) => this.#toggle(event.target.open)}>
        <summary>Rebuild one in PyTorch</summary>
        ${
          this.snippet
            ? html`<pre tabindex="0" role="region" aria-label="PyTorch code"><code>${this.snippet.text}</code></pre>
                ${this.snippet.ok ? USE : nothing}`
            : html`<p class="small muted">Loading …</p>`
        }
      </details>
    </section>`;
  }
}

export const registerModels = () => customElements.get("scl-models") ?? customElements.define("scl-models", Models);
