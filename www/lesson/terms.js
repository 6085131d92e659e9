// The glossary: what each term means, in one or two sentences.
import { HOME } from "../lib/home.js";

/**
 * @typedef {object} Term
 * @property {string} term
 * @property {string[]} [also] other names for it
 * @property {string} says
 * @property {string} source whose definition it is
 */

/** @type {Promise<Term[]> | undefined} */
let loading;

/** All terms; without them a lesson still works, so nothing that fails here stops it. */
export function glossary() {
  loading ??= fetch(new URL("lesson/glossary.json", HOME))
    .then((response) => (response.ok ? response.json() : []))
    .catch(() => []);
  return loading;
}

/**
 * @param {Term[]} terms
 * @param {string} name
 */
export function termNamed(terms, name) {
  const wanted = name.toLowerCase();
  return terms.find(({ term, also = [] }) => [term, ...also].some((known) => known.toLowerCase() === wanted));
}
