// What attacks can be asked for, and in what radius: shared by the figures that attack.

export const KINDS = [
  {
    id: "pgd",
    label: "PGD",
    help: "Projected gradient descent: many small steps uphill from a random point of the ball.",
    gradient: true,
    count: "steps",
  },
  {
    id: "apgd",
    label: "APGD",
    help:
      "PGD with momentum and a step length that adapts; keeps its best point. " +
      "Mostly stronger than PGD with as many steps.",
    gradient: true,
    count: "steps",
  },
  { id: "fgsm", label: "FGSM", help: "One step of length ε along the gradient.", gradient: true },
  {
    id: "square",
    label: "Square",
    help: "No gradients: random squares are kept where the margin falls. ℓ∞ only.",
    count: "queries",
    linf: true,
  },
  {
    id: "rays",
    label: "RayS",
    help: "Sees only the predicted class; looks for the nearest boundary along signs.",
    count: "queries",
  },
  { id: "noise", label: "Random noise", help: "A control: noise of length ε, no search." },
  { id: "random-sign", label: "Random sign", help: "A control: every value up or down at random." },
];
export const LOSSES = [
  ["cross-entropy", "Cross-entropy"],
  ["margin", "Margin (CW)"],
  ["dlr", "DLR"],
];
export const NORMS = [
  ["linf", "ℓ∞: largest change of a value"],
  ["l2", "ℓ2: length of the whole change"],
];

/** Levels count 255ths for ℓ∞, twentieths for ℓ2. */
const DENOMINATORS = { linf: 255, l2: 20 };
/** The largest. */
export const MOST = { linf: 128, l2: 120 };
/** Where another norm begins: for ℓ∞ about the radius of the evaluation after training. */
const TYPICAL = { linf: 25, l2: 30 };

export const epsilonOf = ({ norm, level }) => level / DENOMINATORS[norm];
export const levelOf = ({ norm, epsilon }) => Math.min(MOST[norm], Math.round(epsilon * DENOMINATORS[norm]));
export const withNorm = (norm) => ({ norm, level: TYPICAL[norm] });
export const epsilonText = ({ norm, level }) => (norm === "linf" ? `${level}/255` : String(level / 20));

/** The library's attack for these choices. */
export function attackOf({ kind, loss, steps, queries, aim }) {
  const { gradient, count } = KINDS.find(({ id }) => id === kind);
  if (!gradient && !count) return kind;
  const to = /^\d+$/.test(aim) ? { class: Number(aim) } : aim;
  return {
    [kind]: {
      ...(gradient ? { loss, aim: to } : {}),
      ...(count === "steps" ? { steps } : count === "queries" ? { queries } : {}),
    },
  };
}

export const normText = ({ norm }) => (norm === "linf" ? "ℓ∞" : "ℓ2");

/** `PGD-20, DLR`; with an aim, also `towards Coat`. */
export function attackLabel({ kind, loss, steps, queries, aim }, classes = []) {
  const { label, gradient, count } = KINDS.find(({ id }) => id === kind);
  const asked = `, ${queries} ${queries === 1 ? "query" : "queries"}`;
  const much = count === "steps" ? `-${steps}` : count ? asked : "";
  if (!gradient) return `${label}${much}`;
  const towards = aim === "away" ? "" : `, towards ${classes[Number(aim)] ?? "the runner-up"}`;
  return `${label}${much}, ${LOSSES.find(([id]) => id === loss)[1]}${towards}`;
}

export const budgetOf = (choice) => ({ norm: choice.norm, epsilon: epsilonOf(choice) });
