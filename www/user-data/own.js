// A visitor's own pictures, as the rest of the page knows them. How they are read is read.js, which is loaded when
// needed.

/**
 * A visitor's pictures, or with a run what they were.
 * @typedef {object} Own
 * @property {string} dataset one of `OWN`
 * @property {string} name
 * @property {string} digest of the bytes of their files
 * @property {string} [pixelDigest] of the pixels, for runs of earlier versions
 * @property {string[]} classes
 * @property {number[][]} counts of each class, to learn from and to test on
 * @property {number} height
 * @property {number} width
 * @property {number} train
 * @property {number} test
 * @property {Record<string, Uint8Array>} [files] what the engines load, where the pictures are here
 * @property {{ path: string, why: string }[]} [left] what was left out
 * @property {string[]} [said] what was made of them
 * @property {boolean} [divided] whether the page chose which of them to test on
 */

/** What the library calls them. */
export const OWN = { grey: "own-grey", colour: "own-color" };

/** Whether a run with these settings learns from own pictures. */
export const isOwn = ({ dataset }) => dataset.startsWith("own-");

/** What is kept of own pictures with a run: which they were, never the pictures themselves. */
export function described(own) {
  if (!own) return null;
  const { files, left, said, ...about } = own;
  return about;
}

/**
 * Whether pictures that are here are those that a run was made on. `digest` is of the bytes of their files; runs of
 * earlier versions have the digest of the pixels instead, which differ between browsers.
 */
export const isSameSet = (here, described) =>
  Boolean(here && described) && [here.digest, here.pixelDigest].includes(described.digest);
