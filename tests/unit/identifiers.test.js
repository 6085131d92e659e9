import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { Linter } from "eslint";

import * as initial from "../../www/catalogue/initial.js";
import * as library from "../../www/catalogue/library.js";
import { OWN } from "../../www/user-data/own.js";
import { WWW, modules } from "./graph.js";

const LISTS = [
  "datasets",
  "attacks",
  "losses",
  "norms",
  "methods",
  "baselines",
  "perturbations",
  "conditions",
  "regularizers",
];
const IDS = new Set(LISTS.flatMap((list) => library[list].map(({ id }) => id)));
// The second lane has the name of what it mostly adds.
IDS.delete("continuity");

/** Files that write names of the catalogue: all else reads them. */
const WRITTEN = ["catalogue/library.js", "catalogue/initial.js"];

/** Where else such a word stands, and what it means there. */
const OTHERWISE = {
  "elements/board/board.js": { black: "a colour to draw with" },
  "elements/board/drawing.js": { black: "a colour to draw with" },
  "user-data/ground.js": { black: "what stands behind a picture with transparency" },
  "elements/comparison/comparison.js": { noise: "a row of a report", fgsm: "the same", pgd: "the same" },
  "elements/runs/runs.js": { pgd: "a row in reports of older versions" },
  "elements/smoothness/smoothness.js": { "cross-entropy": "the name of an axis" },
  "elements/smoothness/theory.js": { jacobian: "a row of a report" },
  "elements/saliency/survey.js": { "fashion-mnist": "the only set that its note is about" },
};

/** Strings and keys of a script that are an identifier of the catalogue, or a perturbation such as `gaussian:0.1`. */
function named(text) {
  const found = [];
  const see = (value) => {
    const [id] = typeof value === "string" ? value.split(":") : [];
    if (IDS.has(id)) found.push(id);
  };
  const rule = {
    create: () => ({
      Literal: ({ value }) => see(value),
      TemplateElement: ({ value, parent }) => parent.parent.type !== "TaggedTemplateExpression" && see(value.cooked),
      Property: ({ key, computed, parent }) =>
        !computed && parent.type === "ObjectExpression" && key.type === "Identifier" && see(key.name),
    }),
  };
  const config = {
    plugins: { catalogue: { rules: { named: rule } } },
    rules: { "catalogue/named": "error" },
    linterOptions: { reportUnusedDisableDirectives: "off" },
  };
  const problems = new Linter().verify(text, config);
  assert.deepEqual(problems, []);
  return found;
}

test("a name of the catalogue is found wherever it is written", () => {
  const text = [
    'const a = kind === "pgd" ? `hue` : "gaussian:0.1";',
    "const b = { linf: 255, 'low-pass': [a], [a]: 1, pgd20: 2, lime() {} };",
    "const { blur } = b; // dlr",
    "export const c = css`margin: 0` + html`pgd` + `rays${blur}`;",
  ].join("\n");
  assert.deepEqual(named(text).sort(), ["gaussian", "hue", "lime", "linf", "low-pass", "pgd", "rays"]);
});

const namedIn = (path) => new Set(named(readFileSync(join(WWW, path), "utf8")));

test("what Rust knows of the library is not typed again", () => {
  assert.ok(IDS.size > 35, `${IDS.size} names`);
  const typed = {};
  for (const path of modules().filter((path) => !WRITTEN.includes(path))) {
    const ids = [...namedIn(path)].filter((id) => !OTHERWISE[path]?.[id]);
    if (ids.length) typed[path] = ids;
  }
  assert.deepEqual(typed, {});
});

test("each exception is still needed", () => {
  for (const [path, words] of Object.entries(OTHERWISE)) {
    assert.deepEqual(Object.keys(words).sort(), [...namedIn(path)].sort(), path);
  }
});

test("what the page chooses is on offer", () => {
  const offered = (list, id) =>
    assert.ok(
      library[list].some((each) => each.id === id),
      `${list}: ${id}`,
    );
  const perturbation = (text) => offered("perturbations", text.split(":")[0]);
  const { INITIAL, BASELINE, CHANGED, SURVEYED, QUICK, PGD_20, linf } = initial;
  [INITIAL.nudge, INITIAL.change, INITIAL.shaken, INITIAL.triplets].forEach(perturbation);
  CHANGED.forEach(perturbation);
  const [attacks, surveyed] = [false, true].map((is) => SURVEYED.filter(([id]) => id.includes(":") === is));
  surveyed.forEach(([id]) => perturbation(id));
  assert.deepEqual(
    attacks.map(([id]) => id),
    ["attack"],
  );
  [INITIAL.curve, ...Object.keys(PGD_20)].forEach((id) => offered("attacks", id));
  [INITIAL.surveyed, INITIAL.looked, ...QUICK].forEach((id) => offered("methods", id));
  Object.values(BASELINE).forEach((id) => offered("baselines", id));
  offered("norms", linf(0.1).norm);
  assert.ok(library.settings.shipped.some(({ dataset }) => dataset === INITIAL.moved));
  const declared = readFileSync(join(WWW, "../pkg/engine.d.ts"), "utf8").match(/^export type Dataset =(.*);$/m)[1];
  for (const own of Object.values(OWN)) assert.ok(declared.includes(`"${own}"`), own);
});
