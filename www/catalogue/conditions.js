// What a picture is shown as again, by what it asks of a model.
import { conditions, regularizers } from "./library.js";
import { datasetLabel, datasetOf } from "./datasets.js";
import { join, kindNamed, kindsFor, parse } from "./perturbations.js";

/**
 * Besides perturbations: `asked` are those of a kind that a study asks for, `axis` what its strength is measured along.
 * @type {{ id: string, label: string, asked: any[], axis?: string, hint?: boolean, datasets?: string[] }[]}
 */
const kinds = conditions;
const hint = kinds.find(({ hint }) => hint);
const [told] = hint.datasets;

const parts = (dataset) =>
  kinds
    .filter(({ hint, datasets }) => !hint && (!datasets || datasets.includes(dataset)))
    .flatMap(({ asked }) => asked);

/** Every kind at each of its steps, those that need colour last. */
function perturbed(dataset) {
  const suited = kindsFor(datasetOf(dataset)?.channels);
  return [...suited.filter(({ color }) => !color), ...suited.filter(({ color }) => color)].flatMap(({ id, steps }) =>
    steps.map((strength) => ({ perturbation: join({ kind: id, strength }) })),
  );
}

/** Each with the conditions that have a meaning for a dataset. */
export const TOPICS = [
  { id: "nothing", label: "Changes that mean nothing", conditions: perturbed },
  { id: "parts", label: "Only a part of what is there", conditions: parts },
  { id: "colour", label: `${hint.label} (${datasetLabel(told)})`, only: told, conditions: () => hint.asked },
];

/** Conditions with a strength that are no perturbations. */
export const CUTOFFS = kinds.filter(({ axis }) => axis);

/** `{ kind, strength }` of a condition that has one. */
export function strengthOf(condition) {
  if (condition?.perturbation) return parse(condition.perturbation)[0];
  const cutoff = CUTOFFS.find(({ id }) => condition?.[id] !== undefined);
  return cutoff && { kind: cutoff.id, strength: condition[cutoff.id] };
}

/** Name and axis of a kind. One with `zero` changes nothing at strength 0. */
export function kindOf(kind) {
  const cutoff = CUTOFFS.find(({ id }) => id === kind);
  if (cutoff) return { ...cutoff, head: "cutoff", unit: "", zero: false };
  const { name, label, unit } = kindNamed(kind);
  return { label: name, axis: `${name}: ${label}${unit && `, ${unit}`}`, head: label, unit, zero: true };
}

/** A condition in words; one without a strength is called what the library calls it. */
export function conditionWords(condition, name) {
  if (!condition?.perturbation) return name;
  const { kind, strength } = strengthOf(condition);
  const { label, head, unit } = kindOf(kind);
  return `${label}, ${head} = ${strength}${unit && ` ${unit}`}`;
}

/** Settings that something is trained with in the second lane. */
export const LANE_SETTINGS = [...new Set(regularizers.flatMap(({ settings }) => settings))];

/** Whether a setting of the constraint changes what the second lane is trained with. */
export const trainsWith = (setting, { regularizer }) =>
  regularizers.find(({ id }) => id === regularizer).settings.includes(setting);

/** Whether the models were trained with this kind of change, at any strength. */
export const trainedOn = (condition, settings) =>
  condition?.perturbation !== undefined &&
  trainsWith("perturbation", settings) &&
  parse(settings.perturbation).some(({ kind }) => kind === strengthOf(condition).kind);
