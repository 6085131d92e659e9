// What each section lets a visitor choose besides the settings of a run: section → key → control, as in settings.json.
// A control with `unfit` has a value that fits only beside certain others.
import { KINDS, LOSSES, MOST, NORMS } from "../catalogue/attacks.js";
import { ATTACKED, CHANGED, FILLS, METHODS, SURVEYED } from "../catalogue/saliency.js";
import { CUTOFFS, TOPICS } from "../catalogue/conditions.js";
import { FIGURES } from "../catalogue/figures.js";
import { SHIPPED } from "../catalogue/shipped.js";

const number = (label, initial, min, max) => ({ kind: "number", integer: true, label, default: initial, min, max });
/** @param options `[id, label]` each */
const choice = (label, options, initial = options[0][0]) => ({
  kind: "choice",
  label,
  default: initial,
  choices: options.map(([id, label]) => ({ id, label })),
});
/** A name that only a result knows. */
const name = (label, initial) => ({ kind: "name", label, default: initial });

const labels = (list) => list.map(({ id, label }) => [id, label]);
/** As many as own pictures can have; the names of the present ones are known once they are loaded. */
const CLASSES = Array.from({ length: 20 }, (_, i) => [String(i), `class ${i}`]);

const picture = number("Test picture", 171, 0, 1999);
const draw = number("Draw", 1, 0, 2 ** 32 - 1);

const attack = (kind, level) => ({
  kind: choice("Attack", labels(KINDS), kind),
  loss: choice("Climbs", LOSSES),
  norm: {
    ...choice("Norm", NORMS),
    unfit: (norm, { kind }) =>
      norm !== "linf" && KINDS.find(({ id }) => id === kind).linf && `with ${kind} allowed is linf`,
  },
  level: {
    ...number("Radius", level, 0, MOST.linf),
    unfit: (level, { norm }) => level > MOST[norm] && `with ${norm} allowed is 0 to ${MOST[norm]}`,
  },
  steps: number("Steps", 20, 1, 500),
  queries: number("Queries a picture", 300, 1, 5000),
});

/** Choices whose names stand nowhere else. */
const STRENGTHS = [
  ["0.5", "slight"],
  ["1", "plain to see"],
  ["2", "strong"],
];
const AIMS = [["away", "any other class"], ["runner-up", "the runner-up"], ...CLASSES];
const EXPLAINED = [["label", "the true one"], ["prediction", "the one each model predicts"], ...CLASSES];
const WORST_FOR = [
  ["plain", "Plain"],
  ["continuity", "With the constraint"],
];
const LEARNS = [
  ["probe", "A new last layer only: quick"],
  ["all", "Also everything, and from scratch: minutes"],
];
const THEMES = [
  ["system", "as the system says"],
  ["light", "light"],
  ["dark", "dark"],
];

function tables({ controls, shipped }) {
  const find = (key) => controls.find((control) => control.key === key);
  const [P, { choices: datasets }] = ["perturbation", "dataset"].map(find);
  const pairs = shipped.map(({ dataset }) => {
    const { label } = datasets.find(({ id }) => id === dataset);
    return [dataset, `Shipped: ${label}`];
  });
  const models = (initial = SHIPPED.dataset, label = "Models") => choice(label, pairs, initial);
  const cutoffs = Object.entries(CUTOFFS).map(([id, [label]]) => [id, label]);
  const figures = Object.entries(FIGURES).map(([id, { title }]) => [id, title]);
  const changed = CHANGED.map((kind) => P.choices.findIndex(({ id }) => id === kind));
  return {
    nudge: {
      // These three had their names in the address before other sections had any.
      picture: { ...picture, label: "Image", address: "image" },
      nudge: { ...P, label: "Nudge", most: 1, default: "gaussian:0.2", address: "nudge" },
      draw: { ...draw, address: "draw" },
      models: models(),
    },
    perturbations: {
      level: choice("How strong", STRENGTHS, "1"),
      picture,
      models: models(undefined, "Pictures of"),
    },
    attack: {
      ...attack("pgd", 12),
      aim: choice("Towards", AIMS),
      picture,
      draw,
      models: models(),
    },
    robustness: { ...attack("apgd", 25), images: number("Test pictures", 200, 10, 2000), models: models() },
    saliency: {
      which: choice("Class explained", EXPLAINED),
      change: {
        kind: "perturbation",
        label: "The change",
        most: 1,
        default: "gaussian:0.2",
        choices: [...changed.map((i) => P.choices[i]), ATTACKED],
        strengths: [...changed.map((i) => P.strengths[i]), ATTACKED.strength],
      },
      fill: choice("“Nothing” is", FILLS),
      row: number("Row", 14, 0, 31),
      column: number("Column", 14, 0, 31),
      picture,
      models: models(),
    },
    survey: {
      method: choice("Method", labels(METHODS), "integrated-gradients"),
      change: choice("The change", SURVEYED),
      images: number("Test pictures", 100, 10, 1000),
      models: models(),
    },
    response: {
      topic: choice("What is shown again", labels(TOPICS)),
      images: number("Test pictures", 100, 10, 1000),
      models: models(),
      measure: name("Measure", "violation-random"),
      layer: name("Distances at", "logits"),
      kind: choice("Kind of change", [...labels(P.choices), ...cutoffs]),
      condition: name("A′ is A with", ""),
      sort: choice("Worst first for", WORST_FOR),
    },
    smoothness: { images: number("Test pictures", 60, 10, 500), models: models() },
    transfer: {
      models: models("mnist"),
      modes: choice("What learns", LEARNS),
      steps: number("Steps of training", 200, 10, 1000),
    },
    embed: {
      figure: choice("Figure", figures, "nudge"),
      theme: choice("Theme", THEMES),
      height: number("Height in pixels", 0, 0, 4000),
      autoload: { kind: "switch", label: "Load without a press, once it is visible", default: false },
    },
  };
}

/** The sections, each control with its name in the address. */
export function sectionsOf(schema) {
  const named = (section, controls) =>
    Object.entries(controls).map(([key, control]) => [key, { address: `${section}.${key}`, ...control }]);
  const sections = Object.entries(tables(schema));
  return Object.fromEntries(
    sections.map(([section, controls]) => [section, Object.fromEntries(named(section, controls))]),
  );
}
