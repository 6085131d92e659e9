// The arithmetic of a map over a picture: which pixels are the strongest, how strong each is, and what is seen of both.

/**
 * Places of the strongest `share` of the pixels, by absolute value, the strongest first; of equals the first ones.
 * Pixels of 0 are none of them. The library takes the same ones for its overlap of two maps.
 * @param {ArrayLike<number>} values
 * @param {number} share from 0 to 1; at least one pixel is taken
 * @returns {number[]}
 */
export function strongest(values, share) {
  const count = Math.max(1, Math.round(values.length * share));
  return Array.from(values, (_, i) => i)
    .sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]) || i - j)
    .slice(0, count)
    .filter((i) => values[i] !== 0);
}

/** The largest absolute value of all maps: what full colour stands for. A map of 0 has none. */
export const reachOf = (...maps) =>
  maps.reduce((most, values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), most), 0);

/** How opaque a pixel is; the root, so that a quarter of the full value still is half as strong. */
export const opacityOf = (value, reach) => (reach > 0 ? Math.sqrt(Math.min(1, Math.abs(value) / reach)) : 0);

/**
 * Where a pixel stands among all: the shares of those that are at least as strong, and of those that are stronger.
 * @param {ArrayLike<number>} values
 * @param {number} at
 */
export function standing(values, at) {
  const strength = Math.abs(values[at]);
  let [atLeast, stronger] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) >= strength) atLeast += 1;
    if (Math.abs(values[i]) > strength) stronger += 1;
  }
  return { value: values[at], atLeast: atLeast / values.length, stronger: stronger / values.length };
}

/** How bright the picture still is below a map in full. */
const DIMMED = 0.6;

/**
 * What a place of the slider from 0, only the picture, to 100, only the map, shows of both. In the middle both are
 * there, the picture dimmed, for colours stand out from a dark grey more than from a light one.
 */
export function blended(at) {
  const relevance = Math.min(1, at / 50);
  return { relevance, picture: Math.min(1, (100 - at) / 50), light: 1 - (1 - DIMMED) * relevance };
}

/** Grey of each pixel, 0 to 1; of colours their luma (ITU-R BT.601). */
export function greyOf(pixels, channels) {
  if (channels !== 3) return pixels;
  return Float32Array.from(
    { length: pixels.length / 3 },
    (_, i) => 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2],
  );
}

/** Mean, least and largest of the numbers that are defined, and how many these are; nothing where none is. */
export function summary(numbers) {
  const known = numbers.filter((number) => number !== null);
  if (!known.length) return null;
  const average = known.reduce((sum, number) => sum + number, 0) / known.length;
  return { average, low: Math.min(...known), high: Math.max(...known), n: known.length };
}
