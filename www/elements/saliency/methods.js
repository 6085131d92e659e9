// The saliency methods as the library knows them.

/** The library's names, its defaults for 28×28 pictures, and how each method reads. */
export const METHODS = [
  { label: "Gradient", request: "gradient", help: "∂F/∂x: how the logit F of the class would change." },
  { label: "Gradient × input", request: "gradient-input", help: "x · ∂F/∂x." },
  { label: "SmoothGrad", request: { "smooth-grad": { samples: 32, sigma: 0.15 } }, help: "Mean gradient over 32 noisy copies, σ = 0.15." },
  { label: "Integrated Gradients", request: { "integrated-gradients": { steps: 64 } }, help: "Gradients along the way from the baseline, 64 steps.", fill: "baseline" },
  { label: "Grad-CAM", request: "grad-cam", help: "The last convolution maps, weighted by their gradients; never negative." },
  { label: "LIME", request: { lime: { samples: 500, cell: 4 } }, help: "A linear fit to 500 pictures with hidden 4×4 cells.", fill: "fill" },
  { label: "Occlusion", request: { occlusion: { window: 4 } }, help: "What is lost when a 4×4 window is hidden.", fill: "fill" },
];
export const FILLS = [["black", "black"], ["blur", "the blurred picture"], ["mean", "its mean grey"]];

/** The library's request for a method, with `fill` where it needs something that stands for nothing. */
export function methodOf({ request, fill: option }, fill) {
  if (!option) return request;
  const [[name, options]] = Object.entries(request);
  return { [name]: { ...options, [option]: fill } };
}
