// What each section lets a visitor choose besides the settings of a run: section → key → control, as for settings.
// A control with `unfit` has a value that fits only beside certain others.
import { ATTACKS, LOSSES, MOST, NORMS, attackNamed, most } from "../catalogue/attacks.js";
import { CUTOFFS, TOPICS } from "../catalogue/conditions.js";
import { SHIPPED, datasetLabel } from "../catalogue/datasets.js";
import { FIGURES } from "../catalogue/figures.js";
import { BASELINE, INITIAL, SURVEYED } from "../catalogue/initial.js";
import { settings } from "../catalogue/library.js";
import { P } from "../catalogue/perturbations.js";
import { CHANGES, FILLS, METHODS } from "../catalogue/saliency.js";

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

/** What several sections show alike; `former` is what each showed before they did. */
const shared = (control, former = control.default) => ({ ...control, shared: true, former });
/** Chosen because it shows the effect of a worst-case change. */
const EXAMPLE = number("Test picture", 22, 0, 1999);
const picture = shared(EXAMPLE, 171);
const draw = number("Draw", 1, 0, 2 ** 32 - 1);

const attack = (level, kind) => ({
  kind: choice("Attack", labels(ATTACKS), kind),
  loss: choice("Attack objective", LOSSES),
  norm: {
    ...choice("Norm", NORMS),
    unfit(norm, { kind }) {
      const { norms } = attackNamed(kind);
      return !norms.includes(norm) && `with ${kind} allowed is ${norms.join(", ")}`;
    },
  },
  level: {
    ...number("Radius", level, 0, MOST),
    unfit: (level, { norm }) => level > most(norm) && `with ${norm} allowed is 0 to ${most(norm)}`,
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
const SHARES = [
  ["10", "strongest 10 %"],
  ["25", "strongest 25 %"],
  ["100", "all pixels"],
];
const SCALES = [
  ["own", "own scales"],
  ["one", "one scale"],
];
const LEARNS = [
  ["probe", "A new last layer only: quick"],
  ["all", "Also everything, and from scratch: minutes"],
];
const CONTROLS = [
  ["few", "few, the others folded"],
  ["all", "all"],
];
const THEMES = [
  ["system", "as the system says"],
  ["light", "light"],
  ["dark", "dark"],
];

function tables() {
  const pairs = settings.shipped.map(({ dataset }) => [dataset, `Ready-made: ${datasetLabel(dataset)}`]);
  const pair = (initial = SHIPPED.dataset, label = "Models") => choice(label, pairs, initial);
  const models = (label) => shared(pair(undefined, label));
  const figures = Object.entries(FIGURES).map(([id, { title }]) => [id, title]);
  return {
    /** What all figures show that are not pinned. */
    subject: {
      picture: { ...EXAMPLE, address: "picture" },
      models: { ...pair(), address: "models" },
    },
    fool: {
      level: number("Change of each pixel", 6, 0, 32),
      picture: shared(EXAMPLE),
      models: models(),
    },
    nudge: {
      // These three had their names in the address before other sections had any.
      picture: { ...picture, label: "Image", address: "image" },
      nudge: { ...P, label: "Nudge", most: 1, default: INITIAL.nudge, address: "nudge" },
      draw: { ...draw, address: "draw" },
      models: models(),
    },
    perturbations: {
      level: choice("How strong", STRENGTHS, "1"),
      picture,
      models: models("Pictures of"),
    },
    attack: {
      ...attack(12),
      aim: choice("Target class", AIMS),
      picture,
      draw,
      models: models(),
    },
    robustness: { ...attack(25, INITIAL.curve), images: number("Test pictures", 200, 10, 2000), models: models() },
    look: {
      method: choice("Method", labels(METHODS), INITIAL.looked),
      blend: number("Picture ↔ explanation", 55, 0, 100),
      share: choice("Pixels shown", SHARES),
      scale: choice("Colours", SCALES),
      picture: shared(EXAMPLE),
      models: models(),
    },
    saliency: {
      which: choice("Class explained", EXPLAINED),
      change: {
        kind: "perturbation",
        label: "The change",
        most: 1,
        default: INITIAL.change,
        choices: CHANGES.map(({ id, name }) => ({ id, label: name })),
        strengths: CHANGES,
      },
      fill: choice("Baseline", FILLS, BASELINE.saliency),
      row: number("Row", 14, 0, 31),
      column: number("Column", 14, 0, 31),
      picture,
      models: models(),
    },
    survey: {
      method: choice("Method", labels(METHODS), INITIAL.surveyed),
      change: choice("The change", SURVEYED),
      images: number("Test pictures", 100, 10, 1000),
      models: models(),
    },
    response: {
      topic: choice("Kind of test", labels(TOPICS)),
      images: number("Test pictures", 100, 10, 1000),
      models: models(),
      measure: name("Measure", "violation-random"),
      layer: name("Distances at", "logits"),
      kind: choice("Kind of change", labels([...P.choices, ...CUTOFFS])),
      condition: name("A′ is A with", ""),
      sort: choice("Worst first for", WORST_FOR),
    },
    smoothness: { images: number("Test pictures", 60, 10, 500), models: models() },
    transfer: {
      models: pair(INITIAL.moved),
      modes: choice("What learns", LEARNS),
      steps: number("Steps of training", 200, 10, 1000),
    },
    embed: {
      figure: choice("Figure", figures, "nudge"),
      theme: choice("Theme", THEMES),
      height: number("Height in pixels", 0, 0, 4000),
      controls: choice("Controls", CONTROLS),
      autoload: { kind: "switch", label: "Load without a press, once it is visible", default: false },
    },
    page: {
      expert: { kind: "flag", label: "Expert", default: false, address: "expert" },
    },
  };
}

/** Which of a figure's controls stay, where a teacher leaves some out; all of them without it. */
function stays(controls) {
  const choices = labels(Object.entries(controls).map(([id, { label }]) => ({ id, label })));
  if (controls.picture) choices.push(["own", "Draw or choose your own"]);
  return { ...choice("Controls that stay", [["all", "all"], ...choices, ["none", "none"]]), kind: "list" };
}

const pinned = { kind: "flag", label: "Keep this picture and these models here", default: false };
/** Of these no figure is named. */
const WITHOUT_FIGURE = ["subject", "page", "embed"];

/** With their names in the address; what shares with others may be pinned, and a figure may leave controls out. */
function named(section, controls) {
  const isShared = Object.values(controls).some((control) => control.shared);
  const all = {
    ...controls,
    ...(isShared ? { pinned } : {}),
    ...(WITHOUT_FIGURE.includes(section) ? {} : { show: stays(controls) }),
  };
  return Object.entries(all).map(([key, control]) => [key, { address: `${section}.${key}`, ...control }]);
}

/** The sections, each control with its name in the address. */
export const SECTIONS = Object.fromEntries(
  Object.entries(tables()).map(([section, controls]) => [section, Object.fromEntries(named(section, controls))]),
);
