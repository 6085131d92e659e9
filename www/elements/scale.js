// What the legends of colours share: a strip between two words.
import { css } from "../vendor/lit.js";

export const strip = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(2rem, var(--strip, 12rem)) auto;
    gap: var(--space-2);
    align-items: center;
    justify-content: start;
    font-size: var(--size-s);
  }
  canvas {
    width: 100%;
    height: 1rem;
    border-radius: var(--radius);
  }
`;

/** Draws `color` of 0 to 1, `[r, g, b]`, from the left end of a strip to its right one. */
export function drawStrip(root, color) {
  const canvas = root.querySelector("canvas");
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, 1);
  for (let i = 0; i < canvas.width; i++) image.data.set([...color(i / (canvas.width - 1)), 255], 4 * i);
  context.putImageData(image, 0, 0);
}
