// How much of what is loaded first is there.
import { html, nothing } from "../vendor/lit.js";

/** @param load `{ done, total }` in megabytes, or nothing. It changes often, so no screen reader follows it. */
export const loaded = (load) =>
  load
    ? html`<span class="number" aria-hidden="true"
        >${Math.min(load.done, load.total).toFixed(1)} of about ${load.total.toFixed(1)} MB loaded</span
      >`
    : nothing;
