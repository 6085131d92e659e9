// What the figure about explanations says: true whichever way it went.
import { counted, percent, short } from "../../lib/numbers.js";

/** @import { LaneLabel } from "../../app/store.js" */

/** With its sign: a value speaks for or against. */
const signed = (value) => (value > 0 ? `+${short(value)}` : short(value));

/** A value of a map, and where it stands among all: `standing` of overlay.js. */
export function valueText({ value, atLeast, stronger }) {
  if (value === 0) return "0, neither for nor against";
  const share = (of) => percent(of, of < 0.01 ? 1 : 0);
  const among =
    stronger < 0.5 ? `among the strongest ${share(atLeast)}` : `weaker than ${share(stronger)} of the pixels`;
  return `${signed(value)}, ${among}`;
}

/** What stands for an overlap of maps that have no strongest pixels. */
export const UNDEFINED = "undefined: the map is 0 everywhere";

/** Over how many draws an explanation stayed so much, and how much it was at least and at most. */
export function drawsText({ low, high, n }) {
  return `n = ${counted(n, "draw")}${n > 1 ? `, ${percent(low)} to ${percent(high)}` : ""}`;
}

/** On how many draws the first number is the larger one, the second one, and neither. */
function duel(overlaps) {
  const [first, second] = overlaps;
  const both = first.map((a, i) => [a, second[i]]).filter((pair) => pair.every((number) => number !== null));
  return [both.filter(([a, b]) => a > b).length, both.filter(([a, b]) => b > a).length, both.length];
}

/**
 * What is to be seen, in one sentence.
 * @param {LaneLabel[]} lanes
 * @param {string[]} says the classes that both models predict, and that are explained
 * @param {(number | null)[][]} overlaps of both models, a number each draw
 * @param {(ReturnType<typeof import("./overlay.js").summary>)[]} stays
 */
export function sentence(lanes, says, overlaps, stays) {
  if (!overlaps[0].length) {
    return says[0] === says[1]
      ? `Both say “${says[0]}”. For the same reasons? Press Shake: do these stay when the picture trembles?`
      : `One says “${says[0]}”, the other one “${says[1]}”: each map explains what its own model says.`;
  }
  const nothing = stays.findIndex((each) => !each);
  if (nothing >= 0) return `The map of “${lanes[nothing].label}” is 0 everywhere: nothing is there that could stay.`;
  const [a, b] = stays.map(({ average }) => percent(average));
  if (a === b) return `On this picture both keep as much of their explanations: ${a} of the strongest pixels.`;
  const more = stays[0].average > stays[1].average ? 0 : 1;
  const [first, second, of] = duel(overlaps);
  const keeps = `On this picture “${lanes[more].label}” keeps more of its explanation`;
  return (
    `${keeps}: ${[a, b][more]} of the strongest pixels, against ${[a, b][1 - more]}; ` +
    `more on ${[first, second][more]} of ${counted(of, "draw")}.`
  );
}
