// What was read of own pictures, to be looked at before they are trained on: how many, which size and classes, what was
// left out.
import { html, css, nothing } from "../../vendor/lit.js";
import { OWN } from "../../user-data/own.js";
import { THUMBNAILS } from "./thumbnails.js";

/** @import { Own } from "../../user-data/own.js" */

/** Files and reasons that are named. */
const NAMED = 5;
const DIVIDED = "There was no test half: every fifth picture of a class became one.";

export const inventoryStyle = css`
  .inventory {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    grid-template-columns: minmax(0, 1fr);
  }
  .inventory h3 {
    margin: 0;
    font-size: 1rem;
    overflow-wrap: anywhere;
  }
  .inventory .classes {
    max-height: 24rem;
    overflow-y: auto;
    padding: 0;
    list-style: none;
  }
  .classes li {
    display: flex;
    gap: var(--space-2);
    align-items: center;
    padding: var(--space-1) 0;
    border-top: 1px solid var(--line);
  }
  .classes p {
    min-width: 0;
    flex: 1;
    overflow-wrap: anywhere;
    line-height: 1.3;
  }
  .thumbnails {
    display: flex;
    gap: 2px;
  }
  .thumbnails canvas {
    width: 2.1rem;
    height: 2.1rem;
    object-fit: contain;
    image-rendering: pixelated;
    border-radius: 3px;
    outline: 1px solid var(--line);
    outline-offset: -1px;
  }
  .inventory .left {
    overflow-wrap: anywhere;
  }
`;

const number = (n) => n.toLocaleString("en");

/** Files that were left out, those of one reason together. */
function leftOut(left) {
  const reasons = new Map();
  for (const file of left) reasons.get(file.why)?.push(file) ?? reasons.set(file.why, [file]);
  const groups = [...reasons].sort((a, b) => b[1].length - a[1].length);
  const named = ([why, files]) => {
    const paths = files
      .slice(0, NAMED)
      .map(({ path }) => path)
      .join(", ");
    return html`<li>
      ${files.length > 1 ? `${number(files.length)} × ` : ""}${why}: ${paths}${files.length > NAMED ? ", …" : ""}
    </li>`;
  };
  return html`<div class="notice left">
    <p>${number(left.length)} file${left.length > 1 ? "s were" : " was"} left out:</p>
    <ul>
      ${groups.slice(0, NAMED).map(named)}
      ${groups.length > NAMED ? html`<li>… and ${groups.length - NAMED} more reasons</li>` : nothing}
    </ul>
  </div>`;
}

/**
 * The card; `drawThumbnails` fills its canvases.
 * @param {Own} own
 */
export function inventory({
  name,
  classes,
  counts,
  train,
  test,
  height,
  width,
  dataset,
  divided,
  said = [],
  left = [],
}) {
  const sentences = [...said, ...(divided ? [DIVIDED] : [])];
  const kind = dataset === OWN.grey ? "in grey" : "in colour";
  const thumbnail = (label, i) => (nth) =>
    html`<canvas data-class=${i} data-nth=${nth} role="img" aria-label="${label}, picture ${nth + 1}"></canvas>`;
  const row = (label, i) =>
    html`<li>
      <span class="thumbnails">${[...Array(Math.min(THUMBNAILS, counts[i][0])).keys()].map(thumbnail(label, i))}</span>
      <p>
        <strong translate="no">${label}</strong><br />
        <span class="muted number">${number(counts[i][0])} to learn, ${number(counts[i][1])} to test</span>
      </p>
    </li>`;
  return html`<section class="inventory" aria-labelledby="inventory-title">
    <h3 id="inventory-title" translate="no">${name}</h3>
    <p>
      <strong>${number(train + test)} pictures of ${classes.length} classes</strong>, ${width}×${height} pixels,
      ${kind}: ${number(train)} to learn from and ${number(test)} to test on.
    </p>
    ${
      sentences.length
        ? html`<ul>
            ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
          </ul>`
        : nothing
    }
    <ul class="classes" tabindex="0" aria-label="Classes">
      ${classes.map(row)}
    </ul>
    ${left.length ? leftOut(left) : nothing}
  </section>`;
}
