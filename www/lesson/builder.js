// <scl-lesson-builder>: a teacher sets a figure up, ticks which controls stay, and takes along a link, an element or a
// step of a lesson.
import { LitElement, html, css, nothing } from "../vendor/lit.js";
import { FIGURES } from "../catalogue/figures.js";
import { HOME } from "../lib/home.js";
import { choiceField } from "../elements/fields.js";
import { lab, shared } from "../elements/style.js";
import { frame } from "./style/frame.js";

/** @import { With } from "../elements/section.js" */
/** @import { Store } from "../app/store.js" */

const [ALL, NONE] = ["all", "none"];

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/**
 * @typedef {object} Properties
 * @property {string} figure
 * @property {(HTMLElement & { store: Store }) | null} element
 * @property {string} problem
 * @property {string} copied
 */

export class Builder extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    figure: { state: true },
    /** The figure, once it is there. */
    element: { state: true },
    problem: { state: true },
    /** Which text was copied just now. */
    copied: { state: true },
  };

  static styles = [
    shared,
    lab,
    frame,
    css`
      .page {
        padding: var(--space-3) clamp(1rem, 2.2vw, 2rem);
        border: 0;
      }
      .panel,
      .stay {
        align-content: start;
      }
      .stay {
        display: grid;
        gap: 0;
      }
      legend {
        padding: 0;
        font-weight: 700;
      }
      .stay label {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-height: 2.75rem;
        font-weight: 400;
      }
      textarea {
        width: 100%;
        padding: var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--page);
        color: inherit;
        font:
          var(--size-s)/1.4 ui-monospace,
          monospace;
        resize: vertical;
      }
      .taken {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--space-3);
        margin-top: var(--space-3);
      }
    `,
  ];

  #mounted;
  #follow = () => this.requestUpdate();

  constructor() {
    super();
    Object.assign(this, { figure: "fool", element: null, problem: "", copied: "" });
  }

  connectedCallback() {
    super.connectedCallback();
    const wanted = new URLSearchParams(location.search).get("figure");
    this.#open(wanted !== null && Object.hasOwn(FIGURES, wanted) ? wanted : "fool");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#close();
  }

  #close() {
    this.element?.store.removeEventListener("change", this.#follow);
    this.#mounted?.close();
    this.element = this.#mounted = null;
  }

  async #open(figure) {
    this.#close();
    Object.assign(this, { figure, problem: "" });
    try {
      const { mount } = await import("../embed/mount.js");
      const mounted = await mount(figure, { dataset: null, settings: "", few: false });
      if (figure !== this.figure) return mounted.close();
      this.#mounted = mounted;
      this.element = /** @type {any} */ (mounted.element);
      this.element.store.addEventListener("change", this.#follow);
    } catch (error) {
      this.problem = `This figure cannot be loaded: ${error?.message ?? error}`;
    }
  }

  /** The controls of the figure that can be left out, `{ id, label }` each. */
  get #controls() {
    const { choices = [] } = this.element?.store.sections[this.figure]?.show ?? {};
    return choices.filter(({ id }) => id !== ALL && id !== NONE);
  }

  #stays(id) {
    const { show } = this.element.store.state.figures[this.figure];
    return show === ALL || show.split(",").includes(id);
  }

  #tick(id, stays) {
    const controls = this.#controls.map(({ id }) => id);
    const left = controls.filter((other) => (other === id ? stays : this.#stays(other)));
    const show = left.length === controls.length ? ALL : left.join(",") || NONE;
    this.element.store.choose(this.figure, { show });
  }

  /** What to take along: each text with its label. */
  get #texts() {
    const query = this.element.store.query().replaceAll("%2C", ",");
    const { title } = FIGURES[this.figure];
    const name = `semantic-continuity-${this.figure}`;
    const settings = query ? ` settings="${escaped(query)}"` : "";
    const link = new URL(`embed.html?${[`figure=${this.figure}`, "autoload", query].filter(Boolean).join("&")}`, HOME);
    const script = `<script type="module" src="${new URL("embed/embed.js", HOME)}"></script>`;
    return [
      ["link", "A link to this figure alone", link.href],
      ["element", "An element for your page", `${script}\n<${name}${settings}>${title}</${name}>`],
      ["step", "For a step of a lesson", `"figure": "${this.figure}",\n"settings": ${JSON.stringify(query)},`],
    ];
  }

  async #copy(id) {
    /** @type {HTMLTextAreaElement} */
    const area = this.renderRoot.querySelector(`#${id}`);
    area.select();
    const done = await navigator.clipboard?.writeText(area.value).then(
      () => true,
      () => false,
    );
    this.copied = done ? id : "";
  }

  render() {
    const figures = Object.entries(FIGURES).map(([id, { title }]) => [id, title]);
    return html`<header class="bar">
        <h1 class="name">Choose which controls stay</h1>
        <p class="about small muted">Set the figure up as your class should find it.</p>
        <a class="button" href="lesson.html">To the lesson</a>
      </header>
      <main class="page">
        <div class="figure">
          <div class="panel">
            ${choiceField("figure", "Figure", this.figure, figures, (figure) => this.#open(figure))}
            ${this.element ? this.#ticks() : nothing}
          </div>
          <div class="place">
            ${
              this.problem
                ? html`<p class="notice" role="alert">${this.problem}</p>`
                : (this.element ?? html`<p class="muted" role="status">Loading the figure …</p>`)
            }
          </div>
        </div>
        ${this.element ? html`<div class="taken">${this.#texts.map((text) => this.#text(text))}</div>` : nothing}
      </main>`;
  }

  #ticks() {
    const controls = this.#controls;
    if (!controls.length) return html`<p class="small muted">The controls of this figure stay together.</p>`;
    return html`<fieldset class="bare stay">
      <legend>These controls stay</legend>
      ${controls.map(
        ({ id, label }) =>
          html`<label
            ><input
              type="checkbox"
              data-control=${id}
              .checked=${this.#stays(id)}
              @change=${({ target }) => this.#tick(id, target.checked)}
            />
            ${label}</label
          >`,
      )}
      <p class="small muted">What a control has chosen stays as it is when the control is gone.</p>
    </fieldset>`;
  }

  /** @param {string[]} text */
  #text([id, label, text]) {
    return html`<div>
      <label for=${id}>${label}</label>
      <textarea id=${id} readonly spellcheck="false" rows="4" .value=${text}></textarea>
      <button @click=${() => this.#copy(id)} aria-label="Copy: ${label}">
        ${this.copied === id ? "Copied" : "Copy"}
      </button>
    </div>`;
  }
}

export const registerBuilder = () =>
  customElements.get("scl-lesson-builder") ?? customElements.define("scl-lesson-builder", Builder);
