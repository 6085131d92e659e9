// <scl-board>: a dialog to draw or choose a picture and say what it shows.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, lab } from "../style.js";
import { choiceField } from "../fields.js";
import { canvas, pixelReader } from "../../user-data/canvas.js";
import { chosen, dropped } from "../../user-data/files.js";
import { OwnPicture, decode, drawMiddle, groundBelow } from "../../user-data/picture.js";
import { latest } from "../../lib/latest.js";
import { Drawing } from "./drawing.js";

/** @import { DataInfo } from "semantic-continuity-lab/engine" */
/** @import { With } from "../section.js" */

const BRUSHES = [
  ["1", "thin"],
  ["2", "medium"],
  ["4", "broad"],
];
/** The first three are for grey pictures, too. */
const INKS = ["white", "grey", "black", "red", "orange", "yellow", "green", "blue", "purple"];
const DONE = {
  undo: "The last change is taken back.",
  clear: "The board is empty.",
  invert: "Light and dark are swapped.",
};
/** What a visitor says by naming a class. */
const SHOWS = "What counts as right; for something else, what the plain model says.";
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @typedef {object} Properties
 * @property {DataInfo} data
 * @property {string} shows
 * @property {string} ink
 * @property {string} brush
 * @property {number[]} cursor
 * @property {boolean} pen
 * @property {string} said
 * @property {string} problem
 * @property {string} blocked
 * @property {boolean} over
 */

