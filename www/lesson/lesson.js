// <scl-lesson>: the steps of a lesson. Each asks first and shows its figure afterwards.
import { LitElement, html, nothing } from "../vendor/lit.js";
import { shared } from "../elements/style.js";
import { registerPicture } from "../elements/picture/picture.js";
import { Answers, rightOption } from "./answers.js";
import { codeOf } from "./code.js";
import { pressed } from "./keys.js";
import { loadLesson, readLesson } from "./load.js";
import { previewOf } from "./preview.js";
import { Stage } from "./stage.js";
import { registerTerm } from "./term.js";
import { header, refusal, stepList } from "./frame.js";
import { step } from "./step.js";
import { frame } from "./style/frame.js";
import { paper } from "./style/paper.js";
import { step as stepStyle } from "./style/step.js";
import { wall } from "./style/wall.js";
import { worksheet } from "./worksheet.js";

/** @import { With } from "../elements/section.js" */
/** @import { Loaded } from "./load.js" */
/** @import { Lesson, Step } from "./format.js" */

/** The largest seed. */
export const SEEDS = 2 ** 32 - 1;

/**
 * @typedef {object} Properties
 * @property {Loaded | null} loaded
 * @property {number} at
 * @property {number | null} seed
 * @property {boolean} key
 * @property {boolean} present
 * @property {number | null} choice
 * @property {any} preview
 * @property {string} said
 * @property {{ path: string, side: number } | null} code
 */

