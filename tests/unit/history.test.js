import assert from "node:assert/strict";
import { test } from "node:test";

import { toColumns, toRecords } from "../../www/training/history.js";

const record = (step, ds) => ({ step, ce: 1 / step, ds, accuracy: 0.5, grad_norm: step / 3 });

test("a history comes back from its columns as it was, and what was not measured is missing", () => {
  const history = [record(1, 0.25), record(2, null), record(3, 0)];
  const columns = toColumns(history);
  assert.deepEqual(Object.keys(columns), ["step", "ce", "ds", "accuracy", "grad_norm"]);
  assert.ok(Object.values(columns).every((column) => column instanceof Float64Array && column.length === 3));
  assert.deepEqual(toRecords(structuredClone(columns)), history);
  assert.deepEqual(toRecords(toColumns([])), []);
});

test("records as earlier versions stored them stay as they are, and so does what is no history", () => {
  for (const stored of [[record(1, null)], null, undefined, 3, "text", { step: [1] }, { step: new Uint8Array(2) }]) {
    assert.equal(toRecords(stored), stored);
  }
});
