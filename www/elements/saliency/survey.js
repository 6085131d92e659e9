// <scl-survey>: saliency of both models over many pictures, in numbers with intervals.
import { html, css, nothing } from "../../vendor/lit.js";
import { shared, lab, modelTable, percent, short } from "../style.js";
import { choiceField, numberField } from "../fields.js";
import { modelsColumns, modelsText } from "../pair.js";
import { saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { METHODS, methodOf } from "./methods.js";
import { estimateColumns, saveCsv, saveJson } from "../../save.js";

const CHANGES = [["gaussian:0.1", "Gaussian noise, σ = 0.1"], ["brightness:0.2", "Brightness, up to 0.2"], ["shift:1", "Shift by 1 pixel"], ["attack", "PGD-20 attack, ε = 12/255"]];
const DIRECTIONS = { higher: "Higher is better.", lower: "Lower is better.", none: "Neither is better." };

export class SurveyFigure extends StudyFigure {
  static properties = { method: { state: true }, change: { state: true }, images: { state: true } };

  static styles = [shared, lab, modelTable, css`
    .controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: var(--space-3); align-items: end; }
    .scroll { overflow-x: auto; }
    th[scope="row"] strong, .interval { display: block; }
    .interval { white-space: nowrap; }
    @container (min-width: 601px) {
      td, thead th { text-align: right; }
      thead th:first-child { text-align: left; min-width: 14em; }
    }
    @container (max-width: 600px) { .interval { display: inline; white-space: normal; } }
  `];

  #survey;

  constructor() {
    super();
    Object.assign(this, { method: "3", change: "gaussian:0.1", images: 100 });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#survey ??= this.study();
  }

  #start() {
    const { own } = this;
    const change = this.change === "attack" ? { attack: { attack: { pgd: { steps: 20 } }, budget: { norm: "linf", epsilon: 12 / 255 } } } : { perturbation: this.change };
    const survey = { method: methodOf(METHODS[Number(this.method)], "blur"), change, images: this.images, seed: this.store.state.settings.seed };
    return this.#survey.run("survey", survey, "surveys", { trained: own, about: `${METHODS[Number(this.method)].label}; ${CHANGES.find(([id]) => id === this.change)[1]}` });
  }

  render() {
    const { result } = this.#survey;
    return html`<div class="panel"><div class="controls">
        ${choiceField("method", "Method", this.method, METHODS.map(({ label }, i) => [String(i), label]), (method) => (this.method = method))}
        ${choiceField("change", "The change", this.change, CHANGES, (change) => (this.change = change))}
        ${numberField("images", "Test pictures (10 to 1000)", this.images, [10, 1000], (images) => (this.images = images))}</div>
      ${this.pairField("Models", this.isBusy)}
      ${this.bar(this.#survey, "survey", "Measure", () => this.#start(), { running: "Looking …" })}
      ${result ? this.#table(result) : nothing}</div>`;
  }

  #table({ value: rows, request, models, settings, reports, about }) {
    const lanes = this.store.lanes(settings);
    const number = (row, value) => (row.reading.unit === "%" ? percent(value, 1) : `${short(value)}${row.reading.unit ? ` ${row.reading.unit}` : ""}`).replace("-", "−");
    const cell = (row, estimate, column) => html`<td class="number" data-column=${column}>${number(row, estimate.value)}<span class="interval small muted"> ${number(row, estimate.low)} to ${number(row, estimate.high)}</span></td>`;
    const csv = () => rows.map((row) => ({
      method: JSON.stringify(request.method), change: JSON.stringify(request.change), seed: request.seed, ...modelsColumns({ models, settings }),
      measure: row.measure, n: row.plain.n, ...estimateColumns("plain", row.plain), ...estimateColumns("continuity", row.continuity), ...estimateColumns("difference", row.difference),
      better: row.reading.better, unit: row.reading.unit, source: row.reading.source,
    }));
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Saliency of both models"><table>
        <thead><tr><th scope="col">Measured on ${rows[0].plain.n} pictures</th>${lanes.map(({ id, label }) => html`<th scope="col" class=${id}>${label}</th>`)}<th scope="col">Difference</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr data-measure=${row.measure}><th scope="row"><strong>${row.label}</strong><span class="small muted">${row.help} ${DIRECTIONS[row.reading.better]} After ${row.reading.source}.</span></th>
          ${cell(row, row.plain, "Plain")}${cell(row, row.continuity, lanes[1].label)}${cell(row, row.difference, "Difference")}</tr>`)}</tbody></table></div>
      <p class="small muted">${about}; seed ${request.seed}; models: ${modelsText({ models, settings })}. Means with 95 % bootstrap intervals over the pictures; the class explained is the true one. What hides a pixel is the blurred picture.</p>
      ${saves("table", [["CSV", () => saveCsv("saliency-survey", csv())], ["JSON", () => saveJson("saliency-survey", { request, models, settings, rows, reports })]])}`;
  }
}

export const registerSurvey = () => customElements.get("scl-survey") ?? customElements.define("scl-survey", SurveyFigure);
