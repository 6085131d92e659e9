// How far both models hold over many pictures, in a sentence.
import { html } from "../../vendor/lit.js";
import { counted } from "../../lib/numbers.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Typical } from "./frames.js" */

/**
 * @param {Typical} typical
 * @param {LaneLabel[]} lanes
 */
export function typicalWords({ n, most, medians, longer, equal, shorter }, lanes) {
  const [plain, other] = lanes.map(
    ({ id }, i) => html`<strong class=${id}>${medians[i] === null ? `more than ${most}` : medians[i]}</strong>`,
  );
  return html`Over ${counted(n, "picture")} that both get right, the median limit is ${plain} for the ${lanes[0].words}
  model and ${other} for the other one (${lanes[1].words}), which holds longer on ${longer}, as long on ${equal} and
  shorter on ${shorter}.`;
}
