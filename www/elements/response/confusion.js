// Which digit a colour is taken for, where digits were shown in the colours of others.
import { css, html } from "../../vendor/lit.js";
import { inUnit } from "../../lib/numbers.js";

export const confusionStyle = css`
  .pair {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
  }
  .confusion {
    font-size: var(--size-s);
    display: table;
    width: auto;
  }
  .confusion caption {
    color: var(--lane);
    font-weight: 700;
    text-align: left;
    padding-bottom: var(--space-1);
  }
  .confusion td,
  .confusion th {
    display: table-cell;
    width: auto;
    text-align: right;
    padding: 0.15rem 0.35rem;
    border: 0;
    min-width: 0;
  }
  .confusion tr {
    display: table-row;
  }
  .confusion thead {
    display: table-header-group;
  }
  .confusion tbody {
    display: table-row-group;
  }
  .confusion td {
    background: color-mix(in srgb, var(--ink) var(--share, 0%), transparent);
  }
  .share-1 {
    --share: 10%;
  }
  .share-2 {
    --share: 20%;
  }
  .share-3 {
    --share: 30%;
  }
  .share-4 {
    --share: 40%;
  }
  .share-5 {
    --share: 50%;
  }
  .confusion td::before {
    content: none;
  }
`;

/** How often each digit's colour, a row, is taken for each digit; `most` is the largest number of both models. */
function confusionTable({ id, label }, counts, classes, most) {
  const cell = (count) => html`<td class="number share-${Math.round((5 * count) / most)}">${count}</td>`;
  const line = (row, digit) =>
    html`<tr>
      <th scope="row">${classes[digit]}</th>
      ${row.map(cell)}
    </tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion by colour, ${label}">
    <table class="confusion">
      <caption class=${id}>
        ${label}
      </caption>
      <thead>
        <tr>
          <th scope="col">Colour of</th>
          ${classes.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${counts.map(line)}
      </tbody>
    </table>
  </div>`;
}

/**
 * Both models' tables.
 * @param {number[][][]} counts of each lane
 */
export function confusionSection(lanes, counts, { classes, color_ceiling: ceiling }) {
  const most = Math.max(...counts.flat(2), 1);
  return html`<section aria-label="Confusion by colour">
    <h3>Which digit a colour is taken for</h3>
    <p class="small muted">
      Digits in the colour of another digit: rows say whose colour, columns what the model answers. A model led by
      colour fills the diagonal. In training, colour alone would give ${inUnit("%")(ceiling)} of the answers away.
    </p>
    <div class="pair">${lanes.map((lane, i) => confusionTable(lane, counts[i], classes, most))}</div>
  </section>`;
}
