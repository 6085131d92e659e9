// The pictures and models that ship with the page: where they lie, what the library knows of them, and how much is
// loaded when it is needed, in megabytes as a server that compresses sends it.
import { datasets, megabytes, settings } from "./library.js";

const { choices } = settings.controls.find(({ key }) => key === "dataset");

export const ENGINE = megabytes.engine;

/** Of each dataset: both halves of its pictures, and the pair of models that ships for it. */
export const PICTURES = Object.fromEntries(datasets.map(({ id, megabytes }) => [id, megabytes]));

/** The pair of the first figure, of those that come with the page; all else of them is as the defaults say. */
export const [SHIPPED] = settings.shipped;

/** What is known of a dataset that ships. */
export const datasetOf = (id) => datasets.find((dataset) => dataset.id === id);

/** Its name, for people. */
export const datasetLabel = (id) => choices.find((choice) => choice.id === id).label;

/** The first set in colour. */
export const COLOURED = datasets.find(({ channels }) => channels === 3).id;

/** The file of a model that ships, below `weights/`. */
export const weightsOf = ({ dataset, architecture }, slot) => `${dataset}-${architecture}-${slot}.safetensors`;

/** Addresses of its files, below those of the page: `{ "test-images": … }`. What does not ship is not found there. */
export function filesOf(id, parts) {
  const { folder, ndim } = datasetOf(id) ?? { folder: id, ndim: 3 };
  const names = parts.flatMap((part) => [`${part}-images`, `${part}-labels`]);
  const path = (name) => `data/${folder}/${name}-idx${name.endsWith("labels") ? 1 : ndim}-ubyte.gz`;
  return Object.fromEntries(names.map((name) => [name, path(name)]));
}
