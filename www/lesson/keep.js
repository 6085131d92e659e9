// All that a lesson may need, for a room without a network: files that nobody asked for yet are fetched once, and the
// service worker keeps them.
import { datasetOf, filesOf, firstOf, weightsOf } from "../catalogue/datasets.js";
import { FIGURES, moduleOf } from "../catalogue/figures.js";
import { settings } from "../catalogue/library.js";
import { Store } from "../app/store.js";
import { HOME } from "../lib/home.js";

/** @import { Figure } from "../catalogue/figures.js" */
/** @import { Lesson } from "./format.js" */

const { shipped } = settings;
/** What a figure that trains is given, loaded when it is. */
const RUN = "training/run.js";

/** What comes with the page for a figure, below `data/`. @type {Partial<Record<Figure, string[]>>} */
const PREPARED = {
  fool: ["figures/fool.json"],
  nudge: ["figures/nudge.json"],
  train: ["figures/run.json", "figures/wall.json"],
  robustness: ["figures/robust-accuracy.json", "figures/masking.json"],
  survey: ["figures/survey.json"],
  response: ["figures/response.json"],
  smoothness: ["figures/smoothness.json"],
  transfer: ["figures/transfer.json"],
  claims: ["results/default/claims.json"],
};

/** The datasets of a lesson, each with whether a run learns from it. @param {Lesson} lesson */
function datasetsOf({ steps }) {
  const found = new Map();
  for (const { figure, settings = "" } of steps) {
    const { needs } = FIGURES[figure];
    if (needs === "never") continue;
    const store = new Store();
    store.readQuery(settings, "lesson");
    const learns = needs === "run";
    const dataset = learns ? store.state.settings.dataset : store.state.figures[figure].models;
    found.set(dataset, found.get(dataset) || learns);
  }
  return [...found];
}

/** Its pictures and models. */
function sourcesOf([dataset, learns]) {
  /** @type {("train" | "test" | "first")[]} */
  const parts = ["test"];
  if (learns) parts.push("train");
  if (firstOf(dataset)) parts.push("first");
  const pair = shipped.find((pair) => pair.dataset === dataset);
  const weights = pair ? ["base", "plain", "continuity"].map((slot) => `weights/${weightsOf(pair, slot)}`) : [];
  return [...parts.flatMap((part) => Object.values(filesOf(dataset, [part]))), ...weights];
}

/**
 * The files of a lesson, as paths below the page's folder.
 * @param {Lesson} lesson
 */
export function filesOfLesson(lesson) {
  const figures = new Set(lesson.steps.map(({ figure }) => figure));
  const own = [...figures].flatMap((id) => [moduleOf(id), ...(PREPARED[id] ?? []).map((name) => `data/${name}`)]);
  const run = [...figures].some((id) => FIGURES[id].needs === "run") ? [RUN] : [];
  return [...new Set([...own, ...run, ...datasetsOf(lesson).flatMap(sourcesOf)])];
}

/** Megabytes of its pictures and models. @param {Lesson} lesson */
export const megabytesOf = (lesson) =>
  datasetsOf(lesson)
    .map(([dataset, learns]) => {
      const { first = 0, test, train, models } = datasetOf(dataset).megabytes;
      return first + test + models + (learns ? train : 0);
    })
    .reduce((sum, part) => sum + part, 0);

/**
 * Fetches all of it, one after the other.
 * @param {Lesson} lesson
 * @param {(words: string) => void} tell
 */
export async function keepLesson(lesson, tell) {
  if (!navigator.serviceWorker?.controller)
    return tell("Nothing can be kept now: this browser keeps nothing for this page, or not yet. Reload and try again.");
  const paths = filesOfLesson(lesson);
  for (const [i, path] of paths.entries()) {
    tell(`Loading for a room without a network: ${i} of ${paths.length} files …`);
    const answer = await fetch(new URL(path, HOME)).catch(() => null);
    if (!answer?.ok) return tell(`${path} cannot be loaded. Check the connection, then try again.`);
    await answer.blob();
  }
  tell("All of this lesson is kept: it works without a network now, in this browser.");
}
