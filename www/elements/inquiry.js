// What the figures about one picture share: one question at a time to a pair of models, and none before someone looks.
import { html, nothing } from "../vendor/lit.js";
import { oneAtATime } from "../lib/latest.js";
import { whenNear } from "./near.js";
import { loaded } from "./loading.js";
import { instead, PairFigure } from "./pair.js";

/** @import { DataInfo } from "semantic-continuity-lab/engine" */
/** @import { Message, Remote } from "../engine/client.js" */
/** @import { Load } from "../engine/pair-engine.js" */
/** @import { PropertyDeclarations } from "../vendor/lit.js" */
/** @import { With } from "./section.js" */

/**
 * @typedef {object} InquiryProperties
 * @property {Message} reply
 * @property {{ message: string }} error
 * @property {boolean} busy
 * @property {Load} load
 * @property {boolean} mine
 */

/**
 * A figure makes the `question(data)`, `{ request, … }`, and poses its request to the engine; both come back in
 * `reply`.
 */
export class Inquiry extends /** @type {With<InquiryProperties, typeof PairFigure>} */ (PairFigure) {
  /** @type {PropertyDeclarations} */
  static properties = {
    data: { state: true },
    reply: { state: true },
    error: { state: true },
    busy: { state: true },
    /** How much is there of what a first question loads. */
    load: { state: true },
    /** Whether it shows the visitor's own picture, in place of a test picture. */
    mine: { state: true },
  };

