// <scl-train>: settings, Start / Pause / Step / Reset, progress, curves and the table of both models.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";
import { whenNear } from "../near.js";
import { registerControls } from "../controls/controls.js";
import { registerCurves } from "../curves/curves.js";
import { registerComparison } from "../comparison/comparison.js";
import { registerModels } from "../models/models.js";
import { laneCard } from "./lane-card.js";
import { LeftRuns } from "./left-runs.js";
import { announcement, remaining, share } from "./progress.js";
import { timeBoth, describeTimings } from "../../engine/select-engine.js";
import { asError } from "../../engine/client.js";
import { SETTINGS_CODES } from "../../training/damage.js";
import { sameLearning } from "../../training/run.js";
import { copyLink } from "../../app/link.js";
import { COLOURED, datasetLabel } from "../../catalogue/datasets.js";
import { isOwn } from "../../user-data/own.js";

/** @import { Store } from "../../app/store.js" */
/** @import { Failure } from "../../engine/client.js" */
/** @import { PairEngine } from "../../engine/pair-engine.js" */
/** @import { Run, RunState } from "../../training/run.js" */
/** @import { Runs } from "../../training/runs.js" */
/** @import { With } from "../section.js" */
/** @import { Controls } from "../controls/controls.js" */

/** What the second lane learns from. */
const OBJECTIVE = "Cross-entropy + α · DS(f(x), f(P(x))).";
const BUSY = ["preparing", "training", "evaluating"];
const UNCHOSEN =
  "Chosen when you press Start: the CPU engine runs everywhere; " +
  "WebGPU is timed against it where the browser has it.";

const LOCKED = html`<p class="small muted">Settings are locked while a run is under way. Reset to change them.</p>`;
const EXAMPLE = html`<p class="small muted" id="example">
  Shown: a run that was computed beforehand, with the default settings. Start makes one of your own.
</p>`;
const STALE = html`<p class="notice small" id="stale">
  The settings have changed since this run; curves and table belong to the run as it was.
</p>`;

/** Ways out of settings that cannot be, by the code of the problem. */
const INSTEAD = {
  "no-base": ["Start from scratch instead", { start: "scratch" }],
  "perturbation-needs-color": [`Use ${datasetLabel(COLOURED)} instead`, { dataset: COLOURED, start: "scratch" }],
};

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {PairEngine} quick
 * @property {Run} run
 * @property {Runs} runs
 * @property {() => void} goOn
 * @property {URL} home
 * @property {Failure} problem
 * @property {{ words: string, busy: boolean }} timing
 * @property {string} copied
 * @property {string} link
 */

