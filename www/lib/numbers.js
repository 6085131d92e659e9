// Numbers in words.

/** A number as text has a minus sign, and none before a zero. */
const signed = (text) => text.replace(/^-(?=0(\.0*)?$)/, "").replaceAll("-", "−");

/** 0.123 → "12 %", which stays in one line. */
export const percent = (share, digits = 0) => `${signed((100 * share).toFixed(digits))}\u00a0%`;

/** 12.3 → "12 s". */
export const seconds = (s) => (s < 90 ? `${Math.max(1, Math.round(s))} s` : `${Math.round(s / 60)} min`);

/** 1 → "1 picture", 3 → "3 pictures". */
export const counted = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** Three significant digits, without trailing zeros. */
export const short = (number) => signed(String(Number(Number(number).toPrecision(3))));

/** A number of this unit in words: `%` is a share from 0 to 1. */
export const inUnit = (unit) => (x) => (unit === "%" ? percent(x, 1) : unit ? `${short(x)}\u00a0${unit}` : short(x));

/**
 * A difference of two numbers of this unit, with its sign: shares differ by points, which are not percent of anything.
 */
export const differenceIn = (unit) => (x) => {
  const text = unit === "%" ? `${signed((100 * x).toFixed(1))}\u00a0points` : inUnit(unit)(x);
  return Number.parseFloat(text) > 0 ? `+${text}` : text;
};

/** The shortest decimal that reads back as this f32: 0.1, not 0.10000000149011612. */
export function shortest(value) {
  let digits = 6;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== value) digits += 1;
  return Number(value.toPrecision(digits));
}
