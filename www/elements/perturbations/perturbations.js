// <scl-perturbations>: P as pictures: one picture under every kind of change, each of which can be made the P of
// training.
import { html, css, nothing } from "../../vendor/lit.js";
import { join, kindsFor } from "../../catalogue/perturbations.js";
import { short } from "../../lib/numbers.js";
import { shared, lab } from "../style.js";
import { loaded } from "../loading.js";
import { latest } from "../../lib/latest.js";
import { whenNear } from "../near.js";
import { PairFigure } from "../pair.js";
import { picture, registerPicture } from "../picture/picture.js";

/** @import { Message } from "../../engine/client.js" */
/** @import { Load } from "../../engine/pair-engine.js" */
/** @import { With } from "../section.js" */
/** @import { TrainFigure } from "../train/train.js" */

/**
 * @typedef {object} Properties
 * @property {{ kind: Message, triplet: Message }[]} shown
 * @property {boolean} locked
 * @property {{ message: string }} error
 * @property {Load} load
 */

export class Perturbations extends /** @type {With<Properties, typeof PairFigure>} */ (PairFigure) {
  static properties = {
    shown: { state: true },
    /** A run is under way, whose P stays. */
    locked: { state: true },
    data: { state: true },
    error: { state: true },
    /** How much is there of what a first question loads. */
    load: { state: true },
  };

  static styles = [
    shared,
    lab,
    css`
      ul {
        list-style: none;
        display: grid;
        gap: var(--space-3);
        grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
      }
      li {
        display: grid;
        gap: var(--space-1);
        align-content: start;
      }
      li button {
        min-height: 2rem;
        padding: 0 var(--space-2);
        font-size: var(--size-s);
      }
      scl-picture {
        max-width: 10rem;
        width: 100%;
      }
    `,
  ];

  section = "perturbations";
  #asking = latest();
  /** Whether somebody came near. */
  #looked = whenNear(this, () => this.#ask());

  changed(keys) {
    super.changed(keys);
    if (this.#looked()) this.#ask();
  }

  follow(parts) {
    super.follow(parts);
    this.locked = !["idle", "done"].includes(this.store.state.run.phase);
  }

  /**
   * The kinds that have a meaning for the pictures, each with its strength: a level is a multiple of the typical one.
   */
  #kinds(channels) {
    return kindsFor(channels).map((kind) => ({
      ...kind,
      strength: Number(Math.min(kind.max, kind.typical * this.chosen.level).toPrecision(3)),
    }));
  }

  /** Asks for all pictures; only the latest wish is shown. */
  async #ask() {
    const isLatest = this.#asking();
    try {
      const { own } = this;
      const { data } = await this.quick.load(this.store.defaults, own, {
        onLoad: (done, total) => (this.load = { done, total }),
        pictures: () => this.chosen.picture + 1,
      });
      this.load = null;
      const picture = Math.min(this.chosen.picture, data.test - 1);
      const shown = [];
      for (const kind of this.#kinds(data.channels)) {
        const request = {
          condition: { perturbation: join({ kind: kind.id, strength: kind.strength }) },
          seed: 1,
          pairs: /** @type {[number, number][]} */ ([[picture, picture]]),
        };
        const [triplet] = await this.quick.ask(this.store.defaults, own, (engine) => engine.triplets(request), {
          pictures: () => picture + 1,
        });
        if (!isLatest()) return;
        shown.push({ kind, triplet });
      }
      Object.assign(this, { data, shown, error: null });
    } catch (error) {
      if (isLatest()) this.error = error;
    }
  }

  async #retry() {
    this.error = null;
    await this.#ask();
    if (!this.error) this.takeOver("#another");
  }

  /** Where a P can be used: on the page; in a widget there may be no such place. */
  get #train() {
    return this.root.querySelector("#train");
  }

  #usePerturbation({ id, strength, color }) {
    this.store.setSettings({
      perturbation: join({ kind: id, strength }),
      ...(color ? { dataset: this.own.settings.dataset, architecture: this.own.settings.architecture } : {}),
    });
    /** @type {TrainFigure} */ (this.#train.querySelector("scl-train")).goTo("perturbation");
  }

  render() {
    return html`<div class="panel">
      <div class="controls">
        ${this.field("level")} ${this.pairField()}
        <div><button id="another" @click=${() => this.nextPicture()}>Another picture</button></div>
      </div>
      ${this.missing()} ${this.error ? this.#problem() : nothing} ${this.shown ? this.#pictures() : this.#awaited()}
    </div>`;
  }

  #problem() {
    return html`<p class="notice" role="alert">
      ${this.error.message} <button @click=${() => this.#retry()}>Try again</button>
    </p>`;
  }

  #awaited() {
    return this.error ? nothing : html`<p class="muted">Loading the pictures … ${loaded(this.load)}</p>`;
  }

  /** The picture as it is, then under each kind of change. */
  #pictures() {
    const { triplet } = this.shown[0];
    const name = this.data.classes[triplet.label];
    return html`<ul>
      <li>
        ${picture(triplet.original, triplet, `The picture as it is: ${name}`)}
        <strong>x, ${name}</strong>
      </li>
      ${this.shown.map((each) => this.#changed(each, name))}
    </ul>`;
  }

  #changed({ kind, triplet }, name) {
    return html`<li data-kind=${kind.id}>
      ${picture(triplet.changed, triplet, `${name} with ${kind.name}`)}
      <span>
        ${kind.name} <span class="small muted number">${kind.label} = ${short(kind.strength)} ${kind.unit}</span>
      </span>
      ${this.#train ? this.#use(kind) : nothing}
    </li>`;
  }

  #use(kind) {
    return html`<button
      ?disabled=${this.locked}
      title=${this.locked ? "Settings are locked while a run is under way." : nothing}
      @click=${() => this.#usePerturbation(kind)}
      aria-label="Use as P: ${kind.name}"
    >
      Use as P
    </button>`;
  }
}

export function register() {
  registerPicture();
  customElements.get("scl-perturbations") ?? customElements.define("scl-perturbations", Perturbations);
}
