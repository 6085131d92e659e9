// <scl-smoothness>: the theory, measured: DS over variance, its limit and the Jacobian, gradients that turn, the loss
// around pictures.
import { html, css, nothing } from "../../vendor/lit.js";
import { inUnit, short } from "../../lib/numbers.js";
import { shared, lab, modelTable } from "../style.js";
import { differenceCell, quantityCell } from "../quantity.js";
import { intervalsBelow, modelHead } from "../table.js";
import { modelsColumns, modelsText } from "../pair.js";
import { drawn, saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { registerCurve } from "../curve/curve.js";
import { registerSurface } from "./surface.js";
import { dsDrawing, theory, theoryWords } from "./theory.js";
import { color, sheet, text } from "../../download/figure/sheet.js";
import { curveSheet } from "../../download/figure/curve.js";
import { pictures } from "../../download/figure/pictures.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

/** @import { Surface } from "./surface.js" */

/** The curves: which rows of the comparison, and at which places. */
const CURVES = [
  {
    id: "ds",
    title: "Output distance per unit of noise, DS / σ², and the Jacobian",
    at: "sigmas",
    xLabel: "σ of the noise",
    yLabel: "DS / σ²",
    xHead: "σ",
  },
  {
    id: "cosine",
    title: "Cosine of gradients at x and x + δ",
    at: "sigmas",
    xLabel: "σ of the noise",
    yLabel: "cosine of gradients",
    xHead: "σ",
  },
  {
    id: "against",
    title: "The loss against the margin",
    at: "steps",
    xLabel: "step in every pixel against the margin",
    yLabel: "cross-entropy",
    xHead: "step",
  },
  {
    id: "sideways",
    title: "The loss in a random direction",
    at: "steps",
    xLabel: "step in every pixel, random signs",
    yLabel: "cross-entropy",
    xHead: "step",
  },
];

/** A surface `losses[s][t]` for who does not see it: its corners. */
function surfaceWords(label, losses) {
  const number = (loss) => (loss === null ? "undefined" : short(loss));
  const [[start]] = losses;
  return (
    `Mean cross-entropy of ${label}: from ${number(start)} at the picture ` +
    `to ${number(losses.at(-1)[0])} at the last step against the margin ` +
    `and ${number(losses[0].at(-1))} at the last step in a random direction`
  );
}

export class SmoothnessFigure extends StudyFigure {
  static styles = [
    shared,
    lab,
    modelTable,
    intervalsBelow,
    css`
      .charts {
        display: grid;
        gap: var(--space-4);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        align-content: start;
      }
      .surfaces {
        display: grid;
        gap: var(--space-3);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 16rem));
      }
      .surfaces b {
        color: var(--lane);
      }
    `,
  ];

  section = "smoothness";
  #study;

  connectedCallback() {
    super.connectedCallback();
    this.#study ??= this.study("smoothness", () => this.#task());
  }

  #task() {
    const request = { images: this.chosen.images, seed: this.store.state.settings.seed };
    return { kind: "smoothness", request, combine: "smoothness", trained: this.own };
  }

  render() {
    const { result } = this.#study;
    return html`<div class="panel">
      <div class="controls">${this.field("images")} ${this.pairField(this.isBusy)}</div>
      ${this.bar(this.#study, "measure", "Measure", {
        running: "Measuring …",
        kept: "Cancelled: the comparison needs both models.",
      })}
      ${result ? this.#result(result) : nothing}
    </div>`;
  }

  #source({ value, request, models, settings }) {
    return `n = ${value.n}, seed ${request.seed}; models: ${modelsText({ models, settings })}.`;
  }

  /** What a curve draws. */
  #drawing({ value }, { id, at, xLabel }) {
    const points = value[id].map((row, i) => ({ x: value[at][i], ...row }));
    return id === "ds" ? dsDrawing(value, points, xLabel) : { points, xLabel };
  }

  #result(result) {
    const { value, request, models, settings, reports } = result;
    const lanes = this.store.lanes(settings);
    return html`${this.#table(value, lanes)}
      <p class="small muted">
        ${this.#source(result)} Small: 95 % intervals over the pictures. Noise and steps are not clipped to pixels: the
        derivation needs all of them.
      </p>
      ${theory(value, lanes)}
      <div class="charts">${CURVES.map((curve) => this.#chart(result, curve, lanes))}</div>
      ${this.#surfaces(result, lanes)}
      ${saves("numbers", [
        ["CSV", () => this.#saveCsv(result)],
        ["JSON", () => saveJson("smoothness", { request, models, settings, comparison: value, reports })],
      ])}`;
  }

  #table({ rows, n }, lanes) {
    const line = (row) =>
      html`<tr data-row=${row.id}>
        <th scope="row">
          ${row.label}<br />
          <span class="small muted">${row.help} ${row.better === "higher" ? "Higher" : "Lower"} is better.</span>
        </th>
        ${lanes.map(({ id, label }) => quantityCell(row[id], label, "", n))} ${differenceCell(row.difference, "", n)}
      </tr>`;
    return html`<table>
      ${modelHead("Around real pictures", lanes)}
      <tbody>
        ${rows.map(line)}
      </tbody>
    </table>`;
  }

  #chart(result, curve, lanes) {
    const drawing = this.#drawing(result, curve);
    const { points, mark, xLabel } = drawing;
    const words = curve.id === "ds" ? theoryWords(result.value, lanes) : [];
    const caption = [this.#source(result), ...words].join(" ");
    const sheet = () => curveSheet({ ...curve, ...drawing, lanes, unit: "", caption });
    return html`<section data-curve=${curve.id} aria-label=${curve.title}>
      <h3>${curve.title}</h3>
      <scl-curve
        .points=${points}
        .mark=${mark}
        .lanes=${lanes}
        unit=""
        .xLabel=${xLabel}
        .xHead=${curve.xHead}
        .yLabel=${curve.yLabel}
        .label=${`${curve.yLabel} of both models`}
      ></scl-curve>
      ${saves("curve", drawn(curve.id, sheet))}
    </section>`;
  }

  /** The loss around a picture, for both models on one scale. */
  #surfaces(result, lanes) {
    const { surfaces, steps } = result.value;
    const max = Math.max(...surfaces.flat(2)) || 1;
    const surface = ({ id, label }, i) =>
      html`<div class=${id}>
        <b>${label}</b>
        <scl-surface
          .values=${surfaces[i]}
          .steps=${steps}
          .max=${max}
          .label=${surfaceWords(label, surfaces[i])}
        ></scl-surface>
      </div>`;
    return html`<section aria-label="Loss surface">
      <h3>The loss around a picture</h3>
      <div class="surfaces">${lanes.map(surface)}</div>
      <scl-surface-legend .max=${max}></scl-surface-legend>
      ${saves(
        "surface",
        drawn("loss-surface", () => this.#surfaceSheet(result, max)),
      )}
    </section>`;
  }

  #surfaceSheet(result, max) {
    const lanes = this.store.lanes(result.settings);
    /** @type {NodeListOf<Surface>} */
    const elements = this.renderRoot.querySelectorAll("scl-surface");
    const canvases = Array.from(elements, ({ canvas }) => canvas);
    const rows = lanes.map(({ id, label }, i) => ({
      label,
      fill: color(`--${id}`),
      cells: [{ canvas: canvases[i], caption: "" }],
    }));
    const content = pictures({ rows });
    const legend =
      `Mean cross-entropy, from 0 (light) to ${inUnit("")(max)} (dark), ` +
      `up to ${result.value.steps.at(-1)} in every pixel: ` +
      "to the right against the margin, upwards in a random direction.";
    return sheet({
      title: "The loss around a picture",
      content,
      legend: text(legend, 360),
      caption: this.#source(result),
    });
  }

  #saveCsv(result) {
    const { value, request, models, settings } = result;
    const line = (row, x) => ({
      measure: row.id,
      at: x ?? "",
      n: value.n,
      seed: request.seed,
      ...modelsColumns({ models, settings }),
      ...comparisonColumns(row),
      better: row.better,
    });
    // The surface has no intervals: it is a mean over the pictures.
    const point = (s, t) => {
      const losses = value.surfaces.map((surface) => surface[s][t]);
      const [plain, continuity] = losses.map((value) => ({ value }));
      const difference = losses.includes(null) ? {} : { value: losses[1] - losses[0] };
      return line(
        { id: "surface", plain, continuity, difference, better: "lower" },
        `${value.steps[s]} against, ${value.steps[t]} random`,
      );
    };
    saveCsv("smoothness", [
      ...[...value.rows, ...(value.limits ?? []), ...(value.quotients ?? [])].map((row) => line(row)),
      ...(value.off ?? []).map((row, i) => line(row, value.sigmas[i])),
      ...CURVES.flatMap(({ id, at }) => value[id].map((row, i) => line(row, value[at][i]))),
      ...value.steps.flatMap((_, s) => value.steps.map((_, t) => point(s, t))),
    ]);
  }
}

export function register() {
  registerCurve();
  registerSurface();
  customElements.get("scl-smoothness") ?? customElements.define("scl-smoothness", SmoothnessFigure);
}
