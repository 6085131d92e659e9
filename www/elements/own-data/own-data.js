// <scl-own-data>: brings the visitor's own pictures, to train on them. They stay on the visitor's machine.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";
import { LIMITS, SIDE, SIDES } from "../../user-data/limits.js";
import { chosen, dropped, nameOf } from "../../user-data/files.js";
import { asError } from "../../engine/client.js";
import { inventory, inventoryStyle } from "./inventory.js";
import { drawThumbnails } from "./thumbnails.js";

/** @import { Store } from "../../app/store.js" */
/** @import { Own } from "../../user-data/own.js" */
/** @import { With } from "../section.js" */

const megabytes = (bytes) => `${bytes / 1e6} MB`;

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {boolean} disabled
 * @property {Own} candidate
 * @property {string} progress
 * @property {string} problem
 * @property {boolean} over
 */

export class OwnData extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    disabled: { type: Boolean },
    /** Pictures that were read, and not yet taken. */
    candidate: { state: true },
    progress: { state: true },
    problem: { state: true },
    over: { state: true },
  };

  static styles = [
    shared,
    inventoryStyle,
    css`
      :host {
        display: block;
      }
      details {
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius);
        padding: 0 var(--space-2);
      }
      details.over {
        outline: 3px dashed var(--focus);
      }
      summary {
        cursor: pointer;
        min-height: 2.2rem;
        align-content: center;
      }
      .body {
        display: grid;
        gap: var(--space-2);
        padding-bottom: var(--space-2);
        grid-template-columns: minmax(0, 1fr);
      }
      ul {
        margin: 0;
        padding-left: 1.2em;
      }
    `,
  ];

  /** The reading under way. */
  #reading = new AbortController();
  #changed = (event) => {
    if (event.detail.includes("own")) this.requestUpdate();
  };

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
  }

  /**
   * Reads files and shows what they are; another choice ends it. The pictures that are in use stay so until these are
   * taken.
   */
  async take(files) {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    const say = (words) => !signal.aborted && (this.progress = words);
    this.problem = this.candidate = null;
    say("Reading …");
    try {
      const list = await files;
      if (!list.length) return;
      const [{ sources }, { readOwn }] = await Promise.all([
        import("../../user-data/sources.js"),
        import("../../user-data/read.js"),
      ]);
      const own = await readOwn(nameOf(list), await sources(list), say, signal);
      if (!signal.aborted) this.candidate = own;
    } catch (error) {
      const { own } = this.store.state;
      if (!signal.aborted) this.problem = `${asError(error).message}${own ? ` “${own.name}” stays as it was.` : ""}`;
    } finally {
      say(null);
    }
  }

  /** Takes the pictures for the next run. */
  use() {
    const own = this.candidate;
    this.candidate = null;
    this.store.set({ own });
    // Nothing that ships was trained on them.
    this.store.setSettings({ dataset: own.dataset, start: "scratch" });
    this.renderRoot.querySelector("summary").focus();
  }

  discard() {
    this.candidate = null;
    this.renderRoot.querySelector("summary").focus();
  }

  updated() {
    drawThumbnails(this.renderRoot, this.candidate ?? this.store.state.own);
  }

  #drop(event) {
    event.preventDefault();
    this.over = false;
    if (!this.disabled) this.take(dropped(event.dataTransfer));
  }

  #chosen({ target }) {
    const files = chosen(target.files);
    target.value = "";
    if (files.length) this.take(files);
  }

  get #said() {
    const { own } = this.store.state;
    if (this.progress) return this.progress;
    if (this.candidate) return `Read: ${this.candidate.name}. Are these the pictures that you mean?`;
    return own ? `Ready: ${own.name}.` : nothing;
  }

  render() {
    const { candidate, disabled } = this;
    const { own } = this.store.state;
    const choose = (id, label) =>
      html`<button
        type="button"
        id=${id}
        ?disabled=${disabled}
        @click=${() => /** @type {HTMLElement} */ (this.renderRoot.querySelector(`#${id}-input`)).click()}
      >
        ${label}
      </button>`;
    const input = (id, label, folder) =>
      html`<input
        id="${id}-input"
        type="file"
        ?multiple=${!folder}
        ?webkitdirectory=${folder}
        class="hidden"
        tabindex="-1"
        aria-label=${label}
        @change=${(event) => this.#chosen(event)}
      />`;
    return html`<details
      class=${this.over ? "over" : ""}
      @dragover=${(event) => {
        event.preventDefault();
        this.over = true;
      }}
      @dragleave=${() => (this.over = false)}
      @drop=${(event) => this.#drop(event)}
    >
      <summary>Your own pictures</summary>
      <div class="body small">
        ${this.#about()}
        <div class="row">${choose("files", "Choose files …")}${choose("folder", "Choose a folder …")}</div>
        ${input("files", "Files with pictures", false)}${input("folder", "Folder with pictures", true)}
        <p role="status">${this.#said}</p>
        ${this.problem ? html`<p class="notice" role="alert" id="problem">${this.problem}</p>` : nothing}
        ${
          candidate
            ? html`${inventory(candidate)}
                <div class="row">
                  <button type="button" class="primary" id="use" ?disabled=${disabled} @click=${() => this.use()}>
                    Use these pictures
                  </button>
                  <button type="button" id="discard" @click=${() => this.discard()}>Discard</button>
                </div>`
            : nothing
        }
        ${own && !candidate ? inventory(own) : nothing}
      </div>
    </details>`;
  }

  #about() {
    return html`<p>They stay on this machine: this page sends nothing. Choose or drop one of</p>
      <ul>
        <li>
          a folder, or an archive of one (zip, tar, tar.gz), that holds a folder of pictures for each class (with
          “train” and “test” above them if you like),
        </li>
        <li>MNIST-like IDX files, images and labels, packed or not,</li>
        <li>CIFAR-10’s binary files.</li>
      </ul>
      <p class="muted">
        2 to ${LIMITS.classes} classes. In folders: at most ${LIMITS.pictures.toLocaleString("en")} pictures, each up to
        ${megabytes(LIMITS.fileBytes)} and ${LIMITS.megapixels} megapixels; they are cropped to the square in their
        middle and made ${SIDE}×${SIDE}; where all are square and of one smaller size they stay as they are. IDX and
        CIFAR-10: ${megabytes(LIMITS.bytes)} in all, at most ${LIMITS.records.toLocaleString("en")} images of
        ${SIDES[0]} to ${SIDES[1]} pixels a side. Without a test half every fifth picture of a class is set apart for
        it.
      </p>`;
  }
}

export const registerOwnData = () =>
  customElements.get("scl-own-data") ?? customElements.define("scl-own-data", OwnData);
