// Before a run and after it: what a visitor guesses, and whose seed it has.
import assert from "node:assert/strict";
import { test } from "node:test";

import { GUESSES, cameTrue } from "../../www/elements/train/guess.js";
import { Store } from "../../www/app/store.js";

test("a guess is right when the share of the crosses is within its bounds", () => {
  const truth = (plain, second) => cameTrue(plain, second)?.id;
  assert.deepEqual(
    [
      [20, 20],
      [20, 31],
      [20, 15],
      [20, 14],
      [20, 10],
      [20, 6],
      [20, 5],
      [20, 0],
      [1, 1],
    ].map(([plain, second]) => truth(plain, second)),
    ["same", "same", "same", "half", "half", "half", "quarter", "quarter", "same"],
  );
  // Of no cross there is no share.
  assert.equal(cameTrue(0, 0), null);
  assert.equal(cameTrue(0, 3), null);
  for (let second = 0; second <= 64; second++) {
    assert.equal(GUESSES.filter(({ fits }) => fits(second / 64)).length, 1, `${second} of 64`);
  }
});

test("a seed is chosen by whoever names it, and by nobody else", () => {
  const store = new Store();
  assert.equal(store.state.seedIsChosen, false);
  store.setSettings({ alpha: 2 });
  assert.equal(store.state.seedIsChosen, false);
  store.readQuery("seed=1");
  assert.equal(store.state.seedIsChosen, true);
  assert.match(store.query(), /(^|&)seed=1(&|$)/);
  store.readQuery("alpha=2");
  assert.equal(store.state.seedIsChosen, false);
  assert.doesNotMatch(store.query(), /seed/);
  store.readQuery("seed=nonsense");
  assert.equal(store.state.seedIsChosen, false);
  assert.equal(store.state.settings.seed, store.defaults.seed);
  store.setSettings({ seed: 7 });
  assert.match(store.query(), /(^|&)seed=7(&|$)/);
  store.freeSeed();
  assert.deepEqual([store.state.settings.seed, store.state.seedIsChosen], [store.defaults.seed, false]);
});

test("the seed that a run drew goes into the link, and back into the next visit", () => {
  const store = new Store();
  const { run, settings } = store.state;
  store.set({ run: { ...run, phase: "done", settings: { ...settings, seed: 48213 } } });
  assert.match(store.query(), /(^|&)seed=48213(&|$)/);
  const visit = new Store();
  visit.readQuery(store.query());
  assert.deepEqual([visit.state.settings.seed, visit.state.seedIsChosen], [48213, true]);
});
