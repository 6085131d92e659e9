// An element for other people's pages: a card that says what it would load, and the figure once it is wanted.
import { whyNoWasm } from "../lib/wasm.js";
import { FIGURES, size } from "../catalogue/figures.js";
import { HOME } from "../lib/home.js";

/** What the picture shows that stands where nothing can be computed. */
const PICTURED =
  "A sandal, the same picture with noise, and the answers of two models: with the noise the plain one says bag, " +
  "the one with the continuity constraint still says sandal.";

const THEMES = ["light", "dark", "system"];

// Nothing of the host's style gets in: what inherits is reset below the shadow root, where no selector of the host
// reaches. Until the tokens are there the system's own colours do.
const base = new CSSStyleSheet();
base.replaceSync(`
  :host { display: block !important; }
  :host([hidden]) { display: none !important; }
  .tokens {
    all: initial; direction: ltr; color-scheme: light dark;
    display: block; box-sizing: border-box; overflow-wrap: break-word;
    font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas;
    border: 1px solid GrayText; border-radius: 10px;
  }
  .sheet { padding: 1rem; }
  :host([fill]) .tokens {
    min-height: 100%; display: grid; grid-template-columns: minmax(0, 1fr); align-content: center;
  }
  [aria-expanded]::after { content: " ▾" / ""; }
  [aria-expanded="true"]::after { content: " ▴" / ""; }
  .tokens[data-theme="light"] { color-scheme: light; }
  .tokens[data-theme="dark"] { color-scheme: dark; }
  .tokens[data-figure] { color: var(--ink); background: var(--page); border-color: var(--line); }
  .place { container-type: inline-size; }
  .head { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: baseline; margin: 0 0 0.5rem; }
  .head .title { flex: 1 1 8rem; }
  .head button { padding: 0.25rem 0.75rem; }
  .head button, .head a { font-size: 0.875rem; }
  .title { font-size: 1.125rem; font-weight: 700; margin: 0; }
  .head:has(button) .title { font-size: 1rem; }
  p { margin: 0 0 0.75rem; }
  p:last-child { margin-bottom: 0; }
  button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: 0.25rem 1rem; cursor: pointer; }
  button:disabled { cursor: progress; }
  .tokens[data-figure] button {
    color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius);
  }
  @media (pointer: coarse) { button { min-height: 44px; } }
  img { display: block; max-width: 100%; height: auto; margin-bottom: 0.75rem; }
  a { color: LinkText; }
  .notice { border-left: 4px solid currentColor; padding: 0.5rem 1rem; }
`);

/** What went wrong, with a way on where the page around is what must change. */
function described(error) {
  const text = String(error?.message ?? error);
  if (/trusted ?types|policy .*disallowed|createPolicy/i.test(text)) {
    return "the policy of this page must list what the figure needs: trusted-types lit-html semantic-continuity-lab.";
  }
  if (!/module/i.test(text)) return text;
  const far = `The server of ${HOME.host} must send Access-Control-Allow-Origin: * with each of its files. `;
  // Some browsers never ask again for a module that did not come.
  return `${text}. ${HOME.origin === origin ? "" : far}If trying again does not help, reload the page.`;
}

const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** @import { Figure } from "../catalogue/figures.js" */

/**
 * A card that says what it would load, and the figure once it is wanted. Attributes: `dataset`; `settings`, the query
 * of a link to the page; `theme`, `light`, `dark` or `system`; `height` in pixels; `controls`, `few` or `all`;
 * `autoload`.
 */
export class Widget extends HTMLElement {
  /**
   * The name of its figure: each element has its own.
   * @readonly
   * @type {Figure}
   */
  static figure;
  static observedAttributes = ["dataset", "settings", "theme", "height", "controls"];

  #root = this.attachShadow({ mode: "open" });
  #inner = make("div", { className: "tokens", lang: "en" });
  #head = make("div", { className: "head" });
  #place = make("div", { className: "place", id: "place" });
  #seen;
  /** The promise of what is mounted; nothing while there is only the card. */
  #mounting;
  /** The tokens of each theme, once they were needed. */
  #sheets;

