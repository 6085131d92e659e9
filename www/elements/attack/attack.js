// <scl-attack>: one picture, attacked on each model: original, change, result, and what the model says.
import { html, css } from "../../vendor/lit.js";
import { shared, lab, percent, short, LANES } from "../style.js";
import { numberField } from "../fields.js";
import { Inquiry } from "../inquiry.js";
import { madeBy } from "../pair.js";
import { registerPicture } from "../picture/picture.js";
import { DEFAULT, attackControls, attackOf, budgetOf, epsilonText } from "./budget.js";
import { saveJson, saveNpy, savePng } from "../../save.js";

export class AttackFigure extends Inquiry {
  static properties = { choice: { state: true }, image: { state: true }, draw: { state: true } };

  static styles = [shared, lab, css`
    .models { display: grid; gap: var(--space-3); grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
    .card { border-top: 4px solid var(--lane); }
    .card h3 { color: var(--lane); }
    .pictures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--space-2); text-align: center; margin: var(--space-2) 0; }
    .mind { display: inline-block; padding: 0 0.5em; border-radius: 1em; font-weight: 700; border: 1px solid currentColor; }
    .mind.fooled { background: var(--warn-soft); color: var(--warn-ink); }
    .mind.stands { color: var(--good-ink); background: var(--good-soft); }
    .verdict { min-height: 4.6em; }
  `];

  call = "example";

  constructor() {
    super();
    Object.assign(this, { choice: { ...DEFAULT, level: 12 }, image: 171, draw: 1 });
  }

  /** Shows test picture `index`, attacked with `choice` on the models of `own`. */
  show(index, { choice, own, draw }) {
    Object.assign(this, { image: index, choice, draw });
    this.use(own);
  }

  question(data) {
    const { choice } = this;
    return { choice, request: { index: Math.min(this.image, data.test - 1), attack: attackOf(choice), budget: budgetOf(choice), seed: this.draw } };
  }

  render() {
    const { reply } = this;
    return html`<div class="figure">
      <div class="panel">
        ${attackControls(this.choice, (patch) => this.set({ choice: { ...this.choice, ...patch } }), { classes: this.data?.classes })}
        ${numberField("picture", `Test picture (0 to ${this.lastPicture})`, this.image, [0, this.lastPicture], (image) => this.set({ image }))}
        <div class="row">
          <button id="next" @click=${() => this.set({ image: (this.image + 1) % (this.lastPicture + 1) })}>Next picture</button>
          <button @click=${() => this.set({ draw: (this.draw + 1) % 2 ** 32 })} title="The same attack with other random numbers">Another draw</button>
        </div>
        ${this.pairButtons("Which models are attacked")}
      </div>
      <div class="panel">
        ${this.problem()}
        <p class="small muted" role="status">${reply
          ? html`Test picture ${reply.index}, labelled <strong>${this.data.classes[reply.label]}</strong>; each model meets its own attack within ε = ${epsilonText(reply.choice)}.
            <span class="hidden">${LANES.map(({ label }, i) => `${label}: ${this.#outcome(reply.models[i])[1]}. `)}</span>`
          : "Attacking …"}</p>
        <div class="models ${this.busy && reply ? "stale" : ""}">${LANES.map((lane, i) => this.#model(lane, reply?.models[i]))}</div>
        <div class="row"><button ?disabled=${!reply} @click=${() => this.#savePng()}>Save pictures (PNG)</button>
          <button ?disabled=${!reply} title="Original, then the result on each model: [3, height, width, channels], f32 from 0 to 1"
            @click=${() => saveNpy(`attack-picture-${reply.index}`, [reply.original, ...reply.models.map(({ image }) => image)].flat(), [3, reply.height, reply.width, reply.channels])}>Save pictures (NumPy)</button>
          <button ?disabled=${!reply} @click=${() => saveJson("attack", { request: reply.request, models: this.#madeBy(), classes: this.data.classes, example: { ...reply, request: undefined, choice: undefined, own: undefined } })}>Save numbers (JSON)</button></div>
      </div></div>`;
  }

  #madeBy() {
    return this.reply.own ? { trained: this.reply.own.settings } : "shipped";
  }

  #savePng() {
    const canvases = [...this.renderRoot.querySelectorAll("scl-picture")].map((picture) => picture.renderRoot.querySelector("canvas"));
    savePng(`attack-picture-${this.reply.index}`, canvases, 224);
  }

  #model({ id, label }, model) {
    const { reply } = this;
    const name = (k) => this.data.classes[k];
    // The largest change becomes black or white; at most 100 times, and never smaller than it is.
    const gain = model ? Math.max(1, Math.min(100, Math.floor(1 / Math.max(model.linf, 1e-9)))) : 1;
    const picture = (caption, pixels, before) => html`<figure>
      <scl-picture .pixels=${pixels} .before=${before} .gain=${gain} .width=${reply?.width ?? 28} .height=${reply?.height ?? 28} .channels=${reply?.channels ?? 1}
        label="${label}: ${caption}${reply ? ` of a ${name(reply.label)}` : ""}"></scl-picture><figcaption class="small">${caption}</figcaption></figure>`;
    return html`<section class="card ${id}" aria-label=${label} data-model=${id}>
      <h3>${label}</h3>
      <div class="pictures">${picture("Original", reply?.original)}${picture(`Change × ${gain}`, model?.image, reply?.original)}${picture("Result", model?.image)}</div>
      ${model ? this.#verdict(model, name) : html`<p class="verdict muted">…</p>`}</section>`;
  }

  #outcome({ answer: { prediction_before: before, prediction_after: after } }) {
    const right = this.reply.label;
    return before !== right ? ["fooled", "was wrong already"] : after === right ? ["stands", "✓ withstands"] : ["fooled", "✗ is fooled"];
  }

  #verdict({ answer, linf, l2 }, name) {
    const { prediction_before: before, prediction_after: after } = answer;
    const [style, words] = this.#outcome({ answer });
    return html`<div class="verdict"><p><span class="mind ${style}">${words}</span></p>
      <p><strong>${name(before)}</strong> (${percent(answer.before[before])}) → <strong>${name(after)}</strong> (${percent(answer.after[after])})</p>
      <p class="small muted number">Used: largest change ${short(linf)} (${short(linf * 255)}/255), length ${short(l2)}.</p></div>`;
  }
}

export function registerAttack() {
  registerPicture();
  customElements.get("scl-attack") ?? customElements.define("scl-attack", AttackFigure);
}
