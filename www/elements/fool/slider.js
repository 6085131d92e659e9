// How far each pixel may move, with a flag where each model was found to err.
import { html, nothing } from "../../vendor/lit.js";

/** @import { LaneLabel } from "../../app/store.js" */

/**
 * @param {number} level the radius, in 255ths
 * @param {{ most: number, broken: (number | undefined)[], lanes: LaneLabel[], choose: (level: number) => void }} about
 *   `broken` is the smallest radius found at which each model errs, if one was found
 */
export function slider(level, { most, broken, lanes, choose }) {
  // Below each other, so that none is written over the other one.
  const areTwo = broken.length > 1 && broken.every((level) => level !== undefined);
  const flag = ({ id, words }, i) =>
    html`<span
      class="flag ${id} ${broken[i] > most / 2 ? "late" : ""} ${areTwo && i ? "second" : ""}"
      data-at=${broken[i] / most}
      >${broken[i]}: <span class="who">${words}</span> is fooled</span
    >`;
  return html`<label for="level"
      >How far may each pixel move? <output class="number">${level} of 255 steps</output></label
    >
    <div class="track ${areTwo ? "two" : ""}">
      ${lanes.map((lane, i) => (broken[i] === undefined ? nothing : flag(lane, i)))}
      <input
        id="level"
        type="range"
        min="0"
        max=${most}
        .value=${String(level)}
        aria-valuetext="${level} of 255 steps"
        @input=${(event) => choose(Number(event.target.value))}
      />
      <div class="ends small muted" aria-hidden="true"><span>nothing</span><span>${most} of 255</span></div>
    </div>`;
}

/** Puts the flags where they belong: a strict policy forbids styles in attributes. */
export function placeFlags(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const flags = root.querySelectorAll(".flag");
  for (const flag of flags) flag.style.setProperty("--at", flag.dataset.at);
}
