// What a visitor thinks before a run, and whether it came so.

/** What can be guessed of the second wall: whether it has this `share` of the crosses of the first one. */
export const GUESSES = [
  { id: "same", label: "as many crosses", fits: (share) => share >= 0.75 },
  { id: "half", label: "about half", fits: (share) => share > 0.25 && share < 0.75 },
  { id: "quarter", label: "a quarter or fewer", fits: (share) => share <= 0.25 },
];

/**
 * Which of `GUESSES` came true; nothing where the first wall has no cross, as there is no share of none.
 * @param {number} plain crosses on the first wall
 * @param {number} second on the other one
 */
export const cameTrue = (plain, second) => (plain ? GUESSES.find(({ fits }) => fits(second / plain)) : null);
