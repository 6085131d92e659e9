import "./scope.js";
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import decodeQR from "qr/decode.js";

import { Answers, rightOption } from "../../www/lesson/answers.js";
import { CHECKS } from "../../www/lesson/checks.js";
import { codeOf } from "../../www/lesson/code.js";
import { problemsOf } from "../../www/lesson/format.js";
import { pieces, plainText, strayMark, termsOf } from "../../www/lesson/markup.js";
import { filesOfLesson, megabytesOf } from "../../www/lesson/keep.js";
import { LESSONS } from "../../www/lesson/shipped.js";
import { settingsOf } from "../../www/lesson/stage.js";
import { termNamed } from "../../www/lesson/terms.js";
import { FIGURES, moduleOf } from "../../www/catalogue/figures.js";
import { Store } from "../../www/app/store.js";
import { WWW } from "./graph.js";

const json = (...path) => JSON.parse(readFileSync(join(WWW, "lesson", ...path), "utf8"));
const terms = json("glossary.json");
const lessons = Object.keys(LESSONS).map((name) => [name, json("lessons", `${name}.json`)]);

/** A lesson with as little as there can be, and what `change` makes of it. */
function lesson(change = () => {}) {
  const made = {
    format: 1,
    id: "mine",
    title: "Mine",
    language: "en",
    minutes: 10,
    about: "About.",
    steps: [
      {
        title: "One",
        minutes: 10,
        text: ["Look at [[attack]]."],
        figure: "fool",
        settings: "fool.level=3",
        question: { text: "Which?", options: ["This", "That"], answer: 2, explanation: "So." },
      },
    ],
  };
  change(made, made.steps[0], made.steps[0].question);
  return made;
}

test("lessons that come with the page are right, and their names are known", () => {
  const files = readdirSync(join(WWW, "lesson", "lessons")).map((file) => file.replace(/\.json$/, ""));
  assert.deepEqual(files.sort(), Object.keys(LESSONS).sort());
  for (const [name, lesson] of lessons) {
    assert.deepEqual(problemsOf(lesson, terms), [], name);
    assert.equal(lesson.id, name);
    assert.equal(lesson.title, LESSONS[name]);
    const minutes = lesson.steps.reduce((sum, step) => sum + step.minutes, 0);
    assert.equal(minutes, lesson.minutes, name);
  }
  const [[, first]] = lessons;
  assert.equal(first.steps.length, 6);
  assert.equal(first.minutes, 35);
});

test("a number that depends on a run stands in no text of these lessons", () => {
  for (const [name, { steps }] of lessons)
    for (const { text, question } of steps)
      for (const words of [...text, question.text, question.explanation])
        assert.doesNotMatch(words.replaceAll("95 %", ""), /\d\s*%|\d\.\d/, name);
});

test("the smallest lesson is one", () => assert.deepEqual(problemsOf(lesson(), terms), []));

