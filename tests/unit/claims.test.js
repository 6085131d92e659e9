import assert from "node:assert/strict";
import { test } from "node:test";

import {
  headline,
  matched,
  measurements,
  rival,
  strictest,
  tally,
  telling,
} from "../../www/elements/claims/summary.js";

const estimate = (value, half = 0.01) => ({ value, low: value - half, high: value + half, n: 3 });

/** A row as the study writes it; `gap` is the constraint minus its best baseline. */
const row = (verdict, { gap, better = "higher", numbers = ["clean"], references = [], ...more } = {}) => ({
  label: "A number",
  group: "a-group",
  numbers,
  unit: "%",
  better,
  threshold: null,
  plain_mean: estimate(0.2),
  continuity_mean: estimate(0.5),
  difference: verdict === "undefined" ? null : estimate(0.3),
  baseline: gap === undefined ? null : ["a-lane", estimate(0.5 - gap)],
  baseline_difference: gap === undefined ? null : estimate(gap),
  reference_means: references,
  verdict,
  ...more,
});

const claim = (id, verdict, ...rows) => ({ id, text: id, note: "", verdict, rows, explorations: [row(null)] });

const lanes = { "a-group.dear": { adversary_steps: 7 }, "a-group.dearer": { adversary_steps: 9 } };

const claims = [
  claim("one", "supported", row("undefined"), row("supported", { gap: 0.1 }), row("supported", { gap: 0.005 })),
  claim("two", "mixed", row("contradicted", { gap: -0.1 }), row("supported", { gap: -0.2 }), row("inconclusive")),
  claim(
    "three",
    "supported",
    row("supported", {
      numbers: ["worst-case"],
      gap: 0.005,
      references: [
        ["dear", estimate(0.6)],
        ["none", null],
        ["dearer", estimate(0.7)],
      ],
    }),
  ),
];

test("what holds is counted, in a sentence that is right for any number", () => {
  assert.deepEqual(tally(claims), { supported: 2, mixed: 1 });
  assert.equal(headline(claims), "2 of 3 claims hold up, here");
  assert.equal(headline(claims.slice(1)), "1 of 2 claims holds up, here");
  assert.equal(headline(claims.slice(1, 2)), "None of 1 claims holds up, here");
});

test("explorations are no measurements", () => {
  assert.equal(measurements(claims).length, 7);
  assert.deepEqual(tally(measurements(claims)), { undefined: 1, supported: 4, contradicted: 1, inconclusive: 1 });
});

test("the first row with a value stands for a claim, and the first one where none has", () => {
  const [{ rows }] = claims;
  assert.equal(telling(claims[0]), rows[1]);
  assert.equal(telling({ rows: rows.slice(0, 1) }), rows[0]);
});

test("a baseline does as well unless the interval lies on the constraint's side, whichever that is", () => {
  const of = (gap, better) => {
    const { doesAsWell, isBetter } = rival(row("supported", { gap, better }));
    return [doesAsWell, isBetter];
  };
  assert.deepEqual(of(0.005), [true, false]);
  assert.deepEqual(of(0.05), [false, false]);
  assert.deepEqual(of(-0.05), [true, true]);
  assert.deepEqual(of(0.005, "lower"), [true, false]);
  assert.deepEqual(of(0.05, "lower"), [true, true]);
  assert.deepEqual(of(-0.05, "lower"), [false, false]);
  assert.equal(rival(row("supported")), null);
  // A mean without a difference, as where the constraint has no value, says nothing.
  assert.equal(rival(row("undefined", { gap: 0, baseline_difference: null })), null);
});

test("the sceptic counts supported rows with a baseline, and quotes the strictest attack", () => {
  assert.deepEqual(matched(claims), { asWell: 3, of: 4 });
  const { row: found, rival: met, reference } = strictest({ claims, lanes });
  assert.equal(found, claims[2].rows[0]);
  assert.equal(met.lane, "a-lane");
  assert.equal(reference.lane, "dearer");
  assert.equal(reference.settings.adversary_steps, 9);
});

test("what the file does not have is not said", () => {
  assert.equal(strictest({ claims: claims.slice(0, 2), lanes }), null);
  const alone = claim("four", "supported", row("supported", { numbers: ["worst-case"], gap: 0 }));
  assert.equal(strictest({ claims: [alone], lanes: {} }).reference, null);
  const lost = claim("five", "undefined", row("undefined", { numbers: ["worst-case"], gap: 0, continuity_mean: null }));
  assert.equal(strictest({ claims: [lost], lanes }), null);
  assert.deepEqual(matched([lost]), { asWell: 0, of: 0 });
});
