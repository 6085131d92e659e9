// A visitor's own pictures, as the rest of the page knows them. How they are read is read.js, which is loaded when needed.

/** Whether a run with these settings learns from own pictures. */
export const isOwn = ({ dataset }) => dataset.startsWith("own-");

/** What is kept of own pictures with a run: which they were, never the pictures themselves. */
export function described(own) {
  if (!own) return null;
  const { files, left, ...about } = own;
  return about;
}
