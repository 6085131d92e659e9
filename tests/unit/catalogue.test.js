import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { attackLabel, attackOf, budgetOf, epsilonText, levelOf, withNorm } from "../../www/catalogue/attacks.js";
import { TOPICS, conditionWords, strengthOf, trainedOn } from "../../www/catalogue/conditions.js";
import { filesOf } from "../../www/catalogue/datasets.js";
import { FIGURES, moduleOf, size } from "../../www/catalogue/figures.js";
import { datasets } from "../../www/catalogue/library.js";
import { join as write, kindsFor, parse } from "../../www/catalogue/perturbations.js";
import { METHODS, changeOf, methodOf } from "../../www/catalogue/saliency.js";
import { WWW } from "./graph.js";
import { counted, differenceIn, inUnit, percent, seconds, short } from "../../www/lib/numbers.js";

test("an attack is asked for as the library takes it", () => {
  const chosen = { loss: "dlr", steps: 20, queries: 300, aim: "away" };
  assert.deepEqual(attackOf({ ...chosen, kind: "pgd" }), { pgd: { loss: "dlr", aim: "away", steps: 20 } });
  assert.deepEqual(attackOf({ ...chosen, kind: "fgsm", aim: "3" }), { fgsm: { loss: "dlr", aim: { class: 3 } } });
  assert.deepEqual(attackOf({ ...chosen, kind: "square" }), { square: { queries: 300 } });
  assert.equal(attackOf({ ...chosen, kind: "noise" }), "noise");
});

test("an attack has a name that says what matters of it", () => {
  const chosen = { loss: "dlr", steps: 20, queries: 300, aim: "away" };
  assert.equal(attackLabel({ ...chosen, kind: "pgd" }), "PGD-20, DLR");
  assert.equal(attackLabel({ ...chosen, kind: "pgd", aim: "1" }, ["T-shirt", "Coat"]), "PGD-20, DLR, towards Coat");
  assert.equal(attackLabel({ ...chosen, kind: "rays" }), "RayS, 300 queries");
  assert.equal(attackLabel({ ...chosen, kind: "noise" }), "Random noise");
});

test("levels are radii, and the other way", () => {
  assert.deepEqual(budgetOf({ norm: "linf", level: 51 }), { norm: "linf", epsilon: 0.2 });
  assert.deepEqual(budgetOf({ norm: "l2", level: 30 }), { norm: "l2", epsilon: 1.5 });
  for (const level of [0, 1, 77, 128]) {
    assert.equal(levelOf(budgetOf({ norm: "linf", level })), level);
  }
  assert.equal(levelOf({ norm: "linf", epsilon: 9 }), 128);
  assert.equal(epsilonText(withNorm("linf")), "25/255");
  assert.equal(epsilonText({ norm: "l2", level: 30 }), "1.5");
});

test("a condition knows its strength, and whether models were trained on it", () => {
  assert.deepEqual(strengthOf({ perturbation: "shift:2" }), { kind: "shift", strength: 2 });
  assert.deepEqual(strengthOf({ "low-pass": 0.35 }), { kind: "low-pass", strength: 0.35 });
  assert.equal(strengthOf("background"), undefined);
  const settings = { regularizer: "continuity", perturbation: "gaussian:0.1+shift:1" };
  assert.equal(trainedOn({ perturbation: "shift:3" }, settings), true);
  assert.equal(trainedOn({ perturbation: "hue:0.1" }, settings), false);
  assert.equal(trainedOn({ perturbation: "shift:3" }, { ...settings, regularizer: "jacobian" }), false);
  assert.equal(conditionWords({ perturbation: "shift:3" }, ""), "Small shift, largest shift = 3 px");
  assert.equal(conditionWords({ shuffle: 2 }, "in pieces"), "in pieces");
});

