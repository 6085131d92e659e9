// <scl-fool>: one picture, the worst change within a radius for each model, and how far each of them holds.
import { html, nothing } from "../../vendor/lit.js";
import { budgetOf } from "../../catalogue/attacks.js";
import { PGD_20, linf } from "../../catalogue/initial.js";
import { precomputed } from "../../study/precomputed.js";
import { shared } from "../style.js";
import { Inquiry } from "../inquiry.js";
import { loaded } from "../loading.js";
import { registerPicture } from "../picture/picture.js";
import { spoken, verdictOf, verdictStyle } from "../answers/verdict.js";
import { card } from "./card.js";
import { packed, typicalOf, unpacked } from "./frames.js";
import { placeFlags, slider } from "./slider.js";
import { figure } from "./style.js";
import { typicalWords } from "./typical.js";

/** @import { Example, Lane, Limits } from "semantic-continuity-lab/engine" */
/** @import { Message } from "../../engine/client.js" */
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
/** How long the knob rests at each radius while it moves by itself, in milliseconds. */
const REST = 220;
const SEED = 1;
const { norm: NORM } = linf(0);
const ATTACK = { norm: NORM, seed: SEED, attack: PGD_20 };

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

  updated() {
    placeFlags(this.renderRoot);
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
      <div class="answers">
        ${this.lanes.map((lane, i) =>
          card(lane, this.#attacked(i)?.answer, {
            classes: this.data?.classes,
            truth: this.reply ? this.truth : undefined,
            none: this.failed ? "No answer" : nothing,
            waiting: this.waiting("Loading …"),
          }),
        )}
      </div>
      <div class="dock">${this.shows("level") ? this.#slider() : nothing}</div>
      <div class="more">
        ${this.problem()}
        <p class="sentence" aria-hidden="true">${this.#frame ? this.#sentence() : nothing}</p>
        <p class="hidden" role="status">${this.#frame && this.moved === null ? this.#spoken() : nothing}</p>
        ${this.#lines()}
        <div class="row">${this.nextButton("Another picture")} ${this.ownField()}</div>
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

  #slider() {
    return slider(this.#level, {
      most: MOST,
      broken: this.limits?.models.map((limit) => limit.broken?.level) ?? [],
      lanes: this.lanes,
      choose: (level) => this.choose({ level }),
    });
  }

  /** How far the models hold elsewhere, and what the flags are. */
  #lines() {
    const { typical, counting, limits, lanes } = this;
    const wrong = limits ? lanes.filter((_, i) => !limits.models[i].right) : [];
    return html`<div class="lines small">
      ${
        typical
          ? html`<p class="typical">${typicalWords(typical, lanes)}</p>`
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
