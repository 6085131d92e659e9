// <scl-nudge>: one picture, a slider from nothing to strong, and what both models say, live.
import { html, css, nothing } from "../../vendor/lit.js";
import { join, kindNamed, kindsFor, parse } from "../../catalogue/perturbations.js";
import { percent, short } from "../../lib/numbers.js";
import { precomputed } from "../../study/precomputed.js";
import { shared } from "../style.js";
import { choiceField } from "../fields.js";
import { Inquiry } from "../inquiry.js";
import { loaded } from "../loading.js";
import { instead } from "../pair.js";
import { registerPicture } from "../picture/picture.js";
import { registerAnswers } from "../answers/answers.js";
import { spoken } from "../answers/verdict.js";

/** @import { Message } from "../../engine/client.js" */
/** @import { With } from "../section.js" */

const BARS = "Bars: probabilities after the nudge. Thin lines: before it.";
const SHIPPED_WITH =
  "The shipped constraint was trained with Gaussian noise as P. " +
  "Does it help against a shift or a change of brightness, too? Try them.";
/** Images behind the rates below the figure. */
const RATE_IMAGES = 200;

/**
 * @typedef {object} Properties
 * @property {Message} rates
 */

export class NudgeFigure extends /** @type {With<Properties, typeof Inquiry>} */ (Inquiry) {
  static properties = { rates: { state: true } };

