// Slider positions ↔ values, linear or logarithmic.

export const SLIDER_STEPS = 1000;

/** A logarithmic slider that reaches 0 starts so many decades below its maximum; its leftmost position is 0 itself. */
const DECADES = 5;

const lowest = ({ min, max }) => (min > 0 ? min : max / 10 ** DECADES);

export function toSlider(value, control) {
  const { min, max, log } = control;
  if (!log) return Math.round((SLIDER_STEPS * (value - min)) / (max - min));
  if (value < lowest(control)) return 0;
  const position = Math.log(value / lowest(control)) / Math.log(max / lowest(control));
  return min > 0 ? Math.round(SLIDER_STEPS * position) : 1 + Math.round((SLIDER_STEPS - 1) * position);
}

export function fromSlider(position, control) {
  const { min, max, log, integer, step } = control;
  if (!log) {
    const value = min + ((max - min) * position) / SLIDER_STEPS;
    const grid = integer ? 1 : step || (max - min) / 100;
    return Math.min(max, Math.max(min, Number((Math.round(value / grid) * grid).toPrecision(6))));
  }
  if (min <= 0 && position === 0) return 0;
  const share = min > 0 ? position / SLIDER_STEPS : (position - 1) / (SLIDER_STEPS - 1);
  // Two digits are as fine as anyone chooses on a logarithmic scale.
  return Math.min(max, Math.max(min, Number((lowest(control) * (max / lowest(control)) ** share).toPrecision(2))));
}
