// <scl-curves>: cross-entropy, DS and accuracy of both lanes while they train, with the same numbers as a table; behind
// them, thinner, those of kept runs.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { Inks } from "../inks.js";
import { AGAIN_MS, charts, plotter, undrawn } from "../plotting.js";
import { drawn, saves } from "../saves.js";
import { curvesSheet } from "../../download/figure/curve.js";
import { saveCsv, saveJson } from "../../download/save.js";

/** @import { Store } from "../../app/store.js" */
/** @import { With } from "../section.js" */

const CURVES = [
  { key: "ce", title: "Cross-entropy", help: "lower is better" },
  { key: "ds", title: "Distance DS between x and x′", help: "lower is more continuous; logarithmic" },
  { key: "accuracy", title: "Accuracy on the batch", help: "higher is better" },
];
/** A curve has at most so many points: each is the mean over as many steps as that takes. */
const POINTS = 80;
const HEIGHT = 190;

/** How clearly the curves of a kept run are drawn, the first one, the second, and all others. */
const FAINT = [0.7, 0.5, 0.35];

/** Means of `key` over buckets of `size` steps: the steps, then a column a lane; null where nothing was measured. */
function buckets(lanes, key, size) {
  const count = Math.ceil(Math.max(0, ...lanes.map((lane) => lane.history.at(-1)?.step ?? 0)) / size);
  const columns = lanes.map((lane) => {
    const sums = new Float64Array(count),
      numbers = new Uint32Array(count);
    for (const record of lane.history) {
      const value = record[key];
      if (value === null || value === undefined) continue;
      const at = Math.floor((record.step - 1) / size);
      sums[at] += value;
      numbers[at] += 1;
    }
    return Array.from(sums, (sum, i) => (numbers[i] ? sum / numbers[i] : null));
  });
  return [Array.from({ length: count }, (_, i) => (i + 1) * size), ...columns];
}

const stepsWords = (size) => (size === 1 ? "one step" : `${size} steps`);

const cell = (value) => html`<td class="number">${value === null || value === undefined ? "–" : short(value)}</td>`;

const chart = ({ title, help }) =>
  html`<figure class="chart">
    <figcaption><strong>${title}</strong> <span class="small muted">${help}</span></figcaption>
    <div class="plot" role="img" aria-label="${title} of both lanes by step; the numbers are in the table below"></div>
  </figure>`;

/** The second axis of a curve. */
function scaleOf(key) {
  if (key === "ds") return { distr: 3 };
  return { range: key === "accuracy" ? [0, 1] : (_, low, high) => [0, high || 1] };
}

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {boolean} table
 * @property {boolean} undrawn
 */

export class Curves extends /** @type {With<Properties>} */ (LitElement) {
  static properties = { store: { attribute: false }, table: { state: true }, undrawn: { state: true } };

  static styles = [
    shared,
    charts,
    css`
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: var(--space-3);
      }
      .chart {
        min-width: 0;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: 1fr auto;
      }
      .plot {
        min-height: ${HEIGHT}px;
      }
      .scroll {
        max-height: 20rem;
        overflow: auto;
      }
    `,
  ];

