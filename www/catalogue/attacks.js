// What attacks can be asked for, and in what radius: shared by the figures that attack.
import { counted } from "../lib/numbers.js";
import { attacks, losses, norms } from "./library.js";

export const ATTACKS = attacks;
const pairs = (list) => list.map(({ id, label }) => [id, label]);
export const LOSSES = pairs(losses);
/** `[id, words]` each. */
export const NORMS = norms.map(({ id, label, help }) => [id, `${label}: ${help[0].toLowerCase()}${help.slice(1, -1)}`]);

const ALL = norms.map(({ id }) => id);
export const attackNamed = (kind) => ({ norms: ALL, ...attacks.find(({ id }) => id === kind) });
const normNamed = (norm) => norms.find(({ id }) => id === norm);

/** The largest level of a norm: a level counts parts of 1. */
export const most = (norm) => normNamed(norm).most;
/** The largest of all. */
export const MOST = Math.max(...norms.map(({ most }) => most));

export const epsilonOf = ({ norm, level }) => level / normNamed(norm).parts;
export const levelOf = ({ norm, epsilon }) => Math.min(most(norm), Math.round(epsilon * normNamed(norm).parts));
export const withNorm = (norm) => ({ norm, level: normNamed(norm).typical });
/** Twentieths have a short decimal, 255ths have not. */
export function epsilonText({ norm, level }) {
  const { parts } = normNamed(norm);
  return 100 % parts === 0 ? String(level / parts) : `${level}/${parts}`;
}
export const normText = ({ norm }) => normNamed(norm).label;

/** The library's attack for these choices. */
export function attackOf({ kind, loss, aim, ...choice }) {
  const { gradient, effort } = attackNamed(kind);
  if (!gradient && !effort) return kind;
  const to = /^\d+$/.test(aim) ? { class: Number(aim) } : aim;
  return { [kind]: { ...(gradient ? { loss, aim: to } : {}), ...(effort ? { [effort]: choice[effort] } : {}) } };
}

/** `PGD-20, DLR`; with an aim, also `towards Coat`. */
export function attackLabel({ kind, loss, aim, ...choice }, classes = []) {
  const { label, gradient, effort } = attackNamed(kind);
  const many = choice[effort];
  if (!gradient) return effort ? `${label}, ${counted(many, "query", effort)}` : label;
  const towards = aim === "away" ? "" : `, towards ${classes[Number(aim)] ?? "the runner-up"}`;
  return `${label}${effort ? `-${many}` : ""}, ${losses.find(({ id }) => id === loss).label}${towards}`;
}

export const budgetOf = (choice) => ({ norm: choice.norm, epsilon: epsilonOf(choice) });
