// <scl-attack>: one picture, attacked on each model: original, change, result, and what the model says.
import { html, css, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared, lab } from "../style.js";
import { Inquiry } from "../inquiry.js";
import { instead, modelsText } from "../pair.js";
import { madeBy } from "../../engine/pair-engine.js";
import { drawn, saves } from "../saves.js";
import { registerPicture } from "../picture/picture.js";
import { sayings, spoken, verdictBadge, verdictOf, verdictStyle, verdictText } from "../answers/verdict.js";
import { attackFields } from "./ask.js";
import { step } from "./step.js";
import { attackLabel, attackOf, budgetOf, epsilonText, normText } from "../../catalogue/attacks.js";
import { color, sheet, text } from "../../download/figure/sheet.js";
import { pictures } from "../../download/figure/pictures.js";
import { saveJson, saveNpy } from "../../download/save.js";

/** @import { Picture } from "../picture/picture.js" */

/**
 * How often a change is enlarged: the largest becomes black or white; at most 100 times, and never smaller than it is.
 */
const gainOf = ({ linf }) => Math.max(1, Math.min(100, Math.floor(1 / Math.max(linf, 1e-9))));

export class AttackFigure extends Inquiry {
  /** @type {import("../../vendor/lit.js").PropertyDeclarations} */
  static properties = {
    /** Whether it stands as a step of the page: large pictures first, settings folded. */
    step: { type: Boolean, reflect: true },
    unfolded: { type: Boolean, reflect: true },
  };

  static styles = [
    shared,
    lab,
    verdictStyle,
    css`
      .models {
        display: grid;
        gap: var(--space-3);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
      }
      .card {
        border-top: 4px solid var(--lane);
      }
      .card h3 {
        color: var(--lane);
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: var(--space-2);
        text-align: center;
        margin: var(--space-2) 0;
      }
      .verdict {
        min-height: 4.6em;
      }
    `,
    step,
  ];

  section = "attack";

  constructor() {
    super();
    /** @type {boolean} */
    this.step = false;
    /** @type {boolean} */
    this.unfolded = false;
  }

  /** Shows what is chosen here, on the models of `own`: these may be of an earlier run than the last one. */
  show(own, chosen) {
    if (chosen.models === "own") this.trained = own;
    this.mine = false;
    this.choose(chosen);
    this.ask();
  }

  pose(engine, request) {
    return engine.example(request);
  }

  question() {
    const choice = { ...this.chosen, aim: this.classOr("away", this.chosen.aim) };
    return {
      choice,
      request: { ...this.subject, attack: attackOf(choice), budget: budgetOf(choice), seed: choice.draw },
    };
  }

  render() {
    const { reply } = this;
    return html`<div class="figure">
      <div class="panel">
        ${attackFields(this, [this.classField("aim", "away"), this.#runnerUp()])} ${this.pictureField()}
        <div class="next row">
          ${this.nextButton("Next picture", "next")}
          <button
            @click=${() => this.choose({ draw: (this.chosen.draw + 1) % 2 ** 32 })}
            title="The same attack with other random numbers"
          >
            New random draw
          </button>
          ${
            this.step
              ? html`<button
                  id="fold"
                  aria-expanded=${String(this.unfolded)}
                  @click=${() => (this.unfolded = !this.unfolded)}
                >
                  Settings
                </button>`
              : nothing
          }
        </div>
        ${this.ownField()} ${this.pairField()}
      </div>
      <div class="panel">
        ${this.problem()}
        <p class="small muted" role="status">
          ${
            reply
              ? html`${this.about()} <strong>${this.data.classes[reply.label]}</strong>; each model meets its own attack
                  within ε = ${epsilonText(reply.choice)}.
                  <span class="hidden"
                    >${spoken(
                      reply.models.map(({ answer }) => answer),
                      this.lanes,
                      this.truth,
                    )}</span
                  >`
              : this.waiting("Attacking …")
          }
        </p>
        <div class="models ${this.busy && reply ? "stale" : ""}">
          ${this.lanes.map((lane, i) => this.#model(lane, reply?.models[i]))}
        </div>
        ${saves(
          "pictures",
          [
            ...drawn(this.fileName("attack"), () => this.#sheet()),
            [
              "NumPy",
              () => this.#saveNpy(),
              "Original, then the result on each model: [3, height, width, channels], f32 from 0 to 1",
            ],
            ["JSON", () => this.#saveJson(), "All numbers, with the settings that made them"],
          ],
          !reply,
        )}
      </div>
    </div>`;
  }

