// <scl-wall>: test pictures under fixed noise, and a cross on each whose noise changes what one model says. Fires
// `pick` with the place of a picture, so that both walls show the same one.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared } from "../style.js";

/** @import { Look, WallPictures } from "semantic-continuity-lab/engine" */
/** @import { LaneLabel } from "../../app/store.js" */
/** @import { With } from "../section.js" */

/** Pictures in a row. */
const ROW = 8;
const HINT = html`<span class="muted">Choose a picture to read the answers.</span>`;
/** How a key moves from one picture to another. */
const KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ROW, ArrowDown: ROW };

/**
 * @typedef {object} Properties
 * @property {LaneLabel} lane
 * @property {string} learns
 * @property {WallPictures | null} pictures
 * @property {Look | null} look
 * @property {string[]} classes
 * @property {number} picked
 */

export class Wall extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    lane: { attribute: false, hasChanged: (now, before) => now?.label !== before?.label },
    /** What the model learns from, in a few words. */
    learns: {},
    pictures: { attribute: false },
    /** What the model says of them now. */
    look: { attribute: false },
    classes: { attribute: false },
    /** The place of the picture looked at closely. */
    picked: { type: Number },
  };

  static styles = [
    shared,
    css`
      .wall {
        border-top: 5px solid var(--lane);
        display: grid;
        gap: var(--space-2);
        height: 100%;
        align-content: start;
      }
      header {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: end;
        column-gap: var(--space-2);
      }
      h3,
      .count strong {
        color: var(--lane);
      }
      h3 {
        overflow-wrap: anywhere;
      }
      .count {
        white-space: nowrap;
        line-height: 1;
      }
      .count strong {
        font-size: 2.6rem;
        font-weight: 700;
      }
      header > :nth-child(even) {
        text-align: right;
      }
      .learns,
      .detail {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .tiles {
        position: relative;
        aspect-ratio: 1;
        border-radius: var(--radius);
        overflow: hidden;
        background: var(--surface-2);
        touch-action: manipulation;
      }
      canvas,
      .over {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      canvas {
        image-rendering: pixelated;
      }
      .over {
        display: grid;
        grid-template: repeat(8, 1fr) / repeat(8, 1fr);
      }
      .tile {
        display: grid;
        place-items: center;
        container-type: size;
        border: solid var(--surface);
        border-width: 0 2px 2px 0;
        color: #fff;
      }
      .tile svg {
        width: 46%;
        opacity: 0;
        transform: scale(1.6);
      }
      .tile.changed {
        background: color-mix(in srgb, var(--cross) 72%, transparent);
      }
      .tile.changed svg {
        opacity: 1;
        transform: none;
      }
      .tile[aria-selected="true"] {
        box-shadow:
          inset 0 0 0 2px var(--page),
          inset 0 0 0 4px var(--ink);
      }
      .plain {
        --cross: #b34700;
      }
      .continuity {
        --cross: #00609e;
      }
      .detail {
        min-height: 1.5em;
      }
      @media (prefers-reduced-motion: no-preference) {
        .tile,
        .tile svg {
          transition:
            background 0.3s,
            opacity 0.3s,
            transform 0.3s;
        }
      }
      @media (forced-colors: active) {
        .tile.changed {
          forced-color-adjust: none;
          background: Highlight;
          color: HighlightText;
        }
      }
      @container (max-width: 52.5rem) {
        .wall {
          padding: var(--space-2);
        }
        .count strong {
          font-size: 1.9rem;
        }
        header {
          grid-template-columns: 1fr;
        }
        header > :nth-child(even) {
          text-align: left;
        }
        h3 {
          min-height: 2.6em;
        }
        .learns {
          display: none;
        }
        .tile {
          border-width: 0 1px 1px 0;
        }
        .detail {
          min-height: 4.5em;
          white-space: normal;
        }
      }
    `,
  ];

  /** The pictures last drawn. */
  #drawn;

  constructor() {
    super();
    Object.assign(this, { pictures: null, look: null, classes: [], picked: -1 });
  }

  updated() {
    const { pictures } = this;
    if (pictures === this.#drawn) return;
    this.#drawn = pictures;
    draw(this.renderRoot.querySelector("canvas"), pictures);
  }

  get #n() {
    return this.look?.changed.length ?? 0;
  }

  #pick(place) {
    const last = this.#n - 1;
    if (last < 0) return;
    const detail = Math.max(0, Math.min(last, place));
    this.dispatchEvent(new CustomEvent("pick", { detail }));
  }

  #key(event) {
    const ends = { Home: 0, End: this.#n - 1 };
    const place = ends[event.key] ?? (event.key in KEYS ? Math.max(0, this.picked) + KEYS[event.key] : null);
    if (place === null) return;
    event.preventDefault();
    this.#pick(this.picked < 0 ? 0 : place);
  }

  #name(k) {
    return k === null || k === undefined ? "nothing finite" : (this.classes[k] ?? `class ${k}`);
  }

  /** What the model says of a picture, in words. */
  #said(i) {
    const { look, pictures } = this;
    const truth = `Test picture ${pictures.indices[i]}, ${this.#name(pictures.labels[i])}`;
    return look.changed[i]
      ? `${truth}: said ${this.#name(look.before[i])}, under noise ${this.#name(look.after[i])}.`
      : `${truth}: said ${this.#name(look.before[i])} with and without noise.`;
  }

  /** The same in one line. */
  #brief(i) {
    const { look, pictures } = this;
    const [before, after] = [look.before[i], look.after[i]].map((k) => this.#name(k));
    const truth = `truly ${this.#name(pictures.labels[i])}`;
    return look.changed[i] ? `${before} → ${after} (${truth})` : `${before}, under noise too (${truth})`;
  }

  render() {
    const { lane, look } = this;
    const changed = look?.changed.filter(Boolean).length;
    return html`<section class="card wall ${lane.id}" aria-label="Wall: ${lane.label}">
      <header>
        <h3>${lane.label}</h3>
        <p class="count number"><strong>${changed ?? "–"}</strong>${look ? ` of ${this.#n}` : nothing}</p>
        <p class="small muted learns">${this.learns}</p>
        <p class="small muted">change their answer</p>
      </header>
      <div class="tiles">
        <canvas aria-hidden="true"></canvas>
        ${look ? this.#tiles() : nothing}
      </div>
      <p class="small detail">${look && this.picked >= 0 ? this.#brief(this.picked) : HINT}</p>
    </section>`;
  }

  #tiles() {
    const { look, lane, picked } = this;
    return html`<div
      class="over"
      role="listbox"
      tabindex="0"
      aria-label="${lane.label}: test pictures under noise"
      aria-activedescendant=${picked >= 0 ? `t${picked}` : nothing}
      @keydown=${(event) => this.#key(event)}
      @pointerover=${(event) => event.pointerType === "mouse" && this.#at(event)}
      @click=${(event) => this.#at(event)}
    >
      ${look.changed.map(
        (isChanged, i) =>
          html`<div
            class="tile ${isChanged ? "changed" : ""}"
            id="t${i}"
            role="option"
            data-place=${i}
            aria-selected=${String(i === picked)}
            aria-label=${this.#said(i)}
          >
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <path d="M1 1 9 9M9 1 1 9" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
            </svg>
          </div>`,
      )}
    </div>`;
  }

  #at(event) {
    const place = event.target.closest("[data-place]")?.dataset.place;
    if (place !== undefined) this.#pick(Number(place));
  }
}

/** All pictures on one canvas, one pixel a pixel; nothing where there are none. */
function draw(canvas, pictures) {
  if (!pictures) return canvas.setAttribute("width", canvas.width);
  const { noisy, width, height, channels } = pictures;
  canvas.width = ROW * width;
  canvas.height = ROW * height;
  const context = canvas.getContext("2d");
  const size = width * height * channels;
  for (let k = 0; k < noisy.length / size; k++) {
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) {
        image.data[4 * i + c] = Math.round(255 * noisy[k * size + i * channels + (channels === 3 ? c : 0)]);
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, (k % ROW) * width, Math.floor(k / ROW) * height);
  }
}
