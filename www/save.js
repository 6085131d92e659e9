// Saving what a figure shows: numbers as JSON or CSV, canvases as PNG.

/** Offers `blob` to the visitor under `name`. */
function offer(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saveJson = (name, value) => offer(`${name}.json`, new Blob([JSON.stringify(value, null, 1)], { type: "application/json" }));

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
