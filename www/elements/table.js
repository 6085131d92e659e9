// Tables with a column for each model.
import { css, html } from "../vendor/lit.js";

/** What heads a table of both models and their difference. */
export const modelHead = (title, lanes) =>
  html`<thead>
    <tr>
      <th scope="col">${title}</th>
      ${lanes.map(({ id, label }) => html`<th scope="col" class=${id}>${label}</th>`)}
      <th scope="col">Difference</th>
    </tr>
  </thead>`;

/** Intervals stand below their numbers, in a line each, where a table is one. */
export const intervalsBelow = css`
  @container (width > 37.5rem) {
    td .small {
      display: block;
      white-space: nowrap;
    }
  }
`;
