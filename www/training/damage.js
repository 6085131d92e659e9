// What is said of runs that cannot be, apart from what reads them: a figure on another page reads none.
import { refuser } from "../lib/archive/refuse.js";

const DAMAGED = "invalid-run";

/** What the library says of settings that cannot be. */
export const SETTINGS_CODES = ["invalid-setting", "perturbation-needs-color", "no-base"];

/** Refuses a run. */
export const refuse = refuser(DAMAGED);

/** Whether a run was refused for what it is. Every other failure says nothing of it: it may be read another time. */
export const isDamage = (error) => [DAMAGED, ...SETTINGS_CODES].includes(error?.code);
