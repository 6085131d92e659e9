// What the figure about explanations draws beside its maps: the scale, how much stays, and the colours in words.
import { html, svg, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { opacityOf } from "./overlay.js";

/** A colour of the maps, in a sentence. */
export const swatch = (name) =>
  svg`<svg class="swatch ${name}" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" /></svg>`;

/** A share as a length, with the range around it: `summary` of overlay.js. */
export const bar = (stays) =>
  svg`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    ${
      stays
        ? svg`<rect width=${100 * stays.average} height="10" />
          <rect class="range" x=${100 * stays.low} y="4" width=${100 * (stays.high - stays.low)} height="2" />`
        : nothing
    }
  </svg>`;

/** Places on a scale from −1 to 1. */
const STOPS = Array.from({ length: 21 }, (_, i) => (i - 10) / 10);

const stop = (at) =>
  svg`<stop class=${at > 0 ? "for" : "against"} offset=${(at + 1) / 2} stop-opacity=${opacityOf(at, 1)} />`;

/** The colours from against to for, as opaque as on the map, and what their ends stand for. */
export const scale = (id, reach) =>
  html`<div class="scale small muted">
    <span><span class="hidden">Colours reach from </span>${reach ? short(-reach) : "–"}</span>
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <defs>
        <linearGradient id="scale-${id}">${STOPS.map(stop)}</linearGradient>
      </defs>
      <rect width="100" height="10" fill="url(#scale-${id})" />
    </svg>
    <span><span class="hidden">to </span>${reach ? `+${short(reach)}` : "–"}</span>
  </div>`;
