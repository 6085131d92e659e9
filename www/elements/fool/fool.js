// <scl-fool>: one picture, the worst change within a radius for each model, and how far each of them holds.
import { html, svg, nothing } from "../../vendor/lit.js";
import { budgetOf } from "../../catalogue/attacks.js";
import { PGD_20, linf } from "../../catalogue/initial.js";
import { counted, percent } from "../../lib/numbers.js";
import { precomputed } from "../../study/precomputed.js";
import { shared } from "../style.js";
import { Inquiry } from "../inquiry.js";
import { loaded } from "../loading.js";
import { registerPicture } from "../picture/picture.js";
import { spoken, verdictBadge, verdictOf, verdictStyle } from "../answers/verdict.js";
import { packed, typicalOf, unpacked } from "./frames.js";
import { figure } from "./style.js";

/** @import { Example, Lane, Limits } from "semantic-continuity-lab/engine" */
/** @import { Message } from "../../engine/client.js" */
/** @import { LaneLabel } from "../../app/store.js" */
/** @import { With } from "../section.js" */
/** @import { Typical } from "./frames.js" */

/** The largest radius, in 255ths. */
const MOST = 32;
/** Radii that come with the page. */
const PREPARED = 8;
/** Pictures behind the typical limits. */
const MANY = 60;
/** How often a change is enlarged. */
const GAIN = 20;
/** Classes shown with their probability; the others are one line. */
const SHOWN = 3;
/** How long the knob rests at each radius while it moves by itself, in milliseconds. */
const REST = 220;
const SEED = 1;
const { norm: NORM } = linf(0);
const ATTACK = { norm: NORM, seed: SEED, attack: PGD_20 };

/** A probability as a length. */
const bar = (share) =>
  svg`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect width=${100 * share} height="10" />
  </svg>`;

/** What the large picture shows: the original, what fools a model, or its change enlarged. */
const VIEWS = [
  ["original", "original"],
  ["changed", "changed"],
  ["change", `change × ${GAIN}`],
];

/**
 * @typedef {object} Properties
 * @property {Limits | null} limits
 * @property {Typical | null} typical
 * @property {number | null} moved
 * @property {string} view
 * @property {Lane} against
 * @property {boolean} pixels
 * @property {boolean} held
 * @property {number | null} counting
 */

export class FoolFigure extends /** @type {With<Properties, typeof Inquiry>} */ (Inquiry) {
  static properties = {
    /** How far both models hold on the picture shown. */
    limits: { state: true },
    /** The same on many pictures. */
    typical: { state: true },
    /** Where the knob is while it moves by itself. */
    moved: { state: true },
    view: { state: true },
    /** The model whose change the large picture shows. */
    against: { state: true },
    /** Whether single pixels are shown, not smoothed. */
    pixels: { state: true },
    /** Whether the visitor holds the picture to see the original. */
    held: { state: true },
    /** Pictures counted so far, while it counts. */
    counting: { state: true },
  };

  static styles = [shared, verdictStyle, figure];