  #asking = oneAtATime(
    () => this.#answer(),
    () => {
      this.busy = false;
      this.answered();
      this.dispatchEvent(new Event("answered"));
    },
  );
  /** Whether somebody came near. */
  #looked = whenNear(this, () => this.ask());
  #board;

  constructor() {
    super();
    this.busy = this.mine = false;
  }

  follow(parts) {
    super.follow(parts);
    if (!parts.includes("ownPicture")) return;
    this.requestUpdate();
    if (this.mine) this.ask();
  }

  changed(keys) {
    super.changed(keys);
    if (keys.includes("picture")) this.mine = false;
    if (keys.includes("models")) this.reply = null;
    if (keys.length && this.#looked()) this.ask();
  }

  /** `value`, unless it is the number of a class that these pictures do not have. */
  classOr(other, value) {
    return Number(value) >= this.data?.classes.length ? other : value;
  }

  /** The field of a choice of a class, or of something else; `other` stands for a class that is not there. */
  classField(key, other) {
    const value = this.chosen[key];
    const shown = this.classOr(other, value);
    const { choices } = this.store.sections[this.section][key];
    const options = choices.filter(({ id }) => !/^\d/.test(id)).map(({ id, label }) => [id, label]);
    return [
      this.field(key, {
        value: shown,
        options: [...options, ...(this.data?.classes ?? []).map((name, i) => [String(i), name])],
      }),
      shown === value
        ? nothing
        : instead(
            `These pictures have no class ${value}`,
            `“${choices.find(({ id }) => id === other).label}”`,
            "taken",
          ),
    ];
  }

  pictureField() {
    return [this.field("picture", { value: this.picture, most: this.lastPicture }), this.missing()];
  }

  missing() {
    return this.mine ? nothing : super.missing();
  }

  get subject() {
    return { subject: this.mine ? "own" : { test: this.picture } };
  }

  /** The class that the picture of the reply shows; nothing for one of the visitor's of which nobody said so. */
  get truth() {
    const { label, picture } = this.reply;
    return !picture || this.data.classes.includes(picture.shows) ? label : undefined;
  }

  /** Which picture the reply is about: words that end with the name of its class. */
  about() {
    const { index, picture } = this.reply;
    if (!picture) return `Test picture ${index}, labelled`;
    return this.truth === undefined ? "Your picture; the plain model says" : "Your picture, labelled";
  }

  /** Which picture is seen, for who does not see it. */
  get shownPicture() {
    const { index, label, picture } = this.reply;
    const labelled = this.truth === undefined ? "" : `, labelled ${this.data.classes[label]}`;
    return `${picture ? "your picture" : `test picture ${index}`}${labelled}`;
  }

  fileName(what) {
    const { index, picture } = this.reply ?? {};
    return `${what}-${picture ? "your-picture" : `picture-${index}`}`;
  }

  /** The way to a picture of the visitor's own, and between it and the test picture. */
  ownField() {
    if (!this.shows("own")) return nothing;
    const shown = (mine, label) =>
      html`<button
        aria-pressed=${String(this.mine === mine)}
        @click=${() => {
          this.mine = mine;
          this.ask();
        }}
      >
        ${label}
      </button>`;
    return html`<div class="row">
        <button id="own-picture" ?disabled=${!this.data} @click=${() => this.#draw()}>Draw or choose your own …</button>
      </div>
      ${
        this.store.state.ownPicture
          ? html`<div class="row" role="group" aria-label="Picture shown" id="whose">
              ${shown(false, "Test picture")}${shown(true, "Your picture")}
            </div>`
          : nothing
      }`;
  }

  async #draw() {
    try {
      const { makeBoard } = await import("./board/board.js");
      this.#board ??= this.renderRoot.appendChild(makeBoard());
      const ownPicture = await this.#board.open(this.data, this.store.state.ownPicture);
      if (ownPicture) {
        this.mine = true;
        this.store.set({ ownPicture });
      }
    } catch (error) {
      this.error = { message: `The drawing board cannot be loaded: ${error.message}. Reload the page to try again.` };
    }
    /** @type {HTMLElement} */ (this.renderRoot.querySelector("#own-picture")).focus();
  }

  /** Asks the engine; while it answers, only the latest wish is kept. */
  ask() {
    this.busy = true;
    return this.#asking();
  }

  async #answer() {
    try {
      const { own } = this;
      let question, picture;
      const onLoad = (done, total) => (this.load = { done, total });
      const answer = await this.quick.ask(
        this.store.defaults,
        own,
        async (engine, data, put) => {
          this.data = data; // which choices make sense depends on it
          question = this.question(data); // as it is when its turn comes
          picture = this.mine ? this.store.state.ownPicture : null;
          if (picture) await put(picture);
          return this.pose(engine, question.request);
        },
        { onLoad, pictures: () => (this.mine ? 1 : this.picture + 1) },
      );
      // A change of the models asks again.
      if (own === this.own) Object.assign(this, { reply: { ...answer, ...question, own, picture }, error: null });
    } catch (error) {
      this.error = error;
    }
    this.load = null;
  }

  /**
   * What to ask of these pictures: a `request`, and what the figure wants back with the reply.
   * @param {DataInfo} _data
   * @returns {{ request: Message }}
   */
  question(_data) {
    throw new Error("a figure asks a question of its own");
  }

  /**
   * Asks it of the engine.
   * @param {Remote} _engine
   * @param {Message} _request
   * @returns {Promise<Message>}
   */
  pose(_engine, _request) {
    throw new Error("a figure poses its question");
  }

  /** No question is left. */
  answered() {}

  /** Whether no answer will come before the visitor asks again. */
  get failed() {
    return Boolean(this.error) && !this.busy;
  }

  /** What stands where an answer will be: nothing beside a message that says why there is none. */
  waiting(words) {
    return this.failed ? nothing : html`${words} ${loaded(this.load)}`;
  }

  async #retry() {
    await this.ask();
    if (!this.error) this.takeOver("select");
  }

  /** What went wrong, with a way on. */
  problem() {
    const { note } = this.quick;
    return [
      this.error
        ? html`<p class="notice" role="alert">
            ${this.error.message} <button @click=${() => this.#retry()}>Try again</button>
          </p>`
        : nothing,
      note ? html`<p class="small muted">${note}</p>` : nothing,
    ];
  }
}