export class LessonElement extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    loaded: { state: true },
    /** The step shown, from 0 on. */
    at: { state: true },
    /** The seed of a class, for what is drawn at random. */
    seed: { state: true },
    /** Whether the answers are shown, for who teaches. */
    key: { type: Boolean, reflect: true },
    /** Whether it stands on a wall, for a class. */
    present: { type: Boolean, reflect: true },
    /** The option that is marked and not yet answered. */
    choice: { state: true },
    /** The picture of the step, before its figure is there. */
    preview: { state: true },
    /** What a button has done just now. */
    said: { state: true },
    /** The link of the class as a code, for paper. */
    code: { state: true },
  };

  static styles = [shared, frame, stepStyle, wall, paper];

  /** @type {Answers} */
  answers;
  /** Figures of steps that are unlocked: a run goes on while another step is looked at. @type {Map<number, Stage>} */
  #stages = new Map();
  /** Whether it comes from a file that the reader opened. */
  #opened = false;
  #keys = (event) => pressed(this, event);
  #back = () => this.go(this.#stepOfAddress, { write: false });
  #drop = (event) => this.#dropped(event);
  #over = (event) => event.preventDefault();
  #outside = (event) => this.#closeMenu(event);

  constructor() {
    super();
    Object.assign(this, { loaded: null, at: 0, seed: null, choice: null, preview: null, said: "", code: null });
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("keydown", this.#keys);
    addEventListener("popstate", this.#back);
    addEventListener("dragover", this.#over);
    addEventListener("drop", this.#drop);
    addEventListener("pointerdown", this.#outside);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#keys);
    removeEventListener("popstate", this.#back);
    removeEventListener("dragover", this.#over);
    removeEventListener("drop", this.#drop);
    removeEventListener("pointerdown", this.#outside);
    this.#clear();
  }

  /** @returns {Lesson} */
  get lesson() {
    return this.loaded.lesson;
  }

  /** @returns {Step} */
  get step() {
    return this.lesson.steps[this.at];
  }

  get answered() {
    return this.answers.of(this.at);
  }

  get stage() {
    return this.#stages.get(this.at);
  }

  get isLast() {
    return this.at === this.lesson.steps.length - 1;
  }

  get #stepOfAddress() {
    return Number(new URLSearchParams(location.search).get("step") ?? 1) - 1;
  }

  /** Takes over what the address says. */
  async open() {
    const query = new URLSearchParams(location.search);
    const seed = query.get("seed");
    this.seed = /^\d+$/.test(seed ?? "") && Number(seed) <= SEEDS ? Number(seed) : null;
    if (seed !== null && this.seed === null) {
      const allowed = `allowed is 0 to ${SEEDS}, whole numbers`;
      this.said = `The seed in the address is “${seed.slice(0, 40)}”; ${allowed}. None is used.`;
    }
    this.key = query.get("key") === "1";
    this.present = query.get("present") === "1";
    await this.#take(await loadLesson(query.get("lesson") ?? "robust-or-lucky"));
  }

  /** A lesson of the reader's own, from a file. @param {File} file */
  async openFile(file) {
    const loaded = await readLesson(file.name, await file.text());
    this.#opened = true;
    await this.#take(loaded);
    if (loaded.lesson) this.go(0, { write: false });
  }

  /** @param {Loaded} loaded */
  async #take(loaded) {
    this.#clear();
    this.loaded = loaded;
    document.title = loaded.lesson ? `${loaded.lesson.title} · Semantic Continuity Lab` : "No lesson";
    if (!loaded.lesson) return;
    this.answers = new Answers(loaded.lesson.id);
    this.go(this.#stepOfAddress, { write: false, focus: false });
    // The worksheet may be printed at any time, and waits for nothing; it has the link in letters, too.
    const link = this.classLink;
    this.code = link && (await codeOf(link).catch(() => null));
  }

  #clear() {
    for (const stage of this.#stages.values()) stage.close();
    this.#stages.clear();
  }

  /** An address of this lesson; `null` leaves a part out. */
  address(parts) {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(parts))
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, String(value));
    return url.href;
  }

  /** What a class is given; nothing for a file that was opened: no address leads to it. */
  get classLink() {
    return this.#opened ? null : this.address({ key: null, present: null, step: null });
  }

  /** Goes to a step, by its index. */
  go(index, { write = true, focus = true } = {}) {
    const { steps } = this.lesson;
    const last = steps.length - 1;
    this.at = Number.isInteger(index) ? Math.min(Math.max(index, 0), last) : 0;
    this.choice = this.preview = null;
    if (write) history.pushState(null, "", this.address({ step: this.at + 1 }));
    if (this.answered) this.#unlock();
    else this.#look();
    if (focus) this.#focus("#step-title");
  }

  async #look() {
    const { step } = this;
    const preview = await previewOf(step);
    if (step === this.step) this.preview = preview;
  }

  #unlock() {
    const { at } = this;
    if (this.stage) return;
    const changed = (measured) => {
      if (measured) this.answers.set(at, { measured });
      this.requestUpdate();
    };
    this.#stages.set(at, new Stage(this.step, this.seed, changed));
  }

  /** Loads a figure anew that could not be loaded. */
  retry() {
    this.stage?.close();
    this.#stages.delete(this.at);
    this.#unlock();
    this.requestUpdate();
  }

  /** Answers the question of the step, or skips it. @param {number | null} choice */
  answer(choice) {
    this.answers.set(this.at, { choice });
    this.#unlock();
    this.requestUpdate();
    this.#focus("#outcome-title");
  }

  /** Forgets all answers. */
  restart() {
    this.answers.clear();
    this.#clear();
    this.go(0);
  }

  /** What is right, as far as it is known. */
  right(index = this.at) {
    return rightOption(this.lesson.steps[index].question, this.answers.of(index));
  }

  updated() {
    this.stage?.shown();
  }

  async #focus(selector) {
    await this.updateComplete;
    const target = /** @type {HTMLElement} */ (this.renderRoot.querySelector(selector));
    target?.focus({ preventScroll: true });
    if (!this.present) this.renderRoot.querySelector("main")?.scrollIntoView({ block: "start" });
  }

  /** The next step; on a wall the figure comes first, when the class has answered by hands. */
  forward() {
    if (this.present && !this.answered) this.answer(this.choice);
    else if (!this.isLast) this.go(this.at + 1);
  }

  back() {
    if (this.at > 0) this.go(this.at - 1);
  }

  /** @param {PointerEvent} event */
  #closeMenu(event) {
    /** @type {HTMLDetailsElement | null} */
    const menu = this.renderRoot.querySelector(".teachers");
    if (menu && !event.composedPath().includes(menu)) menu.open = false;
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    // A figure may take files of its own.
    if (event.defaultPrevented) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) this.openFile(file);
  }

  render() {
    const { loaded } = this;
    if (!loaded) return html`<p class="wait muted" role="status">Loading the lesson …</p>`;
    if (!loaded.lesson) return refusal(this, loaded);
    return html`<div class="screen" lang=${loaded.lesson.language}>
        ${header(this)}
        <p class="said small" role="status">${this.said || nothing}</p>
        <div class="columns">
          ${stepList(this)}
          <main>${step(this)}</main>
        </div>
      </div>
      ${worksheet(this)}`;
  }
}

export function registerLesson() {
  registerPicture();
  registerTerm();
  customElements.get("scl-lesson") ?? customElements.define("scl-lesson", LessonElement);
}
