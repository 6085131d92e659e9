// <scl-overlay>: a picture in grey with a map over it. A pixel is read with the mouse, a tap, or the arrow keys, which
// move a cursor; it tells which one by the event `pixel`.
import { LitElement, html, css, svg, nothing } from "../../vendor/lit.js";
import { Inks } from "../inks.js";
import { blended, greyOf, opacityOf, strongest } from "./overlay.js";

/** @import { Map as Attribution } from "semantic-continuity-lab/engine" */
/** @import { With } from "../section.js" */

/** So many pixels of the canvas are one of the picture: enough to be sharp on fine screens. */
const CELL = 24;

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @typedef {object} Properties
 * @property {ArrayLike<number>} pixels
 * @property {number} channels
 * @property {Attribution} map
 * @property {number} reach
 * @property {number} share
 * @property {number} blend
 * @property {[number, number] | null} cursor
 * @property {string} label
 */

export class Overlay extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    /** The picture, row-major, channel last, 0..1. */
    pixels: { attribute: false },
    channels: { type: Number },
    map: { attribute: false },
    /** What full colour stands for. */
    reach: { type: Number },
    /** The strongest share of the pixels, which is shown. */
    share: { type: Number },
    /** From 0, only the picture, to 100, only the map. */
    blend: { type: Number },
    /** The pixel that is read, `[row, column]`. */
    cursor: { attribute: false },
    label: {},
  };

  static styles = css`
    :host {
      display: block;
      aspect-ratio: 1;
    }
    div {
      position: relative;
      height: 100%;
      cursor: crosshair;
      touch-action: manipulation;
      border-radius: var(--radius);
    }
    div:focus-visible {
      outline: 3px solid var(--focus);
      outline-offset: 2px;
    }
    canvas,
    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      border-radius: inherit;
    }
    canvas {
      background: var(--page);
    }
    svg {
      overflow: visible;
      pointer-events: none;
      fill: none;
      stroke-width: 0.2;
    }
    .light {
      stroke: #fff;
    }
    .dark {
      stroke: #000;
      stroke-width: 0.5;
    }
  `;

  #inks = new Inks(this, () => this.requestUpdate());
  #small = document.createElement("canvas");

  render() {
    const { width = 28, height = 28 } = this.map ?? {};
    const ring = ([row, column], name) =>
      svg`<rect class=${name} x=${column - 0.15} y=${row - 0.15} width="1.3" height="1.3" />`;
    return html`<div
      tabindex="0"
      role="application"
      aria-roledescription="map of pixels"
      aria-label=${this.label ?? ""}
      @pointermove=${(event) => event.pointerType !== "touch" && this.#point(event, false)}
      @pointerleave=${() => this.#tell(null, false)}
      @click=${(event) => this.#point(event, true)}
      @keydown=${(event) => this.#key(event)}
    >
      <canvas aria-hidden="true" width=${CELL * width} height=${CELL * height}></canvas>
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${this.cursor ? [ring(this.cursor, "dark"), ring(this.cursor, "light")] : nothing}
      </svg>
    </div>`;
  }

  /** @param {boolean} stays whether the cursor stays when the mouse moves on */
  #tell(pixel, stays, isKey = false) {
    this.dispatchEvent(new CustomEvent("pixel", { detail: { pixel, stays, isKey }, bubbles: true, composed: true }));
  }

  #point({ clientX, clientY }, stays) {
    if (!this.map) return;
    const { width, height } = this.map;
    const box = this.canvas.getBoundingClientRect();
    const at = (offset, size, count) => Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
    this.#tell([at(clientY - box.top, box.height, height), at(clientX - box.left, box.width, width)], stays);
  }

  #key(event) {
    if (!this.map || event.ctrlKey || event.metaKey || event.altKey) return;
    const { width, height, values } = this.map;
    const step = KEYS[event.key];
    if (step) {
      const [row, column] = this.cursor ?? [Math.floor(height / 2) - step[0], Math.floor(width / 2) - step[1]];
      const within = (at, most) => Math.min(most - 1, Math.max(0, at));
      this.#tell([within(row + step[0], height), within(column + step[1], width)], true, true);
    } else if (event.key === "Home") {
      const [at] = strongest(values, 0);
      if (at !== undefined) this.#tell([Math.floor(at / width), at % width], true, true);
    } else if (event.key === "Escape" && this.cursor) this.#tell(null, true, true);
    else return;
    event.preventDefault();
  }

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  updated() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    context.globalAlpha = 1;
    context.fillStyle = this.#inks.of("--page");
    context.fillRect(0, 0, canvas.width, canvas.height);
    // Another picture's pixels must not stay under a new label.
    if (!this.map) return;
    const { relevance, picture, light } = blended(this.blend);
    this.#drawPicture(context, picture, light);
    this.#drawMap(context, relevance);
  }

  #drawPicture(context, opacity, light) {
    const { width, height } = this.map;
    Object.assign(this.#small, { width, height });
    const small = this.#small.getContext("2d");
    const image = small.createImageData(width, height);
    greyOf(this.pixels, this.channels).forEach((grey, i) => {
      const level = 255 * light * grey;
      image.data.set([level, level, level, 255], 4 * i);
    });
    small.putImageData(image, 0, 0);
    context.globalAlpha = opacity;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#small, 0, 0, CELL * width, CELL * height);
  }

  #drawMap(context, opacity) {
    const { values, width } = this.map;
    for (const i of strongest(values, this.share)) {
      context.fillStyle = this.#inks.of(values[i] > 0 ? "--for" : "--against");
      context.globalAlpha = opacity * opacityOf(values[i], this.reach);
      context.fillRect(CELL * (i % width), CELL * Math.floor(i / width), CELL, CELL);
    }
  }
}

export const registerOverlay = () => customElements.get("scl-overlay") ?? customElements.define("scl-overlay", Overlay);
