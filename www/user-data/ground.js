// The ground below what is clear in a picture: a light drawing is lost on white, a dark one on black.

/** Spread of the values of a picture, from 0 to 255, below which nobody sees anything on it. */
const SEEN = 6;

/** The value of a channel of RGBA at `i`, laid on a ground. */
export const laid = (rgba, i, ground) => {
  const alpha = rgba[i | 3];
  return alpha === 255 ? rgba[i] : Math.round((rgba[i] * alpha + ground * (255 - alpha)) / 255);
};

/** The largest standard deviation of a channel on a ground. */
function spread(rgba, ground) {
  const n = rgba.length / 4;
  return Math.max(
    ...[0, 1, 2].map((channel) => {
      let sum = 0;
      let squares = 0;
      for (let i = channel; i < rgba.length; i += 4) {
        const value = laid(rgba, i, ground);
        sum += value;
        squares += value * value;
      }
      return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    }),
  );
}

export const isOpaque = (rgba) => {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
};

/** Whether nothing can be seen of a picture on any ground: it is transparent all over. */
export function isBlank(rgba) {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] >= SEEN) return false;
  return true;
}

/** Of a picture with something clear in it, whether it can be seen on `{ white, black }`; of others nothing. */
export function visibility(rgba) {
  if (isOpaque(rgba)) return null;
  const [white, black] = [255, 0].map((ground) => spread(rgba, ground) >= SEEN);
  return { white, black };
}

/** The ground for one picture alone: black only for what is lost on white. */
export const groundOf = (visible) => (visible && !visible.white && visible.black ? "black" : "white");

/**
 * One ground for all pictures, where all are seen on it, or each its own.
 * @param pictures what `visibility` says of each
 * @returns `{ grounds, said }`: 255 or 0 for each, and what the visitor should know
 */
export function groundsOf(pictures) {
  const clear = pictures.filter(Boolean);
  const all = (ground) => ({ grounds: pictures.map(() => ground) });
  if (!clear.length) return all(255);
  const share = clear.length === pictures.length ? "All" : `${clear.length} of ${pictures.length}`;
  const some = `${share} pictures are transparent in part`;
  // What is of one tint all over looks alike on both.
  const lost = clear.filter(({ white, black }) => !white && black).length;
  if (!lost) return { ...all(255), said: `${some}: they were laid on white.` };
  if (clear.every(({ white, black }) => black || !white))
    return { ...all(0), said: `${some}: they were laid on black, for on white ${lost} cannot be seen.` };
  const grounds = pictures.map((visible) => (groundOf(visible) === "black" ? 0 : 255));
  const dark = grounds.filter((ground) => ground === 0).length;
  return { grounds, said: `${some}: they were laid on white, and the ${dark} that cannot be seen on it on black.` };
}