  /** What draws, once it is there; `undefined` before it was asked for. */
  #UPlot;
  #plots = [];
  /** The bucket last drawn. */
  size = 0;
  /** Whether there was anything to save then. */
  #began = false;
  #frame = 0;
  /** Of the run last drawn: they name the lanes. */
  #settings;
  /** The kept runs last drawn. */
  #behind = [];
  #observer;
  #inks = new Inks(this, () => this.#plots.forEach((plot) => plot.redraw()));
  #changed = (event) => {
    // Numbers arrive faster than anyone looks.
    if (event.detail.includes("run") || event.detail.includes("runs"))
      this.#frame ||= requestAnimationFrame(() => this.#draw());
  };

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
    cancelAnimationFrame(this.#frame);
    this.#observer?.disconnect();
    this.#plots.forEach((plot) => plot.destroy());
    this.#plots = [];
  }

  firstUpdated() {
    const places = this.#places;
    this.#observer = new ResizeObserver(() =>
      this.#plots.forEach((plot, i) => {
        const width = Math.floor(places[i].clientWidth);
        if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
      }),
    );
    places.forEach((place) => this.#observer.observe(place));
    this.#draw();
  }

  async #equip() {
    this.#UPlot = null;
    this.#UPlot = await plotter(this.renderRoot);
    this.undrawn = !this.#UPlot;
    if (this.undrawn) return setTimeout(() => (this.#UPlot ??= undefined), AGAIN_MS);
    this.#build();
    this.#draw();
  }

  get #places() {
    return [...this.renderRoot.querySelectorAll(".plot")];
  }

  /** Plots with a pair of lines for the present run and for each kept one behind it. */
  #build() {
    if (!this.#UPlot || !this.isConnected) return;
    const places = this.#places;
    const color = (token) => () => this.#inks.of(token);
    const axis = {
      stroke: color("--muted"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line"), width: 1 },
    };
    const pair = (style) => [
      { stroke: color("--plain"), spanGaps: true, ...style },
      { stroke: color("--continuity"), dash: [6, 4], spanGaps: true, ...style },
    ];
    const series = [
      {},
      ...pair({ width: 2 }),
      ...this.#behind.flatMap((_, i) => pair({ width: 1, alpha: FAINT[i] ?? FAINT.at(-1), points: { show: false } })),
    ];
    const axes = [
      { ...axis, space: 60 },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : short(tick))) },
    ];
    this.#plots.forEach((plot) => plot.destroy());
    this.#plots = CURVES.map(({ key }, i) => {
      const options = {
        width: Math.floor(places[i].clientWidth) || 280,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: () => [0, Math.max(1, this.#steps)] }, y: scaleOf(key) },
        axes,
        series,
      };
      const empty = series.map(() => []);
      return new this.#UPlot(options, empty, places[i]);
    });
  }

  /** The lanes of the present run, then those of the kept runs behind it. */
  get #lanes() {
    return [...this.store.shownRun.lanes, ...this.#behind.flatMap(({ record }) => record.lanes)];
  }

  get #hasHistory() {
    return this.store.shownRun.lanes.some(({ history }) => history.length > 0);
  }

  get #steps() {
    return Math.max(0, ...this.#lanes.map((lane) => lane.steps));
  }

  #draw() {
    this.#frame = 0;
    const { settings, kept } = this.store.shownRun;
    const behind = this.store.state.runs?.kept.filter(({ id, shown }) => shown && id !== kept) ?? [];
    const others =
      behind.map(({ id, name }) => id + name).join() !== this.#behind.map(({ id, name }) => id + name).join();
    if (others) {
      this.#behind = behind;
      this.#build();
    }
    if (this.#UPlot === undefined && this.#steps > 0) this.#equip();
    const size = this.#bucket;
    CURVES.forEach(({ key }, i) => this.#plots[i]?.setData(buckets(this.#lanes, key, size)));
    const began = this.#hasHistory;
    if (this.table || others || began !== this.#began || size !== this.size || settings !== this.#settings)
      this.requestUpdate();
    this.size = size;
    this.#began = began;
    this.#settings = settings;
  }

  /** Steps behind one point. */
  get #bucket() {
    return Math.max(1, Math.ceil(this.#steps / POINTS));
  }

  render() {
    const size = this.#bucket;
    const lanes = this.store.lanes(this.store.shownRun.settings);
    const ways = [
      ...drawn("training", () => this.#sheet(size)),
      ["CSV", () => saveCsv("training", this.#records())],
      ["JSON", () => this.#saveJson()],
    ];
    return html`<p class="legend">
        ${lanes.map(({ id, label }) => html`<span class="key ${id}">${label}</span>`)}
        ${this.#behind.length ? this.#behindWords() : nothing}
      </p>
      ${this.undrawn ? undrawn(() => this.#equip()) : nothing}
      <div class="charts">${CURVES.map(chart)}</div>
      <details @toggle=${(event) => (this.table = event.target.open)}>
        <summary>Show as a table</summary>
        ${this.table ? this.#table(size) : ""}
      </details>
      <p class="small muted">
        The x axis counts training steps. Each point is a mean over ${stepsWords(size)}. Where P(x) is not part of the
        loss, DS is measured every tenth step.
      </p>
      ${saves("curves", ways, !this.#hasHistory)}`;
  }

  /** Which runs the thin curves are of. */
  #behindWords() {
    const names = this.#behind.map(({ name }) => name).join(", ");
    return html`<span class="small">Thin${this.#behind.length > 1 ? ", from clear to faint" : ""}: ${names}.</span>`;
  }

  #saveJson() {
    const { settings, lanes } = this.store.shownRun;
    saveJson("training", { settings, lanes: lanes.map(({ name, notes, history }) => ({ name, notes, history })) });
  }

  /** Every step of both lanes. */
  #records() {
    return this.store.shownRun.lanes.flatMap(({ name, history }) =>
      history.map((record) => ({ lane: name, ...record, ds: record.ds ?? "" })),
    );
  }

  #sheet(size) {
    const { lanes, settings } = this.store.shownRun;
    const panels = CURVES.map(({ key, title, help }) => {
      const [steps, ...columns] = buckets(lanes, key, size);
      return {
        title: `${title} (${help.replace("; logarithmic", "")})`,
        unit: key === "accuracy" ? "%" : "",
        columns: columns.map((column) =>
          steps.flatMap((x, i) => (column[i] === null ? [] : [{ x, value: column[i] }])),
        ),
      };
    });
    const chosen = this.store.query({ settings }).replaceAll("&", ", ");
    return curvesSheet({
      title: "Both lanes in training",
      lanes: this.store.lanes(settings),
      panels,
      xLabel: "step",
      caption: `Each point is a mean over ${stepsWords(size)}. Settings: ${chosen || "the defaults"}.`,
    });
  }

  #table(size) {
    const [ce, ds, accuracy] = CURVES.map(({ key }) => buckets(this.#lanes, key, size));
    const words = (settings) => this.store.lanes(settings).map(({ words }) => words);
    const names = [
      ...words(this.store.shownRun.settings),
      ...this.#behind.flatMap(({ name, record }) => words(record.settings).map((lane) => `${lane}, ${name}`)),
    ];
    const line = (step, i) =>
      html`<tr>
        <th scope="row">${step}</th>
        ${[ce, ds, accuracy].flatMap((columns) => columns.slice(1).map((column) => cell(column[i])))}
      </tr>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Training numbers">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            ${CURVES.flatMap(({ title }) => names.map((name) => html`<th scope="col">${title}, ${name}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${ce[0].map(line)}
        </tbody>
      </table>
    </div>`;
  }
}

export const registerCurves = () => customElements.get("scl-curves") ?? customElements.define("scl-curves", Curves);
