// The little markup of a lesson's texts: **strong**, [[term]] of the glossary, [[term|as it stands in the sentence]].

const MARK = /\*\*([^*]+)\*\*|\[\[([^[\]|]+)(?:\|([^[\]|]+))?\]\]/g;

/**
 * A piece of a text; `term` is the name that the glossary has for it.
 * @typedef {{ text: string, strong?: boolean, term?: string }} Piece
 */

/**
 * The pieces of a text, in order. What is no markup is text as it stands.
 * @param {string} text
 * @returns {Piece[]}
 */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    const [whole, strong, term, words] = match;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push(strong ? { text: strong, strong: true } : { text: words ?? term, term });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** The terms that a text names, as it writes them. */
export const termsOf = (text) => pieces(text).flatMap(({ term }) => term ?? []);

/** A text without its markup. */
export const plainText = (text) =>
  pieces(text)
    .map(({ text }) => text)
    .join("");

/** A mark of the text that begins or ends nothing, or nothing. */
export const strayMark = (text) =>
  pieces(text)
    .filter(({ strong, term }) => !strong && !term)
    .map(({ text }) => text.match(/\*\*|\[\[|\]\]/)?.[0])
    .find(Boolean);
