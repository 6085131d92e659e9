// What a picture is shown as again, by what it asks of a model.

const perturbed = (...kinds) =>
  kinds.flatMap(([kind, ...strengths]) => strengths.map((strength) => ({ perturbation: `${kind}:${strength}` })));
const COLOURED = ["color-mnist", "emoji", "emoji-twemoji"];
/** Sets whose objects have a known mask, or are their own. */
const MASKED = ["mnist", "color-mnist", "optdigits", "emoji", "emoji-twemoji"];

/** Each with the conditions that have a meaning for a dataset. */
export const TOPICS = [
  {
    id: "nothing",
    label: "Changes that mean nothing",
    conditions: (dataset) => [
      ...perturbed(
        ["gaussian", 0.05, 0.1, 0.2, 0.3],
        ["uniform", 0.1, 0.2, 0.35, 0.5],
        ["brightness", 0.1, 0.2, 0.3, 0.45],
        ["contrast", 0.2, 0.4, 0.6, 0.9],
        ["box-blur", 0.5, 1, 2, 3],
        ["gaussian-blur", 0.5, 0.7, 1, 1.5],
        ["shift", 0.5, 1, 2, 3],
      ),
      ...(COLOURED.includes(dataset)
        ? perturbed(["saturation", 0.25, 0.5, 0.75, 1], ["hue", 0.05, 0.1, 0.2, 0.4])
        : []),
    ],
  },
  {
    id: "parts",
    label: "Only a part of what is there",
    conditions: (dataset) => [
      ...[0.2, 0.35, 0.5, 0.75].map((low) => ({ "low-pass": low })),
      ...[0.1, 0.2, 0.35, 0.5].map((high) => ({ "high-pass": high })),
      { shuffle: 2 },
      { shuffle: 4 },
      ...(MASKED.includes(dataset) ? ["background"] : []),
    ],
  },
  {
    id: "colour",
    label: "The colour of a digit (Color MNIST)",
    only: "color-mnist",
    conditions: () => ["aligned", "conflicting", "grey"].map((color) => ({ color })),
  },
];

/** Conditions with a strength that are no perturbations: name and axis. */
export const CUTOFFS = {
  "low-pass": ["Low frequencies only", "up to this share of the highest frequency"],
  "high-pass": ["High frequencies only", "from this share of the highest frequency"],
};

/** `{ kind, strength }` of a condition that has one. */
export function strengthOf(condition) {
  if (condition?.perturbation) {
    const [kind, strength] = condition.perturbation.split(":");
    return { kind, strength: Number(strength) };
  }
  const kind = Object.keys(CUTOFFS).find((kind) => condition?.[kind] !== undefined);
  return kind && { kind, strength: condition[kind] };
}

/** Name and axis of a kind; `control` is the one of perturbations. A kind with `zero` changes nothing at strength 0. */
export function kindOf(kind, { choices, strengths }) {
  if (CUTOFFS[kind]) return { label: CUTOFFS[kind][0], axis: CUTOFFS[kind][1], head: "cutoff", unit: "", zero: false };
  const at = choices.findIndex(({ id }) => id === kind);
  const { label, unit } = strengths[at];
  return {
    label: choices[at].label,
    axis: `${choices[at].label}: ${label}${unit ? `, ${unit}` : ""}`,
    head: label,
    unit,
    zero: true,
  };
}

/** A condition in words; one without a strength is called what the library calls it. */
export function conditionWords(condition, name, control) {
  if (!condition?.perturbation) return name;
  const { kind, strength } = strengthOf(condition);
  const { label, head, unit } = kindOf(kind, control);
  return `${label}, ${head} = ${strength}${unit ? ` ${unit}` : ""}`;
}

/** Second lanes that are trained with P. */
export const WITH_P = ["continuity", "augmentation", "stability"];

/** Whether the models were trained with this kind of change, at any strength. */
export const trainedOn = (condition, { regularizer, perturbation }) =>
  WITH_P.includes(regularizer) &&
  condition?.perturbation !== undefined &&
  perturbation.split("+").some((part) => part.split(":")[0] === condition.perturbation.split(":")[0]);
