// The saliency methods as the library knows them, and the changes that maps are looked at before and after.

/**
 * A saliency method; `fill` names the option that stands for nothing, if it has one.
 * @typedef {{ id: string, label: string, help: string, options?: Record<string, number>, fill?: string }} Method
 */

/**
 * The library's names, its defaults for 28×28 pictures, and how each method reads.
 * @type {Method[]}
 */
export const METHODS = [
  { id: "gradient", label: "Gradient", help: "∂F/∂x: how the logit F of the class would change." },
  { id: "gradient-input", label: "Gradient × input", help: "x · ∂F/∂x." },
  {
    id: "smooth-grad",
    options: { samples: 32, sigma: 0.15 },
    label: "SmoothGrad",
    help: "Mean gradient over 32 noisy copies, σ = 0.15.",
  },
  {
    id: "integrated-gradients",
    options: { steps: 64 },
    label: "Integrated Gradients",
    help: "Gradients along the way from the baseline, 64 steps.",
    fill: "baseline",
  },
  {
    id: "grad-cam",
    label: "Grad-CAM",
    help: "The last convolution maps, weighted by their gradients; never negative.",
  },
  {
    id: "lime",
    options: { samples: 500, cell: 4 },
    label: "LIME",
    help: "A linear fit to 500 pictures with hidden 4×4 cells.",
    fill: "fill",
  },
  {
    id: "occlusion",
    options: { window: 4 },
    label: "Occlusion",
    help: "What is lost when a 4×4 window is hidden.",
    fill: "fill",
  },
];
export const FILLS = [
  ["black", "black"],
  ["blur", "the blurred picture"],
  ["mean", "its mean grey"],
];

/** Perturbations for one picture, and the attack, whose strength is its radius. */
export const CHANGED = ["gaussian", "brightness", "gaussian-blur", "shift"];
export const ATTACKED = {
  id: "attack",
  label: "PGD-20 attack on each model",
  strength: { max: 0.3, typical: 12 / 255, label: "ε", unit: "" },
};
/** Changes for many pictures. */
export const SURVEYED = [
  ["gaussian:0.1", "Gaussian noise, σ = 0.1"],
  ["brightness:0.2", "Brightness, up to 0.2"],
  ["shift:1", "Shift by 1 pixel"],
  ["attack", "PGD-20 attack, ε = 12/255"],
];

/**
 * The library's request for a method, with `fill` where it needs something that stands for nothing.
 * @param {Method} method
 * @param {string} fill
 */
export const methodOf = ({ id, options, fill: option }, fill) =>
  options ? { [id]: { ...options, ...(option ? { [option]: fill } : {}) } } : id;

/** The library's change for `kind:strength`. */
export function changeOf(text) {
  const [kind, strength = ATTACKED.strength.typical] = text.split(":");
  return kind === "attack"
    ? { attack: { attack: { pgd: { steps: 20 } }, budget: { norm: "linf", epsilon: Number(strength) } } }
    : { perturbation: text };
}
