// <scl-curve>: one number of both models against another, with 95 % intervals, and the same as a table. Points are
// `{ x, plain, continuity, difference }`, quantities each; where one is undefined its line has a gap.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { percent, short } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { Inks } from "../inks.js";
import { differenceCell, quantityCell } from "../quantity.js";
import { AGAIN_MS, charts, plotter, undrawn } from "../plotting.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Quantity } from "../../engine/client.js" */
/** @import { With } from "../section.js" */

const HEIGHT = 260;
/** Letters at the axes, in pixels, unless `--axis-letters` says otherwise. */
const LETTERS = 12;

/**
 * Both models at one place of the axis.
 * @typedef {{ x: number, plain: Quantity, continuity: Quantity, difference?: Quantity }} Point
 */

/**
 * @typedef {object} Properties
 * @property {Point[]} points
 * @property {Point[]} shown
 * @property {{ label: string, plain: Quantity, continuity: Quantity }} mark
 * @property {LaneLabel[]} lanes
 * @property {string} unit
 * @property {string} xLabel
 * @property {string} xHead
 * @property {string} yLabel
 * @property {string} label
 * @property {boolean} undrawn
 */

export class Curve extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    /** All points; the table shows them all. */
    points: { attribute: false },
    /** Those drawn, if not all. */
    shown: { attribute: false },
    /** A level of its own at 0 for each model, drawn as a ring: `{ label, plain, continuity }`, quantities. */
    mark: { attribute: false },
    lanes: { attribute: false },
    /** `%` for shares from 0 to 1, else any numbers. */
    unit: {},
    /** Under the axis, and at the head of the table. */
    xLabel: {},
    xHead: {},
    /** Beside the upright axis. */
    yLabel: {},
    /** What is drawn, for who does not see it. */
    label: {},
    undrawn: { state: true },
  };

  static styles = [
    shared,
    charts,
    css`
      .plot {
        min-height: ${HEIGHT}px;
      }
      .key.ring::before {
        width: 0.7em;
        height: 0.7em;
        border: 2px solid var(--muted);
        border-radius: 50%;
      }
      th,
      td.number {
        vertical-align: top;
      }
      .scroll {
        overflow-x: auto;
      }
      th,
      td {
        white-space: nowrap;
      }
    `,
  ];

  /** Whether what draws was asked for. */
  #asked = false;
  #plot;
  #observer;
  #inks = new Inks(this, () => this.#plot?.redraw());

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#asked = false;
  }

  async #equip() {
    this.#asked = true;
    const UPlot = await plotter(this.renderRoot);
    this.undrawn = !UPlot;
    if (!UPlot) return setTimeout(() => (this.#asked = Boolean(this.#plot)), AGAIN_MS);
    // Asked again when it is connected again.
    if (!this.isConnected) return (this.#asked = false);
    if (this.#plot) return;
    const color = (token) => () => this.#inks.of(token);
    const soft = (name) => () => `color-mix(in srgb, ${color(name)()} 18%, transparent)`;
    const letters = Number.parseFloat(getComputedStyle(this).getPropertyValue("--axis-letters")) || LETTERS;
    const grown = letters / LETTERS;
    const height = HEIGHT * Math.min(grown, 2);
    const axis = {
      font: `${letters}px system-ui, sans-serif`,
      labelFont: `bold ${letters}px system-ui, sans-serif`,
      labelSize: 20 * grown,
      stroke: color("--muted"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line"), width: 1 },
    };
    const bound = { stroke: "transparent", width: 0, points: { show: false } };
    const line = (name, dash) => ({
      stroke: color(name),
      width: 2.5,
      dash,
      points: { show: true, size: 5, fill: color(name) },
    });
    const hollow = (name) => ({ show: true, size: 11, width: 2, stroke: color(name), fill: "transparent" });
    const ring = (name) => ({ stroke: color(name), width: 0, paths: () => null, points: hollow(name) });
    this.#plot = new UPlot(
      {
        width: 320,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_, low, high) => this.#range(low, high) } },
        axes: [
          { ...axis, label: this.xLabel, size: 34 * grown, space: 50 * grown },
          {
            ...axis,
            label: this.yLabel,
            size: 56 * grown,
            space: 30 * grown,
            values: (_, ticks) => ticks.map((tick) => (this.unit === "%" ? percent(tick) : short(tick))),
          },
        ],
        series: [
          {},
          bound,
          bound,
          line("--plain"),
          bound,
          bound,
          line("--continuity", [6, 4]),
          ring("--plain"),
          ring("--continuity"),
        ],
        bands: [
          { series: [2, 1], fill: soft("--plain") },
          { series: [5, 4], fill: soft("--continuity") },
        ],
      },
      undefined,
      this.renderRoot.querySelector(".plot"),
    );
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0) this.#plot.setSize({ width, height });
    });
    this.#observer.observe(this.renderRoot.querySelector(".plot"));
    this.#draw();
  }

  updated() {
    if (!this.#asked && this.#drawn.length) this.#equip();
    this.#draw();
  }

  get #drawn() {
    return this.shown ?? this.points ?? [];
  }

  /** Shares have the whole scale; other numbers what they need, with 0 where they do not go below. */
  #range(low, high) {
    if (this.unit === "%") return [0, 1];
    return [Math.min(0, low ?? 0), high > 0 ? 1.05 * high : 1];
  }

  #draw() {
    const shown = this.#drawn;
    if (this.#plot) [this.xLabel, this.yLabel].forEach((label, i) => (this.#plot.axes[i].label = label));
    const column = (of) => shown.map((point) => of(point) ?? null);
    const lines = ["plain", "continuity"].flatMap((id) =>
      ["low", "high", "value"].map((key) => column((point) => point[id][key])),
    );
    const rings = ["plain", "continuity"].map((id) => column(({ x }) => (x === 0 ? this.mark?.[id].value : null)));
    this.#plot?.setData([column(({ x }) => x), ...lines, ...rings]);
  }

  render() {
    const points = this.points ?? [];
    const all = Math.max(...points.flatMap(({ plain, continuity }) => [plain.n, continuity.n]));
    const cells = (point) => [
      ...this.lanes.map(({ id, label }) => quantityCell(point[id], label, this.unit, all)),
      differenceCell(point.difference, this.unit, all),
    ];
    const keys = this.lanes.map(({ id, label }) => html`<span class="key ${id}">${label}</span>`);
    return html`<div class="legend small" aria-hidden="true">
        ${keys} ${this.mark ? html`<span class="key ring">${this.mark.label}</span>` : nothing}
      </div>
      ${this.undrawn ? undrawn(() => this.#equip()) : nothing}
      <div class="plot" role="img" aria-label="${this.label}; the numbers are in the table below"></div>
      <details>
        <summary>Show as a table</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
          <table>
            <thead>
              <tr>
                <th scope="col">${this.xHead}</th>
                ${this.lanes.map(({ label }) => html`<th scope="col">${label}</th>`)}
                <th scope="col">Difference</th>
              </tr>
            </thead>
            <tbody>
              ${points.map(
                (point) =>
                  html`<tr>
                    <th scope="row">${short(point.x)}</th>
                    ${cells(point)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`;
  }
}

export const registerCurve = () => customElements.get("scl-curve") ?? customElements.define("scl-curve", Curve);
