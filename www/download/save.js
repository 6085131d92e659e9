// Saving numbers: JSON, CSV, NumPy arrays. Figures are saved by figure/sheet.js.

import { shortest } from "../lib/numbers.js";

/** @import { Quantity } from "../engine/client.js" */

/**
 * Whether the page around this frame may forbid downloads. One of the same origin can be asked; one of another may.
 */
function mayBeForbidden() {
  if (self === top) return false;
  try {
    const { sandbox } = /** @type {HTMLIFrameElement} */ (frameElement);
    return sandbox.length > 0 && !sandbox.contains("allow-downloads");
  } catch {
    return true;
  }
}

/**
 * The button that was pressed, wherever it is: it has the keyboard.
 * @param {DocumentOrShadowRoot} root
 * @returns {Element}
 */
function pressed(root = document) {
  const { activeElement } = root;
  return activeElement?.shadowRoot ? pressed(activeElement.shadowRoot) : activeElement;
}

/** Offers `blob` to the visitor under `name`. */
export function offer(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  if (mayBeForbidden()) import("../lib/sandbox.js").then(({ show }) => show(pressed(), name, blob));
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Pictures and maps as lists of what their f32 read as. */
const listed = (_, value) => (value instanceof Float32Array ? Array.from(value, shortest) : value);

export const saveJson = (name, value) =>
  offer(`${name}.json`, new Blob([JSON.stringify(value, listed, 1)], { type: "application/json" }));

export const saveBytes = (name, bytes) => offer(name, new Blob([bytes], { type: "application/octet-stream" }));

/** A NumPy file (format 1.0): little-endian f32 in C order. */
export function saveNpy(name, values, shape) {
  const many = shape.reduce((product, side) => product * side, 1);
  if (values.length !== many) throw new Error(`${name} has ${values.length} numbers, its shape ${shape} takes ${many}`);
  const sides = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const describe = `{'descr': '<f4', 'fortran_order': False, 'shape': ${sides}, }`;
  // Magic, version, length, text and a line break fill a multiple of 64 bytes.
  const length = Math.ceil((10 + describe.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length).fill(0x20);
  header.set([0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0)), 1, 0, length & 255, length >> 8]);
  header.set(new TextEncoder().encode(describe), 10);
  header[header.length - 1] = 0x0a;
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
  offer(`${name}.npy`, new Blob([header, bytes.buffer], { type: "application/octet-stream" }));
}

/**
 * A quantity as cells of a table: empty ones and the reason where it is undefined; `n` is the number of pictures it is
 * taken over.
 * @param {string} name
 * @param {Partial<Quantity>} quantity
 */
export const estimateColumns = (name, { value, low, high, n, undefined: why }) => ({
  [name]: value,
  [`${name} low`]: low,
  [`${name} high`]: high,
  [`${name} n`]: n,
  [`${name} undefined`]: why,
});

/** Both models and their difference as cells of a table; a difference that nobody took is empty. */
export const comparisonColumns = ({ plain, continuity, difference = {} }) => ({
  ...estimateColumns("plain", plain),
  ...estimateColumns("continuity", continuity),
  ...estimateColumns("difference", difference),
});

/** @param records a table, one object a row, all with the same keys */
export function saveCsv(name, records) {
  const cell = (value) =>
    /[",\n]/.test(value ?? "") ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? "");
  const rows = [Object.keys(records[0]), ...records.map(Object.values)];
  offer(
    `${name}.csv`,
    new Blob([rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" }),
  );
}