  constructor() {
    super();
    const { title } = FIGURES[this.#figure];
    this.#head.append(make("p", { className: "title" }, title));
    this.#inner.append(make("div", { className: "sheet" }, this.#head, this.#place));
    this.#inner.setAttribute("role", "region");
    this.#inner.setAttribute("aria-label", title);
    this.#root.adoptedStyleSheets = [base];
    this.#root.append(this.#inner);
  }

  connectedCallback() {
    this.#look();
    this.#card();
    // Sizes are in rem, and the host may have another idea of that than its reader.
    this.#inner.style.zoom = this.#rem();
    if (!this.hasAttribute("autoload") || whyNoWasm()) return;
    this.#seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.load();
      },
      { rootMargin: "200px" },
    );
    this.#seen.observe(this);
  }

  disconnectedCallback() {
    this.#seen?.disconnect();
    this.#unmount();
  }

  /** A move within the page, where the host makes it as one, changes nothing. */
  connectedMoveCallback() {}

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    this.#look();
    if (!["dataset", "settings", "controls"].includes(name)) return;
    const again = Boolean(this.#mounting);
    this.#unmount();
    this.#card();
    if (again) this.load();
  }

  get #figure() {
    return /** @type {typeof Widget} */ (this.constructor).figure;
  }

  /**
   * Loads the figure, unless it is there; resolves when it stands, to whether it does.
   * @returns {Promise<boolean>}
   */
  load() {
    this.#seen?.disconnect();
    this.#mounting ??= this.#mount();
    return this.#mounting.then(Boolean, () => false);
  }

  async #mount() {
    const button = this.#place.querySelector("button");
    const held = button && this.#root.activeElement === button;
    if (button) Object.assign(button, { textContent: "Loading …", disabled: true });
    try {
      const { mount } = await import("./mount.js");
      const mounted = await mount(this.#figure, {
        dataset: this.getAttribute("dataset"),
        settings: this.getAttribute("settings") ?? "",
        few: this.getAttribute("controls") !== "all",
      });
      if (!this.isConnected) {
        mounted.close();
        return null;
      }
      this.#sheets = mounted.themes;
      this.#look();
      this.#place.replaceChildren(
        ...mounted.notices.map((text) => make("p", { className: "notice", role: "status" }, text)),
        mounted.element,
      );
      if (mounted.few) this.#fold(mounted);
      if (held) this.#takeOver();
      return mounted;
    } catch (error) {
      this.#mounting = undefined;
      this.#card(`This figure cannot be loaded: ${described(error)}`);
      if (held) this.#takeOver();
      return null;
    }
  }

  /** Shows a figure with few controls, and a button for the others. */
  #fold({ element, few }) {
    element.renderRoot.adoptedStyleSheets.push(few);
    const button = make("button", {
      type: "button",
      textContent: "Settings",
      onclick: () => button.setAttribute("aria-expanded", String(element.toggleAttribute("unfolded"))),
    });
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", "place");
    const lab = make("a", { href: HOME.href, target: "_blank", rel: "noopener" }, "Lab ↗");
    lab.setAttribute("aria-label", "Semantic Continuity Lab ↗");
    this.#head.append(button, lab);
  }

  /** The button that had the keyboard is gone: it goes on here, unless the reader took it elsewhere. */
  #takeOver() {
    const { activeElement } = document;
    if (activeElement !== document.body && activeElement !== this) return;
    if (!this.#inner.hasAttribute("tabindex")) this.#inner.tabIndex = -1;
    this.#inner.focus({ preventScroll: true });
  }

  #unmount() {
    this.#mounting?.then((mounted) => mounted?.close());
    this.#mounting = undefined;
    this.#head.replaceChildren(this.#head.firstChild);
    this.#place.replaceChildren();
  }

  /** Theme and height, as the attributes say. */
  #look() {
    const theme = THEMES.includes(this.getAttribute("theme")) ? this.getAttribute("theme") : "system";
    const height = Number.parseFloat(this.getAttribute("height"));
    this.#inner.dataset.theme = theme;
    Object.assign(
      this.#inner.style,
      height > 0 ? { height: `${height}px`, overflow: "auto" } : { height: "", overflow: "" },
    );
    // Whoever can scroll must be able to by keyboard.
    if (height > 0) this.#inner.tabIndex = 0;
    else this.#inner.removeAttribute("tabindex");
    if (!this.#sheets) return;
    this.#inner.dataset.figure = this.#figure;
    this.#root.adoptedStyleSheets = [base, ...this.#sheets[theme]];
    dispatchEvent(new Event("scl-theme"));
  }

  /** How many times larger than the host's the reader's own letters are. */
  #rem() {
    const probe = make("span", {});
    probe.style.fontSize = "medium";
    this.#inner.append(probe);
    const medium = Number.parseFloat(getComputedStyle(probe).fontSize);
    probe.remove();
    return medium / Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 1;
  }

  /** Whose pictures it will load: its settings count before its dataset, as when it is mounted. */
  get #dataset() {
    return new URLSearchParams(this.getAttribute("settings") ?? "").get("dataset") ?? this.getAttribute("dataset");
  }

  /** What there is before the figure, or in its place. */
  #card(problem) {
    const figure = this.#figure;
    const about = make("p", {}, FIGURES[figure].about);
    const home = make("a", { href: HOME.href, target: "_blank", rel: "noopener" }, "Semantic Continuity Lab");
    const impossible = whyNoWasm();
    if (impossible) {
      const picture = make("img", {
        src: new URL("embed/nudge.png", HOME).href,
        width: 884,
        height: 390,
        loading: "lazy",
        alt: PICTURED,
      });
      this.#place.replaceChildren(picture, about, make("p", {}, `${impossible.message} It is part of the `, home, "."));
      return;
    }
    const button = make(
      "button",
      { type: "button", onclick: () => this.load() },
      problem ? "Try again" : `Load (${size(figure, this.#dataset)})`,
    );
    this.#place.replaceChildren(
      about,
      ...(problem ? [make("p", { className: "notice", role: "alert" }, problem)] : []),
      make("p", {}, button),
    );
  }
}
