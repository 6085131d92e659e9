// What a lesson can ask a figure: each check reads what the figure shows, so no answer is written down that a run could
// contradict. `measure` returns the outcome and a sentence with the figure's own numbers, or nothing before there are
// any.
import { HOME } from "../lib/home.js";
import { differenceIn, inUnit, percent, short } from "../lib/numbers.js";

/** @import { Figure } from "../catalogue/figures.js" */

/**
 * @typedef {object} Measured
 * @property {string} outcome
 * @property {string} says
 */

/**
 * @typedef {object} Check
 * @property {Figure} figure
 * @property {string} about for who writes lessons
 * @property {string} [needs] what a reader has to do before there is an answer
 * @property {string[]} outcomes
 * @property {(figure: any) => Measured | null | undefined | Promise<Measured | null>} measure
 */

/** Both lanes, each with what is said of it. */
const each = ({ lanes }, words) => lanes.map(({ label }, i) => `${label}: ${words(i)}.`).join(" ");

/** Which of both is larger, as far as a 95 % interval of the difference can tell. */
const larger = ({ low, high }) => (low > 0 ? "continuity" : high < 0 ? "plain" : "unclear");

const between = ({ value, low, high, n }, number) =>
  `${number(value)} (95 % interval ${number(low)} to ${number(high)}, n = ${n})`;

/** A difference with its interval: whether it is one. */
const apart = ({ value, low, high }, unit) => {
  const number = differenceIn(unit);
  return `Difference: ${number(value)} (95 % interval ${number(low)} to ${number(high)}).`;
};

/** The row of the comparison of a finished run. */
function ofRun({ store }, id) {
  const { comparison, settings, phase } = store.state.run;
  const row = phase === "done" && comparison?.rows.find((row) => row.id === id);
  if (!row) return null;
  const number = inUnit(row.unit);
  const [plain, other] = store.lanes(settings);
  return {
    outcome: larger(row.difference),
    says:
      `${row.label}, seed ${settings.seed}: ${plain.label} ${between(row.plain, number)}; ` +
      `${other.label} ${between(row.continuity, number)}. ${apart(row.difference, row.unit)}`,
  };
}

const TRAINS = "Press Start in the figure: the answer comes from your own run.";

