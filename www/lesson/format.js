// What a lesson is, and what is wrong with one: every problem names its place, what stands there, and what is allowed.
import { nearest } from "../app/address.js";
import { Store } from "../app/store.js";
import { FIGURES } from "../catalogue/figures.js";
import { CHECKS } from "./checks.js";
import { strayMark, termsOf } from "./markup.js";
import { termNamed } from "./terms.js";

/** @import { Figure } from "../catalogue/figures.js" */
/** @import { Term } from "./terms.js" */

/** The version of the format that this page reads. */
export const FORMAT = 1;

/**
 * An option by its number, from 1 on; nothing where none is right; or the option for each outcome of a check.
 * @typedef {number | null | { check: string, is: Record<string, number | null> }} Answer
 */

/**
 * @typedef {object} Question
 * @property {string} text
 * @property {string[]} options
 * @property {Answer} answer
 * @property {string} explanation
 */

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {number} minutes
 * @property {string[]} text
 * @property {Figure} figure
 * @property {string} [settings]
 * @property {Question} question
 */

/**
 * @typedef {object} Lesson
 * @property {number} format
 * @property {string} id
 * @property {string} title
 * @property {string} language
 * @property {number} minutes
 * @property {string} about
 * @property {Step[]} steps
 */

/** How many steps, paragraphs of a step, and options of a question there may be. */
export const MOST = { steps: 12, paragraphs: 4, options: 6 };

const shown = (value) => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)} …` : text;
};

/** Collects problems; `at` says where it is. */
class Reader {
  /** @type {string[]} */
  problems = [];
  #terms;

  /** @param {Term[]} terms */
  constructor(terms) {
    this.#terms = terms;
  }

  say(at, value, allowed) {
    this.problems.push(`${at} is ${value === undefined ? "missing" : shown(value)}; allowed is ${allowed}.`);
  }

  /** Whether `value` is an object; its keys that are not among `known` are problems. */
  object(at, value, known) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.say(at, value, `an object with ${known.join(", ")}`);
      return false;
    }
    for (const key of Object.keys(value).filter((key) => !known.includes(key))) {
      const meant = nearest(key, known);
      const where = at === "the lesson" ? "" : `${at}.`;
      const hint = meant ? ` Did you mean ${shown(meant)}?` : "";
      this.problems.push(`${where}${key} is not known; allowed is ${known.join(", ")}.${hint}`);
    }
    return true;
  }

  text(at, value, most, { pattern = /\S/u, allowed = `a text of 1 to ${most} characters` } = {}) {
    const fits = typeof value === "string" && value.length <= most && pattern.test(value);
    if (!fits) this.say(at, value, allowed);
    return fits;
  }

  /** A text that may hold markup and terms. */
  marked(at, value, most) {
    if (!this.text(at, value, most)) return;
    const stray = strayMark(value);
    if (stray) this.problems.push(`${at} has a ${stray} without its other half; allowed are **strong** and [[term]].`);
    for (const name of termsOf(value).filter((name) => !termNamed(this.#terms, name))) {
      const meant = nearest(
        name,
        this.#terms.map(({ term }) => term.toLowerCase()),
      );
      const hint = meant ? ` Did you mean [[${meant}]]?` : "";
      this.problems.push(`${at} names the term ${shown(name)}, which is not in the glossary.${hint}`);
    }
  }

  whole(at, value, min, max) {
    const fits = Number.isInteger(value) && value >= min && value <= max;
    if (!fits) this.say(at, value, `a whole number from ${min} to ${max}`);
    return fits;
  }

  /** Each of a list with its place. */
  list(at, value, [min, max], what, each) {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      return this.say(at, value, `a list of ${min} to ${max} ${what}`);
    value.forEach((one, i) => each(`${at}[${i}]`, one, i));
  }

  /** @param {string} at */
  settings(at, value) {
    if (value === undefined) return;
    if (!this.text(at, value, 1000, { pattern: /^/, allowed: "the query of a link to the page, or nothing" })) return;
    const store = new Store();
    store.readQuery(value, "lesson");
    for (const notice of store.state.notices)
      this.problems.push(`${at}: ${notice.replace(/ (The default is used|What is known was taken over)\.$/, "")}`);
  }

  option(at, value, options) {
    const many = Array.isArray(options) ? options.length : 1;
    const fits = value === null || (Number.isInteger(value) && value >= 1 && value <= many);
    if (!fits) this.say(at, value, `the number of an option, 1 to ${many}, or null where none is right`);
  }

  answer(at, answer, { options, figure }) {
    if (typeof answer !== "object" || answer === null) return this.option(at, answer, options);
    if (!this.object(at, answer, ["check", "is"])) return;
    const fitting = Object.keys(CHECKS).filter((name) => CHECKS[name].figure === figure);
    if (!fitting.includes(answer.check)) {
      const allowed = fitting.length ? fitting.join(", ") : `no check: ${shown(figure)} has none`;
      return this.say(`${at}.check`, answer.check, allowed);
    }
    const { outcomes } = CHECKS[answer.check];
    if (!this.object(`${at}.is`, answer.is, outcomes)) return;
    for (const outcome of outcomes) this.option(`${at}.is.${outcome}`, answer.is[outcome], options);
  }

  question(at, question, figure) {
    if (!this.object(at, question, ["text", "options", "answer", "explanation"])) return;
    const { text, options, answer, explanation } = question;
    this.marked(`${at}.text`, text, 300);
    this.list(`${at}.options`, options, [2, MOST.options], "texts", (place, option) => this.text(place, option, 160));
    this.answer(`${at}.answer`, answer, { options, figure });
    this.marked(`${at}.explanation`, explanation, 1200);
  }

  step(at, step) {
    if (!this.object(at, step, ["title", "minutes", "text", "figure", "settings", "question"])) return;
    const { title, minutes, text, figure, settings, question } = step;
    this.text(`${at}.title`, title, 60);
    this.whole(`${at}.minutes`, minutes, 1, 90);
    this.list(`${at}.text`, text, [1, MOST.paragraphs], "paragraphs", (place, one) => this.marked(place, one, 700));
    if (!Object.hasOwn(FIGURES, figure)) this.say(`${at}.figure`, figure, Object.keys(FIGURES).join(", "));
    this.settings(`${at}.settings`, settings);
    this.question(`${at}.question`, question, figure);
  }

  lesson(lesson) {
    const keys = ["format", "id", "title", "language", "minutes", "about", "steps"];
    if (!this.object("the lesson", lesson, keys)) return;
    if (lesson.format !== FORMAT) this.say("format", lesson.format, `${FORMAT}`);
    const small = "1 to 40 of a–z, 0–9 and -";
    this.text("id", lesson.id, 40, { pattern: /^[a-z0-9-]+$/, allowed: small });
    this.text("title", lesson.title, 60);
    const tag = "the tag of a language, such as en or de-CH";
    this.text("language", lesson.language, 12, { pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, allowed: tag });
    this.whole("minutes", lesson.minutes, 1, 240);
    this.text("about", lesson.about, 300);
    this.list("steps", lesson.steps, [1, MOST.steps], "steps", (at, step) => this.step(at, step));
  }
}

/**
 * What is wrong with a lesson, in sentences; nothing if it can be shown.
 * @param {unknown} lesson
 * @param {Term[]} terms the glossary
 */
export function problemsOf(lesson, terms) {
  const reader = new Reader(terms);
  reader.lesson(lesson);
  return reader.problems;
}
