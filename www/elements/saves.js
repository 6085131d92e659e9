// A row of small buttons that save what a figure shows, one for each format.
import { html, nothing } from "../vendor/lit.js";
import { savePng, saveSvg } from "../figure/sheet.js";

/** @param ways `[format, save, title]` each */
export const saves = (what, ways, disabled = false) => html`<div class="saves" role="group" aria-label="Save ${what}">
  <span class="small muted" aria-hidden="true">Save ${what}</span>
  ${ways.map(([format, save, title]) => html`<button data-save=${format} title=${title ?? nothing} ?disabled=${disabled} @click=${({ currentTarget }) => { currentTarget.focus(); save(); }}>${format}</button>`)}</div>`;

/** The ways to save a figure, which is drawn when it is asked for. */
export const drawn = (name, draw) => [["PNG", () => savePng(name, draw())], ["SVG", () => saveSvg(name, draw())]];
