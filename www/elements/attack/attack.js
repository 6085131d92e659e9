// <scl-attack>: one picture, attacked on each model: original, change, result, and what the model says.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, percent, short, LANES } from "../style.js";
import { registerPicture } from "../picture/picture.js";
import { DEFAULT, attackControls, attackOf, budgetOf, epsilonText } from "./budget.js";
import { saveJson, saveNpy, savePng } from "../../save.js";

export class AttackFigure extends LitElement {
  static properties = {
    store: { attribute: false },
    quick: { attribute: false },
    choice: { state: true },
    image: { state: true },
    draw: { state: true },
    own: { state: true },
    data: { state: true },
    reply: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  static styles = [shared, css`
    .figure { display: grid; gap: var(--space-4); grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); align-items: start; }
    .panel { display: grid; gap: var(--space-3); }
    .models { display: grid; gap: var(--space-3); grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
    .card { border-top: 4px solid var(--lane); }
    .card h3 { color: var(--lane); }
    .pictures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--space-2); text-align: center; margin: var(--space-2) 0; }
    select, input[type="number"] { width: 100%; }
    label { font-weight: 600; }
    output { font-weight: 400; }
    .mind { display: inline-block; padding: 0 0.5em; border-radius: 1em; font-weight: 700; border: 1px solid currentColor; }
    .mind.fooled { background: var(--warn-soft); color: var(--warn-ink); }
    .mind.stands { color: var(--good-ink); background: var(--good-soft); }
    .verdict { min-height: 4.6em; }
    .stale { opacity: 0.6; }
    @media (max-width: 900px) { .figure { grid-template-columns: minmax(0, 1fr); } }
  `];

  #again = false;
  #visible;
  #changed = (event) => {
    if (!event.detail.includes("run")) return;
    const { trained } = this.store.state.run;
    if (this.own && trained !== this.own) this.#useModels(trained ?? null);
    this.requestUpdate();
  };

  constructor() {
    super();
    Object.assign(this, { choice: { ...DEFAULT, level: 12 }, image: 171, draw: 1, own: null, busy: false });
  }

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
    // Nothing is computed for a figure that nobody sees.
    this.#visible = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#visible.disconnect();
      this.#ask();
    }, { rootMargin: "200px" });
    this.#visible.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
    this.#visible.disconnect();
  }

  /** Shows test picture `index`, attacked with `choice` on the models of `own`. */
  show(index, { choice = this.choice, own = this.own, draw = this.draw } = {}) {
    if (own !== this.own) this.reply = null;
    Object.assign(this, { image: index, choice, own, draw });
    this.#ask();
  }

  #set(patch) {
    this.choice = { ...this.choice, ...patch };
    this.#ask();
  }

  #useModels(own) {
    this.own = own;
    this.reply = null;
    this.#ask();
  }

  #request(data) {
    return { index: Math.min(this.image, data.test - 1), attack: attackOf(this.choice), budget: budgetOf(this.choice), seed: this.draw };
  }

  /** Asks the engine; while it answers, only the latest wish is kept. */
  async #ask() {
    if (this.busy) {
      this.#again = true;
      return;
    }
    this.busy = true;
    do {
      this.#again = false;
      try {
        const { own } = this;
        let choice;
        const { data, request, answer } = await this.quick.ask(this.store.defaults, own, "example", (data) => {
          choice = this.choice; // as it is when its turn comes
          return this.#request(data);
        });
        if (own !== this.own) continue;
        Object.assign(this, { data, reply: { ...answer, request, own, choice }, error: null });
      } catch (error) {
        this.error = error;
      }
    } while (this.#again);
    this.busy = false;
  }

  render() {
    const { reply } = this;
    const trained = this.store.state.run.trained;
    return html`<div class="figure">
      <div class="panel">
        ${attackControls(this.choice, (patch) => this.#set(patch), { classes: this.data?.classes })}
        <div><label for="picture">Test picture (0 to ${(this.data?.test ?? 2000) - 1})</label>
          <input id="picture" type="number" min="0" max=${(this.data?.test ?? 2000) - 1} .value=${String(this.image)} @change=${(event) => {
            const index = Number(event.target.value);
            if (event.target.value !== "" && Number.isInteger(index) && index >= 0 && index <= (this.data?.test ?? 2000) - 1) this.show(index);
            else event.target.value = String(this.image);
          }}></div>
        <div class="row">
          <button id="next" @click=${() => this.show((this.image + 1) % (this.data?.test ?? 2000))}>Next picture</button>
          <button @click=${() => { this.draw = (this.draw + 1) % 2 ** 32; this.#ask(); }} title="The same attack with other random numbers">Another draw</button>
        </div>
        ${trained ? html`<div class="row" role="group" aria-label="Which models are attacked">
          <button aria-pressed=${!this.own} @click=${() => this.#useModels(null)}>Shipped models</button>
          <button aria-pressed=${Boolean(this.own)} @click=${() => this.#useModels(trained)}>The models you trained</button></div>` : nothing}
      </div>
      <div class="panel">
        ${this.error ? html`<p class="notice" role="alert">${this.error.message} <button @click=${() => this.#ask()}>Try again</button></p>` : nothing}
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
