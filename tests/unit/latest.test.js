import assert from "node:assert/strict";
import { test } from "node:test";

import { latest, oneAtATime } from "../../www/lib/latest.js";

test("only the latest question counts, however the answers come", () => {
  const ask = latest();
  const first = ask();
  assert.ok(first());
  const second = ask();
  assert.deepEqual([first(), second()], [false, true]);
});

test("a job asked for while it runs is done once more, and whoever asked waits for that", async () => {
  const ended = [];
  let [begun, done] = [0, 0];
  const ask = oneAtATime(
    async () => {
      begun += 1;
      await new Promise((resolve) => ended.push(resolve));
    },
    () => (done += 1),
  );
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const wishes = [ask()];
  await turn();
  wishes.push(ask(), ask(), ask());
  assert.deepEqual([begun, done], [1, 0]);
  ended.shift()();
  await turn();
  assert.deepEqual([begun, done], [2, 0]);
  ended.shift()();
  await Promise.all(wishes);
  assert.deepEqual([begun, done], [2, 1]);
  const later = ask();
  await turn();
  ended.shift()();
  await later;
  assert.deepEqual([begun, done], [3, 2]);
});
