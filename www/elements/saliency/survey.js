// <scl-survey>: saliency of both models over many pictures, in numbers with intervals.
import { html, css, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared, lab, modelTable } from "../style.js";
import { differenceCell, quantityCell } from "../quantity.js";
import { modelHead } from "../table.js";
import { modelsColumns, modelsText } from "../pair.js";
import { saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { BASELINE, SURVEYED } from "../../catalogue/initial.js";
import { METHODS, changeOf, methodOf } from "../../catalogue/saliency.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

/** Where the object lies is known for emoji alone, and clear for digits. */
const DARK = `The object of a grey picture is taken to be what is brighter than half, and one pixel around it:
  on one picture in ten of Fashion-MNIST, the dark ones, that is less than half of the garment.`;
const DIRECTIONS = { higher: "Higher is better.", lower: "Lower is better.", none: "Neither is better." };

const LEFT_OUT = "Pictures on which a measure is undefined are left out of it; n says how many remain.";

export class SurveyFigure extends StudyFigure {
  static styles = [
    shared,
    lab,
    modelTable,
    css`
      .scroll {
        overflow-x: auto;
      }
      th[scope="row"] strong,
      .interval {
        display: block;
      }
      .interval {
        white-space: nowrap;
      }
      @container (width > 37.5rem) {
        td,
        thead th {
          text-align: right;
        }
        thead th:first-child {
          text-align: left;
          min-width: 14em;
        }
      }
      @container (max-width: 37.5rem) {
        .interval {
          display: inline-block;
          white-space: normal;
        }
      }
    `,
  ];

  section = "survey";
  #survey;

  connectedCallback() {
    super.connectedCallback();
    this.#survey ??= this.study("survey", () => this.#task());
  }

  #task() {
    const {
      own,
      chosen: { method: id, change, images },
    } = this;
    const method = METHODS.find((method) => method.id === id);
    const request = {
      method: methodOf(method, BASELINE.survey),
      change: changeOf(change),
      images,
      seed: this.store.state.settings.seed,
    };
    return {
      kind: "survey",
      request,
      combine: "surveys",
      trained: own,
      about: `${method.label}; ${SURVEYED.find(([id]) => id === change)[1]}`,
    };
  }

  render() {
    const { result } = this.#survey;
    return html`<div class="panel">
      <div class="controls">${this.field("method")}${this.field("change")}${this.field("images")}</div>
      ${this.pairField(this.isBusy)} ${this.bar(this.#survey, "survey", "Measure", { running: "Looking …" })}
      ${result ? this.#table(result) : nothing}
    </div>`;
  }

  #table({ value: rows, request, models, settings, reports, about }) {
    const lanes = this.store.lanes(settings);
    const temperatures = reports.map(({ temperature }) => temperature).filter(Boolean);
    const n = Math.min(...reports.map(({ images }) => images.length));
    const cells = ({ reading: { unit }, difference, ...row }) => [
      ...lanes.map(({ id, label }) => quantityCell(row[id], label, unit, n)),
      differenceCell(difference, unit, n),
    ];
    const line = (row) => {
      const { better, source } = row.reading;
      const whose = source === "ours" ? "Ours" : `After ${source}`;
      return html`<tr data-measure=${row.measure}>
        <th scope="row">
          <strong>${row.label}</strong>
          <span class="small muted">${row.help} ${DIRECTIONS[better]} ${whose}.</span>
        </th>
        ${cells(row)}
      </tr>`;
    };
    const someUndefined = rows.some((row) => ["plain", "continuity", "difference"].some((key) => row[key].n < n));
    const [sure, other] = temperatures.map((temperature) => `T = ${short(temperature)}`);
    const csv = () =>
      rows.map((row) => ({
        method: JSON.stringify(request.method),
        change: JSON.stringify(request.change),
        seed: request.seed,
        ...modelsColumns({ models, settings }),
        measure: row.measure,
        n,
        ...comparisonColumns(row),
        better: row.reading.better,
        unit: row.reading.unit,
        source: row.reading.source,
      }));
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Saliency of both models">
        <table>
          ${modelHead(`Measured on ${n} pictures`, lanes)}
          <tbody>
            ${rows.map(line)}
          </tbody>
        </table>
      </div>
      <p class="small muted">
        ${about}; seed ${request.seed}; models: ${modelsText({ models, settings })}. Means with 95 % intervals over the
        pictures, by bootstrap, but for the pointing game: a share; the class explained is the true one. What hides a
        pixel is the blurred picture. ${someUndefined ? LEFT_OUT : nothing}
        ${
          other
            ? `Temperatures of matched confidence: ${sure} for the plain model, ${other} for the other one.`
            : nothing
        }
        ${settings.dataset === "fashion-mnist" ? DARK : nothing}
      </p>
      ${saves("table", [
        ["CSV", () => saveCsv("saliency-survey", csv())],
        ["JSON", () => saveJson("saliency-survey", { request, models, settings, rows, reports })],
      ])}`;
  }
}

export const register = () => customElements.get("scl-survey") ?? customElements.define("scl-survey", SurveyFigure);
