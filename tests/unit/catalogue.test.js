import assert from "node:assert/strict";
import { test } from "node:test";

import { attackLabel, attackOf, budgetOf, epsilonText, levelOf, withNorm } from "../../www/catalogue/attacks.js";
import { conditionWords, strengthOf, trainedOn } from "../../www/catalogue/conditions.js";
import { FIGURES, size } from "../../www/catalogue/figures.js";
import { changeOf } from "../../www/catalogue/saliency.js";
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
  const control = { choices: [{ id: "shift", label: "Small shift" }], strengths: [{ label: "r", unit: "px" }] };
  assert.equal(conditionWords({ perturbation: "shift:3" }, "", control), "Small shift, r = 3 px");
  assert.equal(conditionWords({ shuffle: 2 }, "in pieces", control), "in pieces");
});

test("a change before which maps are looked at is a perturbation or an attack", () => {
  assert.deepEqual(changeOf("gaussian:0.2"), { perturbation: "gaussian:0.2" });
  assert.deepEqual(changeOf("attack:0.1").attack.budget, { norm: "linf", epsilon: 0.1 });
  assert.deepEqual(changeOf("attack").attack.budget, { norm: "linf", epsilon: 12 / 255 });
});

test("every figure says what it loads", () => {
  for (const [figure, { title, about }] of Object.entries(FIGURES)) {
    assert.ok(title && about, figure);
    assert.match(size(figure, "mnist"), /^\d\.\d MB/, figure);
  }
  assert.equal(size("nudge", "mnist"), "1.1 MB: CPU engine, two models and their pictures");
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
