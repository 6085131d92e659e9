// What the first figure shows, radius by radius, and as it comes with the page: pictures as whole 255ths.

/** @import { Attacked, DataInfo, Example, Limits } from "semantic-continuity-lab/engine" */

/**
 * What comes with the page: one picture, what both models make of it within the first radii, how far they hold on it,
 * and on many.
 * @typedef {object} Prepared
 * @property {object} request what all frames have in common
 * @property {DataInfo} data
 * @property {Omit<Example, "models">} picture
 * @property {Attacked[][]} frames by radius, then by model
 * @property {Limits} limits
 * @property {Typical} typical
 */

/**
 * How far models typically hold: the middle of the limits over pictures of which both are right; nothing where more
 * than half of them hold within the largest radius.
 * @typedef {object} Typical
 * @property {number} n
 * @property {number} most
 * @property {(number | null)[]} medians
 * @property {number} longer on how many of them the second model holds longer than the plain one
 * @property {number} equal
 * @property {number} shorter
 */

const whole = (pixels) => Array.from(pixels, (level) => Math.round(255 * level));
const levels = (parts) => Float32Array.from(parts, (part) => part / 255);

/**
 * The same with other pictures: `of(original)`, and `ofImage(image)` of each that was made of it.
 * @returns {any}
 */
function pictured({ picture, frames, limits, ...rest }, of, ofImage) {
  const coded = ({ image, ...attacked }) => ({ ...attacked, image: ofImage(image) });
  return {
    ...rest,
    picture: { ...picture, original: of(picture.original) },
    frames: frames.map((models) => models.map(coded)),
    limits: {
      ...limits,
      models: limits.models.map(({ right, broken }) => ({ right, broken: broken && coded(broken) })),
    },
  };
}

/** A prepared result for a file: images as what was added to the picture, mostly the same few numbers. */
export function packed(prepared) {
  const before = whole(prepared.picture.original);
  return pictured(prepared, whole, (image) => whole(image).map((part, i) => part - before[i]));
}

/**
 * The same as the engine gives it, but for pictures in whole 255ths.
 * @param {Prepared} file
 * @returns {Prepared}
 */
export function unpacked(file) {
  const before = file.picture.original;
  return pictured(file, levels, (image) => levels(image.map((part, i) => before[i] + part)));
}

/** The middle of limits over many pictures. */
export function typicalOf(found, most) {
  const sound = found.filter(({ models }) => models.every(({ right }) => right));
  const levels = sound.map(({ models }) => models.map(({ broken }) => broken?.level ?? Infinity));
  const middle = (i) => levels.map((pair) => pair[i]).sort((a, b) => a - b)[Math.floor((levels.length - 1) / 2)];
  const medians = [0, 1].map((i) => (levels.length && Number.isFinite(middle(i)) ? middle(i) : null));
  const count = (fits) => levels.filter(([plain, other]) => fits(other, plain)).length;
  return {
    n: sound.length,
    most,
    medians,
    longer: count((a, b) => a > b),
    equal: count((a, b) => a === b),
    shorter: count((a, b) => a < b),
  };
}