  static styles = [
    shared,
    css`
      .figure {
        display: grid;
        gap: var(--space-3);
        grid-template: "look models" auto "more models" 1fr / minmax(0, var(--look, 5fr)) minmax(0, 7fr);
      }
      .models {
        grid-area: models;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(var(--pictures, 3), minmax(0, 1fr));
        gap: var(--space-2);
        text-align: center;
      }
      .pictures figure:last-child {
        display: var(--third-picture, block);
      }
      .answers {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-3);
      }
      .panel,
      .models {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        align-content: start;
      }
      .strength {
        display: grid;
        gap: var(--space-1);
      }
      .strength .ends {
        display: flex;
        justify-content: space-between;
      }
      select {
        width: 100%;
      }
      label {
        font-weight: 600;
      }
      output {
        font-weight: 400;
      }
      .rates strong {
        color: var(--lane);
      }
      .about {
        min-height: 3em;
      } /* what loads and what is shown take the same lines, so that nothing jumps */
      @container (max-width: 26rem) {
        .about {
          min-height: 4.5em;
        }
      }
      @container (max-width: 52.5rem) {
        .figure {
          grid-template: "look" "models" "more" / minmax(0, 1fr);
        }
      } /* a thumb on the slider leaves the answers in view */
      @container (max-width: 33rem) {
        .answers {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  section = "nudge";
  #ratesTimer;
  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#ratesTimer);
  }

  firstUpdated() {
    this.#recall();
  }

  /** Shows what comes with the page until the engine has answered, if that is what it will say. */
  async #recall() {
    const isFree = () => !this.reply && !this.error && !this.own && !this.mine;
    const result = isFree() && (await precomputed("nudge"));
    const { request } = this.question();
    if (!result || !isFree() || JSON.stringify(result.request) !== JSON.stringify(request)) return;
    const { data, ...reply } = result;
    Object.assign(this, { data, reply: { ...reply, own: null, picture: null, beforehand: true } });
  }

  get #nudge() {
    const { nudge, draw } = this.chosen;
    const [{ kind: id, strength }] = parse(nudge);
    // A link or another dataset may have left a kind that has no meaning for these images.
    const kind = this.#kinds.find((kind) => kind.id === id);
    return kind ? { kind: id, strength, draw } : { kind: this.#kinds[0].id, strength: this.#kinds[0].typical, draw };
  }

  /** Kinds that make sense for the images shown. */
  get #kinds() {
    return kindsFor(this.data?.channels);
  }

  pose(engine, request) {
    return engine.nudge(request);
  }

  question() {
    const { draw, ...nudge } = this.#nudge;
    return { request: { ...this.subject, perturbation: join(nudge), seed: draw } };
  }

  answered() {
    clearTimeout(this.#ratesTimer);
    if (!this.error) this.#ratesTimer = setTimeout(() => this.#askRates(), this.rates ? 250 : 0);
  }

  async #askRates() {
    const { draw, ...nudge } = this.#nudge;
    const perturbation = join(nudge);
    try {
      const { own } = this;
      const request = { perturbation, seed: draw, images: RATE_IMAGES };
      const rates = await this.quick.ask(this.store.defaults, own, (engine) => engine.nudge_rates(request), {
        pictures: () => RATE_IMAGES,
      });
      const now = this.#nudge;
      // An answer to an old question is not shown.
      if (join(now) === perturbation && now.draw === draw && own === this.own) this.rates = rates;
    } catch {
      this.rates = null; // the next nudge says what is wrong
    }
  }

  #set(nudge) {
    this.choose({ nudge: join(nudge) });
  }

  changed(keys) {
    if (keys.includes("models")) this.rates = null;
    // It is about what was chosen before, and the engine may be far away.
    if (keys.length && this.reply?.beforehand) this.reply = null;
    super.changed(keys);
  }

  render() {
    const nudge = this.#nudge;
    const kind = this.#kinds.find((kind) => kind.id === nudge.kind) ?? this.#kinds[0];
    const { reply } = this;
    const classes = this.data?.classes;
    return html`<div class="figure">
      <div class="panel">
        <div class="pictures">
          ${[
            ["Original", reply?.original, null],
            ["Nudged", reply?.perturbed, null],
            ["Difference", reply?.perturbed, reply?.original],
          ].map(
            ([label, pixels, before]) =>
              html`<figure>
                <scl-picture
                  .pixels=${pixels}
                  .before=${before}
                  .width=${reply?.width ?? 28}
                  .height=${reply?.height ?? 28}
                  .channels=${reply?.channels ?? 1}
                  label="${label}${reply ? `: ${this.shownPicture}` : ""}"
                ></scl-picture>
                <figcaption class="small">${label}</figcaption>
              </figure>`,
          )}
        </div>
        <p class="small muted about">
          ${
            reply
              ? html`${this.about()} <strong>${classes[reply.label]}</strong>.
                  ${
                    reply.beforehand
                      ? html`Prepared example, with the default settings. ${loaded(this.load)}`
                      : html`Largest change of a pixel: ${short(reply.linf)} (of 0 to 1); length of the change:
                        ${short(reply.l2)}.`
                  }`
              : this.waiting("Loading the models and the pictures …")
          }
        </p>
        ${this.shows("nudge") ? this.#controls(kind, nudge) : nothing}
      </div>
      <div class="models">
        ${this.problem()}
        <div class="answers">
          ${this.lanes.map(
            ({ id, label }) =>
              html`<scl-answers
                lane=${id}
                heading=${label}
                .answer=${reply?.models[id]}
                .classes=${classes}
                .truth=${reply && this.truth}
                .failed=${this.failed}
              ></scl-answers>`,
          )}
        </div>
        <p class="hidden" role="status">${reply ? this.#spoken() : nothing}</p>
        <p
          class="setting small muted"
          translate="yes"
          .textContent=${`${BARS}${this.own ? "" : ` ${SHIPPED_WITH}`}`}
        ></p>
        ${
          this.error
            ? nothing
            : html`<p class="setting rates" role="status">
                ${
                  this.rates
                    ? html`On the first ${this.rates.n} test pictures this nudge changes the answer of the plain model
                        on <strong class="plain">${this.#interval(this.rates.plain)}</strong> and of the other one
                        (${this.lanes[1].words}) on
                        <strong class="continuity">${this.#interval(this.rates.continuity)}</strong>.`
                    : html`<span class="muted">Counting on ${RATE_IMAGES} pictures …</span>`
                }
              </p>`
        }
      </div>
      <div class="panel">
        <div class="next row">
          ${this.nextButton("Next picture")}
          ${
            this.shows("draw")
              ? html`<button
                  @click=${() => this.choose({ draw: (nudge.draw + 1) % 2 ** 32 })}
                  title="The same kind and strength with other random numbers"
                >
                  New random draw
                </button>`
              : nothing
          }
        </div>
        ${this.missing()}
        <div class="panel setting">${this.ownField()} ${this.pairField()}</div>
      </div>
    </div>`;
  }

  /** What is done to the picture, and how much of it. */
  #controls(kind, nudge) {
    return html`<div class="setting">
        ${choiceField(
          "kind",
          "The nudge",
          kind.id,
          this.#kinds.map(({ id, name }) => [id, name]),
          (id) => this.#set({ kind: id, strength: this.#kinds.find((kind) => kind.id === id).typical }),
          kind.help,
        )}${this.#substituted()}
      </div>
      <div class="strength">
        <label for="strength">
          Strength: <output class="number">${kind.label} = ${short(nudge.strength)} ${kind.unit}</output>
        </label>
        <input
          id="strength"
          type="range"
          min="0"
          max=${kind.max}
          step=${kind.max / 100}
          .value=${String(nudge.strength)}
          aria-describedby="kind-help"
          aria-valuetext="${kind.label} ${short(nudge.strength)} ${kind.unit}"
          @input=${(event) => this.#set({ kind: kind.id, strength: Number(Number(event.target.value).toFixed(4)) })}
        />
        <div class="ends small muted" aria-hidden="true"><span>nothing</span><span>strong</span></div>
      </div>`;
  }

  #spoken() {
    return spoken(
      this.lanes.map(({ id }) => this.reply.models[id]),
      this.lanes,
      this.truth,
    );
  }

  /** A link may ask for a kind that has no meaning for the pictures shown. */
  #substituted() {
    const [{ kind: id }] = parse(this.chosen.nudge);
    if (!this.data || this.#kinds.some((kind) => kind.id === id)) return nothing;
    return instead(`${kindNamed(id).name} needs colour pictures and these are grey`, this.#kinds[0].name);
  }

  #interval({ value, low, high }) {
    return html`${percent(value)} <span class="small">(95 % interval ${percent(low)}–${percent(high)})</span>`;
  }
}

export function register() {
  registerPicture();
  registerAnswers();
  customElements.get("scl-nudge") ?? customElements.define("scl-nudge", NudgeFigure);
}
