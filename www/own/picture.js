// One picture: decoded by the browser, cropped to its middle, and one of the visitor's own that models are asked about.
import { LIMITS, megabytes } from "./limits.js";

/** The context of a canvas of this size. */
export const canvas = ({ height, width }) => Object.assign(document.createElement("canvas"), { height, width }).getContext("2d", { willReadFrequently: true });

/** The picture in a file: `{ size, bytes() }`, as `sources` makes it. */
export async function decode({ size, bytes }) {
  if (size > LIMITS.fileBytes) throw new Error(`${megabytes(size)}, more than ${megabytes(LIMITS.fileBytes)}`);
  const read = await bytes();
  if (!read) throw new Error(`larger than ${megabytes(LIMITS.fileBytes)}`);
  const bitmap = await createImageBitmap(new Blob([read])).catch(() => {
    throw new Error("the browser cannot read it as a picture");
  });
  const { height, width } = bitmap;
  if (width * height <= LIMITS.megapixels * 1e6) return bitmap;
  bitmap.close();
  throw new Error(`${width}×${height} pixels, more than ${LIMITS.megapixels} million`);
}

/** Draws the middle of a picture all over a canvas; what is clear becomes white. */
export function drawMiddle(context, picture) {
  const { width, height } = context.canvas;
  const wide = Math.min(picture.width, (picture.height * width) / height);
  const high = Math.min(picture.height, (picture.width * height) / width);
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, (picture.width - wide) / 2, (picture.height - high) / 2, wide, high, 0, 0, width, height);
  return context;
}

/** What a visitor drew or brought. It stays in the tab. */
export class OwnPicture {
  /** @param shows the name of a class; other models may not know it */
  constructor(canvas, shows) {
    Object.assign(this, { canvas, shows });
  }

  /** As other models take it, `[c, h, w]`: in their size, with colours or without. */
  planes({ channels, height, width }) {
    const { data } = drawMiddle(canvas({ height, width }), this.canvas).getImageData(0, 0, width, height);
    const area = width * height;
    return Uint8Array.from({ length: channels * area }, (_, i) => {
      const at = 4 * (i % area);
      // Grey as CSS has it, for so the drawing board shows it.
      return channels === 3 ? data[at + Math.floor(i / area)] : Math.round(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]);
    });
  }
}
