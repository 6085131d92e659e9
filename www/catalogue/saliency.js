// The saliency methods as the library knows them, and the changes that maps are looked at before and after.
import { CHANGED, PGD_20, PGD_NAME, PGD_RADIUS, linf } from "./initial.js";
import { baselines, methods } from "./library.js";
import { KINDS, split } from "./perturbations.js";

/**
 * A saliency method with its options for 28×28 pictures; `baseline` names the one that stands for nothing, if it has
 * any.
 * @typedef {{ id: string, label: string, help: string, options?: Record<string, number>, baseline?: string }} Method
 */

/** @type {Method[]} */
export const METHODS = methods;
export const FILLS = baselines.map(({ id, label }) => [id, label]);

/** The attack beside perturbations, whose strength is its radius. */
export const ATTACKED = {
  id: "attack",
  name: `${PGD_NAME} on each model`,
  label: "ε",
  unit: "",
  max: 0.3,
  typical: PGD_RADIUS / 255,
};
/** Changes of one picture. */
export const CHANGES = [...KINDS.filter(({ id }) => CHANGED.includes(id)), ATTACKED];

/**
 * The library's request for a method, with `fill` where it needs something that stands for nothing.
 * @param {Method} method
 * @param {string} fill
 */
export const methodOf = ({ id, options, baseline }, fill) =>
  options ? { [id]: { ...options, ...(baseline ? { [baseline]: fill } : {}) } } : id;

/** The library's change for `kind:strength`. */
export function changeOf(text) {
  const [[kind, strength = ATTACKED.typical]] = split(text);
  return kind === ATTACKED.id ? { attack: { attack: PGD_20, budget: linf(Number(strength)) } } : { perturbation: text };
}
