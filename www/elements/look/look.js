// <scl-look>: what made both models say what they say, as a map over the picture, and whether it stays when the picture
// trembles.
import { html, nothing } from "../../vendor/lit.js";
import { BASELINE, INITIAL } from "../../catalogue/initial.js";
import { METHODS, changeOf, methodOf } from "../../catalogue/saliency.js";
import { percent } from "../../lib/numbers.js";
import { Inquiry } from "../inquiry.js";
import { shared } from "../style.js";
import { registerOverlay } from "./map.js";
import { bar, scale, swatch } from "./drawing.js";
import { reachOf, standing, summary } from "./overlay.js";
import { Shake } from "./shake.js";
import { controls, measured, play } from "./controls.js";
import { figure } from "./style.js";
import { UNDEFINED, drawsText, sentence, valueText } from "./words.js";

/** @import { Message } from "../../engine/client.js" */
/** @import { LaneLabel } from "../../app/store.js" */
/** @import { With } from "../section.js" */

/** Choices that ask something else of the engine. */
const ASKED = ["method", "picture", "models"];

/**
 * @typedef {object} Properties
 * @property {Message | null} drawn
 * @property {(number | null)[][]} overlaps
 * @property {number[] | null} cursor
 */

export class LookFigure extends /** @type {With<Properties, typeof Inquiry>} */ (Inquiry) {
  static properties = {
    /** The disturbed picture and its maps, while one is shown. */
    drawn: { state: true },
    /** How much of each model's map stayed, a number each draw. */
    overlaps: { state: true },
    /** The pixel that is read in both maps, `[row, column]`. */
    cursor: { state: true },
  };

  static styles = [shared, figure];

  section = "look";
  #shake = new Shake(this, (draw, isWanted) => this.#take(draw, isWanted));
  /** Whether the cursor stays where it is when the mouse moves. */
  #stays = false;

  constructor() {
    super();
    Object.assign(this, { drawn: null, overlaps: [[], []], cursor: null });
  }

  changed(keys) {
    if (keys.some((key) => ASKED.includes(key))) super.changed(keys);
    else this.requestUpdate();
  }

  ask() {
    this.#shake.forget();
    Object.assign(this, { drawn: null, overlaps: [[], []] });
    return super.ask();
  }

  get method() {
    return METHODS.find(({ id }) => id === this.chosen.method);
  }

  question() {
    return { request: this.#request(1) };
  }

  /** A draw of the noise; each model's own answer to the undisturbed picture is explained. */
  #request(seed) {
    return {
      ...this.subject,
      methods: [methodOf(this.method, BASELINE.saliency)],
      class: "prediction",
      change: changeOf(INITIAL.shaken),
      seed,
    };
  }

  pose(engine, request) {
    return engine.explain(request);
  }

