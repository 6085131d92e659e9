// What the page chooses among what the library offers: where it writes names of the catalogue.

/** @import { Budget, Change, Method } from "semantic-continuity-lab/engine" */

/** What figures begin with, where that is not the first on offer. */
export const INITIAL = {
  nudge: "gaussian:0.2",
  change: "gaussian:0.2",
  curve: "apgd",
  surveyed: "integrated-gradients",
  looked: "smooth-grad",
  /** As the survey of many pictures begins with. */
  shaken: "gaussian:0.1",
  moved: "mnist",
  /** A slight change that the shipped models were not trained with. */
  triplets: "brightness:0.2",
};

/** Methods that are offered first: they answer several times a second, and each in another way. */
export const QUICK = ["smooth-grad", "occlusion", "integrated-gradients", "grad-cam"];

/**
 * What programs ask for unless they say otherwise.
 * @type {{ methods: Method[], change: Change }}
 */
export const ASKED = { methods: ["gradient"], change: { perturbation: "gaussian:0.1" } };

/** What stands for nothing: one for all methods, where the library has one for each. */
export const BASELINE = { saliency: "black", survey: "blur" };

const STEPS = 20;
/** The attack before and after which maps are looked at, and that programs make unless they say otherwise. */
export const PGD_20 = { pgd: { steps: STEPS } };
/** Its name, and 255ths of its radius. */
export const PGD_NAME = `PGD-${STEPS} attack`;
export const PGD_RADIUS = 12;
/**
 * @param {number} epsilon
 * @returns {Budget}
 */
export const linf = (epsilon) => ({ norm: "linf", epsilon });

/** Perturbations before which and after which maps of one picture are looked at. */
export const CHANGED = ["gaussian", "brightness", "gaussian-blur", "shift"];
/** Changes for many pictures; what is no perturbation is the attack. */
export const SURVEYED = [
  ["gaussian:0.1", "Gaussian noise, σ = 0.1"],
  ["brightness:0.2", "Brightness, up to 0.2"],
  ["shift:1", "Shift by 1 pixel"],
  ["attack", `${PGD_NAME}, ε = ${PGD_RADIUS}/255`],
];
