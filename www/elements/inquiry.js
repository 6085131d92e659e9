// What the figures about one picture share: one question at a time to a pair of models, and none before someone looks.
import { html, nothing } from "../vendor/lit.js";
import { instead, PairFigure } from "./pair.js";

/** A figure names its `call` of the engine and makes the `question(data)`: `{ request, … }`; both come back in `reply`. */
export class Inquiry extends PairFigure {
  static properties = {
    data: { state: true },
    reply: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  #again = false;
  #seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    this.#seen.disconnect();
    this.ask();
  }, { rootMargin: "200px" });

  constructor() {
    super();
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#seen.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen.disconnect();
  }

  changed(keys) {
    super.changed(keys);
    if (keys.includes("models")) this.reply = null;
    if (keys.length) this.ask();
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
      this.field(key, { value: shown, options: [...options, ...(this.data?.classes ?? []).map((name, i) => [String(i), name])] }),
      shown === value ? nothing : instead(`These pictures have no class ${value}`, `“${choices.find(({ id }) => id === other).label}”`, "taken"),
    ];
  }

  pictureField() {
    return [this.field("picture", { value: this.picture, most: this.lastPicture }), this.missing()];
  }

  /** Asks the engine; while it answers, only the latest wish is kept. */
  async ask() {
    if (this.busy) {
      this.#again = true;
      return;
    }
    this.busy = true;
    do {
      this.#again = false;
      try {
        const { own } = this;
        let question;
        const { answer } = await this.quick.ask(this.store.defaults, own, this.call, (data) => {
          this.data = data; // which choices make sense depends on it
          question = this.question(data); // as it is when its turn comes
          return question.request;
        });
        if (own !== this.own) continue;
        Object.assign(this, { reply: { ...answer, ...question, own }, error: null });
      } catch (error) {
        this.error = error;
      }
    } while (this.#again);
    this.busy = false;
    this.answered();
  }

  /** No question is left. */
  answered() {}

  /** What went wrong, with a way on. */
  problem() {
    return this.error ? html`<p class="notice" role="alert">${this.error.message} <button @click=${() => this.ask()}>Try again</button></p>` : nothing;
  }
}
