// <scl-map>: one saliency map as a canvas on a diverging scale, and the scale itself as a legend.
import { LitElement, html, css } from "../../vendor/lit.js";
import { pixels } from "../picture/picture.js";
import { drawStrip, strip } from "../scale.js";

/** @import { Map as Attribution } from "semantic-continuity-lab/engine" */
/** @import { With } from "../section.js" */

/** ColorBrewer's PuOr, from against to for: told apart by colour-blind readers, even in lightness on both sides. */
export const STOPS = [
  "#2d004b",
  "#542788",
  "#8073ac",
  "#b2abd2",
  "#d8daeb",
  "#f7f7f7",
  "#fee0b6",
  "#fdb863",
  "#e08214",
  "#b35806",
  "#7f3b08",
];
const COLORS = STOPS.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

/** Colour of `share` in −1..1. */
function color(share) {
  const at = ((Math.min(1, Math.max(-1, share)) + 1) / 2) * (COLORS.length - 1);
  const below = Math.min(COLORS.length - 2, Math.floor(at));
  return COLORS[below].map((value, i) => value + (COLORS[below + 1][i] - value) * (at - below));
}

/** The largest value in one method's maps of both models, before and after: what the ends of the scale stand for. */
export const scaleOf = (views) =>
  Math.max(...views.flatMap(({ before, after }) => [...before.values, ...after.values].map(Math.abs))) || 1;

/**
 * @typedef {object} MapProperties
 * @property {Attribution} map
 * @property {number} scale
 * @property {number[]} pixel
 * @property {string} label
 */

export class SaliencyMap extends /** @type {With<MapProperties>} */ (LitElement) {
  static properties = { map: { attribute: false }, scale: { type: Number }, pixel: { attribute: false }, label: {} };

  static styles = [
    pixels,
    css`
      :host {
        position: relative;
      }
      canvas {
        cursor: crosshair;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        pointer-events: none;
      }
      rect {
        fill: none;
        stroke: #000;
        stroke-width: 0.25;
        outline: 0.2px solid #fff;
      }
    `,
  ];

  render() {
    const { width = 28, height = 28 } = this.map ?? {};
    const [row, column] = this.pixel ?? [-1, -1];
    return html`<canvas
        role="img"
        aria-label=${this.label ?? ""}
        width=${width}
        height=${height}
        @pointermove=${(event) => this.#point(event)}
      ></canvas>
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        <rect x=${column} y=${row} width="1" height="1"></rect>
      </svg>`;
  }

  #point({ offsetX, offsetY, target }) {
    if (!this.map) return;
    const { width, height } = this.map;
    const at = (offset, size, count) => Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
    const detail = [at(offsetY, target.clientHeight, height), at(offsetX, target.clientWidth, width)];
    this.dispatchEvent(new CustomEvent("pixel", { detail, bubbles: true, composed: true }));
  }

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  updated(changed) {
    if (!this.map || (!changed.has("map") && !changed.has("scale"))) return;
    const { width, height, values } = this.map;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(width, height);
    values.forEach((value, i) => image.data.set([...color(value / (this.scale || 1)), 255], 4 * i));
    context.putImageData(image, 0, 0);
  }
}

/** The scale of all maps: a gradient from against to for. */
export class SaliencyLegend extends LitElement {
  static styles = strip;

  render() {
    return html`<span>against the class</span>
      <canvas
        width="201"
        height="1"
        role="img"
        aria-label="Colour scale from purple, against the class, through white, nothing, to orange, for the class"
      ></canvas>
      <span>for the class</span>`;
  }

  firstUpdated() {
    drawStrip(this.renderRoot, (share) => color(2 * share - 1));
  }
}

export function registerMap() {
  customElements.get("scl-map") ?? customElements.define("scl-map", SaliencyMap);
  customElements.get("scl-map-legend") ?? customElements.define("scl-map-legend", SaliencyLegend);
}
