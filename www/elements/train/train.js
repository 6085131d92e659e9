// <scl-train>: settings, Start / Pause / Step / Reset, progress, curves and the table of both models.
import { LitElement, html, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";
import { whenNear } from "../near.js";
import { registerControls } from "../controls/controls.js";
import { registerCurves } from "../curves/curves.js";
import { registerComparison } from "../comparison/comparison.js";
import { registerModels } from "../models/models.js";
import { laneCard } from "./lane-card.js";
import { difference } from "./difference.js";
import { LeftRuns } from "./left-runs.js";
import { announcement, remaining, share } from "./progress.js";
import { figure } from "./style.js";
import { precomputed } from "../../study/precomputed.js";
import { timeBoth, describeTimings } from "../../engine/select-engine.js";
import { asError } from "../../engine/client.js";
import { SETTINGS_CODES } from "../../training/damage.js";
import { sameLearning } from "../../training/run.js";
import { copyLink } from "../../app/link.js";
import { COLOURED, datasetLabel } from "../../catalogue/datasets.js";
import { isOwn } from "../../user-data/own.js";

/** @import { LookReply, WallPictures } from "semantic-continuity-lab/engine" */
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
  <strong>Prepared example</strong>: the end of a run with the default settings. Start trains two models of your own,
  with a new seed.
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
 * @property {Walls | null} example
 * @property {number} picked
 * @property {string | null} guess
 */

/**
 * What the walls show: pictures, and what was seen of each lane so far.
 * @typedef {object} Walls
 * @property {WallPictures} pictures
 * @property {string[]} classes
 * @property {number} steps of the run
 * @property {LookReply[][]} looks
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
    /** The walls that come with the page. */
    example: { state: true },
    /** The place on the walls that is looked at closely. */
    picked: { state: true },
    /** What the visitor thinks will come of the run. */
    guess: { state: true },
  };

  static styles = [shared, figure];

  #left = new LeftRuns(this);
  #checkTimer;
  /** The button last pressed in the bar. */
  #pressed;
  #checked = 0;
  /** What had the keyboard before the last update: some browsers take it from a button that gets disabled at once. */
  #held;
  /** The phase last shown. */
  #phase;
  /** When evaluating began. */
  #evaluating = 0;
  #changed = (event) => {
    if (event.detail.join() !== "figures") this.requestUpdate();
    if (event.detail.includes("settings")) this.#checkSoon();
  };

  constructor() {
    super();
    Object.assign(this, { example: null, picked: -1, guess: null });
    whenNear(this, () => this.#approach());
  }

  /** Brings the walls; without them a run can be made all the same. */
  #equip() {
    import("./watching.js").catch(() => {});
  }

  async #approach() {
    this.#equip();
    await this.run.recall();
    if (!this.store.state.run.example) return;
    const found = await precomputed("wall");
    if (!found) return;
    const noisy = Float32Array.from(found.pictures.noisy, (part) => part / 255);
    this.example = { ...found, pictures: { ...found.pictures, noisy } };
  }

  /**
   * What the walls show: the present run, or before it began the one that comes with the page.
   * @returns {Walls | null}
   */
  get walls() {
    const { run } = this.store.state;
    if (this.store.shownRun !== run) return this.example;
    const walls = run.lanes.map((lane) => lane.wall);
    const wall = walls.find(Boolean);
    if (!wall) return null;
    const looks = walls.map((wall) => wall?.looks ?? []);
    return { pictures: wall.shown, classes: wall.data.classes, steps: run.settings?.steps ?? 1, looks };
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
    this.#present();
    if (this.#held && (!this.#held.isConnected || this.#held.matches(".bar :disabled"))) this.#focusBar();
  }

  /** Brings the result of a run into view, when it ends while somebody watches the walls. */
  #present() {
    const { phase } = this.store.state.run;
    const isNews = phase === "done" && this.#phase === "evaluating";
    this.#phase = phase;
    if (!isNews || !this.runs) return;
    const { top, bottom } = this.renderRoot.querySelector(".stage").getBoundingClientRect();
    if (bottom < 0 || top > globalThis.innerHeight) return;
    const card = this.renderRoot.querySelector("scl-outcome");
    requestAnimationFrame(() => card.scrollIntoView({ block: "nearest" }));
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
    this.#unfold();
    return this.#controls.goTo(key);
  }

  /** @returns {HTMLDetailsElement} */
  get #settings() {
    return this.renderRoot.querySelector("#all-settings");
  }

  #unfold() {
    this.#settings.open = true;
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
    // What changes with every step says more than the phase, but only the phase is spoken.
    const left = this.#remaining(run);
    return html`<div class="stage">
        ${shown === run ? nothing : EXAMPLE} ${this.#wall(0)}
        <div class="middle">
          <div class="bar card" @click=${(event) => (this.#pressed = event.target.id)}>
            <div class="row">${this.#buttons(run, busy)}</div>
            <progress aria-label="Progress of the run" max="1" .value=${share(run)}></progress>
            <p class="small muted number" id="left" ?hidden=${!left}>${left}</p>
            <p class="status small ${left ? "hidden" : ""}" role="status" id="phase" data-phase=${phase}>
              ${announcement(run)}
            </p>
          </div>
          ${this.#left.render(busy)} ${error ? this.#error(error) : nothing}
          ${missing && error?.code !== "own-data-missing" ? this.#missing(missing) : nothing}
          ${this.problem && !busy ? this.#problem(this.problem) : nothing} ${this.#watch(run)}
        </div>
        ${this.#wall(1)} ${this.#outcome(run, shown)}
      </div>
      ${difference(this.store, (key) => (key ? this.goTo(key) : this.#toSettings()), this.#copying())}
      <details id="all-settings">
        <summary>All settings</summary>
        ${phase === "paused" ? LOCKED : nothing}
        <scl-controls
          .store=${this.store}
          ?disabled=${busy || phase === "paused"}
          ?waiting=${!busy && missing}
        ></scl-controls>
      </details>
      <div class="results">
        ${comparison && this.#isStale(run, shown) ? STALE : nothing}
        <div class="lanes">${lanes.map((lane) => this.#lane(lane))}</div>
        ${this.#engine(run, busy)}
        <scl-curves .store=${this.store}></scl-curves>
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
      </div>`;
  }

  #toSettings() {
    this.#unfold();
    this.#settings.querySelector("summary").focus();
  }

  /** The lanes as they are named beside what is shown. */
  get #lanes() {
    const { settings } = this.store.shownRun;
    return this.store.lanes(settings ?? this.store.state.settings);
  }

  #wall(i) {
    const { walls } = this;
    const lane = this.#lanes[i];
    return html`<scl-wall
      class=${lane.id}
      .lane=${lane}
      .learns=${this.#learns(i)}
      .pictures=${walls?.pictures ?? null}
      .classes=${walls?.classes ?? []}
      .look=${walls?.looks[i].at(-1) ?? null}
      .picked=${this.picked}
      @pick=${({ detail }) => (this.picked = detail)}
    ></scl-wall>`;
  }

  #learns(i) {
    const { regularizer } = this.store.shownRun.settings ?? this.store.state.settings;
    if (i === 0) return "learns the labels";
    return regularizer === this.store.defaults.regularizer ? "and to answer alike" : "learns with another loss";
  }

  /** @param {RunState} run */
  #watch({ phase }) {
    const { walls } = this;
    return html`<scl-watch
      class=${phase === "idle" ? "open" : ""}
      .lanes=${this.#lanes}
      .looks=${walls?.looks ?? [[], []]}
      .steps=${walls?.steps ?? 1}
      .sigma=${walls?.pictures.sigma ?? 0}
      .guess=${phase === "done" ? null : this.guess}
      .isOpen=${phase === "idle"}
      @guess=${({ detail }) => (this.guess = detail)}
    ></scl-watch>`;
  }

  /** @param {RunState} run @param {RunState} shown */
  #outcome({ phase, settings, own }, shown) {
    const isOver = shown !== this.store.state.run || phase === "done";
    const looks = this.walls?.looks.map((looks) => looks.at(-1)) ?? [];
    const crosses =
      looks.every(Boolean) && looks.length ? looks.map(({ changed }) => changed.filter(Boolean).length) : null;
    const isMine = phase === "done";
    return html`<scl-outcome
      .comparison=${isOver ? shown.comparison : null}
      .lanes=${this.#lanes}
      .crosses=${crosses}
      .guess=${isMine ? this.guess : null}
      .attack=${isMine && this.goOn ? () => this.#toModels() : null}
      .repeat=${isMine && settings && !(own && !own.files) ? () => this.run.repeat() : null}
    ></scl-outcome>`;
  }

  #start() {
    this.#equip();
    if (this.store.state.run.phase === "done") this.guess = null;
    return this.run.start();
  }

  #reset() {
    this.guess = null;
    return this.run.reset();
  }

  /** Whether other settings were chosen since the run that is shown. */
  #isStale(run, shown) {
    const { settings, seedIsChosen } = this.store.state;
    // Where nobody chose a seed, any will do.
    const chosen = seedIsChosen ? settings : { ...settings, seed: shown.settings.seed };
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
        ?hidden=${busy}
        title="Trains both lanes, then evaluates both models"
        ?disabled=${busy || stuck}
        @click=${() => this.#start()}
      >
        ${start}
      </button>
      <button
        class="primary"
        id="pause"
        ?hidden=${!busy}
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
        aria-label="Reset"
        title="Back to before the start; trained models stay until others take their place"
        ?disabled=${phase === "idle"}
        @click=${() => this.#reset()}
      >
        ↺
      </button>`;
  }

  #copying() {
    return html`<button
        id="copy"
        class="chip"
        title="A link to this page as it stands, with what was chosen in every section"
        @click=${() => this.#copy()}
      >
        ${this.copied ?? "Copy link"}
      </button>
      ${this.link ? this.#link() : nothing}`;
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
    const bring = () => {
      this.#unfold();
      return this.#controls.bring();
    };
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
