// What is on the board; each change of it can be taken back.
import { drawMiddle } from "../../user-data/picture.js";

export class Drawing {
  #context;
  /** Copies of the board before each change: canvases, for some browsers do not tell what is on one. */
  #before = [];
  #stroke;

  constructor(canvas, { height, width }) {
    Object.assign(canvas, { height, width });
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
    this.#fill("black");
  }

  get isChanged() {
    return this.#before.length > 0;
  }

  begin(point, strokeStyle, lineWidth) {
    this.#keep();
    Object.assign(this.#context, { strokeStyle, lineWidth, lineCap: "round", lineJoin: "round" });
    this.#stroke = [point];
    // A line of no length is none.
    this.go([point[0] + 0.01, point[1]]);
  }

  go(point) {
    if (!this.#stroke) return;
    this.#stroke.push(point);
    // Drawn as a whole each time: where soft edges of its parts overlap they would harden.
    const context = this.#context;
    this.#restore(this.#before.at(-1));
    context.beginPath();
    for (const point of this.#stroke) context.lineTo(...point);
    context.stroke();
  }

  end() {
    this.#stroke = null;
  }

  /** @param ground what is below where the picture is clear */
  lay(picture, ground = "white") {
    this.#keep();
    drawMiddle(this.#context, picture, ground);
  }

  invert() {
    this.#keep();
    this.#fill("white", "difference");
  }

  clear() {
    this.#keep();
    this.#fill("black");
  }

  undo() {
    if (this.isChanged) this.#restore(this.#before.pop());
  }

  #keep() {
    const copy = this.#context.canvas.cloneNode();
    copy.getContext("2d", { willReadFrequently: true }).drawImage(this.#context.canvas, 0, 0);
    this.#before.push(copy);
  }

  #restore(copy) {
    // It covers all of the board: nothing shows through.
    this.#context.drawImage(copy, 0, 0);
  }

  #fill(fillStyle, globalCompositeOperation = "source-over") {
    const context = this.#context;
    const { width, height } = context.canvas;
    Object.assign(context, { fillStyle, globalCompositeOperation });
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = "source-over";
  }
}
