// The test picture of a step, to look at before anything is computed: out of the file that its figure will read, too.
import { filesOf, firstOf, datasetOf } from "../catalogue/datasets.js";
import { Store } from "../app/store.js";
import { HOME } from "../lib/home.js";

/** @import { Step } from "./format.js" */

const files = new Map();

/** The bytes of a file, unpacked; some servers have done that on the way. */
async function bytesOf(path) {
  const response = await fetch(new URL(path, HOME));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const packed = await response.blob();
  const [a, b] = new Uint8Array(await packed.slice(0, 2).arrayBuffer());
  if (a !== 0x1f || b !== 0x8b) return new Uint8Array(await packed.arrayBuffer());
  const unpacked = new Response(packed.stream().pipeThrough(new DecompressionStream("gzip")));
  return new Uint8Array(await unpacked.arrayBuffer());
}

/**
 * What `scl-picture` shows, or nothing where the step is about no picture that lies in the file of the first ones.
 * @param {Step} step
 */
export async function previewOf({ figure, settings = "" }) {
  const store = new Store();
  store.readQuery(settings, "lesson");
  const { picture, models: dataset } = store.state.figures[figure] ?? {};
  if (picture === undefined || picture >= firstOf(dataset)) return null;
  const { ndim, channels: shown } = datasetOf(dataset);
  // Colours that its file does not have are put in by the engine.
  if (shown !== (ndim === 4 ? 3 : 1)) return null;
  const path = filesOf(dataset, ["first"])["test-images"];
  if (!files.has(path)) files.set(path, bytesOf(path));
  try {
    const bytes = await files.get(path);
    const view = new DataView(bytes.buffer);
    const [height, width, channels = 1] = Array.from({ length: ndim - 1 }, (_, i) => view.getUint32(8 + 4 * i));
    const size = height * width * channels;
    const at = 4 + 4 * ndim + picture * size;
    return {
      pixels: Array.from(bytes.subarray(at, at + size), (byte) => byte / 255),
      height,
      width,
      channels,
      picture,
    };
  } catch {
    files.delete(path);
    return null; // the question can be answered without
  }
}