/** @type {Record<string, Check>} */
export const CHECKS = {
  "fooled-at-level": {
    figure: "fool",
    about: "Which model errs under a worst change of the size that the slider shows.",
    outcomes: ["neither", "plain", "continuity", "both"],
    measure({ reply, limits, data, lanes }) {
      if (!reply || !data) return null;
      const fooled = lanes.map((_, i) => {
        const broken = limits?.models[i].broken;
        return reply.models[i].answer.prediction_after !== reply.label || broken?.level <= reply.level;
      });
      const name = (i) => data.classes[reply.models[i].answer.prediction_after];
      // What a smaller change did, the one of this size may not do: then the figure shows the smaller one.
      const says = (i) => (fooled[i] && name(i) === data.classes[reply.label] ? "fooled" : `“${name(i)}”`);
      const outcome = fooled[0] ? (fooled[1] ? "both" : "plain") : fooled[1] ? "continuity" : "neither";
      const label = `The picture is labelled “${data.classes[reply.label]}”.`;
      return { outcome, says: `${label} Answers at ${reply.level} of 255 steps: ${each({ lanes }, says)}` };
    },
  },
  "fooled-first": {
    figure: "fool",
    about: "For which model the attack found an error at a smaller change of this picture.",
    outcomes: ["plain", "continuity", "same", "neither", "wrong-before"],
    measure({ limits, lanes }) {
      if (!limits) return null;
      const [a, b] = limits.models.map(({ right, broken }) => (right ? (broken?.level ?? Infinity) : 0));
      const words = (level) => {
        if (level === 0) return "wrong already without a change";
        return level === Infinity
          ? "no error found as far as the slider goes"
          : `an error found at ${level} of 255 steps`;
      };
      const order = a < b ? "plain" : "continuity";
      const outcome = a === 0 || b === 0 ? "wrong-before" : a === b ? (a === Infinity ? "neither" : "same") : order;
      return { outcome, says: each({ lanes }, (i) => words([a, b][i])) };
    },
  },
  "changes-more-often": {
    figure: "nudge",
    about: "Which model changes its answer on more of 200 pictures under this change.",
    outcomes: ["plain", "continuity", "unclear"],
    measure({ rates, lanes }) {
      if (!rates) return null;
      const { plain, continuity } = rates;
      const outcome = plain.low > continuity.high ? "plain" : continuity.low > plain.high ? "continuity" : "unclear";
      const says = (i) => `answer changed on ${between({ ...[plain, continuity][i], n: rates.n }, percent)}`;
      const overlap = outcome === "unclear" ? " The intervals overlap." : "";
      return { outcome, says: each({ lanes }, says) + overlap };
    },
  },
  "higher-clean-accuracy": {
    figure: "train",
    about: "Which model of the reader's run is right more often about pictures as they are.",
    needs: TRAINS,
    outcomes: ["plain", "continuity", "unclear"],
    measure: (figure) => ofRun(figure, "clean"),
  },
  "higher-robust-accuracy": {
    figure: "train",
    about: "Which model of the reader's run is right more often under the attacks of the evaluation.",
    needs: TRAINS,
    outcomes: ["plain", "continuity", "unclear"],
    measure: (figure) => ofRun(figure, "robust"),
  },
  "half-lost-first": {
    figure: "robustness",
    about: "Which model loses half of its accuracy at a smaller radius of the attack.",
    needs: "Press “Draw the curve” in the figure.",
    outcomes: ["plain", "continuity", "same", "neither"],
    measure({ results, lanes }) {
      const points = results["robust-accuracy"]?.value;
      if (!points?.length) return null;
      const [a, b] = ["plain", "continuity"].map(
        (id) => points.find((point) => point[id].value <= points[0][id].value / 2)?.epsilon ?? Infinity,
      );
      const words = (radius) =>
        radius === Infinity ? "more than half is left at every radius drawn" : `half is lost by ε = ${short(radius)}`;
      const outcome = a === b ? (a === Infinity ? "neither" : "same") : a < b ? "plain" : "continuity";
      return { outcome, says: `On ${points[0].plain.n} pictures, ${each({ lanes }, (i) => words([a, b][i]))}` };
    },
  },
  "maps-move-more": {
    figure: "saliency",
    about: "Whose maps the change of this picture moves more, with most of the methods, by rank correlation.",
    outcomes: ["plain", "continuity", "unclear"],
    measure({ reply, lanes }) {
      if (!reply) return null;
      const [plain, other] = reply.models.map(({ maps }) => maps.map(({ shift }) => shift.rank_correlation));
      const both = plain.map((rho, m) => [rho, other[m]]).filter((pair) => pair.every(Number.isFinite));
      const moved = [both.filter(([a, b]) => a < b).length, both.filter(([a, b]) => a > b).length];
      const outcome = moved[0] === moved[1] ? "unclear" : moved[0] > moved[1] ? "plain" : "continuity";
      const says = (i) => `its map moved more with ${moved[i]} of ${both.length} methods`;
      return { outcome, says: `On this one picture, ${each({ lanes }, says)}` };
    },
  },
  "maps-steadier": {
    figure: "survey",
    about: "Whose maps stand stiller over many pictures, by rank correlation.",
    needs: "Press “Measure” in the figure.",
    outcomes: ["plain", "continuity", "unclear"],
    measure({ results, lanes }) {
      const row = results.survey?.value.find(({ measure }) => measure === "rank-correlation");
      if (!row) return null;
      const says = (i) => `rank correlation ${between([row.plain, row.continuity][i], short)}`;
      const difference = apart(row.difference, row.reading.unit);
      return { outcome: larger(row.difference), says: `${each({ lanes }, says)} ${difference}` };
    },
  },
  "maps-more-faithful": {
    figure: "survey",
    about: "With which model hiding the strongest pixels of its map costs more of the class, by deletion.",
    needs: "Press “Measure” in the figure.",
    outcomes: ["plain", "continuity", "unclear"],
    measure({ results, lanes }) {
      const row = results.survey?.value.find(({ measure }) => measure === "deletion-matched");
      if (!row) return null;
      const says = (i) => `deletion ${between([row.plain, row.continuity][i], short)}`;
      // Of deletion less is better.
      const outcome = { plain: "continuity", continuity: "plain", unclear: "unclear" }[larger(row.difference)];
      const difference = apart(row.difference, row.reading.unit);
      return { outcome, says: `At matched confidence, ${each({ lanes }, says)} ${difference} Less is better.` };
    },
  },
  "claims-supported": {
    figure: "claims",
    about: "How many of the claims are supported in every row that has a value.",
    outcomes: ["all", "most", "half-or-fewer", "none"],
    async measure() {
      const response = await fetch(new URL("data/results/default/claims.json", HOME)).catch(() => null);
      if (!response?.ok) return null;
      const { claims, seeds } = await response.json();
      const supported = claims.filter(({ verdict }) => verdict === "supported").length;
      const some = supported > claims.length / 2 ? "most" : "half-or-fewer";
      const outcome = supported === claims.length ? "all" : supported ? some : "none";
      return { outcome, says: `Supported: ${supported} of ${claims.length} claims, over ${seeds.length} seeds.` };
    },
  },
};
