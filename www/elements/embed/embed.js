// <scl-embed>: what to write into another page to have a figure there, ready to copy, and a preview.
import { html, css, nothing } from "../../vendor/lit.js";
import { shared, lab } from "../style.js";
import { Section } from "../section.js";
import { FIGURES, size } from "../../catalogue/figures.js";
import { HOME } from "../../lib/home.js";

/** @import { With } from "../section.js" */

/** Before the figure has said how high it is, and for hosts without scripts. */
const FRAME_HEIGHT = 700;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const attributes = (pairs) =>
  Object.entries(pairs)
    .filter(([, value]) => value !== "" && value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`))
    .join("");

/** Heights of a frame that are believed, in pixels: whatever stands in it may be higher, and scrolls. */
const HEIGHTS = [100, 4000];
/** `height` within these, or NaN. */
const bounded = (height) => Math.min(Math.max(Number(height), HEIGHTS[0]), HEIGHTS[1]);

/** What each snippet is for. */
const HELP = {
  element: "For pages whose scripts are yours: it takes the width of its place, and your styles do not touch it.",
  frame: "For pages that allow no scripts: the height stays as it is written.",
  listener:
    "Once a page, where scripts are allowed: frames are then as high as their figures. " +
    `It believes only them, and no height beyond ${HEIGHTS[1]} pixels.`,
};

/** What a host runs so that a frame is as high as its figure. */
const LISTENER = `<script>
// Believes only the window of a frame of the lab, and only a height from ${HEIGHTS.join(" to ")} pixels.
// A frame in a sandbox has the origin "null", as every sandbox has: there only the window says who speaks.
addEventListener("message", ({ source, origin, data }) => {
  if (data?.type !== "semantic-continuity-height") return;
  const height = Math.min(Math.max(Number(data.height), ${HEIGHTS[0]}), ${HEIGHTS[1]});
  for (const frame of document.querySelectorAll('iframe[src^="${HOME}"]')) {
    const nowhere = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
    const expected = nowhere ? "null" : "${HOME.origin}";
    if (height && frame.contentWindow === source && origin === expected) frame.height = height;
  }
});
</script>`;

/**
 * @typedef {object} Properties
 * @property {boolean} shown
 * @property {{ id: string, text: string }} copied
 */

export class EmbedFigure extends /** @type {With<Properties, typeof Section>} */ (Section) {
  static properties = {
    shown: { state: true },
    /** Which snippet was copied just now, and whether that worked. */
    copied: { state: true },
  };

  static styles = [
    shared,
    lab,
    css`
      .results {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
      }
      .snippet {
        display: grid;
        gap: var(--space-1);
      }
      textarea {
        width: 100%;
        font:
          var(--size-s)/1.4 ui-monospace,
          monospace;
        color: inherit;
        background: var(--page);
        resize: vertical;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        padding: var(--space-2);
      }
      .check {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }
      iframe {
        width: 100%;
        border: 0;
        display: block;
      }
    `,
  ];

  section = "embed";
  #listen = ({ source, origin, data }) => {
    const frame = this.renderRoot.querySelector("iframe");
    if (data?.type !== "semantic-continuity-height") return;
    if (source !== frame?.contentWindow || origin !== HOME.origin) return;
    const height = bounded(data.height);
    if (height) frame.height = String(height);
  };

  constructor() {
    super();
    Object.assign(this, { shown: false, copied: null });
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("message", this.#listen);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("message", this.#listen);
  }

  /** A snippet holds what was chosen anywhere. */
  follow(parts) {
    super.follow(parts);
    if (parts.includes("settings") || parts.includes("figures")) this.requestUpdate();
  }

  /** The settings of the page and what was chosen in the figures that a widget shows. */
  get #query() {
    const {
      figures: { embed, page, ...all },
      ...state
    } = this.store.state;
    const { figure } = embed;
    return this.store.query({
      ...state,
      figures: figure === "lab" ? all : all[figure] ? { subject: all.subject, [figure]: all[figure] } : {},
    });
  }

  get #element() {
    const { figure, theme, height, autoload } = this.chosen;
    const name = `semantic-continuity-${figure}`;
    const chosen = { settings: this.#query, theme: theme === "system" ? "" : theme, height: height || "", autoload };
    return `<script type="module" src="${new URL("embed/embed.js", HOME)}"></script>
<${name}${attributes(chosen)}><a href="${HOME}">${FIGURES[figure].title}</a></${name}>`;
  }

  get #address() {
    const { figure, theme, autoload } = this.chosen;
    const query = this.#query;
    const parts = [`figure=${figure}`, theme !== "system" && `theme=${theme}`, autoload && "autoload", query];
    return `${new URL("embed.html", HOME)}?${parts.filter(Boolean).join("&")}`;
  }

  get #frame() {
    const frame = {
      src: this.#address,
      title: FIGURES[this.chosen.figure].title,
      width: "100%",
      height: this.chosen.height || FRAME_HEIGHT,
      style: "border: 0",
      loading: "lazy",
      allow: "clipboard-write",
    };
    return `<iframe${attributes(frame)}></iframe>`;
  }

  async #copy(id) {
    /** @type {HTMLTextAreaElement} */
    const area = this.renderRoot.querySelector(`#${id}`);
    area.select();
    const done = await navigator.clipboard?.writeText(area.value).then(
      () => true,
      () => false,
    );
    this.copied = { id, text: done ? "Copied" : "Copy the marked text" };
    setTimeout(() => (this.copied = null), 3000);
  }

  #snippet(id, label, text, help) {
    return html`<div class="snippet">
      <label for=${id}>${label}</label>
      <p class="small muted" id="${id}-help">${help}</p>
      <textarea
        id=${id}
        readonly
        spellcheck="false"
        rows=${text.split("\n").length + 2}
        aria-describedby="${id}-help"
        .value=${text}
      ></textarea>
      <div>
        <button @click=${() => this.#copy(id)} aria-label="Copy: ${label}">
          ${this.copied?.id === id ? this.copied.text : "Copy"}
        </button>
      </div>
    </div>`;
  }

  #preview() {
    const { figure, height } = this.chosen;
    return html`<iframe
      title="Preview: ${FIGURES[figure].title}"
      src=${this.#address}
      height=${height || FRAME_HEIGHT}
    ></iframe>`;
  }

  render() {
    const { figure, autoload } = this.chosen;
    return html`<div class="figure">
      <div class="panel">
        ${this.field("figure", { help: FIGURES[figure].about })} ${this.field("theme", { id: "embed-theme" })}
        ${this.field("height", { help: "0: as high as the figure is." })}
        <label class="check"
          ><input
            id="autoload"
            type="checkbox"
            .checked=${autoload}
            @change=${({ target }) => this.choose({ autoload: target.checked })}
          />
          ${this.store.sections.embed.autoload.label}</label
        >
        <p class="small muted">
          The settings of this page go with it. The server of this page must send
          <code>Access-Control-Allow-Origin: *</code>, or other pages stay without the figure. Before it is loaded there
          is a card that weighs 4 kB; then ${size(figure, this.store.state.settings.dataset)}.
        </p>
        <div>
          <button id="preview" aria-expanded=${String(this.shown)} @click=${() => (this.shown = !this.shown)}>
            ${this.shown ? "Close the preview" : "Show a preview"}
          </button>
        </div>
      </div>
      <div class="results">
        ${this.#snippet("element", "An element", this.#element, HELP.element)}
        ${this.#snippet("frame", "A frame", this.#frame, HELP.frame)}
        ${this.#snippet("listener", "For the frame’s height", LISTENER, HELP.listener)}
        ${this.shown ? this.#preview() : nothing}
      </div>
    </div>`;
  }
}

export const register = () => customElements.get("scl-embed") ?? customElements.define("scl-embed", EmbedFigure);
