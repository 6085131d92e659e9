// What the file of verdicts comes to, in a few numbers: counts, one row that stands for a claim, and whether a baseline
// does as well.
import { datasetLabel, datasetOf } from "../../catalogue/datasets.js";
import { settings } from "../../catalogue/library.js";

/** @import { Message } from "../../engine/client.js" */

const { choices } = settings.controls.find(({ key }) => key === "regularizer");

/** The number of the strictest attack: how many pictures withstand all of them. */
const WORST_CASE = "worst-case";

/** A group for people: the name of its dataset, if it is called after one. */
export const groupName = (group) => (datasetOf(group) ? datasetLabel(group) : group);

/** A lane for people: what it adds to the cross-entropy, if it is called after that. */
export const laneName = (lane) => choices.find(({ id }) => id === lane)?.label ?? lane;

/** The rows that decide a claim or all of them; explorations are none. */
export const measurements = (claims) => claims.flatMap(({ rows }) => rows);

/** How many rows, or claims, came to each verdict. */
export function tally(judged) {
  const counts = {};
  for (const { verdict } of judged) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** `4 of 9 claims hold up, here`, whatever the numbers are. */
export function headline(claims) {
  const { supported = 0 } = tally(claims);
  if (!supported) return `None of ${claims.length} claims holds up, here`;
  return `${supported} of ${claims.length} claims ${supported === 1 ? "holds" : "hold"} up, here`;
}

/** The row that stands for a claim: the first one that has a value. */
export const telling = ({ rows }) => rows.find(({ difference }) => difference) ?? rows[0];

/**
 * The best baseline of a row, and whether it does as well as the constraint: unless the interval of their difference
 * lies on the constraint's better side. `null` where no baseline has a value.
 */
export function rival({ baseline, baseline_difference: difference, better }) {
  if (!baseline || !difference) return null;
  const [lane, mean] = baseline;
  const sides = { constraint: difference.low > 0, baseline: difference.high < 0 };
  if (better === "lower") [sides.constraint, sides.baseline] = [sides.baseline, sides.constraint];
  return { lane, value: mean.value, difference, isBetter: sides.baseline, doesAsWell: !sides.constraint };
}

/** Of the supported rows that have a baseline: how many there are, and in how many the best baseline does as well. */
export function matched(claims) {
  const supported = measurements(claims).filter(({ verdict }) => verdict === "supported");
  const rivals = supported.map(rival).filter(Boolean);
  return { asWell: rivals.filter(({ doesAsWell }) => doesAsWell).length, of: rivals.length };
}

/**
 * The first row about the worst case of several attacks in which the constraint meets a baseline, with its best
 * reference; `null` where there is none.
 * @param {Message} table
 */
export function strictest({ claims, lanes }) {
  const row = measurements(claims).find((row) => row.numbers.includes(WORST_CASE) && row.continuity_mean && rival(row));
  if (!row) return null;
  const sign = row.better === "lower" ? -1 : 1;
  const [reference] = row.reference_means
    .filter(([, mean]) => mean)
    .sort(([, a], [, b]) => sign * (b.value - a.value))
    .map(([lane, { value }]) => ({ lane, value, settings: lanes[`${row.group}.${lane}`] }));
  return { row, rival: rival(row), reference: reference ?? null };
}
