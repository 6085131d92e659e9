// <scl-survey>: saliency of both models over many pictures, in numbers with intervals.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, percent, seconds, short, LANES } from "../style.js";
import { METHODS, methodOf } from "./methods.js";
import { Study } from "../../study.js";
import { saveCsv, saveJson } from "../../save.js";

const CHANGES = [["gaussian:0.1", "Gaussian noise, σ = 0.1"], ["brightness:0.2", "Brightness, up to 0.2"], ["shift:1", "Shift by 1 pixel"], ["attack", "PGD-20 attack, ε = 12/255"]];
const DIRECTIONS = { higher: "Higher is better.", lower: "Lower is better.", none: "Neither is better." };

export class SurveyFigure extends LitElement {
  static properties = { store: { attribute: false }, method: { state: true }, change: { state: true }, images: { state: true }, own: { state: true } };

  static styles = [shared, css`
    .controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: var(--space-3); align-items: end; margin-bottom: var(--space-3); }
    select, input { width: 100%; }
    label { font-weight: 600; }
    progress { width: 100%; height: 0.6rem; accent-color: var(--ink); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { padding: var(--space-2); text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
    th[scope="row"], thead th:first-child { text-align: left; min-width: 14em; }
    th[scope="row"] strong { display: block; }
    thead th.plain, thead th.continuity { color: var(--lane); border-bottom: 3px solid var(--lane); }
    .interval { display: block; white-space: nowrap; }
    @media (max-width: 640px) {
      thead { display: none; }
      table, tbody, tr, th[scope="row"], td { display: block; width: 100%; text-align: left; border: 0; padding: 0.1rem 0; min-width: 0; }
      tr { border-bottom: 1px solid var(--line); padding: var(--space-2) 0; }
      td::before { content: attr(data-column) ": "; color: var(--muted); }
      .interval { display: inline; }
    }
  `];

  #study;
  #changed = (event) => event.detail.includes("run") && this.requestUpdate();

  constructor() {
    super();
    Object.assign(this, { method: "3", change: "gaussian:0.1", images: 100, own: false });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#study ??= new Study(this.store, () => this.requestUpdate());
    this.store.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
    this.#study.cancel();
  }

  #start() {
    const { trained } = this.store.state.run;
    const own = this.own && trained ? trained : null;
    const dataset = own?.settings.dataset ?? "fashion-mnist";
    const change = this.change === "attack" ? { attack: { attack: { pgd: { steps: 20 } }, budget: { norm: "linf", epsilon: 12 / 255 } } } : { perturbation: this.change };
    // Digits are strokes on black; clothes are bright things on black: both have their object where it is bright.
    const survey = { method: methodOf(METHODS[Number(this.method)], "blur"), change, images: this.images, seed: this.store.state.settings.seed, strokes: dataset !== "color-mnist" };
    return this.#study.run("survey", survey, "surveys", { trained: own, about: `${METHODS[Number(this.method)].label}; ${CHANGES.find(([id]) => id === this.change)[1]}` });
  }

  render() {
    const { phase, done, units, secondsLeft, error, result } = this.#study;
    const busy = this.#study.isBusy;
    const { trained } = this.store.state.run;
    const option = (now) => ([id, text]) => html`<option value=${id} ?selected=${id === now}>${text}</option>`;
    const words = { idle: "", loading: "Loading two engines …", done: "Done.", cancelled: error ? "" : "Cancelled: what was done stays.", running: "Looking …" }[phase];
    return html`<div class="controls">
        <div><label for="method">Method</label><select id="method" @change=${(event) => (this.method = event.target.value)}>${METHODS.map(({ label }, i) => [String(i), label]).map(option(this.method))}</select></div>
        <div><label for="change">The change</label><select id="change" @change=${(event) => (this.change = event.target.value)}>${CHANGES.map(option(this.change))}</select></div>
        <div><label for="images">Test pictures (10 to 1000)</label><input id="images" type="number" min="10" max="1000" .value=${String(this.images)} @change=${(event) => {
          const n = Math.round(Number(event.target.value));
          if (n >= 10 && n <= 1000) this.images = n;
          else event.target.value = String(this.images);
        }}></div></div>
      ${trained ? html`<div class="row" role="group" aria-label="Which models are surveyed">
        <button aria-pressed=${!this.own} ?disabled=${busy} @click=${() => (this.own = false)}>Shipped models</button>
        <button aria-pressed=${this.own} ?disabled=${busy} @click=${() => (this.own = true)}>The models you trained</button></div>` : nothing}
      <div class="row"><button class="primary" id="survey" ?disabled=${busy} @click=${() => this.#start()}>Measure</button>
        <button id="survey-cancel" ?disabled=${!busy} @click=${() => this.#study.cancel()}>Cancel</button>
        <span class="small" role="status" data-phase=${phase}>${words}</span>
        <span class="small muted number">${phase === "running" && done > 2 ? `About ${seconds(secondsLeft)} left.` : nothing}</span></div>
      <progress aria-label="Progress" max="1" .value=${units ? done / units : 0}></progress>
      ${error ? html`<p class="notice" role="alert">${error.message}</p>` : nothing}
      ${result ? this.#table(result) : nothing}`;
  }

  /** A button that was just pressed and is disabled now would take the keyboard's place on the page with it. */
  updated() {
    const lost = this.renderRoot.activeElement;
    if (lost?.matches(":disabled")) lost.parentElement.querySelector("button:not(:disabled)")?.focus();
  }

  #table({ value: rows, request, models, settings, reports, about }) {
    const number = (row, value) => (row.reading.unit === "%" ? percent(value, 1) : `${short(value)}${row.reading.unit ? ` ${row.reading.unit}` : ""}`).replace("-", "−");
    const cell = (row, estimate, column) => html`<td class="number" data-column=${column}>${number(row, estimate.value)}<span class="interval small muted"> ${number(row, estimate.low)} to ${number(row, estimate.high)}</span></td>`;
    const csv = [["measure", "n", "plain", "low", "high", "constraint", "low", "high", "difference", "low", "high", "better", "unit", "source"],
      ...rows.map((row) => [row.measure, row.plain.n, ...[row.plain, row.continuity, row.difference].flatMap(({ value, low, high }) => [value, low, high]), row.reading.better, row.reading.unit, row.reading.source])];
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Saliency of both models"><table>
        <thead><tr><th scope="col">Measured on ${rows[0].plain.n} pictures</th>${LANES.map(({ id, label }) => html`<th scope="col" class=${id}>${label}</th>`)}<th scope="col">Difference</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr data-measure=${row.measure}><th scope="row"><strong>${row.label}</strong><span class="small muted">${row.help} ${DIRECTIONS[row.reading.better]} After ${row.reading.source}.</span></th>
          ${cell(row, row.plain, "Plain")}${cell(row, row.continuity, "With the constraint")}${cell(row, row.difference, "Difference")}</tr>`)}</tbody></table></div>
      <p class="small muted">${about}; seed ${request.seed}; models: ${models} (${settings.dataset}, ${settings.architecture}). Means with 95 % bootstrap intervals over the pictures; the class explained is the true one. What hides a pixel is the blurred picture.</p>
      <div class="row"><button @click=${() => saveCsv("saliency-survey", csv)}>Save numbers (CSV)</button>
        <button @click=${() => saveJson("saliency-survey", { request, models, settings, rows, reports })}>Save all (JSON)</button></div>`;
  }
}

export const registerSurvey = () => customElements.get("scl-survey") ?? customElements.define("scl-survey", SurveyFigure);
