// How many answers the noise changes, as both models learn: two lines with their labels at their ends.
import { svg, nothing } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";

/** @import { LookReply } from "semantic-continuity-lab/engine" */

const WIDTH = 320;
const HEIGHT = 150;
/** Room around the plot: for labels of the axes, and of the lines. */
const LEFT = 40;
const RIGHT = 52;
const TOP = 10;
const BOTTOM = 18;
/** Labels nearer to each other would cover one another. */
const APART = 15;

const share = ({ changes }) => changes.value;

/** The end of the axis: a round share that nothing passes. */
const roundUp = (most) => [0.1, 0.2, 0.4, 0.6, 0.8, 1].find((end) => end >= most) ?? 1;

/**
 * @param {LookReply[][]} looks of each lane
 * @param {{ id: string }[]} lanes
 * @param {number} steps of the run
 */
export function noiseCurve(looks, lanes, steps) {
  const end = roundUp(Math.max(0.1, ...looks.flat().map(share)));
  const x = (step) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, steps);
  const y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / end);
  const ends = looks.map((of) => of.at(-1)).map((last) => last && y(share(last)));
  const [first, second] = ends;
  const isClose = first !== undefined && second !== undefined && Math.abs(first - second) < APART;
  // Both move half as far as they are too close.
  const push = isClose ? (APART - Math.abs(first - second)) / 2 : 0;
  const moved = [push * (first <= second ? -1 : 1), push * (first <= second ? 1 : -1)];
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" class="curve" aria-hidden="true">
    ${[0, end / 2, end].map(
      (value) =>
        svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)} />
          <text class="axis" x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${percent(value)}</text>`,
    )}
    <text class="axis" x=${LEFT} y=${HEIGHT - 3}>step 0</text>
    <text class="axis" x=${WIDTH - RIGHT} y=${HEIGHT - 3} text-anchor="end">${steps}</text>
    ${lanes.map(({ id }, i) => {
      const last = looks[i].at(-1);
      if (!last) return nothing;
      const points = looks[i].map((look) => `${x(look.step)},${y(share(look))}`).join(" ");
      return svg`<g class=${id}>
        <polyline points=${points} />
        <circle cx=${x(last.step)} cy=${ends[i]} r="4" />
        <text x=${x(last.step) + 8} y=${ends[i] + 4.5 + moved[i]}>${percent(share(last))}</text>
      </g>`;
    })}
  </svg>`;
}