test("a picture is shown again as its dataset allows", () => {
  const [nothing, parts, colour] = TOPICS;
  const grey = nothing.conditions("mnist");
  assert.deepEqual(grey[0], { perturbation: "gaussian:0.05" });
  assert.equal(grey.length, 4 * kindsFor(1).length);
  assert.deepEqual(nothing.conditions("own-color"), grey, "of own pictures only what all pictures have");
  const coloured = nothing.conditions("emoji");
  assert.deepEqual(coloured.slice(0, grey.length), grey);
  assert.deepEqual(coloured[grey.length], { perturbation: "saturation:0.25" });
  const [frequencies, whole] = ["animal-silhouettes", "optdigits"].map(parts.conditions);
  assert.equal(frequencies.length, 10);
  assert.deepEqual(whole, [...frequencies, "background"]);
  assert.deepEqual(colour.conditions()[0], { color: "aligned" });
  assert.equal(colour.only, "color-mnist");
});

test("a dataset has its files, whatever they are called", () => {
  assert.deepEqual(filesOf("color-mnist", ["test"]), {
    "test-images": "data/mnist/test-images-idx3-ubyte.gz",
    "test-labels": "data/mnist/test-labels-idx1-ubyte.gz",
  });
  const emoji = filesOf("emoji", ["train", "test"]);
  assert.deepEqual(Object.keys(emoji), ["train-images", "train-labels", "test-images", "test-labels"]);
  assert.equal(emoji["train-images"], "data/emoji-noto/train-images-idx4-ubyte.gz");
  for (const { id } of datasets) {
    for (const path of Object.values(filesOf(id, ["train", "test"]))) assert.ok(existsSync(join(WWW, path)), path);
  }
});

test("a perturbation is read as it is written", () => {
  assert.deepEqual(parse("gaussian:0.1+shift:1"), [
    { kind: "gaussian", strength: 0.1 },
    { kind: "shift", strength: 1 },
  ]);
  assert.equal(write(...parse("gaussian:0.1+shift:1")), "gaussian:0.1+shift:1");
  assert.deepEqual(
    kindsFor(3).filter((kind) => !kindsFor(1).includes(kind)),
    kindsFor(3).filter(({ color }) => color),
  );
});

test("a method is asked for with what stands for nothing, where it needs that", () => {
  const [gradient, , , integrated] = METHODS;
  assert.equal(methodOf(gradient, "mean"), "gradient");
  assert.deepEqual(methodOf(integrated, "mean"), { "integrated-gradients": { steps: 64, baseline: "mean" } });
});

test("a change before which maps are looked at is a perturbation or an attack", () => {
  assert.deepEqual(changeOf("gaussian:0.2"), { perturbation: "gaussian:0.2" });
  assert.deepEqual(changeOf("attack:0.1").attack.budget, { norm: "linf", epsilon: 0.1 });
  assert.deepEqual(changeOf("attack").attack.budget, { norm: "linf", epsilon: 12 / 255 });
});

test("every figure says what it loads", () => {
  for (const [figure, { title, about }] of Object.entries(FIGURES)) {
    assert.ok(title && about, figure);
    assert.ok(existsSync(join(WWW, moduleOf(figure))), figure);
    assert.match(size(figure, "mnist"), /^\d\.\d MB/, figure);
  }
  assert.equal(size("nudge", "mnist"), "0.9 MB: CPU engine, two models and their pictures");
  assert.equal(size("nudge", "unknown"), size("nudge", "fashion-mnist"));
});

test("one is one, and more are more", () => {
  assert.deepEqual(
    [0, 1, 2].map((n) => counted(n, "picture")),
    ["0 pictures", "1 picture", "2 pictures"],
  );
  assert.deepEqual(
    [1, 300].map((n) => counted(n, "query", "queries")),
    ["1 query", "300 queries"],
  );
});

test("numbers are written as people write them", () => {
  assert.equal(percent(0.1234, 1), "12.3\u00a0%");
  assert.equal(percent(-0.0001), "0\u00a0%");
  assert.equal(short(-0.00012345), "−0.000123");
  assert.equal(short(1200), "1200");
  assert.equal(inUnit("px")(2), "2\u00a0px");
  assert.equal(differenceIn("%")(0.05), "+5.0\u00a0points");
  assert.equal(differenceIn("%")(-0.0001), "0.0\u00a0points");
  assert.deepEqual([seconds(0.2), seconds(89), seconds(100)], ["1 s", "89 s", "2 min"]);
});
