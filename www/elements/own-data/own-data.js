// <scl-own-data>: brings the visitor's own pictures, to train on them. They stay on the visitor's machine.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";
import { LIMITS, SIDE, SIDES, megabytes } from "../../own/limits.js";
import { chosen, dropped, sources } from "../../own/sources.js";
import { asError } from "../../engine.js";

/** What a set is called that has no folder or archive with a name. */
const nameOf = (files) => {
  const [first] = files;
  const folder = first.path.split("/").slice(0, -1)[0];
  return (folder || first.path.split("/").at(-1).replace(/\.(zip|gz)$/i, "")).slice(0, 40);
};

/** Files left out that are named. */
const NAMED = 5;

export class OwnData extends LitElement {
  static properties = {
    store: { attribute: false },
    disabled: { type: Boolean },
    progress: { state: true },
    problem: { state: true },
    over: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; }
    details { border: 1px dashed var(--line-strong); border-radius: var(--radius); padding: 0 var(--space-2); }
    details.over { outline: 3px dashed var(--focus); }
    summary { cursor: pointer; min-height: 2.2rem; align-content: center; }
    .body { display: grid; gap: var(--space-2); padding-bottom: var(--space-2); grid-template-columns: minmax(0, 1fr); }
    ul { margin: 0; padding-left: 1.2em; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; font-weight: 400; padding: 0.1rem 0.3rem 0.1rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  `];

  #latest = 0;
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

  /** Reads files and takes them for the next run. The pictures that were there stay when these cannot be used. */
  async take(files) {
    const mine = ++this.#latest;
    this.problem = null;
    this.progress = "Reading …";
    try {
      const list = await files;
      if (!list.length) return;
      const { readOwn } = await import("../../own/read.js");
      const own = await readOwn(nameOf(list), await sources(list), (done, all) => {
        if (mine === this.#latest) this.progress = `Read ${done} of ${all} pictures …`;
      });
      if (mine !== this.#latest) return;
      this.store.set({ own });
      // Nothing that ships was trained on them.
      this.store.setSettings({ dataset: own.dataset, start: "scratch" });
    } catch (error) {
      const { own } = this.store.state;
      if (mine === this.#latest) this.problem = `${asError(error).message}${own ? ` “${own.name}” stays as it was.` : ""}`;
    } finally {
      if (mine === this.#latest) this.progress = null;
    }
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

  render() {
    const { own } = this.store.state;
    const button = (id, label) => html`<button type="button" id=${id} ?disabled=${this.disabled} @click=${() => this.renderRoot.querySelector(`#${id}-input`).click()}>${label}</button>`;
    return html`<details class=${this.over ? "over" : ""} @dragover=${(event) => { event.preventDefault(); this.over = true; }} @dragleave=${() => (this.over = false)} @drop=${(event) => this.#drop(event)}>
      <summary>Your own pictures</summary><div class="body small">
      <p>They stay on this machine: this page sends nothing. Choose or drop one of</p>
      <ul><li>a folder, or a zip file of one, that holds a folder of pictures for each class (with “train” and “test” above them if you like),</li>
        <li>MNIST-like IDX files, images and labels, packed or not,</li>
        <li>CIFAR-10’s binary files.</li></ul>
      <p class="muted">2 to ${LIMITS.classes} classes, ${megabytes(LIMITS.bytes)} in all. In folders: at most ${LIMITS.pictures.toLocaleString("en")} pictures, each up to ${megabytes(LIMITS.fileBytes)} and ${LIMITS.megapixels} megapixels; they are cropped to the square in their middle and made ${SIDE}×${SIDE},
        small square ones stay as they are. IDX and CIFAR-10: at most ${LIMITS.records.toLocaleString("en")} images of ${SIDES[0]} to ${SIDES[1]} pixels a side. Without a test half every fifth picture of a class is set apart for it.</p>
      <div class="row">${button("files", "Choose files …")}${button("folder", "Choose a folder …")}</div>
      <input id="files-input" type="file" multiple class="hidden" tabindex="-1" aria-label="Files with pictures" @change=${(event) => this.#chosen(event)}>
      <input id="folder-input" type="file" webkitdirectory class="hidden" tabindex="-1" aria-label="Folder with pictures" @change=${(event) => this.#chosen(event)}>
      <p role="status">${this.progress ?? (own ? `Ready: ${own.name}.` : nothing)}</p>
      ${this.problem ? html`<p class="notice" role="alert" id="problem">${this.problem}</p>` : nothing}
      ${own ? this.#summary(own) : nothing}</div></details>`;
  }

  #summary({ classes, counts, divided, left }) {
    return html`<table><thead><tr><th scope="col">Class</th><th scope="col">to learn from</th><th scope="col">to test on</th></tr></thead>
      <tbody>${classes.map((name, i) => html`<tr><th scope="row">${name}</th><td class="number">${counts[i][0]}</td><td class="number">${counts[i][1]}</td></tr>`)}</tbody></table>
      ${divided ? html`<p>There was no test half: every fifth picture of a class became one.</p>` : nothing}
      ${left?.length ? html`<p class="notice">${left.length} file${left.length > 1 ? "s were" : " was"} left out. ${left.slice(0, NAMED).join("; ")}${left.length > NAMED ? "; …" : ""}.</p>` : nothing}`;
  }
}

export const registerOwnData = () => customElements.get("scl-own-data") ?? customElements.define("scl-own-data", OwnData);