export class Board extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    data: { state: true },
    shows: { state: true },
    ink: { state: true },
    brush: { state: true },
    cursor: { state: true },
    pen: { state: true },
    said: { state: true },
    problem: { state: true },
    /** Why the browser keeps back what is drawn. */
    blocked: { state: true },
    over: { state: true },
  };

  static styles = [
    shared,
    lab,
    css`
      dialog {
        width: 46rem;
        max-width: 98%;
        max-height: 98%;
        color: var(--ink);
      }
      h2 {
        font-size: var(--size-m);
      }
      dialog.over {
        outline: 3px dashed var(--focus);
        outline-offset: -3px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 60%);
      }
      .paper {
        position: relative;
        max-width: min(20rem, 60dvh);
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
        border-radius: var(--radius);
        cursor: crosshair;
        touch-action: none;
      }
      .grey {
        filter: grayscale(1);
      }
      svg {
        position: absolute;
        inset: 0;
        pointer-events: none;
        visibility: hidden;
      }
      canvas:focus-visible + svg {
        visibility: visible;
      }
      rect {
        fill: none;
        stroke: var(--focus);
        stroke-width: 0.4;
      }
      .down {
        fill: var(--focus);
      }
    `,
  ];

  #drawing;
  /** The size, colours and classes it is for. */
  #kind;
  #from;
  /** Of several files the latest is wanted, and none when the board is closed. */
  #taking = latest();
  #made;
  #finish;

  constructor() {
    super();
    Object.assign(this, { brush: "2", cursor: [0, 0] });
  }

  /** Opens with another `picture`, or as it was left; resolves to what the visitor made, or nothing. */
  async open(data, picture) {
    const { channels, classes, height, width } = data;
    const kind = JSON.stringify([channels, classes, height, width]);
    const another = kind !== this.#kind;
    this.data = data;
    await this.updateComplete;
    // The same size again keeps what was drawn, under another picture too: it can be taken back.
    if (another) this.#drawing = new Drawing(this.#canvas, data);
    if (another || picture !== this.#from) {
      if (picture) this.#drawing.lay(picture.canvas);
      Object.assign(this, { shows: picture?.shows ?? "", ink: "white", cursor: [width >> 1, height >> 1] });
    }
    this.#kind = kind;
    this.#from = picture;
    this.said = this.problem = this.#made = null;
    pixelReader().then(
      () => (this.blocked = null),
      ({ message }) => (this.blocked = message),
    );
    this.#dialog.showModal();
    return new Promise((resolve) => (this.#finish = resolve));
  }

  get #canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  get #dialog() {
    return this.renderRoot.querySelector("dialog");
  }

  #use() {
    this.#made = this.#from = new OwnPicture(drawMiddle(canvas(this.data), this.#canvas, "white").canvas, this.shows);
    this.#dialog.close();
  }

  #close() {
    this.#taking();
    this.#lift();
    this.#finish(this.#made);
  }

  #change(name, ...values) {
    this.#lift();
    this.#drawing[name](...values);
    this.said = DONE[name];
    this.requestUpdate();
  }

  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return [((clientX - left) / width) * this.data.width, ((clientY - top) / height) * this.data.height];
  }

  #down(event) {
    if (!event.isPrimary || event.button) return;
    event.target.setPointerCapture(event.pointerId);
    this.#change("begin", this.#at(event), this.ink, this.brush);
  }

  #move(event) {
    if (event.isPrimary && !this.pen) this.#drawing.go(this.#at(event));
  }

  #lift() {
    this.#drawing?.end();
    if (this.pen) this.said = "The pen is up.";
    this.pen = false;
  }

  #key(event) {
    const step = STEPS[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || (!step && event.key !== " ")) return;
    // They would scroll.
    event.preventDefault();
    if (step)
      this.cursor = [this.data.width, this.data.height].map((side, i) =>
        Math.min(side - 1, Math.max(0, this.cursor[i] + step[i])),
      );
    const [column, row] = this.cursor;
    const point = [column + 0.5, row + 0.5];
    if (step) {
      if (this.pen) this.#drawing.go(point);
    } else if (!event.repeat) {
      const down = !this.pen;
      if (down) this.#change("begin", point, this.ink, this.brush);
      else this.#lift();
      this.pen = down;
    }
    this.said = `Row ${row + 1}, column ${column + 1}: the pen is ${this.pen ? "down" : "up"}.`;
  }

  #undo(event) {
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) this.#change("undo");
  }

  #drop(event) {
    event.preventDefault();
    this.over = false;
    this.#take(dropped(event.dataTransfer));
  }

  async #take(files) {
    const isLatest = this.#taking();
    this.said = this.problem = null;
    let name = "That";
    try {
      const [first] = await files;
      if (!first) throw new Error("it is no file");
      name = first.path;
      const bytes = async () => new Uint8Array(await first.file.arrayBuffer());
      const { bitmap } = await decode({ path: name, size: first.file.size, bytes });
      const ground = this.blocked ? "white" : await groundBelow(bitmap, this.data);
      if (isLatest()) {
        this.#change("lay", bitmap, ground);
        const why = ground === "black" ? ", on black: on white nothing of it could be seen" : "";
        this.said = `${name} is on the board${why}.`;
      }
      bitmap.close();
    } catch (error) {
      if (isLatest()) this.problem = `${name} cannot be used: ${error.message}. Choose another picture, or draw one.`;
    }
  }

  render() {
    const { data } = this;
    const notice = (text) => (text ? html`<p class="notice" role="alert" id="problem">${text}</p>` : nothing);
    return html`<dialog
      class="card ${this.over ? "over" : ""}"
      aria-labelledby="title"
      @close=${() => this.#close()}
      @keydown=${(event) => this.#undo(event)}
      @dragover=${(event) => {
        event.preventDefault();
        this.over = true;
      }}
      @dragleave=${() => (this.over = false)}
      @drop=${(event) => this.#drop(event)}
    >
      ${
        data
          ? html`<div class="panel">
              <h2 id="title">Your own picture</h2>
              <p class="small">
                Draw, choose or drop one. It never leaves this machine; a link names the test picture.
              </p>
              ${notice(this.blocked)}
              <div class="figure">${this.#paper(data)}${this.#tools(data)}</div>
              ${notice(!this.blocked && this.problem)}
              <div class="row">
                <button
                  class="primary"
                  id="use"
                  ?disabled=${!this.#drawing?.isChanged || this.blocked}
                  @click=${() => this.#use()}
                >
                  Use this picture
                </button>
                <button id="cancel" @click=${() => this.#dialog.close()}>Cancel</button>
              </div>
            </div>`
          : nothing
      }
    </dialog>`;
  }

  #paper({ channels, width, height }) {
    const [column, row] = this.cursor;
    return html`<div class="panel">
      <div class="paper">
        <canvas
          class=${channels === 1 ? "grey" : ""}
          tabindex="0"
          role="application"
          aria-label="Drawing board, ${width} by ${height} pixels"
          aria-describedby="how"
          @pointerdown=${(event) => this.#down(event)}
          @pointermove=${(event) => this.#move(event)}
          @pointerup=${() => this.#lift()}
          @pointercancel=${() => this.#lift()}
          @keydown=${(event) => this.#key(event)}
          @blur=${() => this.#lift()}
        ></canvas>
        <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
          <rect class=${this.pen ? "down" : ""} x=${column} y=${row} width="1" height="1"></rect>
        </svg>
      </div>
      <p class="small muted" id="how">
        Keys: arrows move a cursor, Space puts its pen down or lifts it, Ctrl+Z takes back.
      </p>
      <p class="small" role="status">${this.said}</p>
    </div>`;
  }

  #tools({ channels, classes, width, height }) {
    const grey = channels === 1;
    const choice = (key, label, options, help) =>
      choiceField(key, label, this[key], options, (value) => (this[key] = value), help);
    const names = (list) => list.map((name) => [name, name]);
    /** @type {() => HTMLElement} */
    const files = () => this.renderRoot.querySelector("#files");
    const button = (id, label, click = () => this.#change(id)) =>
      html`<button id=${id} @click=${click}>${label}</button>`;
    return html`<div class="panel">
      ${choice("ink", "Ink", names(grey ? INKS.slice(0, 3) : INKS))}${choice("brush", "Brush", BRUSHES)}
      <div class="row">
        ${button("undo", "Undo")}${button("clear", "Clear")}${button("invert", "Invert")}
        ${button("file", "Choose a picture …", () => files().click())}
      </div>
      <input
        id="files"
        type="file"
        accept="image/*"
        class="hidden"
        tabindex="-1"
        aria-label="A picture"
        @change=${({ target }) => {
          this.#take(chosen(target.files));
          target.value = "";
        }}
      />
      <p class="small muted">
        A picture is cropped to its centre and scaled to ${width}×${height}
        pixels${grey ? ". Digits and clothes here are light on black: invert ink on paper" : ""}.
      </p>
      ${choice("shows", "It shows", [["", "something else"], ...names(classes)], SHOWS)}
    </div>`;
  }
}

export function makeBoard() {
  customElements.get("scl-board") ?? customElements.define("scl-board", Board);
  return document.createElement("scl-board");
}
