// A link as a QR code, for paper.

/**
 * The dark squares of a code as the path of a drawing, and how many squares it has a side, with the quiet zone.
 * @param {string} text
 */
export async function codeOf(text) {
  const { default: encode } = await import("../vendor/qr.js");
  const rows = encode(text, "raw", { ecc: "medium", border: 4 });
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join("");
  return { path, side: rows.length };
}
