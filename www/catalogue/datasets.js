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

/** How many of its test pictures lie in files of their own, if any do. */
export const firstOf = (id) => datasetOf(id)?.pictures.first ?? 0;

/**
 * Addresses of its files, below those of the page: `{ "test-images": … }`. What does not ship is not found there.
 * @param {("train" | "test" | "first")[]} parts `first` stands for `test`, and has only the first pictures of it
 */
export function filesOf(id, parts) {
  const { folder, ndim } = datasetOf(id) ?? { folder: id, ndim: 3 };
  return Object.fromEntries(
    parts.flatMap((part) =>
      [`images-idx${ndim}`, "labels-idx1"].map((name) => [
        `${part === "first" ? "test" : part}-${name.split("-")[0]}`,
        `data/${folder}/${part}-${name}-ubyte.gz`,
      ]),
    ),
  );
}
