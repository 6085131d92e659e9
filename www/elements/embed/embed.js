// <scl-embed>: what to write into another page to have a figure there, ready to copy, with a preview, and whether the
// server of this page lets others have it.
import { html, css, nothing } from "../../vendor/lit.js";
import { shared, lab } from "../style.js";
import { Section } from "../section.js";
import { whenNear } from "../near.js";
import { reach } from "./reach.js";
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
  element:
    "For pages whose scripts are yours: it takes the width of its place, and your styles do not touch it. " +
    "The words in it are seen only where it cannot be loaded.",
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
 * @property {boolean} near
 * @property {[boolean, string][]} reach
 * @property {{ id: string, text: string }} copied
 */

export class EmbedFigure extends /** @type {With<Properties, typeof Section>} */ (Section) {
  static properties = {
    /** Whether somebody came near: the preview and the question to the server wait for that. */
    near: { state: true },
    /** Whether other pages can show figures of this server. */
    reach: { state: true },
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
      .reach {
        list-style: none;
        display: grid;
        gap: var(--space-1);
      }
      .reach li {
        padding-left: 1.5em;
        text-indent: -1.5em;
      }
      .reach .no {
        color: var(--warn-ink);
      }
      .reach .yes {
        color: var(--good-ink);
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
    Object.assign(this, { near: false, reach: [], copied: null });
    whenNear(this, async () => {
      this.near = true;
      this.reach = await reach(HOME);
    });
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
    const { figure, height, autoload } = this.chosen;
    const name = `semantic-continuity-${figure}`;
    const chosen = { settings: this.#query, ...this.#look, height: height || "", autoload };
    return `<script type="module" src="${new URL("embed/embed.js", HOME)}"></script>
<${name}${attributes(chosen)}>
<p>The figure “${FIGURES[figure].title}” is not here yet. If these words stay, its server does not let other pages
have it (it must send Access-Control-Allow-Origin: *), or this page forbids its script.
<a href="${HOME}">See it in the lab.</a></p>
</${name}>`;
  }

  /** What an element and a frame are told of how they look, where it is no default. */
  get #look() {
    const { figure, theme, controls } = this.chosen;
    const folds = Boolean(FIGURES[figure].few);
    return { theme: theme === "system" ? "" : theme, controls: folds && controls === "all" ? controls : "" };
  }

  get #height() {
    const { figure, height, controls } = this.chosen;
    return height || (controls === "few" && FIGURES[figure].few) || FRAME_HEIGHT;
  }

  get #address() {
    const { figure, autoload } = this.chosen;
    const look = Object.entries(this.#look).map(([name, value]) => value && `${name}=${value}`);
    const parts = [`figure=${figure}`, ...look, autoload && "autoload", this.#query];
    return `${new URL("embed.html", HOME)}?${parts.filter(Boolean).join("&")}`;
  }

  get #frame() {
    const frame = {
      src: this.#address,
      title: FIGURES[this.chosen.figure].title,
      width: "100%",
      height: this.#height,
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

  /** A frame that goes elsewhere adds an entry to the history of the page; a new frame adds none. */
  updated() {
    const place = this.renderRoot.querySelector(".preview");
    const before = place.querySelector("iframe");
    const [src, height] = [this.#address, String(this.#height)];
    if (!this.near || (before?.dataset.src === src && before.dataset.height === height)) return;
    const title = `Preview: ${FIGURES[this.chosen.figure].title}`;
    const frame = Object.assign(document.createElement("iframe"), { title, src, height });
    Object.assign(frame.dataset, { src, height });
    place.replaceChildren(frame);
  }

  /** What the server lets others do, as it said. */
  #reach() {
    return html`<div role="status">
      <ul class="reach small">
        ${this.reach.map(
          ([works, words]) =>
            html`<li class=${works ? "yes" : "no"}><span aria-hidden="true">${works ? "✓" : "✗"}</span> ${words}</li>`,
        )}
      </ul>
    </div>`;
  }

  render() {
    const { figure, autoload } = this.chosen;
    const { few } = FIGURES[figure];
    return html`<div class="figure">
      <div class="panel">
        ${this.field("figure", { help: FIGURES[figure].about })} ${this.field("theme", { id: "embed-theme" })}
        ${few ? this.field("controls") : nothing} ${this.field("height", { help: "0: as high as the figure is." })}
        <label class="check"
          ><input
            id="autoload"
            type="checkbox"
            .checked=${autoload}
            @change=${({ target }) => this.choose({ autoload: target.checked })}
          />
          ${this.store.sections.embed.autoload.label}</label
        >
        ${this.#reach()}
        <p class="small muted">
          The settings of this page go with it. Before it is loaded there is a card that weighs 4 kB; then
          ${size(figure, this.store.state.settings.dataset)}.
        </p>
      </div>
      <div class="results">
        <div class="preview"></div>
        ${this.#snippet("element", "An element", this.#element, HELP.element)}
        ${this.#snippet("frame", "A frame", this.#frame, HELP.frame)}
        ${this.#snippet("listener", "For the frame’s height", LISTENER, HELP.listener)}
      </div>
    </div>`;
  }
}

export const register = () => customElements.get("scl-embed") ?? customElements.define("scl-embed", EmbedFigure);
