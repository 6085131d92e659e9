// Defines <semantic-continuity-lab>, <semantic-continuity-nudge> and an element for every other figure. A page that
// loads this loads nothing more before somebody wants a figure.
import { FIGURES } from "../catalogue/figures.js";
import { Widget } from "./widget.js";

export { Widget };

/** @typedef {import("../catalogue/figures.js").Figure} Figure */

for (const figure of /** @type {Figure[]} */ (Object.keys(FIGURES))) {
  const name = `semantic-continuity-${figure}`;
  customElements.get(name) ??
    customElements.define(
      name,
      class extends Widget {
        static figure = figure;
      },
    );
}