export class TrainFigure extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    quick: { attribute: false },
    run: { attribute: false },
    /** The runs that are kept, where they are. */
    runs: { attribute: false },
    /** Goes to the other figures that can show the models, where there are any. */
    goOn: { attribute: false },
    /** Where a link leads, if not to this page. */
    home: { attribute: false },
    problem: { state: true },
    /** What timing both engines has shown so far: `{ words, busy }`. */
    timing: { state: true },
    copied: { state: true },
    /** A link that the browser would not copy by itself. */
    link: { state: true },
  };

  static styles = [
    shared,
    css`
      .desk {
        display: grid;
        gap: var(--space-4);
        grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
        align-items: start;
      }
      .settings,
      .results {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        min-width: 0;
      }
      .results {
        gap: var(--space-4);
      }
      .bar {
        position: sticky;
        top: 0;
        z-index: 2;
        background: var(--page);
        border-bottom: 1px solid var(--line);
        padding: var(--space-2) 0;
      }
      button[aria-disabled="true"] {
        color: var(--muted);
        cursor: not-allowed;
      }
      @container (max-width: 52.5rem) {
        .desk {
          display: flex;
          flex-direction: column;
          align-items: stretch;
        }
        .results {
          display: contents;
        }
        .bar {
          order: -1;
        }
      }
      @container (max-width: 15rem) {
        .bar {
          position: static;
        }
      }
      .lanes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
        gap: var(--space-3);
      }
      .lane {
        border-top: 4px solid var(--lane);
      }
      .lane h3 {
        color: var(--lane);
      }
      .status {
        min-height: 1.6em;
        flex: 1 1 14rem;
      }
      ul {
        padding-left: 1.2em;
      }
    `,
  ];

  #left = new LeftRuns(this);
  #checkTimer;
  /** The button last pressed in the bar. */
  #pressed;
  #checked = 0;
  /** What had the keyboard before the last update: some browsers take it from a button that gets disabled at once. */
  #held;
  /** When evaluating began. */
  #evaluating = 0;
  #changed = (event) => {
    if (event.detail.join() !== "figures") this.requestUpdate();
    if (event.detail.includes("settings")) this.#checkSoon();
  };

  constructor() {
    super();
    whenNear(this, () => this.run.recall());
  }

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
    this.#checkSoon();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
    clearTimeout(this.#checkTimer);
  }

  willUpdate() {
    this.#held = this.renderRoot.activeElement;
  }

  /**
   * A button that was just pressed and is disabled now, or gone with its message, would take the keyboard's place on
   * the page with it.
   */
  updated() {
    if (this.#held && (!this.#held.isConnected || this.#held.matches(".bar :disabled"))) this.#focusBar();
  }

  #focusBar() {
    // Whoever steps by keyboard means to step again, not to set the whole run going.
    const first = this.#pressed === "step" ? ["#step"] : [];
    const buttons = [...first, "#pause", "#start", "#calm", "#copy"];
    /** @type {(id: string) => HTMLElement} */
    const find = (id) => this.renderRoot.querySelector(`${id}:not(:disabled)`);
    buttons.map(find).find(Boolean)?.focus();
  }

  /** @returns {Controls} */
  get #controls() {
    return this.renderRoot.querySelector("scl-controls");
  }

  /** Shows a setting and gives it the keyboard. */
  goTo(key) {
    return this.#controls.goTo(key);
  }

  /** The library says what is wrong with the settings before anyone presses Start. */
  #checkSoon() {
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(async () => {
      const mine = ++this.#checked;
      const problem = await this.quick.validate(this.store.state.settings).then(
        () => null,
        (error) => error,
      );
      // An engine that fails is no fault of the settings: Start says so itself, with a way on.
      if (mine === this.#checked) this.problem = SETTINGS_CODES.includes(problem?.code) ? problem : null;
    }, 150);
  }

  #copy() {
    const say = (copied, link) => Object.assign(this, { copied, ...(copied ? { link } : {}) });
    return copyLink(this.store, say, { home: this.home, fragment: "#train" });
  }

  render() {
    const { run } = this.store.state;
    const { phase, lanes, error } = run;
    const shown = this.store.shownRun;
    const { comparison } = shown;
    const busy = BUSY.includes(phase);
    const missing = run.own && !run.own.files ? run.own : null;
    return html`<div class="desk">
      <div class="settings">
        <scl-controls
          .store=${this.store}
          ?disabled=${busy || phase === "paused"}
          ?waiting=${!busy && missing}
        ></scl-controls>
        ${phase === "paused" ? LOCKED : nothing} ${this.problem && !busy ? this.#problem(this.problem) : nothing}
      </div>
      <div class="results">
        <div class="bar" @click=${(event) => (this.#pressed = event.target.id)}>
          <div class="row">
            ${this.#buttons(run, busy)} ${this.link ? this.#link() : nothing}
            <p class="status small" role="status" id="phase" data-phase=${phase}>${announcement(run)}</p>
          </div>
          <progress aria-label="Progress of the run" max="1" .value=${share(run)}></progress>
          <p class="small muted number" id="left">${this.#remaining(run)}</p>
        </div>
        ${this.#left.render(busy)} ${error ? this.#error(error) : nothing}
        ${missing && error?.code !== "own-data-missing" ? this.#missing(missing) : nothing}
        <div class="lanes">${lanes.map((lane) => this.#lane(lane))}</div>
        ${this.#engine(run, busy)} ${shown === run ? nothing : EXAMPLE}
        <scl-curves .store=${this.store}></scl-curves>
        ${comparison && this.#isStale(run, shown) ? STALE : nothing}
        <scl-comparison
          .comparison=${comparison}
          .settings=${shown.settings}
          .second=${this.store.lanes(shown.settings)[1].label}
          .evaluated=${lanes.map((lane) => lane.evaluated)}
        ></scl-comparison>
        <scl-models
          .trained=${run.trained}
          .lanes=${this.store.lanes(run.trained?.settings)}
          .show=${this.goOn ? () => this.#toModels() : null}
        ></scl-models>
        ${this.runs ? html`<scl-runs .store=${this.store} .runs=${this.runs}></scl-runs>` : nothing}
      </div>
    </div>`;
  }

  /** Whether other settings were chosen since the run that is shown. */
  #isStale(run, shown) {
    const chosen = this.store.state.settings;
    if (shown !== run) return !sameLearning(shown.settings, chosen);
    return JSON.stringify(run.settings) !== JSON.stringify(chosen);
  }

  #toModels() {
    this.store.chooseModels("own");
    this.goOn();
  }

  /** @param {RunState} run */
  #buttons({ phase, lanes, error }, busy) {
    const stuck = Boolean(this.problem) || error?.code === "diverged";
    const trained = phase === "done" || (phase === "paused" && lanes.every((lane) => lane.step >= lane.steps));
    const start = { paused: "Continue", done: "Start again" }[phase] ?? "Start";
    return html`<button
        class="primary"
        id="start"
        title="Trains both lanes, then evaluates both models"
        ?disabled=${busy || stuck}
        @click=${() => this.run.start()}
      >
        ${start}
      </button>
      <button
        id="pause"
        title="Stops after the step under way; nothing is lost"
        ?disabled=${!busy}
        @click=${() => this.run.pause()}
      >
        Pause
      </button>
      <button
        id="step"
        title="One step of both lanes"
        ?disabled=${busy || trained || stuck}
        @click=${() => this.run.step()}
      >
        Step
      </button>
      <button
        id="reset"
        title="Back to before the start; trained models stay until others take their place"
        ?disabled=${phase === "idle"}
        @click=${() => this.run.reset()}
      >
        Reset
      </button>
      <button
        id="copy"
        title="A link to this page as it stands, with what was chosen in every section"
        @click=${() => this.#copy()}
      >
        ${this.copied ?? "Copy link"}
      </button>`;
  }

  /** A link that could not be copied, to be copied by hand. */
  #link() {
    return html`<input
      id="link"
      readonly
      aria-label="Link to copy"
      .value=${this.link}
      @focus=${({ target }) => target.select()}
    />`;
  }

  /** @param {RunState} run */
  #engine({ engine }, busy) {
    const isTiming = Boolean(this.timing?.busy);
    return html`<div class="card small" id="engine">
      <p><strong>Engine.</strong> ${engine?.why ?? UNCHOSEN}</p>
      <p class="row">
        <button
          title="A few steps on each, with the present settings"
          aria-disabled=${busy || isTiming}
          @click=${() => busy || isTiming || this.#time()}
        >
          Time both engines
        </button>
        <span role="status">${this.timing?.words}</span>
      </p>
    </div>`;
  }

  #problem(problem) {
    const [words, settings] = INSTEAD[problem.code] ?? [];
    return html`<div class="notice" role="alert" id="problem">
      <p>${problem.message}</p>
      ${words ? html`<button @click=${() => this.store.setSettings(settings)}>${words}</button>` : nothing}
    </div>`;
  }

  #error({ code, message }) {
    return html`<div class="notice" role="alert" id="error" data-code=${code}>
      <p>${message}</p>
      <p class="row">${this.#wayOn(code)}</p>
    </div>`;
  }

  #wayOn(code) {
    if (code === "own-data-missing") return this.#bring();
    if (code === "diverged") {
      return html`<button id="calm" @click=${() => this.run.calmDown()}>
        Go back to the last sound state, with a tenth of the learning rate
      </button>`;
    }
    const isPaused = this.store.state.run.phase === "paused";
    return html`<button id="retry" @click=${() => this.run.start()}>
      ${isPaused ? "Continue from the last checkpoint" : "Try again"}
    </button>`;
  }

  #bring() {
    const bring = () => this.#controls.bring();
    return html`<button id="bring" @click=${bring}>Bring the pictures</button>`;
  }

  /** A run whose pictures are not here shows what it found all the same. */
  #missing({ name, train, test }) {
    return html`<div class="notice small" id="missing">
      <p>
        This run was made on your own pictures “${name}” (${train} to learn from, ${test} to test on), which the page
        does not keep. What it found is here; to go on with it, or to attack its models, bring the pictures again.
      </p>
      <p class="row">${this.#bring()}</p>
    </div>`;
  }

  /** @param {RunState} run */
  #remaining(run) {
    if (run.phase !== "evaluating") this.#evaluating = performance.now();
    return remaining({ ...run, settings: run.settings ?? this.store.state.settings }, this.#evaluating);
  }

  #lane(lane) {
    const settings = this.store.state.run.settings ?? this.store.state.settings;
    const { label } = this.store.lanes(settings).find(({ id }) => id === lane.name);
    const { help } = this.store.controls.get("regularizer").choices.find(({ id }) => id === settings.regularizer);
    return laneCard(lane, label, settings.regularizer === "continuity" ? OBJECTIVE : help);
  }

  async #time() {
    const { settings, own } = this.store.state;
    const say = (words, busy = true) => (this.timing = { words, busy });
    const result = await timeBoth(settings, isOwn(settings) ? own : null, say).catch(asError);
    say(result.cpu ? describeTimings(result) : result.message, false);
  }
}

export function register() {
  registerControls();
  registerCurves();
  registerComparison();
  registerModels();
  customElements.get("scl-train") ?? customElements.define("scl-train", TrainFigure);
}
