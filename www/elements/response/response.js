// <scl-response>: what both models make of a picture that is shown again, changed: rates and ratios at every layer.
import { html, css, nothing } from "../../vendor/lit.js";
import { shared, lab, modelTable } from "../style.js";
import { differenceCell, isDefined, quantityCell } from "../quantity.js";
import { modelHead } from "../table.js";
import { instead, modelsColumns, modelsText } from "../pair.js";
import { drawn, saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { INITIAL } from "../../catalogue/initial.js";
import { TOPICS, conditionWords, kindOf, strengthOf, trainedOn } from "../../catalogue/conditions.js";
import { confusionSection, confusionStyle } from "./confusion.js";
import { tally } from "./tally.js";
import { registerTriplets } from "./triplets.js";
import { registerCurve } from "../curve/curve.js";
import { curveSheet } from "../../download/figure/curve.js";
import { PairEngine } from "../../engine/pair-engine.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

/** @import { With } from "../section.js" */

/** Whether a measure is one of answers, which no layer's distances enter. */
const ofAnswers = (measure) => ["accuracy", "flip", "follows"].includes(measure);

/**
 * @typedef {object} Properties
 * @property {boolean} pictures
 */

export class ResponseFigure extends /** @type {With<Properties, typeof StudyFigure>} */ (StudyFigure) {
  static properties = {
    /** Whether pictures are wanted of a result that nobody asked for. */
    pictures: { state: true },
  };

  static styles = [
    shared,
    lab,
    modelTable,
    confusionStyle,
    css`
      .controls > :only-child {
        max-width: 24rem;
      }
      .scroll {
        overflow-x: auto;
      }
      .interval {
        display: block;
        white-space: nowrap;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        margin-top: var(--space-3);
      }
      @container (width > 37.5rem) {
        td,
        thead th {
          text-align: right;
        }
        thead th:first-child {
          text-align: left;
          min-width: 12em;
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

  section = "response";
  #study;
  /** Shows the pictures of triplets; loads the pair of a result, which may not be the one chosen now. */
  #engine = new PairEngine();

  connectedCallback() {
    super.connectedCallback();
    this.#study ??= this.study("response", () => this.#task());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#engine.close();
  }

  #choose(id) {
    const { only } = TOPICS.find((topic) => topic.id === id);
    const { kind, condition } = this.store.sections.response;
    this.choose({
      topic: id,
      kind: kind.default,
      condition: condition.default,
      ...(only && this.own?.settings.dataset !== only ? { models: only } : {}),
      ...(id !== "nothing" && this.chosen.measure.startsWith("violation") ? { measure: "accuracy" } : {}),
    });
  }

  /** The field of a choice whose names only a result knows: a link may have named another than `shown`. */
  #nameField(key, options, shown) {
    const name = this.chosen[key];
    const wrong = name !== shown && name !== this.store.sections.response[key].default;
    return html`<div>
      ${this.field(key, { value: shown, options })}
      ${wrong ? instead(`There is no “${name}” here`, `“${shown}”`) : nothing}
    </div>`;
  }

  #task() {
    const { chosen } = this;
    const topic = TOPICS.find(({ id }) => id === chosen.topic);
    const { dataset } = this.own?.settings ?? this.store.defaults;
    const request = {
      conditions: topic.conditions(dataset),
      images: chosen.images,
      seed: this.store.state.settings.seed,
    };
    return { kind: "response", request, combine: "responses", whole: true, trained: this.own, about: topic.label };
  }

  render() {
    const { result } = this.#study;
    return html`<div class="panel">
      <div class="controls">
        ${this.field("topic", { set: (id) => this.#choose(id) })}${this.field("images")} ${this.pairField(this.isBusy)}
      </div>
      ${this.bar(this.#study, "respond", "Show them", {
        running: "Looking …",
        kept: "Cancelled: the table needs all of it.",
      })}
      ${result ? this.#result(result) : nothing}
    </div>`;
  }

  #result(result) {
    const { value, reports, request, models, settings } = result;
    const { layers } = reports[0];
    const layer = this.#layer(layers);
    const parts = value[layer];
    const measures = new Map(parts.flatMap(({ rows }) => rows.map((row) => [row.id, row])));
    const measure = measures.get(this.chosen.measure) ?? measures.get("accuracy");
    const rows = this.#rows(result, parts, measure.id);
    const changed = rows.filter(({ condition }) => condition);
    const counted = tally(changed, measure.better, this.store.lanes(settings)[1].words);
    const names = Array.from(measures, ([id, { label }]) => [id, label]);
    const layerNames = layers.map((name) => [name, name]);
    return html`<div class="controls">
        ${this.#nameField("measure", names, measure.id)} ${this.#nameField("layer", layerNames, layers[layer])}
      </div>
      <p id="meaning">
        ${measure.help}
        <span class="muted">${measure.better === "higher" ? "Higher is better." : "Lower is better."}</span>
      </p>
      ${counted ? html`<p id="tally">${counted}</p>` : nothing} ${this.#curve(result, parts, measure, layers[layer])}
      <details ?open=${!result.beforehand}>
        <summary>All ${parts.length - 1} as a table</summary>
        ${this.#table(result, rows, measure.unit)}
      </details>
      <p class="small muted">
        ${this.#source(result)} Small: 95 % intervals over the pictures. What the models were trained to ignore is
        marked: only the rest can show more than habit.
      </p>
      ${saves("table", [
        ["CSV", () => this.#saveCsv(result)],
        ["JSON", () => saveJson("responses", { request, models, settings, layers, verdicts: value, reports })],
      ])}
      ${this.#confusion(result, parts)} ${this.#triplets(result, layer)}`;
  }

  /** The rows of one measure; the first part is the pictures as they are, of which not every measure has a number. */
  #rows(result, parts, measure) {
    const { request, settings } = result;
    return parts
      .map(({ label, rows }, i) => {
        const condition = request.conditions[i - 1];
        return {
          label,
          condition,
          row: rows.find(({ id }) => id === measure),
          words: this.#words(result, i),
          trained: trainedOn(condition, settings),
        };
      })
      .filter(({ row }) => row);
  }

  #table({ reports, settings }, rows, unit) {
    const lanes = this.store.lanes(settings);
    const n = reports[0].images.length;
    const line = ({ label, row, words, trained }) =>
      html`<tr data-condition=${label}>
        <th scope="row">${words}${trained ? html` <span class="small muted">(as in training)</span>` : nothing}</th>
        ${lanes.map(({ id, label }) => quantityCell(row[id], label, unit, n))}
        ${differenceCell(row.difference, unit, n)}
      </tr>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Responses of both models">
      <table>
        ${modelHead("Shown again", lanes)}
        <tbody>
          ${rows.map(line)}
        </tbody>
      </table>
    </div>`;
  }

  /** The place of the layer chosen. */
  #layer(layers) {
    return Math.max(0, layers.indexOf(this.chosen.layer));
  }

  /** What is shown in part `i` of a result; the first one is the pictures as they are. */
  #words({ value: [parts], request }, i) {
    return conditionWords(request.conditions[i - 1], parts[i].label);
  }

  #source({ about, reports, request, models, settings }) {
    const n = reports[0].images.length;
    return `${about}; n = ${n}, seed ${request.seed}; models: ${modelsText({ models, settings })}.`;
  }

  /** Numbers of one measure for the conditions that have a strength: `{ kind, strength, row }`. */
  #strengths({ request }, parts, measure) {
    return request.conditions
      .map((condition, i) => ({
        ...strengthOf(condition),
        row: parts[i + 1]?.rows.find(({ id }) => id === measure.id),
      }))
      .filter(({ kind, row }) => kind && row);
  }

  /** What the measure is without a change, `shown` being a row of it: nothing flips and nothing moves. */
  #unchanged({ reports }, shown) {
    const nothingHappens = { value: 0, low: 0, high: 0, n: reports[0].images.length };
    // What is undefined of this model for every change is so without one, too.
    const still = (key) => (isDefined(shown[key]) ? nothingHappens : shown[key]);
    return { plain: still("plain"), continuity: still("continuity"), difference: still("difference") };
  }

  /** One kind of change over its strengths. */
  #curve(result, parts, measure, layer) {
    const found = this.#strengths(result, parts, measure);
    // A measure of pictures as they are has no strength.
    if (!found.length) return nothing;
    const conditions = result.request.conditions.filter((_, i) => parts[i + 1]);
    const kinds = [...new Set(conditions.map((condition) => strengthOf(condition)?.kind))].filter(Boolean);
    const kind = kinds.includes(this.chosen.kind) ? this.chosen.kind : kinds[0];
    const { label, axis, head, zero } = kindOf(kind);
    // Accuracy is what it is.
    const unchanged = parts[0].rows.find(({ id }) => id === measure.id) ?? this.#unchanged(result, found[0].row);
    const points = [
      ...(zero && measure.id !== "gain" ? [{ x: 0, ...unchanged }] : []),
      ...found.filter((each) => each.kind === kind).map(({ strength, row }) => ({ x: strength, ...row })),
    ];
    const lanes = this.store.lanes(result.settings);
    const trained = (kind) => trainedOn({ perturbation: `${kind}:0` }, result.settings);
    const made = `${lanes[1].label}: ${trained(kind) ? "trained" : "not trained"} with this kind of change.`;
    const curve = { kind, trained: trained(kind), points, measure, layer };
    const sheet = () =>
      curveSheet({
        title: `${measure.label}: ${label}`,
        lanes,
        points,
        xLabel: axis,
        yLabel: measure.label,
        unit: measure.unit,
        caption: `${made}${ofAnswers(measure.id) ? "" : ` Distances at ${layer}.`} ${this.#source(result)}`,
      });
    const names = kinds.map((id) => [id, `${kindOf(id).label}${trained(id) ? " (as in training)" : ""}`]);
    return html`<section aria-label="Over strength">
      <h3>Stronger and stronger</h3>
      <div class="controls">${this.#nameField("kind", names, kind)}</div>
      <p class="small muted">${measure.label}, ${measure.better} is better. ${made}</p>
      <scl-curve
        id="strengths"
        .points=${points}
        .lanes=${lanes}
        unit=${measure.unit}
        .xLabel=${axis}
        .xHead=${head}
        .yLabel=${measure.label}
        .label=${`${measure.label} of both models against the strength`}
      ></scl-curve>
      ${saves("curve", [
        ...drawn("strength", sheet),
        ["CSV", () => saveCsv("strength", this.#curveRecords(result, curve))],
      ])}
    </section>`;
  }

  #curveRecords({ request, models, settings }, { kind, trained, points, measure, layer }) {
    return points.map(({ x, plain, continuity, difference }) => ({
      kind,
      strength: x,
      measure: measure.id,
      layer,
      n: plain.n,
      seed: request.seed,
      "trained with this kind": trained,
      ...modelsColumns({ models, settings }),
      ...comparisonColumns({ plain, continuity, difference }),
      better: measure.better,
      unit: measure.unit,
    }));
  }

  /** Which digit a colour is taken for, where that was asked. */
  #confusion({ data, settings }, parts) {
    const counts = parts.find(({ confusion }) => confusion)?.confusion;
    return counts ? confusionSection(this.store.lanes(settings), counts, data) : nothing;
  }

  #triplets(result, layer) {
    const names = result.value[0].slice(1).map(({ label }) => label);
    // A slight change that the shipped models were not trained with, or whatever comes last.
    const name = [this.chosen.condition, INITIAL.triplets].find((name) => names.includes(name)) ?? names.at(-1);
    // Showing them takes an engine, which nobody asked for yet.
    const isWanted = !result.beforehand || this.pictures;
    return html`<section aria-label="Triplets">
      <h3>A picture, its copy, and another of its class</h3>
      ${isWanted ? this.#worst(result, layer, names, name) : this.#wish()}
    </section>`;
  }

  #wish() {
    const show = () => {
      this.pictures = true;
      this.takeOver("#condition");
    };
    return html`<div><button id="pictures" @click=${show}>Show the worst of them</button></div>`;
  }

  #worst(result, layer, names, name) {
    const lanes = this.store.lanes(result.settings);
    const conditions = names.map((name, i) => [name, this.#words(result, i + 1)]);
    const fetch = (asked) => this.#engine.ask(this.store.defaults, result.trained, (engine) => engine.triplets(asked));
    return html`<div class="controls">
        ${this.#nameField("condition", conditions, name)}
        ${this.field("sort", { options: lanes.map(({ id, label }) => [id, label]) })}
      </div>
      <scl-triplets
        .result=${result}
        .condition=${names.indexOf(name)}
        .layer=${layer}
        .name=${name}
        .sort=${this.chosen.sort}
        .lanes=${lanes}
        .fetch=${fetch}
        .source=${this.#source(result)}
      ></scl-triplets>`;
  }

  #saveCsv({ value, reports: [{ layers, images }], request, models, settings }) {
    saveCsv(
      "responses",
      value.flatMap((parts, layer) =>
        parts.flatMap(({ label, rows }) =>
          rows.map((row) => ({
            condition: label,
            layer: layers[layer],
            measure: row.id,
            n: images.length,
            seed: request.seed,
            ...modelsColumns({ models, settings }),
            ...comparisonColumns(row),
            better: row.better,
            unit: row.unit,
          })),
        ),
      ),
    );
  }
}

export function register() {
  registerCurve();
  registerTriplets();
  customElements.get("scl-response") ?? customElements.define("scl-response", ResponseFigure);
}
