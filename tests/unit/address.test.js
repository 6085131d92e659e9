import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, pairs, parse, tracks } from "../../www/app/address.js";

const whole = { kind: "number", integer: true, min: 1, max: 500 };
const P = {
  kind: "perturbation",
  choices: [{ id: "gaussian" }, { id: "shift" }],
  strengths: [{ max: 0.5 }, { max: 4 }],
};

test("numbers are taken within their range", () => {
  assert.deepEqual(parse("500", whole), { value: 500 });
  assert.deepEqual(parse("1e2", whole), { value: 100 });
  for (const text of ["501", "0", "2.5", "", " ", "many", "Infinity", "NaN"]) {
    assert.deepEqual(parse(text, whole), { problem: "allowed is 1 to 500, whole numbers" }, text);
  }
  assert.deepEqual(parse("0.25", { kind: "number", min: 0, max: 1 }), { value: 0.25 });
});

test("choices and switches are taken as they are written", () => {
  const choice = { kind: "choice", choices: [{ id: "adam" }, { id: "sgd" }] };
  assert.deepEqual(parse("sgd", choice), { value: "sgd" });
  assert.deepEqual(parse("SGD", choice), { problem: "allowed is adam, sgd" });
  assert.deepEqual(parse("false", { kind: "switch" }), { value: false });
  assert.deepEqual(parse("0", { kind: "switch" }), { problem: "allowed is true or false" });
});

test("perturbations are read as the library reads them", () => {
  for (const text of ["gaussian:0.1", "gaussian:0", "shift:4+gaussian:5e-1"]) {
    assert.deepEqual(parse(text, P), { value: text });
  }
  const problem = (text, control = P) => parse(text, control).problem;
  assert.equal(problem("blur:1"), 'it names an unknown perturbation "blur"');
  for (const text of ["gaussian", "gaussian:", "gaussian:.1", "gaussian:0.6", "gaussian:-0.1", "gaussian:0.1:1"]) {
    assert.equal(problem(text), "it has a strength outside 0 to 0.5", text);
  }
  assert.equal(problem("shift:1+shift:1+shift:1+shift:1+shift:1"), "it has more than 4 components");
  assert.equal(problem("shift:1+shift:1", { ...P, most: 1 }), "it has more than 1 component");
});

test("names have letters, and no room for scripts", () => {
  const name = { kind: "name" };
  assert.deepEqual(parse("violation-random", name), { value: "violation-random" });
  assert.deepEqual(parse("3×3 Größe", name), { value: "3×3 Größe" });
  assert.deepEqual(parse("<b>", name), { problem: "allowed is a name" });
  assert.deepEqual(parse("x".repeat(61), name), { problem: "allowed is a name" });
});

test("a query is read as it was meant, however it came here", () => {
  const meant = [
    ["perturbation", "gaussian:0.1+shift:1"],
    ["alpha", "3"],
  ];
  for (const query of [
    "?perturbation=gaussian:0.1+shift:1&alpha=3",
    "perturbation=gaussian%3A0.1%2Bshift%3A1&alpha=3",
    "?perturbation=gaussian%253A0.1%252Bshift%253A1&alpha=3",
    "?perturbation%3Dgaussian%3A0.1%2Bshift%3A1%26alpha%3D3",
    "?perturbation=gaussian:0.1+shift:1&amp;alpha=3",
  ]) {
    assert.deepEqual(pairs(query), meant, query);
  }
  assert.deepEqual(pairs("?alpha=100%"), [["alpha", "100%"]]);
});

test("what newsletters append is told from a misspelt choice", () => {
  for (const name of ["utm_source", "FBCLID", "mc_eid", "ref", "_ga"]) assert.ok(tracks(name), name);
  for (const name of ["alpha", "attack.kind", "steps", "reference", "galpha"]) assert.ok(!tracks(name), name);
});

test("a misspelt name finds the one that was meant", () => {
  const known = ["alpha", "steps", "seed", "learning_rate", "attack.kind", "attack.level"];
  assert.equal(nearest("alhpa", known), "alpha");
  assert.equal(nearest("Alpha", known), "alpha");
  assert.equal(nearest("step", known), "steps");
  assert.equal(nearest("learning", known), "learning_rate");
  assert.equal(nearest("attack.knd", known), "attack.kind");
  assert.equal(nearest("nothing-of-it", known), undefined);
});
