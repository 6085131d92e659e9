// How the elements of the figures that can stand on another page are defined: each is loaded when it is wanted.

/** `lanes`: it needs a run of two lanes. */
export const LOADERS = {
  lab: {
    lanes: true,
    load: async () => (await import("./lab.js")).registerLab(),
  },
  nudge: {
    load: async () => (await import("../elements/nudge/nudge.js")).registerNudge(),
  },
  perturbations: {
    load: async () => (await import("../elements/perturbations/perturbations.js")).registerPerturbations(),
  },
  train: {
    lanes: true,
    load: async () => (await import("../elements/train/train.js")).registerTrain(),
  },
  attack: {
    load: async () => (await import("../elements/attack/attack.js")).registerAttack(),
  },
  robustness: {
    load: async () => (await import("../elements/robustness/robustness.js")).registerRobustness(),
  },
  saliency: {
    load: async () => (await import("../elements/saliency/saliency.js")).registerSaliency(),
  },
  survey: {
    load: async () => (await import("../elements/saliency/survey.js")).registerSurvey(),
  },
  response: {
    load: async () => (await import("../elements/response/response.js")).registerResponse(),
  },
  smoothness: {
    load: async () => (await import("../elements/smoothness/smoothness.js")).registerSmoothness(),
  },
  transfer: {
    load: async () => (await import("../elements/transfer/transfer.js")).registerTransfer(),
  },
  claims: {
    load: async () => (await import("../elements/claims/claims.js")).registerClaims(),
  },
};
