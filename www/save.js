// Saving what a figure shows: numbers as JSON, CSV or NumPy arrays, canvases as PNG.

/** Offers `blob` to the visitor under `name`. */
function offer(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saveJson = (name, value) => offer(`${name}.json`, new Blob([JSON.stringify(value, null, 1)], { type: "application/json" }));

export const saveBytes = (name, bytes) => offer(name, new Blob([bytes], { type: "application/octet-stream" }));

/** A NumPy file (format 1.0): little-endian f32 in C order. */
export function saveNpy(name, values, shape) {
  const describe = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
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

/** @param rows arrays of cells; the first one is the header */
export function saveCsv(name, rows) {
  const cell = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  offer(`${name}.csv`, new Blob([rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" }));
}

/** The canvases side by side on one picture, each at least `size` pixels high, pixels kept sharp. */
export function savePng(name, canvases, size = 0) {
  const gap = 8;
  const scaled = canvases.map((canvas) => ({ canvas, factor: Math.max(1, Math.round(size / canvas.height)) }));
  const sheet = document.createElement("canvas");
  sheet.width = scaled.reduce((sum, { canvas, factor }) => sum + canvas.width * factor + gap, -gap);
  sheet.height = Math.max(...scaled.map(({ canvas, factor }) => canvas.height * factor));
  const context = sheet.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.imageSmoothingEnabled = false;
  let x = 0;
  for (const { canvas, factor } of scaled) {
    context.drawImage(canvas, x, 0, canvas.width * factor, canvas.height * factor);
    x += canvas.width * factor + gap;
  }
  sheet.toBlob((blob) => blob && offer(`${name}.png`, blob));
}
