// The first pictures of each class, as they are trained on.
import { OWN } from "../../user-data/own.js";

/** So many of each class. */
export const THUMBNAILS = 3;

/** Where the training pictures of each class are, the first few. */
function firsts(labels, classes) {
  const found = Array.from({ length: classes }, () => []);
  for (let i = 0, missing = classes * THUMBNAILS; i < labels.length && missing > 0; i++) {
    if (found[labels[i]].length < THUMBNAILS && found[labels[i]].push(i)) missing--;
  }
  return found;
}

/** Draws on the canvases below `root`, which say by their data what they are for. */
export function drawThumbnails(root, own) {
  if (!own?.files) return;
  const { classes, dataset, files, height, width } = own;
  const channels = dataset === OWN.grey ? 1 : 3;
  const area = height * width;
  // Behind the heads of the files.
  const labels = files["train-labels"].subarray(8);
  const pixels = files["train-images"].subarray(channels === 1 ? 16 : 20);
  const where = firsts(labels, classes.length);
  for (const canvas of root.querySelectorAll("canvas[data-class]")) {
    const start = where[canvas.dataset.class]?.[canvas.dataset.nth] * channels * area;
    if (Number.isNaN(start)) continue;
    Object.assign(canvas, { height, width });
    const image = new ImageData(width, height);
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < 3; c++) image.data[4 * p + c] = pixels[start + (channels === 1 ? 0 : c) * area + p];
      image.data[4 * p + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }
}