  section = "fool";
  /** Frames of the picture shown, by their radius. @type {Map<number, Example>} */
  #frames = new Map();
  /** What they are about. */
  #subject;
  /** Whether the engine has not answered yet: then what comes with the page is all there is. */
  #isBeforehand = false;
  /** Ends the movement of the knob. */
  #rest = () => {
    this.moved = null;
  };

  constructor() {
    super();
    Object.assign(this, { limits: null, typical: null, moved: null, counting: null });
    Object.assign(this, { view: "changed", against: "plain", pixels: false, held: false });
  }

  firstUpdated() {
    this.#recall();
  }

  /** A strict policy forbids styles in attributes. */
  updated() {
    /** @type {NodeListOf<HTMLElement>} */
    const flags = this.renderRoot.querySelectorAll(".flag");
    for (const flag of flags) flag.style.setProperty("--at", flag.dataset.at);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#rest();
  }

  /** Shows what comes with the page until the engine has answered, if that is what it will say. */
  async #recall() {
    const isFree = () => !this.reply && !this.error && !this.own && !this.mine;
    const result = isFree() && (await precomputed("fool"));
    if (!result || !isFree() || JSON.stringify(result.request) !== JSON.stringify(this.#about)) return;
    const { data, picture, limits, frames, typical } = unpacked(result);
    this.#begin();
    this.#frames = new Map(frames.map((models, level) => [level, { ...picture, models }]));
    Object.assign(this, { data, limits, typical });
    this.#isBeforehand = true;
    this.#take();
    if (this.chosen.level <= PREPARED && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.move();
  }

  /** Moves the knob up, past what is chosen, and back to it, until somebody does anything. */
  async move() {
    const events = ["pointerdown", "keydown", "wheel", "touchstart"];
    for (const event of events) addEventListener(event, this.#rest, { once: true, passive: true });
    this.addEventListener("focusin", this.#rest, { once: true });
    const back = Array.from({ length: Math.max(0, PREPARED - 1 - this.chosen.level) }, (_, i) => PREPARED - 1 - i);
    this.moved = 0;
    for (const level of [...Array(PREPARED + 1).keys(), ...back]) {
      await new Promise((next) => setTimeout(next, REST));
      if (this.moved === null) break;
      this.moved = level;
    }
    this.moved = null;
    for (const event of events) removeEventListener(event, this.#rest);
  }

  /** What all radii of a picture have in common. */
  get #about() {
    return { ...this.subject, ...ATTACK };
  }

  get #level() {
    return this.moved ?? this.chosen.level;
  }

  /** What is known is of one picture and one pair. */
  #begin() {
    const { own } = this;
    const about = JSON.stringify(this.#about);
    const picture = this.mine ? this.store.state.ownPicture : null;
    const before = this.#subject;
    if (before?.own === own && before.about === about && before.picture === picture) return;
    this.#subject = { own, about, picture };
    this.#frames.clear();
    this.limits = null;
    if (before && before.own !== own) this.typical = null;
  }

  changed(keys) {
    this.#rest();
    this.#begin();
    super.changed(keys);
    this.#take();
  }

  ask() {
    this.#begin();
    return super.ask();
  }

  /** What is known of the radius shown; the last answer stands until the next one is there. */
  get #frame() {
    return this.#frames.get(this.#level) ?? (this.#isBeforehand ? undefined : this.reply);
  }

  /** Takes the frame of the radius chosen, where it is known already. */
  #take() {
    const frame = this.#frames.get(this.chosen.level);
    if (frame && this.#isBeforehand)
      this.reply = { ...frame, ...this.question(), own: this.own, picture: null, beforehand: true };
  }

  question() {
    const { norm, ...about } = this.#about;
    return { request: { ...about, budget: budgetOf({ norm, level: this.chosen.level }) }, level: this.chosen.level };
  }

  pose(engine, request) {
    return engine.example(request);
  }

  answered() {
    if (this.error) return;
    this.#isBeforehand = false;
    this.#frames.set(this.reply.level, /** @type {Message & Example} */ (this.reply));
    if (!this.limits) this.#askLimits();
  }

  /** Asks these models something that is no answer of the figure. */
  #ask(pose, pictures) {
    return this.quick.ask(this.store.defaults, this.own, pose, { pictures: () => pictures });
  }

  async #askLimits() {
    const subject = this.#subject;
    const { picture, about } = subject;
    try {
      const limits = await this.#ask(
        async (engine, _data, put) => {
          if (picture) await put(picture);
          return engine.limits({ ...JSON.parse(about), most: MOST });
        },
        picture ? 1 : this.picture + 1,
      );
      if (subject === this.#subject) this.limits = limits;
    } catch {
      // The next question says what is wrong.
    }
  }

  /** How far both models hold on the first test pictures. */
  async count() {
    const { own } = this;
    const found = [];
    this.counting = 0;
    try {
      for (let test = 0; test < MANY && own === this.own; test++) {
        const request = { ...ATTACK, subject: { test }, most: MOST };
        found.push(await this.#ask((engine) => engine.limits(request), MANY));
        this.counting = test + 1;
      }
      if (own === this.own) this.typical = typicalOf(found, MOST);
    } catch (error) {
      this.error = error;
    }
    this.counting = null;
  }

  /** For the file that comes with the page: everything it shows, asked of the engine. */
  async prepare() {
    const { norm, ...about } = this.#about;
    const frames = [];
    let picture;
    for (let level = 0; level <= PREPARED; level++) {
      const request = { ...about, budget: budgetOf({ norm, level }) };
      const { models, ...rest } = await this.#ask((engine) => engine.example(request), MANY);
      picture = rest;
      frames.push(models);
    }
    const limits = await this.#ask((engine) => engine.limits({ ...this.#about, most: MOST }), MANY);
    await this.count();
    const { data, typical } = this;
    return packed({ request: this.#about, data, picture, frames, limits, typical });
  }

  /** What the model of a lane is seen to do at the radius: what broke it within a smaller one breaks it here. */
  #attacked(i) {
    const frame = this.#frame;
    const attacked = frame?.models[i];
    const broken = this.limits?.models[i].broken;
    const holds = attacked?.answer.prediction_after === frame?.label;
    return attacked && broken && holds && broken.level <= this.#level ? broken : attacked;
  }

  render() {
    return html`<div class="figure">
      <div class="look">${this.#look()}</div>
      <div class="views">${this.#views()}</div>
      <div class="answers">${this.lanes.map((lane, i) => this.#model(lane, this.#attacked(i)))}</div>
      <div class="dock">${this.#slider()}</div>
      <div class="more">
        ${this.problem()}
        <p class="sentence" aria-hidden="true">${this.#frame ? this.#sentence() : nothing}</p>
        <p class="hidden" role="status">${this.#frame && this.moved === null ? this.#spoken() : nothing}</p>
        ${this.#lines()}
        <div class="row">
          <button @click=${() => this.nextPicture()}>Another picture</button>
          ${this.ownField()}
        </div>
        ${this.missing()} ${this.pairField()}
      </div>
    </div>`;
  }

  #look() {
    const { reply, held } = this;
    const i = this.lanes.findIndex(({ id }) => id === this.against);
    const view = held ? "original" : this.view;
    const image = reply && (view === "original" ? reply.original : this.#attacked(i)?.image);
    const hold = (on) => () => (this.held = on);
    return html`<scl-picture
      ?smooth=${!this.pixels}
      .pixels=${image}
      .before=${view === "change" ? reply?.original : null}
      .gain=${GAIN}
      .width=${reply?.width ?? 28}
      .height=${reply?.height ?? 28}
      .channels=${reply?.channels ?? 1}
      label=${reply ? `${view}: ${this.shownPicture}` : ""}
      @pointerdown=${hold(true)}
      @pointerup=${hold(false)}
      @pointerleave=${hold(false)}
      @pointercancel=${hold(false)}
    ></scl-picture>`;
  }

  #views() {
    const { reply } = this;
    const button = (pressed, label, set) =>
      html`<button class="small" aria-pressed=${String(pressed)} @click=${set}>${label}</button>`;
    return html`<div class="row" role="group" aria-label="Picture shown">
        ${VIEWS.map(([id, label]) => button(this.view === id, label, () => (this.view = id)))}
        ${button(this.pixels, "pixels", () => (this.pixels = !this.pixels))}
      </div>
      <p class="small muted">
        ${reply ? html`${this.about()} <strong>${this.data.classes[reply.label]}</strong>.` : nothing} Hold the picture
        to see the original. Each model meets a worst change of its own; shown is that for:
      </p>
      <div class="row" role="group" aria-label="Whose change is shown">
        ${this.lanes.map(({ id, words }) => button(this.against === id, words, () => (this.against = id)))}
      </div>`;
  }

  /** @param {LaneLabel} lane */
  #model({ id, label }, attacked) {
    const answer = attacked?.answer;
    return html`<section class="card model ${id}" data-model=${id} aria-label="Worst case: ${label}">
      <h2>${label}</h2>
      <p class="says">${answer ? this.data.classes[answer.prediction_after] : this.failed ? "No answer" : nothing}</p>
      <p>${answer ? this.#verdict(answer) : html`<span class="muted">${this.waiting("Loading …")}</span>`}</p>
      <div class="bars">${answer ? this.#bars(answer) : nothing}</div>
    </section>`;
  }

  #verdict(answer) {
    const verdict = verdictOf(answer, this.truth);
    const before = this.data.classes[answer.prediction_before];
    return html`${verdictBadge(verdict)}${
      answer.prediction_before === answer.prediction_after ? nothing : html` <span class="small">said ${before}</span>`
    }`;
  }

  #bars({ after }) {
    const order = Array.from(after.keys()).sort((a, b) => after[b] - after[a]);
    const [rest] = order.slice(SHOWN);
    return html`${order.slice(0, SHOWN).map(
      (k) =>
        html`<span class="name">${this.data.classes[k]}</span>
          ${bar(after[k])}
          <span class="share">${percent(after[k])}</span>`,
    )}${
      rest === undefined
        ? nothing
        : html`<span class="others muted">${order.length - SHOWN} more, each at most ${percent(after[rest])}</span>`
    }`;
  }

  #slider() {
    const level = this.#level;
    const broken = this.limits?.models.map((limit) => limit.broken?.level) ?? [];
    // Below each other, so that none is written over the other one.
    const areTwo = broken.length > 1 && broken.every((level) => level !== undefined);
    return html`<label for="level"
        >How far may each pixel move? <output class="number">${level} of 255 steps</output></label
      >
      <div class="track ${areTwo ? "two" : ""}">
        ${this.lanes.map(({ id, words }, i) =>
          broken[i] === undefined
            ? nothing
            : html`<span
                class="flag ${id} ${broken[i] > MOST / 2 ? "late" : ""} ${areTwo && i ? "second" : ""}"
                data-at=${broken[i] / MOST}
                >${broken[i]}: <span class="who">${words}</span> gives up</span
              >`,
        )}
        <input
          id="level"
          type="range"
          min="0"
          max=${MOST}
          .value=${String(level)}
          aria-valuetext="${level} of 255 steps"
          @input=${(event) => this.choose({ level: Number(event.target.value) })}
        />
        <div class="ends small muted" aria-hidden="true"><span>nothing</span><span>${MOST} of 255</span></div>
      </div>`;
  }

  #lines() {
    const { typical, counting, limits } = this;
    const [plain, other] = this.lanes;
    const middle = (i) =>
      typical.medians[i] === null
        ? html`<strong class=${this.lanes[i].id}>more than ${typical.most}</strong>`
        : html`<strong class=${this.lanes[i].id}>${typical.medians[i]}</strong>`;
    const wrong = limits ? this.lanes.filter((_, i) => !limits.models[i].right) : [];
    return html`<div class="lines small">
      ${
        typical
          ? html`<p class="typical">
              Over ${counted(typical.n, "picture")} that both get right, the middle limit is ${middle(0)} for the
              ${plain.words} model and ${middle(1)} for the other one (${other.words}), which holds longer on
              ${typical.longer}, as long on ${typical.equal} and shorter on ${typical.shorter}.
            </p>`
          : html`<p>
              <button
                class="small"
                id="count"
                ?disabled=${counting !== null || !this.data}
                @click=${() => this.count()}
              >
                How far on ${MANY} pictures?
              </button>
              ${counting === null ? nothing : html` ${counting} of ${MANY}`}
            </p>`
      }
      <p class="muted">
        ${
          wrong.length
            ? html`No flag for ${wrong.map(({ words }) => words).join(" and ")}: wrong from the start.`
            : html`A flag is the smallest change found by PGD-20 (seed ${SEED}): an upper bound. ${loaded(this.load)}`
        }
        ${this.#isDefault ? "This picture was chosen because it shows the effect." : nothing}
      </p>
    </div>`;
  }

  get #isDefault() {
    const { fool } = this.store.sections;
    return !this.own && !this.mine && this.chosen.picture === fool.picture.default;
  }

  #verdicts() {
    return this.lanes.map((_, i) => verdictOf(this.#attacked(i).answer, this.truth).id);
  }

  /** What happens, in one sentence; true whichever way it went. */
  #sentence() {
    const [plain, other] = this.#verdicts();
    const name = this.truth === undefined ? "the same" : `“${this.data.classes[this.truth]}”`;
    const fooled = [plain, other].filter((id) => id === "fooled").length;
    if (this.#level === 0) return "Nothing is changed yet. Move the slider: how little is enough?";
    if (fooled === 2) return `You still see ${name}. Neither network does.`;
    if (fooled === 1) return `You still see ${name}. One of these networks does not.`;
    if (plain === "steady" && other === "steady") return `You still see ${name}, and so do both networks.`;
    return "A network that is wrong from the start has nothing to lose.";
  }

  #spoken() {
    return spoken(
      this.lanes.map((_, i) => this.#attacked(i).answer),
      this.lanes,
      this.truth,
    );
  }
}

export function register() {
  registerPicture();
  customElements.get("scl-fool") ?? customElements.define("scl-fool", FoolFigure);
}
