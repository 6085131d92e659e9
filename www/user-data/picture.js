// One picture: decoded by the browser, cropped to its middle, and one of the visitor's own that models are asked about.
import { canvas, pixelReader } from "./canvas.js";
import { foreignFormat, inspect } from "./format.js";
import { groundOf, visibility } from "./ground.js";
import { megabytes } from "../lib/archive/refuse.js";
import { LIMITS } from "./limits.js";

const HEAD = 512;

/**
 * The picture in a file: `{ path, size, bytes() }`, as `sources` makes it. Its size is looked at before it is decoded.
 * @returns `{ bitmap, bytes }`
 * @throws an Error that says why not
 */
export async function decode({ path, size, bytes }) {
  const allow = (count) => {
    if (count > LIMITS.fileBytes) throw new Error(`${megabytes(count)}, more than ${megabytes(LIMITS.fileBytes)}`);
  };
  allow(size);
  const read = await bytes();
  // It may have been packed.
  allow(read.length);
  const foreign = () => foreignFormat(path, read.subarray(0, HEAD)) ?? "the browser cannot read it as a picture";
  const found = inspect(read);
  if (!found) throw new Error(read.length ? foreign() : "it is empty");
  const { format, fault, width, height } = found;
  if (width * height > LIMITS.megapixels * 1e6) {
    throw new Error(`${width}×${height} pixels, more than ${LIMITS.megapixels} million`);
  }
  if (fault) throw new Error(fault);
  const bitmap = await createImageBitmap(new Blob([read])).catch(() => {
    throw new Error(`the browser cannot read it as a picture, though it begins like ${format}`);
  });
  return { bitmap, bytes: read };
}

/** Draws the middle of a picture all over a canvas, on a `ground`; without one, what is clear stays so. */
export function drawMiddle(context, picture, ground) {
  const { width, height } = context.canvas;
  const wide = Math.min(picture.width, (picture.height * width) / height);
  const high = Math.min(picture.height, (picture.width * height) / width);
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, width, height);
  if (ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  context.drawImage(picture, (picture.width - wide) / 2, (picture.height - high) / 2, wide, high, 0, 0, width, height);
  return context;
}

/** The ground for a picture on a canvas of this size: "white", or "black" for what is lost on white. */
export async function groundBelow(picture, size) {
  const read = await pixelReader();
  return groundOf(visibility(await read(drawMiddle(canvas(size), picture))));
}

/** What a visitor drew or brought. It stays in the tab. */
export class OwnPicture {
  /**
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas
   * @param {string} shows the name of a class; other models may not know it
   */
  constructor(canvas, shows) {
    this.canvas = canvas;
    this.shows = shows;
  }

  /** As other models take it, `[c, h, w]`: in their size, with colours or without. */
  async planes({ channels, height, width }) {
    const read = await pixelReader();
    const data = await read(drawMiddle(canvas({ height, width }), this.canvas, "white"));
    const area = width * height;
    return Uint8Array.from({ length: channels * area }, (_, i) => {
      const at = 4 * (i % area);
      // Grey as CSS has it, for so the drawing board shows it.
      return channels === 3
        ? data[at + Math.floor(i / area)]
        : Math.round(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]);
    });
  }
}
