// <scl-surface>: the mean loss over two directions as a picture, on the colour scale of its sibling.
import { LitElement, html, css } from "../../vendor/lit.js";
import { drawStrip, strip } from "../scale.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";

/** @import { With } from "../section.js" */

/** Part of ColorBrewer's sequential YlGnBu, from low to high: lightness falls evenly, so it needs no colour vision. */
const STOPS = ["#ffffd9", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#081d58"];
const COLORS = STOPS.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
/** Pixels of the canvas a side. */
const SIDE = 121;

function color(share) {
  const at = Math.min(1, Math.max(0, share)) * (COLORS.length - 1);
  const below = Math.min(COLORS.length - 2, Math.floor(at));
  return COLORS[below].map((value, i) => value + (COLORS[below + 1][i] - value) * (at - below));
}

/** Where `value` lies between the steps: the index below it and the part of the way to the next. */
function between(steps, value) {
  const next = steps.findIndex((step) => step >= value);
  const below = Math.max(0, next - 1);
  return [below, next <= 0 ? 0 : (value - steps[below]) / (steps[next] - steps[below])];
}

const cell = (loss) => html`<td class="number">${loss === null ? "–" : short(loss)}</td>`;

/**
 * @typedef {object} Properties
 * @property {number[][]} values
 * @property {number[]} steps
 * @property {number} max
 * @property {string} label
 */

export class Surface extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    /** `values[s][t]`: s steps along the first direction, t along the second. */
    values: { attribute: false },
    steps: { attribute: false },
    /** Largest value of the scale. */
    max: { type: Number },
    label: {},
  };

  static styles = [
    shared,
    css`
      canvas {
        width: 100%;
        aspect-ratio: 1;
        display: block;
        border-radius: var(--radius);
      }
      figure {
        display: grid;
        gap: var(--space-1);
      }
      .axis {
        display: flex;
        justify-content: space-between;
      }
      summary {
        cursor: pointer;
        min-height: 2rem;
        align-content: center;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: var(--size-s);
      }
      th,
      td {
        text-align: right;
        padding: 0.15rem 0.4rem;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
      }
      caption {
        text-align: left;
      }
    `,
  ];

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  render() {
    const last = this.steps.at(-1);
    return html`<figure>
        <canvas role="img" width=${SIDE} height=${SIDE} aria-label=${this.label}></canvas>
        <figcaption class="small muted">
          <span class="axis"><span>0</span><span>against the margin →</span><span>${short(last)}</span></span>
          <span class="axis"><span>from bottom to top: a random direction, 0 to ${short(last)}</span></span>
        </figcaption>
      </figure>
      <details>
        <summary>Show as a table</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="Mean cross-entropy as a table">
          <table>
            <caption class="small muted">
              To the right: steps against the margin; downwards: in a random direction.
            </caption>
            <thead>
              <tr>
                <th scope="col">step</th>
                ${this.steps.map((step) => html`<th scope="col" class="number">${short(step)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${this.steps.map(
                (step, t) =>
                  html`<tr>
                    <th scope="row" class="number">${short(step)}</th>
                    ${this.values.map((line) => cell(line[t]))}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  updated() {
    const { steps, values } = this;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    const last = steps.at(-1);
    for (let row = 0; row < SIDE; row++) {
      const [t, up] = between(steps, last * (1 - row / (SIDE - 1)));
      for (let column = 0; column < SIDE; column++) {
        const [s, along] = between(steps, last * (column / (SIDE - 1)));
        const mix = (a, b, share) => a + (b - a) * share;
        const line = (i) => mix(values[i][t], values[i][Math.min(t + 1, steps.length - 1)], up);
        const value = mix(line(s), line(Math.min(s + 1, steps.length - 1)), along);
        // Where a corner is undefined, nothing is drawn.
        const at = (i, j) => values[Math.min(i, steps.length - 1)][Math.min(j, steps.length - 1)];
        const corners = [at(s, t), at(s, t + 1), at(s + 1, t), at(s + 1, t + 1)];
        image.data.set([...color(value / this.max), corners.includes(null) ? 0 : 255], 4 * (row * SIDE + column));
      }
    }
    context.putImageData(image, 0, 0);
  }
}

/**
 * @typedef {object} LegendProperties
 * @property {number} max
 */

/** The scale of both. */
export class SurfaceLegend extends /** @type {With<LegendProperties>} */ (LitElement) {
  static properties = { max: { type: Number } };

  static styles = [
    strip,
    css`
      :host {
        --strip: 10rem;
      }
    `,
  ];

  render() {
    return html`<span>cross-entropy 0</span>
      <canvas
        width="200"
        height="1"
        role="img"
        aria-label="Colour scale from light yellow, no loss, to dark blue, the largest"
      ></canvas>
      <span>${short(this.max)}</span>`;
  }

  firstUpdated() {
    drawStrip(this.renderRoot, color);
  }
}

export function registerSurface() {
  customElements.get("scl-surface") ?? customElements.define("scl-surface", Surface);
  customElements.get("scl-surface-legend") ?? customElements.define("scl-surface-legend", SurfaceLegend);
}
