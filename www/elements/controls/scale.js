// Slider positions ↔ values, linear or logarithmic. Every position is a value of its own, so that an arrow key always
// moves.

/** Positions of a linear slider, at most. */
const MOST = 1000;
/** Positions a decade of a logarithmic one: neighbours differ by 12 %, and so in two digits. */
const PER_DECADE = 20;
/** A logarithmic slider that reaches 0 starts so many decades below its maximum; its leftmost position is 0 itself. */
const DECADES = 5;

const lowest = ({ min, max }) => (min > 0 ? min : max / 10 ** DECADES);
const grid = ({ min, max, integer, step }) => (integer ? 1 : step || (max - min) / 100);

/** The greatest position; the least is 0. */
export function positions(control) {
  const { min, max, log } = control;
  if (log) return Math.round(PER_DECADE * Math.log10(max / lowest(control))) + (min > 0 ? 0 : 1);
  return Math.min(MOST, Math.round((max - min) / grid(control)));
}

export function toSlider(value, control) {
  const { min, max, log } = control;
  if (!log) return Math.round((positions(control) * (value - min)) / (max - min));
  if (value < lowest(control)) return 0;
  return Math.round(PER_DECADE * Math.log10(value / lowest(control))) + (min > 0 ? 0 : 1);
}

export function fromSlider(position, control) {
  const { min, max, log } = control;
  const within = (value) => Math.min(max, Math.max(min, value));
  if (!log) {
    const value = min + ((max - min) * position) / positions(control);
    return within(Number((min + Math.round((value - min) / grid(control)) * grid(control)).toPrecision(6)));
  }
  if (min <= 0 && position === 0) return 0;
  const decades = (position - (min > 0 ? 0 : 1)) / PER_DECADE;
  return within(Number((lowest(control) * 10 ** decades).toPrecision(2)));
}
