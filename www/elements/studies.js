// What the figures that study many pictures share: for each study a bar with start, cancel and progress.
import { html, nothing } from "../vendor/lit.js";
import { seconds } from "../lib/numbers.js";
import { loaded } from "./loading.js";
import { whenNear } from "./near.js";
import { PairFigure } from "./pair.js";
import { Study } from "../study/study.js";

export class StudyFigure extends PairFigure {
  #studies = [];
  /** What had the keyboard before the last update: some browsers take it from a button that gets disabled at once. */
  #held;

  constructor() {
    super();
    whenNear(this, () => this.recall());
  }

  /** Shows what comes with the page, which is about the pair of models that is looked at first. */
  async recall() {
    if (this.chosen.models === this.store.sections[this.section].models.default)
      await Promise.all(this.#studies.map((study) => study.recall()));
  }

  /** A study of this figure, which ends with it. */
  study(name, task) {
    const study = new Study(this.store, () => this.requestUpdate(), name, task);
    this.#studies.push(study);
    return study;
  }

  /** What the studies found, by their names. */
  get results() {
    return Object.fromEntries(this.#studies.map(({ name, result }) => [name, result]));
  }

  get isBusy() {
    return this.#studies.some((study) => study.isBusy);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#studies.forEach((study) => study.cancel());
  }

  willUpdate() {
    this.#held = this.renderRoot.activeElement;
  }

  /** A button that was just pressed and is disabled now would take the keyboard's place on the page with it. */
  updated() {
    if (this.#held?.matches(":disabled")) this.#held.parentElement.querySelector("button:not(:disabled)")?.focus();
  }

  /** @param start begins it; `kept` what is said of a study that was cancelled */
  bar(
    study,
    id,
    label,
    { start = () => study.run(), running = "Attacking …", kept = "Cancelled: what was done stays." } = {},
  ) {
    const { phase, done, units, secondsLeft, load, error, notes, result } = study;
    const beforehand = result?.beforehand ? "Prepared example, with the default settings." : "";
    const words = {
      idle: "",
      loading: "Loading two engines …",
      running,
      done: "Done.",
      cancelled: error ? "" : beforehand ? "Cancelled." : kept,
    }[phase];
    const left = phase === "running" && done > 2 ? `About ${seconds(secondsLeft)} left.` : nothing;
    const progress = phase === "loading" ? loaded(load) : left;
    return html`<div class="row">
        <button class="primary" id=${id} ?disabled=${this.isBusy} @click=${start}>${label}</button>
        <button id="${id}-cancel" ?disabled=${!study.isBusy} @click=${() => study.cancel()}>Cancel</button>
        <span class="small" role="status" data-phase=${phase}>${words} ${beforehand}</span>
        <span class="small muted number">${progress}</span>
      </div>
      <progress aria-label="Progress" max="1" .value=${units ? done / units : 0}></progress>
      ${notes.map((note) => html`<p class="small note">${note}</p>`)}
      ${error ? html`<p class="notice" role="alert">${error.message}</p>` : nothing}
      ${
        study.isStale
          ? html`<p class="notice small" id="${id}-stale">
              Something else was chosen since; the numbers below still belong to what they name.
            </p>`
          : nothing
      }`;
  }
}