  /** What was done: nothing leads away from a class towards the same, so the library takes the runner-up. */
  get #done() {
    const { choice, label } = this.reply;
    return Number(choice.aim) === label ? { ...choice, aim: "runner-up" } : choice;
  }

  #runnerUp() {
    if (!this.reply || this.#done === this.reply.choice) return nothing;
    const already = this.truth === undefined ? "The plain model says" : "The picture shows";
    return instead(`${already} “${this.data.classes[this.reply.label]}” already`, "the runner-up", "taken");
  }

  #saveNpy() {
    const { height, width, channels, original, models } = this.reply;
    const pictures = [original, ...models.map(({ image }) => image)];
    saveNpy(
      this.fileName("attack"),
      pictures.flatMap((pixels) => [...pixels]),
      [3, height, width, channels],
    );
  }

  #saveJson() {
    const { request, own, choice, picture, ...example } = this.reply;
    saveJson(this.fileName("attack"), {
      request,
      ...madeBy(own, this.store.defaults),
      classes: this.data.classes,
      example,
    });
  }

  #sheet() {
    const { label, models, request, own } = this.reply;
    const choice = this.#done;
    /** @type {NodeListOf<Picture>} */
    const elements = this.renderRoot.querySelectorAll("scl-picture");
    const canvases = Array.from(elements, ({ canvas }) => canvas);
    const name = (k) => this.data.classes[k];
    const content = pictures({
      columns: ["Original", "Change", "Result"],
      rows: this.lanes.map((lane, i) => ({
        label: lane.label,
        fill: color(`--${lane.id}`),
        note: verdictText(models[i].answer, this.truth, this.data.classes),
        cells: [
          "",
          `× ${gainOf(models[i])}`,
          `largest change ${short(models[i].linf)}, length ${short(models[i].l2)}`,
        ].map((caption, k) => ({ canvas: canvases[3 * i + k], caption })),
      })),
    });
    return sheet({
      title: "One picture, attacked on each model",
      content,
      legend: text("Change: grey is none, lighter is more, darker is less.", content.width),
      caption:
        `${this.about()} ${name(label)}; n = 1. ${attackLabel(choice, this.data.classes)}; ` +
        `${normText(choice)}, ε = ${epsilonText(choice)}; seed ${request.seed}. ` +
        `Models: ${modelsText(madeBy(own, this.store.defaults))}.`,
    });
  }

  #model({ id, label }, model) {
    const { reply } = this;
    const name = (k) => this.data.classes[k];
    const gain = model ? gainOf(model) : 1;
    const result = model ? `; the model says ${name(model.answer.prediction_after)}` : "";
    const picture = (caption, pixels, before, says = "") =>
      html`<figure>
        <scl-picture
          ?smooth=${this.step && !before}
          .pixels=${pixels}
          .before=${before}
          .gain=${gain}
          .width=${reply?.width ?? 28}
          .height=${reply?.height ?? 28}
          .channels=${reply?.channels ?? 1}
          label="${label}: ${caption}${reply ? `, ${this.shownPicture}` : ""}${says}"
        ></scl-picture>
        <figcaption class="small">${caption}</figcaption>
      </figure>`;
    return html`<section class="card ${id}" aria-label=${label} data-model=${id}>
      <h3>${label}</h3>
      <div class="pictures">
        ${picture("Original", reply?.original)} ${picture(`Change × ${gain}`, model?.image, reply?.original)}
        ${picture("Result", model?.image, undefined, result)}
      </div>
      ${model ? this.#verdict(model) : html`<p class="verdict muted">…</p>`}
    </section>`;
  }

  #verdict({ answer, linf, l2 }) {
    const said = sayings(answer, this.data.classes);
    const [before, after] = said.map(([says, share]) => html`<strong>${says}</strong> (${share})`);
    return html`<div class="verdict">
      <p>${verdictBadge(verdictOf(answer, this.truth))}</p>
      <p>${before} → ${after}</p>
      <p class="small muted number">
        Used: largest change ${short(linf)} (${short(linf * 255)}/255), length ${short(l2)}.
      </p>
    </div>`;
  }
}

export function register() {
  registerPicture();
  customElements.get("scl-attack") ?? customElements.define("scl-attack", AttackFigure);
}
