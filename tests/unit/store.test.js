import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { settings as schema } from "../../www/catalogue/library.js";
import { written } from "../../www/app/address.js";
import { Store } from "../../www/app/store.js";

let store;
beforeEach(() => (store = new Store()));

/** What a link to the present state says to another page. */
function follow(link) {
  const other = new Store();
  other.readQuery(link);
  return other.state;
}

test("nothing chosen is an empty link", () => {
  assert.equal(store.query(), "");
  assert.deepEqual(follow("").settings, store.defaults);
  assert.deepEqual(follow("").notices, []);
});

test("a link holds what differs from the defaults, and brings it back", () => {
  store.setSettings({
    alpha: 3,
    dataset: "mnist",
    perturbation: "gaussian:0.1+shift:2",
    stop_gradient: true,
    steps: 7,
  });
  store.choose("attack", { kind: "fgsm", level: 30, norm: "l2" });
  store.choose("nudge", { picture: 12, nudge: "shift:1" });
  store.choose("embed", { autoload: true, theme: "dark" });
  const link = store.query();
  assert.ok(link.includes("perturbation=gaussian:0.1+shift:2"), link);
  assert.ok(link.endsWith(`v=${schema.version}`), link);
  const { settings, figures, notices } = follow(`?${link}`);
  assert.deepEqual(settings, store.state.settings);
  assert.deepEqual(figures, store.state.figures);
  assert.deepEqual(notices, []);
});

test("every default of every section can be read back", () => {
  for (const [section, controls] of Object.entries(store.sections)) {
    for (const [key, control] of Object.entries(controls)) {
      // A name that only a result knows may be empty, which says nothing.
      if (control.kind === "name") continue;
      const { figures, notices } = follow(`${control.address}=${written(control.default, control)}`);
      assert.deepEqual(notices, [], control.address);
      assert.equal(figures[section][key], control.default, control.address);
    }
  }
});

test("no two choices have one address", () => {
  const sections = Object.values(store.sections).flatMap((controls) => Object.values(controls));
  const all = [...schema.controls.map(({ key }) => key), ...sections.map(({ address }) => address)];
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.length > 60, `${all.length} choices`);
});

test("a value out of range keeps its default and is said", () => {
  const { settings, notices } = follow("steps=-3&alpha=2");
  assert.equal(settings.steps, store.defaults.steps);
  assert.equal(settings.alpha, 2);
  assert.equal(notices.length, 1);
  assert.match(notices[0], /^Steps in the link is "-3"; allowed is .*whole numbers\. The default is used\.$/);
});

test("a misspelt name is left out, with a hint", () => {
  const { settings, notices } = follow("alhpa=3");
  assert.deepEqual(settings, store.defaults);
  assert.match(notices[0], /sets "alhpa", which this page does not know; it is left out\. Did you mean "alpha"\?/);
});

test("many unknown names are counted, and long ones cut", () => {
  const { notices } = follow(Array.from({ length: 9 }, (_, i) => `${"x".repeat(80)}${i}=1`).join("&"));
  assert.equal(notices.length, 6);
  assert.ok(notices[0].includes(`"${"x".repeat(60)}"`) && !notices[0].includes("x".repeat(61)), notices[0]);
  assert.equal(notices[5], "4 more names in the link are left out.");
});

test("what follows the visitor is no choice and no mistake", () => {
  const appended =
    "utm_source=mail&fbclid=1&__s=1&sfmc_id=2&campaign_id=3&s=20&t=x&CMP=1&itm_source=1&gtm_debug=x&trk=1";
  assert.deepEqual(follow(`${appended}&alpha=2`).notices, []);
});

test("a link of another version is taken over as far as it is known, and says so", () => {
  const { settings, notices } = follow(`alpha=2&v=${schema.version + 1}`);
  assert.equal(settings.alpha, 2);
  assert.match(notices[0], /^This link was made for version \d+ of the page; this is version \d+\./);
});

test("a link of version 1 is read by the names of then, and written by those of now", () => {
  const { settings, notices } = follow("epsilon=0.2&eval_noise=0.3&v=1");
  assert.deepEqual([settings.attack_epsilon, settings.eval_sigma, notices], [0.2, 0.3, []]);
  assert.equal(store.query({ settings }), "eval_sigma=0.3&attack_epsilon=0.2&v=3");
  assert.match(follow("epsilon=2&v=1").notices[0], /^Attack radius ε in the link is "2"; /);
});

