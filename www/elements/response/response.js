// <scl-response>: what both models make of a picture that is shown again, changed: rates and ratios at every layer.
import { html, css, nothing } from "../../vendor/lit.js";
import { shared, lab, modelTable, percent, short } from "../style.js";
import { choiceField, numberField } from "../fields.js";
import { modelsColumns, modelsText, shippedPair } from "../pair.js";
import { saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { TOPICS, trainedOn } from "./conditions.js";
import { estimateColumns, saveCsv, saveJson } from "../../save.js";

export class ResponseFigure extends StudyFigure {
  static properties = { topic: { state: true }, images: { state: true }, measure: { state: true }, layer: { state: true } };

  static styles = [shared, lab, modelTable, css`
    .controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: var(--space-3); align-items: end; }
    .scroll { overflow-x: auto; }
    .interval { display: block; white-space: nowrap; }
    @media (min-width: 641px) {
      td, thead th { text-align: right; }
      thead th:first-child { text-align: left; min-width: 12em; }
    }
    @media (max-width: 640px) { .interval { display: inline; white-space: normal; } }
  `];

  #study;

  constructor() {
    super();
    Object.assign(this, { topic: "nothing", images: 100, measure: "violation-random", layer: "logits" });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#study ??= this.study();
  }

  #choose(id) {
    const { only } = TOPICS.find((topic) => topic.id === id);
    this.topic = id;
    if (only && this.own?.settings.dataset !== only) this.use(shippedPair(this.store, only));
    if (id !== "nothing" && this.measure.startsWith("violation")) this.measure = "accuracy";
  }

  #start() {
    const topic = TOPICS.find(({ id }) => id === this.topic);
    const { dataset } = this.own?.settings ?? this.store.defaults;
    const request = { conditions: topic.conditions(dataset), images: this.images, seed: this.store.state.settings.seed };
    return this.#study.run("response", request, "responses", { whole: true, trained: this.own, about: topic.label });
  }

  render() {
    const { result } = this.#study;
    // A digit's colour is a matter of coloured digits alone.
    const fits = ({ only }) => !only || (this.own?.settings.dataset === only) || this.store.schema.shipped.some(({ dataset }) => dataset === only);
    return html`<div class="panel"><div class="controls">
        ${choiceField("topic", "What is shown again", this.topic, TOPICS.filter(fits).map(({ id, label }) => [id, label]), (id) => this.#choose(id))}
        ${numberField("images", "Test pictures (10 to 1000)", this.images, [10, 1000], (images) => (this.images = images))}
        ${this.pairField("Models", this.isBusy)}</div>
      ${this.bar(this.#study, "respond", "Show them", () => this.#start(), { running: "Looking …", kept: "Cancelled: the table needs all of it." })}
      ${result ? this.#result(result) : nothing}</div>`;
  }

  #result(result) {
    const { value, reports, request, models, settings, about } = result;
    const { layers } = reports[0];
    const parts = value[Math.max(0, layers.indexOf(this.layer))];
    const measures = new Map(parts.flatMap(({ rows }) => rows.map((row) => [row.id, row])));
    const measure = measures.has(this.measure) ? this.measure : "accuracy";
    const { help, better, unit } = measures.get(measure);
    const lanes = this.store.lanes(settings);
    const number = (x) => (unit === "%" ? percent(x, 1) : short(x)).replace("-", "−");
    const cell = ({ value, low, high }, column) => html`<td class="number" data-column=${column}>${number(value)}<span class="interval small muted"> ${number(low)} to ${number(high)}</span></td>`;
    const line = ({ label, rows }, i) => {
      const row = rows.find(({ id }) => id === measure);
      if (!row) return nothing;
      return html`<tr data-condition=${label}><th scope="row">${label}${trainedOn(request.conditions[i - 1], settings) ? html` <span class="small muted">(as in training)</span>` : nothing}</th>
        ${cell(row.plain, lanes[0].label)}${cell(row.continuity, lanes[1].label)}${cell(row.difference, "Difference")}</tr>`;
    };
    return html`<div class="controls">
        ${choiceField("measure", "Measure", measure, [...measures].map(([id, { label }]) => [id, label]), (id) => (this.measure = id))}
        ${choiceField("layer", "Distances at", layers.includes(this.layer) ? this.layer : layers[0], layers.map((layer) => [layer, layer]), (layer) => (this.layer = layer))}</div>
      <p id="meaning">${help} <span class="muted">${better === "higher" ? "Higher is better." : "Lower is better."}</span></p>
      <div class="scroll" tabindex="0" role="region" aria-label="Responses of both models"><table>
        <thead><tr><th scope="col">Shown again</th>${lanes.map(({ id, label }) => html`<th scope="col" class=${id}>${label}</th>`)}<th scope="col">Difference</th></tr></thead>
        <tbody>${parts.map(line)}</tbody></table></div>
      <p class="small muted">${about}; n = ${reports[0].images.length}, seed ${request.seed}; models: ${modelsText({ models, settings })}. Small: 95 % intervals over the pictures. What the models were trained to ignore is marked: only the rest can show more than habit.</p>
      ${saves("table", [["CSV", () => this.#saveCsv(result)], ["JSON", () => saveJson("responses", { request, models, settings, layers, verdicts: value, reports })]])}`;
  }

  #saveCsv({ value, reports: [{ layers, images }], request, models, settings }) {
    saveCsv("responses", value.flatMap((parts, layer) => parts.flatMap(({ label, rows }) => rows.map((row) => ({
      condition: label, layer: layers[layer], measure: row.id, n: images.length, seed: request.seed, ...modelsColumns({ models, settings }),
      ...estimateColumns("plain", row.plain), ...estimateColumns("continuity", row.continuity), ...estimateColumns("difference", row.difference), better: row.better, unit: row.unit,
    })))));
  }
}

export const registerResponse = () => customElements.get("scl-response") ?? customElements.define("scl-response", ResponseFigure);