  /** Takes a draw; the first one came with the answer. */
  async #take(draw, isWanted) {
    const { picture } = this.reply;
    try {
      const drawn = draw === 1 ? this.reply : await this.#disturb(draw, picture);
      if (!isWanted()) return false;
      this.drawn = drawn;
      this.overlaps = this.overlaps.map((list, i) => [...list, drawn.models[i].maps[0].shift.top_overlap ?? null]);
      return true;
    } catch (error) {
      if (isWanted()) this.error = error;
      return false;
    }
  }

  #disturb(draw, picture) {
    return this.quick.ask(
      this.store.defaults,
      this.own,
      async (engine, _, put) => {
        if (picture) await put(picture);
        return this.pose(engine, this.#request(draw));
      },
      { pictures: () => (picture ? 1 : this.picture + 1) },
    );
  }

  /** What is shown of a model: its map of the picture as it is, or of the one disturbed. */
  #view(i) {
    const { reply, drawn } = this;
    if (!reply) return null;
    const { answer, changed, maps } = (drawn ?? reply).models[i];
    const before = reply.models[i].maps[0].before;
    return drawn
      ? { pixels: changed, map: maps[0].after, says: answer.prediction_after, shares: answer.after, before }
      : { pixels: reply.original, map: before, says: answer.prediction_before, shares: answer.before, before };
  }

  /** What full colour stands for: taken from the picture as it is, so that the scale does not tremble, too. */
  #reach(i) {
    const maps = this.reply.models.map(({ maps }) => maps[0].before.values);
    return reachOf(...(this.chosen.scale === "own" ? [maps[i]] : maps));
  }

  render() {
    const stays = this.overlaps.map(summary);
    return html`<div class="figure">
      <p class="legend small">
        ${swatch("for")} Green speaks for what the model says, ${swatch("against")} violet against it. Shown:
        ${this.#shown} by ${this.method.label}. ${this.method.help}
      </p>
      <div class="maps ${this.busy && this.reply ? "stale" : ""}" @pixel=${(event) => this.#point(event.detail)}>
        ${this.lanes.map((lane, i) => this.#model(lane, i, stays[i]))}
      </div>
      <div class="told">
        ${this.problem()}
        <p class="reading small" role="status">${this.#reading()}</p>
        <p class="sentence" aria-hidden="true">${this.#sentence(stays)}</p>
        <p class="hidden" role="status">${this.#shake.isMoving ? nothing : this.#sentence(stays)}</p>
      </div>
      <div class="play">${play(this, this.#shake)}</div>
      <div class="panel">${controls(this)}</div>
      <div class="about">
        <p class="small">
          ${this.reply ? html`${this.about()} <strong>${this.data.classes[this.reply.label]}</strong>.` : nothing}
        </p>
        <button id="another" @click=${() => this.nextPicture()}>Another picture</button>
        ${this.ownField()} ${this.missing()} ${this.pairField()} ${measured(this)}
      </div>
    </div>`;
  }

  get #shown() {
    const { share } = this.chosen;
    return this.store.sections.look.share.choices.find(({ id }) => id === share).label;
  }

  #point({ pixel, stays, isKey }) {
    // What was pressed or moved by keys stays until it is pressed again.
    if (!stays && this.#stays) return;
    const isSame = this.#stays && pixel?.join() === this.cursor?.join();
    this.cursor = isSame && !isKey ? null : pixel;
    this.#stays = stays && this.cursor !== null;
  }

  /** The pixel that is read; other pictures may be smaller. */
  get #pixel() {
    const { cursor, reply } = this;
    return cursor && reply && cursor[0] < reply.height && cursor[1] < reply.width ? cursor : null;
  }

  /** @param {LaneLabel} lane */
  #model({ id, label }, i, stays) {
    const view = this.#view(i);
    const overlaps = this.overlaps[i];
    const picture = view ? `${label}: what speaks for ${this.#explained(i)}; ${this.shownPicture}` : label;
    return html`<section class="card model ${id}" data-model=${id} aria-label="Explanation: ${label}">
      <div class="head">
        <h3>${label}</h3>
        <span class="small says">${view ? this.#saying(view, i) : this.waiting("Loading …")}</span>
      </div>
      <scl-overlay
        .pixels=${view?.pixels}
        .channels=${this.reply?.channels ?? 1}
        .map=${view?.map}
        .reach=${view ? this.#reach(i) : 0}
        .share=${Number(this.chosen.share) / 100}
        .blend=${this.chosen.blend}
        .cursor=${this.#pixel}
        label=${picture}
      ></scl-overlay>
      ${scale(id, view ? this.#reach(i) : null)}
      <p class="small stays" data-stays=${stays?.average ?? nothing}>
        Explanation that stays:
        ${
          stays
            ? html`<strong>${percent(stays.average)}</strong> of its strongest pixels`
            : html`<span class="muted">${overlaps.length ? UNDEFINED : "not shaken yet"}</span>`
        }
      </p>
      <div class="kept small muted">${bar(stays)} <span>${stays ? drawsText(stays) : nothing}</span></div>
    </section>`;
  }

  #explained(i) {
    return this.data.classes[this.reply.models[i].class];
  }

  #saying({ says, shares }, i) {
    const { classes } = this.data;
    return html`says <strong>${classes[says]}</strong>,
      ${percent(shares[says])}${
        says === this.reply.models[i].class ? nothing : html`; explained: ${this.#explained(i)}`
      }`;
  }

  #reading() {
    if (!this.reply) return nothing;
    const pixel = this.#pixel;
    if (!pixel) {
      return html`<span class="muted"
        >Point at a pixel, tap it, or move there with the arrow keys, to read its value; Home leads to the strongest
        one.</span
      >`;
    }
    const [row, column] = pixel;
    const values = this.lanes.map(({ label, id }, i) => {
      const { map } = this.#view(i);
      const text = valueText(standing(map.values, row * map.width + column));
      return html`<span data-value=${id}><strong class=${id}>${label}</strong>: ${text}</span>`;
    });
    return html`Row ${row}, column ${column}. ${values[0]}. ${values[1]}.`;
  }

  #sentence(stays) {
    if (!this.reply) return nothing;
    const says = this.lanes.map((_, i) => this.#explained(i));
    return sentence(this.lanes, says, this.overlaps, stays);
  }
}

export function register() {
  registerOverlay();
  customElements.get("scl-look") ?? customElements.define("scl-look", LookFigure);
}