test("all sections show one subject, until one is pinned", () => {
  const shown = ({ figures }) =>
    ["subject", "fool", "attack", "nudge"].map((section) => [figures[section].picture, figures[section].models]);
  const all = (picture, models) => Array(4).fill([picture, models]);
  store.choose("attack", { picture: 5 });
  store.choose("smoothness", { models: "mnist" });
  assert.deepEqual(shown(store.state), all(5, "mnist"));
  assert.equal(store.query(), "picture=5&models=mnist&v=3");
  assert.deepEqual(shown(follow(store.query())), all(5, "mnist"));

  store.choose("attack", { pinned: true });
  store.choose("nudge", { picture: 7 });
  store.choose("attack", { picture: 8 });
  const pinned = all(7, "mnist").with(2, [8, "mnist"]);
  assert.deepEqual(shown(store.state), pinned);
  assert.equal(store.query(), "picture=7&models=mnist&attack.picture=8&attack.pinned=1&v=3");
  assert.deepEqual(follow(store.query()).figures, store.state.figures);
  store.choose("attack", { pinned: false });
  assert.deepEqual(shown(store.state), all(7, "mnist"));
});

test("a pinned section keeps what the others leave, also the default", () => {
  store.choose("attack", { pinned: true });
  store.choose("subject", { picture: 3 });
  assert.equal(store.state.figures.attack.picture, store.sections.attack.picture.default);
  assert.deepEqual(follow(store.query()).figures, store.state.figures);
  store.chooseModels("emoji");
  assert.deepEqual([store.state.figures.nudge.models, store.state.figures.transfer.models], ["emoji", "emoji"]);
  assert.equal(store.state.figures.attack.models, store.sections.attack.models.default);
});

test("a link of version 2 shows in its sections the pictures of then", () => {
  const { figures } = follow("image=3&attack.steps=9&saliency.models=mnist&v=2");
  const shown = (section) => [figures[section].picture, figures[section].models, figures[section].pinned];
  const { models } = store.sections.attack;
  assert.deepEqual(shown("nudge"), [3, models.default, true]);
  assert.deepEqual(shown("attack"), [171, models.default, true]);
  assert.deepEqual(shown("saliency"), [171, "mnist", true]);
  assert.deepEqual(shown("fool"), [22, models.default, false]);
});

test("of two values of one name the last counts", () => {
  assert.equal(follow("alpha=2&alpha=5").settings.alpha, 5);
});

test("choices that do not go together are told apart", () => {
  const { figures, notices } = follow("attack.kind=square&attack.norm=l2");
  assert.equal(figures.attack.norm, "linf");
  assert.match(notices[0], /with square allowed is linf/);
  assert.equal(follow("attack.norm=l2&attack.level=120").figures.attack.level, 120);
  const far = follow("robustness.level=129");
  assert.equal(far.figures.robustness.level, store.sections.robustness.level.default);
  assert.equal(far.notices.length, 1);
});

test("own pictures and models never stand in a link", () => {
  store.setSettings({ dataset: "own-grey", start: "scratch", alpha: 4 });
  store.set({ run: { ...store.state.run, trained: { settings: { ...store.defaults, dataset: "mnist" } } } });
  store.chooseModels("own");
  const link = store.query();
  assert.ok(!link.includes("own"), link);
  const { settings, figures } = follow(link);
  assert.deepEqual(
    [settings.dataset, settings.start, settings.alpha],
    [store.defaults.dataset, store.defaults.start, 4],
  );
  assert.equal(figures.attack.models, "mnist");
  assert.deepEqual(store.leftOut, ["your pictures", "your models"]);
});

test("while a run is under way a link leaves its settings alone", () => {
  store.setSettings({ alpha: 2 });
  store.set({ run: { ...store.state.run, phase: "training" } });
  store.readQuery("alpha=9&attack.kind=fgsm");
  assert.equal(store.state.settings.alpha, 2);
  assert.equal(store.state.figures.attack.kind, "fgsm");
});

test("a link of the page to itself keeps what it says nothing about", () => {
  store.choose("attack", { kind: "fgsm" });
  store.readQuery("alpha=3", "link", store.state.figures);
  assert.equal(store.state.figures.attack.kind, "fgsm");
  store.readQuery("alpha=3");
  assert.equal(store.state.figures.attack.kind, "pgd");
});

test("everyone is told which parts changed, and of no change nothing", () => {
  const heard = [];
  store.addEventListener("change", ({ detail }) => heard.push(detail));
  store.choose("attack", { kind: "fgsm" });
  store.choose("attack", { kind: "fgsm" });
  store.setSettings({ alpha: 2 });
  assert.deepEqual(heard, [["figures"], ["settings"]]);
});

test("lanes are named after what the second one adds", () => {
  const words = (settings) => store.lanes(settings).map(({ words }) => words);
  assert.deepEqual(words(undefined), ["plain", "with the constraint"]);
  const { label } = store.controls.get("regularizer").choices.find(({ id }) => id === "augmentation");
  assert.deepEqual(words({ regularizer: "augmentation" }), ["plain", label]);
});
