// Perturbations: each kind with its strength, and their text, `kind:strength`, joined by `+` in a mixture.
import { mostPerturbations, perturbations, settings } from "./library.js";

/** The control of P. */
export const P = settings.controls.find(({ key }) => key === "perturbation");

/** A kind's `name` and `help`, what its strength is called (`label`) and measured in, and its range. */
export const KINDS = P.choices.map(({ label, ...choice }, i) => ({
  ...choice,
  ...P.strengths[i],
  ...perturbations[i],
  name: label,
}));

export const kindNamed = (kind) => KINDS.find(({ id }) => id === kind);

/** Components of a mixture. */
export const MOST = mostPerturbations;

/** Those with a meaning for pictures with so many channels. */
export const kindsFor = (channels) => KINDS.filter(({ color }) => !color || channels === 3);

/** The components of a text, each as it is written: its kind, and what follows. */
export const split = (text) => text.split("+").map((part) => part.split(":"));

/** `{ kind, strength }` of each component. */
export const parse = (text) => split(text).map(([kind, strength]) => ({ kind, strength: Number(strength) }));

export const join = (...components) => components.map(({ kind, strength }) => `${kind}:${strength}`).join("+");
