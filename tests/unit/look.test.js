import assert from "node:assert/strict";
import { test } from "node:test";

import { blended, greyOf, opacityOf, reachOf, standing, strongest, summary } from "../../www/elements/look/overlay.js";
import { drawsText, sentence, valueText } from "../../www/elements/look/words.js";

const LANES = /** @type {any} */ ([{ label: "Plain" }, { label: "With the constraint" }]);

test("the strongest pixels are those with the largest absolute values", () => {
  const map = Float32Array.of(0.1, -0.9, 0, 0.5, -0.2, 0.3, 0, 0.4, -0.6, 0.7);
  assert.deepEqual(strongest(map, 0.1), [1]);
  assert.deepEqual(strongest(map, 0.3), [1, 9, 8]);
  // As the library counts: a share of half a pixel is a pixel, and there always is one.
  assert.deepEqual(strongest(map, 0.25), [1, 9, 8]);
  assert.deepEqual(strongest(map, 0), [1]);
  // A pixel of 0 speaks neither for nor against.
  assert.deepEqual(strongest(map, 1), [1, 9, 8, 3, 7, 5, 4, 0]);
});

test("of equally strong pixels the first ones are shown, whatever their sign", () => {
  assert.deepEqual(strongest([0.5, -0.5, 0.5, -0.5], 0.5), [0, 1]);
  assert.deepEqual(strongest([0.1, -0.5, 0.5, 0.1], 0.75), [1, 2, 0]);
});

test("a map of 0 shows nothing, and has no scale", () => {
  const nothing = new Float32Array(9);
  assert.deepEqual(strongest(nothing, 0.1), []);
  assert.equal(reachOf(nothing), 0);
  assert.equal(opacityOf(0, 0), 0);
  assert.equal(opacityOf(0.5, 0), 0);
});

test("one scale reaches to the largest value of both maps", () => {
  const [a, b] = [Float32Array.of(0.25, -0.5), Float32Array.of(2, 1)];
  assert.equal(reachOf(a), 0.5);
  assert.equal(reachOf(a, b), 2);
  assert.equal(opacityOf(-0.5, reachOf(a)), 1);
  assert.equal(opacityOf(-0.5, reachOf(a, b)), 0.5);
  // A disturbed map may go beyond the scale of the undisturbed one.
  assert.equal(opacityOf(3, 2), 1);
});

test("a pixel stands where it stands among all", () => {
  const map = [4, -3, 3, 1, 0];
  assert.deepEqual(standing(map, 0), { value: 4, atLeast: 0.2, stronger: 0 });
  assert.deepEqual(standing(map, 1), { value: -3, atLeast: 0.6, stronger: 0.2 });
  assert.deepEqual(standing(map, 2), { value: 3, atLeast: 0.6, stronger: 0.2 });
  assert.equal(valueText(standing(map, 1)), "−3, among the strongest 60\u00a0%");
  assert.equal(valueText(standing(map, 3)), "+1, weaker than 60\u00a0% of the pixels");
  assert.equal(valueText(standing(map, 4)), "0, neither for nor against");
});

test("at its ends the slider shows only one of both, and both in the middle", () => {
  assert.deepEqual(blended(0), { relevance: 0, picture: 1, light: 1 });
  assert.deepEqual(blended(50), { relevance: 1, picture: 1, light: 0.6 });
  assert.deepEqual(blended(100), { relevance: 1, picture: 0, light: 0.6 });
});

test("colours become grey by how light they are", () => {
  const grey = [0.1, 0.9];
  assert.equal(greyOf(grey, 1), grey);
  const [white, red, green, blue] = greyOf([1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], 3);
  assert.ok(Math.abs(white - 1) < 1e-6 && green > red && red > blue && blue > 0);
});

test("an overlap that is undefined is left out, and never 0", () => {
  assert.deepEqual(summary([0.5, null, 1]), { average: 0.75, low: 0.5, high: 1, n: 2 });
  assert.equal(summary([null, null]), null);
  assert.equal(summary([]), null);
  assert.equal(drawsText(summary([0.5])), "n = 1 draw");
  assert.equal(drawsText(summary([0.5, null, 1])), "n = 2 draws, 50\u00a0% to 100\u00a0%");
});

/** What is said after these draws. */
const said = (...overlaps) => sentence(LANES, ["Bag", "Bag"], overlaps, overlaps.map(summary));

test("the sentence is true whichever way it went", () => {
  assert.match(said([], []), /^Both say “Bag”\./);
  assert.match(sentence(LANES, ["Bag", "Dress"], [[], []], [null, null]), /^One says “Bag”, the other one “Dress”/);
  assert.match(
    said([0.8, 0.7], [0.6, 0.7]),
    /“Plain” keeps more of its explanation: 75\u00a0% .* against 65\u00a0%; more on 1 of 2 draws/,
  );
  assert.match(
    said([0.5], [0.75]),
    /“With the constraint” keeps more of its explanation: 75\u00a0% .* 50\u00a0%; more on 1 of 1 draw\./,
  );
  // What reads the same is the same.
  assert.match(said([0.501], [0.502]), /both keep as much of their explanations: 50\u00a0%/);
  assert.match(said([0.5], [null]), /^The map of “With the constraint” is 0 everywhere/);
});
