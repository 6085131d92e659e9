// Under how many changes the second model is better and under how many worse, in words: the rows of one measure,
// counted.

import { isDefined } from "../quantity.js";

/** Names said of those in which it is worse; the table has them all. */
const NAMED = 3;

function count(rows, better) {
  const sign = better === "higher" ? 1 : -1;
  const side = ({ difference: { low, high } }) => (low > 0 ? sign : high < 0 ? -sign : 0);
  const known = rows.filter(({ row }) => isDefined(row.difference));
  const worse = rows
    .filter(({ row }) => side(row) < 0)
    .sort((a, b) => Math.abs(b.row.difference.value) - Math.abs(a.row.difference.value));
  return {
    all: rows.length,
    unclear: known.filter(({ row }) => side(row) === 0).length,
    better: rows.filter(({ row }) => side(row) > 0).length,
    worse: worse.map(({ words }) => words),
  };
}

function told({ all, unclear, better, worse }) {
  const named = worse.length ? ` (${worse.slice(0, NAMED).join("; ")}${worse.length > NAMED ? "; …" : ""})` : "";
  const lost = all - better - worse.length - unclear;
  const undefinedIn = lost ? `, undefined in ${lost}` : "";
  return `better in ${better}, worse in ${worse.length}${named}, too close to call in ${unclear}${undefinedIn}`;
}

/**
 * @param rows `{ row, words, trained }` for each change: the row of the measure, the change in words, whether its kind
 *   was part of the training
 * @param better `higher` or `lower`
 * @param second the second lane in words
 * @returns nothing to say where the measure has no number for a change
 */
export function tally(rows, better, second) {
  const sentences = [];
  for (const trained of [false, true]) {
    const group = rows.filter((row) => row.trained === trained);
    if (!group.length) continue;
    const changes = `${group.length} change${group.length > 1 ? "s" : ""}`;
    const was = trained ? "was" : "was not";
    const who = sentences.length ? "it" : `the second model (${second})`;
    sentences.push(`Under ${changes} whose kind ${was} part of its training, ${who} is ${told(count(group, better))}.`);
  }
  return sentences.length ? [...sentences, "Each change is counted by its own 95 % interval."].join(" ") : "";
}
