// Tables with a column for each model.
import { html } from "../vendor/lit.js";

/** What heads a table of both models and their difference. */
export const modelHead = (title, lanes) =>
  html`<thead>
    <tr>
      <th scope="col">${title}</th>
      ${lanes.map(({ id, label }) => html`<th scope="col" class=${id}>${label}</th>`)}
      <th scope="col">Difference</th>
    </tr>
  </thead>`;