test("what is wrong is said with its place, what stands there, and what is allowed", () => {
  const wrong = [
    [(all) => (all.format = 2), "format is 2; allowed is 1."],
    [(all) => delete all.title, "title is missing; allowed is a text of 1 to 60 characters."],
    [(all) => (all.id = "Mine!"), 'id is "Mine!"; allowed is 1 to 40 of a–z, 0–9 and -.'],
    [
      (all) => (all.language = "English"),
      'language is "English"; allowed is the tag of a language, such as en or de-CH.',
    ],
    [(all) => (all.minutes = 0), "minutes is 0; allowed is a whole number from 1 to 240."],
    [(all) => (all.minutes = "35"), 'minutes is "35"; allowed is a whole number from 1 to 240.'],
    [(all) => (all.steps = []), "steps is []; allowed is a list of 1 to 12 steps."],
    [
      (all) => (all.stpes = 1),
      'stpes is not known; allowed is format, id, title, language, minutes, about, steps. Did you mean "steps"?',
    ],
    [
      (all) => (all.steps[0] = null),
      "steps[0] is null; allowed is an object with title, minutes, text, figure, settings, question.",
    ],
    [(_, step) => (step.text = "One text"), 'steps[0].text is "One text"; allowed is a list of 1 to 4 paragraphs.'],
    [(_, step) => (step.text = [""]), 'steps[0].text[0] is ""; allowed is a text of 1 to 700 characters.'],
    [
      (_, step) => (step.text = ["A **b"]),
      "steps[0].text[0] has a ** without its other half; allowed are **strong** and [[term]].",
    ],
    [
      (_, step) => (step.text = ["[[atack]]"]),
      'steps[0].text[0] names the term "atack", which is not in the glossary. Did you mean [[attack]]?',
    ],
    [(_, step) => (step.figure = "foul"), `steps[0].figure is "foul"; allowed is ${Object.keys(FIGURES).join(", ")}.`],
    [
      (_, step) => (step.settings = "fool.level=99"),
      'steps[0].settings: Change of each pixel (fool.level) in the lesson is "99"; allowed is 0 to 32, whole numbers.',
    ],
    [
      (_, step) => (step.settings = "fool.levle=9"),
      'steps[0].settings: The lesson sets "fool.levle", which this page does not know; it is left out. ' +
        'Did you mean "fool.level"?',
    ],
    [
      (_, step) => (step.settings = "fool.show=level,pair"),
      'steps[0].settings: Controls that stay (fool.show) in the lesson is "level,pair"; allowed is all, level, picture, ' +
        "models, own, none, with commas between them.",
    ],
    [
      (_, step) => (step.settings = 5),
      "steps[0].settings is 5; allowed is the query of a link to the page, or nothing.",
    ],
    [
      (_, __, question) => (question.options = ["One"]),
      'steps[0].question.options is ["One"]; allowed is a list of 2 to 6 texts.',
    ],
    [
      (_, __, question) => (question.answer = 3),
      "steps[0].question.answer is 3; allowed is the number of an option, 1 to 2, or null where none is right.",
    ],
    [
      (_, __, question) => (question.answer = { check: "changes-more-often", is: {} }),
      'steps[0].question.answer.check is "changes-more-often"; allowed is fooled-at-level, fooled-first.',
    ],
    [
      (_, step, question) => {
        step.figure = "lab";
        question.answer = { check: "fooled-first", is: {} };
      },
      'steps[0].question.answer.check is "fooled-first"; allowed is no check: "lab" has none.',
    ],
    [
      (_, __, question) =>
        (question.answer = { check: "fooled-at-level", is: { neither: 1, plain: 2, continuity: 1, both: 7 } }),
      "steps[0].question.answer.is.both is 7; allowed is the number of an option, 1 to 2, or null where none is right.",
    ],
    [
      (_, __, question) =>
        (question.answer = { check: "fooled-at-level", is: { neither: 1, plain: 2, continuity: 1 } }),
      "steps[0].question.answer.is.both is missing; allowed is the number of an option, 1 to 2, or null where none is right.",
    ],
  ];
  for (const [change, problem] of wrong) {
    // Some settings also leave nothing that the rest could be checked by.
    const found = problemsOf(lesson(change), terms).filter((each) => !/^steps\[0\]\.question\.answer is 2/.test(each));
    assert.deepEqual(found, [problem]);
  }
  assert.equal(problemsOf(null, terms).length, 1);
  assert.equal(problemsOf([], terms).length, 1);
  assert.equal(problemsOf("text", terms).length, 1);
});

test("every outcome of a check leads somewhere, and every check has a figure", () => {
  for (const [name, { figure, outcomes, about }] of Object.entries(CHECKS)) {
    assert.ok(Object.hasOwn(FIGURES, figure), name);
    assert.ok(outcomes.length > 1 && about.endsWith("."), name);
  }
});

test("a check says what a figure shows, and nothing while it shows nothing", () => {
  const lanes = [{ label: "Plain" }, { label: "With the constraint" }];
  const { "fooled-first": first, "changes-more-often": often } = CHECKS;
  assert.equal(first.measure({ limits: null, lanes }), null);
  const limit = (right, level) => ({ right, broken: level === null ? null : { level } });
  for (const [a, b, outcome] of [
    [limit(true, 5), limit(true, 18), "plain"],
    [limit(true, 18), limit(true, 5), "continuity"],
    [limit(true, 5), limit(true, 5), "same"],
    [limit(true, null), limit(true, null), "neither"],
    [limit(true, 5), limit(true, null), "plain"],
    [limit(false, null), limit(true, 5), "wrong-before"],
  ])
    assert.equal(first.measure({ limits: { models: [a, b] }, lanes }).outcome, outcome);
  assert.equal(
    first.measure({ limits: { models: [limit(true, 5), limit(true, 18)] }, lanes }).says,
    "Plain: an error found at 5 of 255 steps. With the constraint: an error found at 18 of 255 steps.",
  );
  const share = (low, high) => ({ value: (low + high) / 2, low, high });
  for (const [plain, continuity, outcome] of [
    [share(0.2, 0.3), share(0, 0.1), "plain"],
    [share(0, 0.1), share(0.2, 0.3), "continuity"],
    [share(0, 0.2), share(0.2, 0.3), "unclear"],
  ])
    assert.equal(often.measure({ rates: { plain, continuity, n: 200 }, lanes }).outcome, outcome);
});

test("the right option is known once the figure has answered", () => {
  const is = { plain: 2, continuity: null };
  const asked = { answer: { check: "fooled-first", is } };
  const measured = (outcome) => ({ choice: 0, measured: { outcome, says: "" } });
  assert.equal(rightOption({ answer: 2 }), 1);
  assert.equal(rightOption({ answer: null }), null);
  assert.equal(rightOption(asked), undefined);
  assert.equal(rightOption(asked, measured("plain")), 1);
  assert.equal(rightOption(asked, measured("continuity")), null);
});

