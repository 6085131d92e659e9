// A row of small buttons that save what a figure shows, one for each format.
import { html, nothing } from "../vendor/lit.js";
import { savePng, saveSvg } from "../download/figure/sheet.js";

/** Who is told what became of a file looks for the button that has the keyboard; some browsers give it to none. */
const press =
  (save) =>
  ({ currentTarget }) => {
    currentTarget.focus();
    save();
  };

/** @param ways `[format, save, title]` each */
export const saves = (what, ways, disabled = false) =>
  html`<div class="saves" role="group" aria-label="Save ${what}">
    <span class="small muted" aria-hidden="true">Save ${what}</span>
    ${ways.map(
      ([format, save, title]) =>
        html`<button data-save=${format} title=${title ?? nothing} ?disabled=${disabled} @click=${press(save)}>
          ${format}
        </button>`,
    )}
  </div>`;

/** The ways to save a figure, which is drawn when it is asked for. */
export const drawn = (name, draw) => [
  ["PNG", () => savePng(name, draw())],
  ["SVG", () => saveSvg(name, draw())],
];
