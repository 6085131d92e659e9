// <scl-embed>: what to write into another page to have a figure there, ready to copy, and a preview.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, lab } from "../style.js";
import { choiceField, numberField } from "../fields.js";
import { FIGURES, size } from "../../embed/figures.js";

const HOME = new URL("../../", import.meta.url);
const THEMES = [["system", "as the system says"], ["light", "light"], ["dark", "dark"]];
/** Before the figure has said how high it is, and for hosts without scripts. */
const FRAME_HEIGHT = 700;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const attributes = (pairs) => Object.entries(pairs).filter(([, value]) => value !== "" && value !== false)
  .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`)).join("");

/** What a host runs so that a frame is as high as its figure. Only that frame, and only from where it should be, is believed. */
const LISTENER = `<script>
addEventListener("message", ({ source, origin, data }) => {
  if (origin !== "${HOME.origin}" || data?.type !== "semantic-continuity-height") return;
  for (const frame of document.querySelectorAll("iframe")) if (frame.contentWindow === source) frame.height = data.height;
});
</script>`;

export class EmbedFigure extends LitElement {
  static properties = {
    store: { attribute: false },
    figure: { state: true },
    theme: { state: true },
    height: { state: true },
    autoload: { state: true },
    shown: { state: true },
    /** Which snippet was copied just now, and whether that worked. */
    copied: { state: true },
  };

  static styles = [shared, lab, css`
    .results { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-3); }
    .snippet { display: grid; gap: var(--space-1); }
    textarea {
      width: 100%; font: var(--size-s)/1.4 ui-monospace, monospace; color: inherit; background: var(--page); resize: vertical;
      border: 1px solid var(--line-strong); border-radius: var(--radius); padding: var(--space-2);
    }
    .check { display: flex; gap: var(--space-2); align-items: center; }
    iframe { width: 100%; border: 0; display: block; }
  `];

  #changed = (event) => {
    if (event.detail.includes("settings") || event.detail.includes("nudge")) this.requestUpdate();
  };
  #listen = ({ source, origin, data }) => {
    const frame = this.renderRoot.querySelector("iframe");
    if (source === frame?.contentWindow && origin === HOME.origin && data?.type === "semantic-continuity-height") frame.height = data.height;
  };

  constructor() {
    super();
    Object.assign(this, { figure: "nudge", theme: "system", height: 0, autoload: false, shown: false, copied: null });
  }

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
    addEventListener("message", this.#listen);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
    removeEventListener("message", this.#listen);
  }

  get #element() {
    const { figure, theme, height, autoload } = this;
    const name = `semantic-continuity-${figure}`;
    const chosen = { settings: this.store.query(), theme: theme === "system" ? "" : theme, height: height || "", autoload };
    return `<script type="module" src="${new URL("embed/embed.js", HOME)}"></script>
<${name}${attributes(chosen)}><a href="${HOME}">${FIGURES[figure].title}</a></${name}>`;
  }

  get #address() {
    const { figure, theme, autoload } = this;
    const query = this.store.query();
    return `${new URL("embed.html", HOME)}?figure=${figure}${theme === "system" ? "" : `&theme=${theme}`}${autoload ? "&autoload" : ""}${query && `&${query}`}`;
  }

  get #frame() {
    const frame = { src: this.#address, title: FIGURES[this.figure].title, width: "100%", height: this.height || FRAME_HEIGHT, style: "border: 0", loading: "lazy" };
    return `<iframe${attributes(frame)}></iframe>`;
  }

  async #copy(id) {
    const area = this.renderRoot.querySelector(`#${id}`);
    area.select();
    const done = await navigator.clipboard?.writeText(area.value).then(() => true, () => false);
    this.copied = { id, text: done ? "Copied" : "Copy the marked text" };
    setTimeout(() => (this.copied = null), 3000);
  }

  #snippet(id, label, text, help) {
    return html`<div class="snippet"><label for=${id}>${label}</label>
      <p class="small muted" id="${id}-help">${help}</p>
      <textarea id=${id} readonly spellcheck="false" rows=${text.split("\n").length + 2} aria-describedby="${id}-help" .value=${text}></textarea>
      <div><button @click=${() => this.#copy(id)} aria-label="Copy: ${label}">${this.copied?.id === id ? this.copied.text : "Copy"}</button></div></div>`;
  }

  render() {
    const figures = Object.entries(FIGURES).map(([id, { title }]) => [id, title]);
    return html`<div class="figure"><div class="panel">
        ${choiceField("figure", "Figure", this.figure, figures, (figure) => (this.figure = figure), FIGURES[this.figure].about)}
        ${choiceField("embed-theme", "Theme", this.theme, THEMES, (theme) => (this.theme = theme))}
        ${numberField("height", "Height in pixels", this.height, [0, 4000], (height) => (this.height = height), "0: as high as the figure is.")}
        <label class="check"><input id="autoload" type="checkbox" .checked=${this.autoload} @change=${({ target }) => (this.autoload = target.checked)}> Load without a press, once it is visible</label>
        <p class="small muted">The settings of this page go with it. Before it is loaded there is a card that weighs 4 kB; then ${size(this.figure, this.store.state.settings.dataset)}.</p>
        <div><button id="preview" aria-expanded=${String(this.shown)} @click=${() => (this.shown = !this.shown)}>${this.shown ? "Close the preview" : "Show a preview"}</button></div>
      </div>
      <div class="results">
        ${this.#snippet("element", "An element", this.#element, "For pages whose scripts are yours: it takes the width of its place, and your styles do not touch it.")}
        ${this.#snippet("frame", "A frame", this.#frame, "For pages that allow no scripts: the height stays as it is written.")}
        ${this.#snippet("listener", "For the frame’s height", LISTENER, "Once a page, where scripts are allowed: frames are then as high as their figures. It believes only them.")}
        ${this.shown ? html`<iframe title="Preview: ${FIGURES[this.figure].title}" src=${this.#address} height=${this.height || FRAME_HEIGHT}></iframe>` : nothing}
      </div></div>`;
  }
}

export const registerEmbed = () => customElements.get("scl-embed") ?? customElements.define("scl-embed", EmbedFigure);
