// <scl-picture>: one image as a canvas. `pixels` are row-major, channel last, 0..1. With `before`, it shows the change
// from there, `gain` times as large: grey is no change, lighter is more, darker is less.
import { LitElement, html, css } from "../../vendor/lit.js";

/** @import { With } from "../section.js" */
/** @import { Message } from "../../engine/client.js" */

/** A square of pixels, as they are. */
export const pixels = css`
  :host {
    display: block;
    aspect-ratio: 1;
  }
  canvas {
    width: 100%;
    height: 100%;
    display: block;
    image-rendering: pixelated;
    border-radius: var(--radius);
    background: var(--surface-2);
  }
  :host([smooth]) canvas {
    image-rendering: auto;
  }
`;

/**
 * @typedef {object} Properties
 * @property {number[]} pixels
 * @property {number[]} before
 * @property {number} gain
 * @property {number} width
 * @property {number} height
 * @property {number} channels
 * @property {string} label
 */

export class Picture extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    pixels: { attribute: false },
    before: { attribute: false },
    gain: { type: Number },
    width: { type: Number },
    height: { type: Number },
    channels: { type: Number },
    label: {},
  };

  static styles = pixels;

  render() {
    return html`<canvas
      role="img"
      aria-label=${this.label ?? ""}
      width=${this.width ?? 28}
      height=${this.height ?? 28}
    ></canvas>`;
  }

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  updated() {
    const context = this.canvas.getContext("2d");
    // Another picture's pixels must not stay under a new label.
    if (!this.pixels) return context.clearRect(0, 0, this.width, this.height);
    const image = context.createImageData(this.width, this.height);
    const level = (at) =>
      this.before ? 0.5 + ((this.gain ?? 1) * (this.pixels[at] - this.before[at])) / 2 : this.pixels[at];
    for (let i = 0; i < this.width * this.height; i++) {
      for (let c = 0; c < 3; c++)
        image.data[4 * i + c] = 255 * level(i * this.channels + (this.channels === 3 ? c : 0));
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
}

/**
 * One picture of a reply, which knows its size.
 * @param {number[]} pixels
 * @param {Message} size `width`, `height` and `channels`
 * @param {string} label
 * @param {{ before?: number[], gain?: number }} [change]
 */
export const picture = (pixels, { width, height, channels }, label, { before, gain } = {}) =>
  html`<scl-picture
    .pixels=${pixels}
    .before=${before}
    .gain=${gain}
    .width=${width}
    .height=${height}
    .channels=${channels}
    label=${label}
  ></scl-picture>`;

export const registerPicture = () => customElements.get("scl-picture") ?? customElements.define("scl-picture", Picture);
