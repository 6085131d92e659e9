// A visitor's own pictures, as the rest of the page knows them. How they are read is read.js, which is loaded when
// needed.

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
