// Pictures that fool one of both models only: which they are, and the gallery as a sheet.
import { short } from "../../lib/numbers.js";
import { budgetOf } from "../../catalogue/attacks.js";
import { color, sheet, text } from "../../download/figure/sheet.js";
import { pictures } from "../../download/figure/pictures.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Lane as LaneName } from "semantic-continuity-lab/engine" */
/** @import { Message } from "../../engine/client.js" */

/** Pictures shown in a row of the gallery. */
export const SHOWN = 6;

/**
 * Pictures that fool one model and not the other, at the radius nearest to the one chosen: `{ epsilon, rows }`, in each
 * row their places in the test set; nothing before both models were attacked.
 */
export function fooled({ reports: [plain, continuity], about }) {
  const count = Math.min(plain?.trials.length ?? 0, continuity?.trials.length ?? 0);
  if (!count) return null;
  const { epsilon } = budgetOf(about);
  const far = ({ trial }) => Math.abs(trial.budget.epsilon - epsilon);
  const trials = plain.trials.slice(0, count);
  const at = trials.reduce((best, trial, i, all) => (far(trial) < far(all[best]) ? i : best), 0);
  const [p, c] = [plain.trials[at].robust, continuity.trials[at].robust];
  const known = plain.clean.map((right, i) => right && continuity.clean[i]);
  const pick = (test) => plain.images.filter((_, i) => known[i] && test(i));
  return {
    epsilon: plain.trials[at].trial.budget.epsilon,
    rows: { continuity: pick((i) => c[i] && !p[i]), plain: pick((i) => p[i] && !c[i]) },
  };
}

/**
 * Titles of the gallery; the second lane is called what it has.
 * @param {LaneLabel[]} lanes
 * @returns {[LaneName, string][]}
 */
export const galleryRows = ([, second]) => [
  ["continuity", `Only the second model is steady (${second.words})`],
  ["plain", "Only the plain model is steady"],
];

/**
 * Pictures that fool one model only: in each row how many there are, and those shown.
 * @typedef {object} Gallery
 * @property {Message} result
 * @property {number} epsilon
 * @property {string[]} classes
 * @property {Record<string, { count: number, pictures: Message[] }>} rows
 */

/**
 * The gallery as a sheet; `canvases` are those of its pictures in their order.
 * @param {Gallery} gallery
 * @param {{ canvases: Iterator<HTMLCanvasElement>, lanes: LaneLabel[], caption: string }} drawn
 */
export function gallerySheet({ rows, classes, epsilon }, { canvases, lanes, caption }) {
  const content = pictures({
    rows: galleryRows(lanes).map(([id, title]) => ({
      label: title,
      fill: color(`--${id}`),
      note: `n = ${rows[id].count}${rows[id].count > SHOWN ? `, the first ${SHOWN} shown` : ""}`,
      cells: rows[id].pictures.map(({ index, label }) => ({
        canvas: canvases.next().value,
        caption: `${classes[label]} (${index})`,
      })),
    })),
  });
  return sheet({
    title: "Pictures that fool only one of the two models",
    content,
    legend: text(
      `As they are, before the attack at ε = ${short(epsilon)}; in brackets their place in the test set. ` +
        "Both models know them unattacked.",
      content.width,
    ),
    caption,
  });
}