test("answers outlive what cannot be kept", () => {
  const answers = new Answers("mine"); // there is no storage here
  answers.set(0, { choice: 1 });
  answers.set(0, { measured: { outcome: "plain", says: "So." } });
  answers.set(2, {});
  assert.deepEqual(answers.of(0), { choice: 1, measured: { outcome: "plain", says: "So." } });
  assert.deepEqual([answers.of(2).choice, answers.of(1), answers.count], [null, undefined, 1]);
  answers.clear();
  assert.equal(answers.of(0), undefined);
});

test("markup is strong words and terms, and nothing else", () => {
  assert.deepEqual(pieces("A **b c** [[Attack]] and [[attack|attacks]]."), [
    { text: "A " },
    { text: "b c", strong: true },
    { text: " " },
    { text: "Attack", term: "Attack" },
    { text: " and " },
    { text: "attacks", term: "attack" },
    { text: "." },
  ]);
  assert.equal(plainText("A **b** [[attack|attacks]] <i>"), "A b attacks <i>");
  assert.deepEqual(termsOf("[[a]] [[b|c]]"), ["a", "b"]);
  assert.deepEqual(["a ** b", "[[a", "a]]", "**a**"].map(strayMark), ["**", "[[", "]]", undefined]);
});

test("all that a lesson may need is there to be kept", () => {
  for (const [name, lesson] of lessons) {
    const files = filesOfLesson(lesson);
    assert.equal(new Set(files).size, files.length);
    for (const path of files) assert.ok(existsSync(join(WWW, path)), `${name}: ${path}`);
    for (const { figure } of lesson.steps) assert.ok(files.includes(moduleOf(figure)), figure);
    assert.equal(
      files.some((path) => path.includes("train-images")),
      name === "robust-or-lucky",
    );
    assert.ok(megabytesOf(lesson) > 0.5 && megabytesOf(lesson) < 10, name);
  }
});

test("the code on paper is the link", async () => {
  const link = "https://your.host/lab/lesson.html?lesson=where-does-it-look&seed=4294967295";
  const { path, side } = await codeOf(link);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(4 * width * width).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let i = 0; i < scale * scale; i++) {
      const at = 4 * ((Number(y) * scale + Math.floor(i / scale)) * width + Number(x) * scale + (i % scale));
      data.fill(0, at, at + 3);
    }
  assert.equal(decodeQR({ width, height: width, data }), link);
});

test("the glossary has about 25 terms, each once, with a short text and its source", () => {
  assert.ok(terms.length >= 25);
  const names = terms.flatMap(({ term, also = [] }) => [term, ...also]).map((name) => name.toLowerCase());
  assert.equal(new Set(names).size, names.length);
  for (const { term, says, source } of terms) {
    assert.ok(says.length < 260 && /[.]$/.test(says), term);
    assert.ok(source === "ours" || /\d{4}/.test(source), term);
  }
  assert.equal(termNamed(terms, "Adversarial Attack").term, "attack");
});

test("the seed of a class goes to what a figure draws at random", () => {
  const store = (step) => {
    const made = new Store();
    made.readQuery(settingsOf(step, 7), "lesson");
    assert.deepEqual(made.state.notices, []);
    return made.state;
  };
  const nudge = store({ figure: "nudge", settings: "nudge=gaussian:0.2+shift:1".replace("+shift:1", "") });
  assert.deepEqual([nudge.settings.seed, nudge.figures.nudge.draw, nudge.figures.nudge.nudge], [7, 7, "gaussian:0.2"]);
  assert.equal(store({ figure: "attack" }).figures.attack.draw, 7);
  assert.equal(new URLSearchParams(settingsOf({ figure: "train", settings: "seed=3" }, null)).get("seed"), "3");
  assert.equal(
    new URLSearchParams(settingsOf({ figure: "train", settings: "perturbation=gaussian:0.1+shift:1" }, null)).get(
      "perturbation",
    ),
    "gaussian:0.1+shift:1",
  );
});

test("the example in the documentation is a lesson", () => {
  const path = join(WWW, "../docs/lessons.md");
  if (!existsSync(path)) assert.fail("docs/lessons.md is missing");
  const [, example] = readFileSync(path, "utf8").match(/```json\n([^]*?)```/);
  assert.deepEqual(problemsOf(JSON.parse(example), terms), []);
  const text = readFileSync(path, "utf8");
  for (const [name, { outcomes }] of Object.entries(CHECKS)) {
    assert.ok(text.includes(`\`${name}\``), name);
    for (const outcome of outcomes) assert.ok(text.includes(`\`${outcome}\``), `${name}: ${outcome}`);
  }
});
