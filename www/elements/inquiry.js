// What the figures about one picture share: one question at a time to a pair of models, and none before someone looks.
import { html, nothing } from "../vendor/lit.js";
import { PairFigure } from "./pair.js";

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

  use(own) {
    if (own !== this.own) this.reply = null;
    super.use(own);
    this.ask();
  }

  /** Takes over properties, and asks. */
  set(patch) {
    Object.assign(this, patch);
    this.ask();
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
        const { data, answer } = await this.quick.ask(this.store.defaults, own, this.call, (data) => {
          question = this.question(data); // as it is when its turn comes
          return question.request;
        });
        if (own !== this.own) continue;
        Object.assign(this, { data, reply: { ...answer, ...question, own }, error: null });
      } catch (error) {
        this.error = error;
      }
    } while (this.#again);
    this.busy = false;
    this.answered();
  }

  /** No question is left. */
  answered() {}

  get lastPicture() {
    return (this.data?.test ?? 2000) - 1;
  }

  /** What went wrong, with a way on. */
  problem() {
    return this.error ? html`<p class="notice" role="alert">${this.error.message} <button @click=${() => this.ask()}>Try again</button></p>` : nothing;
  }
}
