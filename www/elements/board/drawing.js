// What is on the board; each change of it can be taken back.
import { drawMiddle } from "../../own/picture.js";

export class Drawing {
  #context;
  /** The pixels before each change. */
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
    context.putImageData(this.#before.at(-1), 0, 0);
    context.beginPath();
    for (const point of this.#stroke) context.lineTo(...point);
    context.stroke();
  }

  end() {
    this.#stroke = null;
  }

  lay(picture) {
    this.#keep();
    drawMiddle(this.#context, picture);
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
    if (this.isChanged) this.#context.putImageData(this.#before.pop(), 0, 0);
  }

  #keep() {
    const { width, height } = this.#context.canvas;
    this.#before.push(this.#context.getImageData(0, 0, width, height));
  }

  #fill(fillStyle, globalCompositeOperation = "source-over") {
    const context = this.#context;
    const { width, height } = context.canvas;
    Object.assign(context, { fillStyle, globalCompositeOperation });
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = "source-over";
  }
}
