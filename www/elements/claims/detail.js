// Behind the claims: every measurement with its interval, p-value and raw data, the rule of the verdicts, more tables.
import { html, nothing } from "../../vendor/lit.js";
import { differenceIn, inUnit } from "../../lib/numbers.js";
import { endIn } from "./overview.js";
import { measurements } from "./summary.js";
import { mark, verdictWord } from "./verdict.js";

/** @import { Message } from "../../engine/client.js" */
/** @import { Links } from "./links.js" */

/** The lanes that the columns are named after. */
const USUAL = ["plain", "continuity"];

/** A p-value in words. */
const probability = (p) => (p < 0.0001 ? "< 0.0001" : p.toFixed(4));

const verdictOf = (id) => html`<span class="judged">${mark(id)} ${verdictWord(id)}</span>`;

/**
 * @param {Message} claim
 * @param {Links} links
 */
export function measurementsOf({ text, note, rows, explorations }, links) {
  const all = [...rows, ...explorations];
  const has = {
    limit: rows.some((row) => row.threshold !== null),
    baselines: all.some((row) => row.baseline),
    references: all.some((row) => row.reference_means.length),
  };
  const width = 6 + Number(has.baselines) + Number(has.references);
  return html`${note ? html`<p class="small muted">${note}</p>` : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label=${text}>
      <table>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">Plain</th>
            <th scope="col">${has.limit ? "Threshold" : "Constraint"}</th>
            <th scope="col">${has.limit ? "Plain minus threshold" : "Constraint minus plain"}</th>
            <th scope="col">p (Holm)</th>
            ${has.baselines ? html`<th scope="col">Best baseline</th>` : nothing}
            ${has.references ? html`<th scope="col">Costlier reference</th>` : nothing}
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => measurement(row, has, links))}
        </tbody>
        ${
          explorations.length
            ? html`<tbody class="explorations">
                <tr>
                  <th scope="rowgroup" colspan=${width}>Explorations: looked at afterwards, they decide nothing</th>
                </tr>
                ${explorations.map((row) => measurement(row, has, links))}
              </tbody>`
            : nothing
        }
      </table>
    </div>`;
}

function measurement(row, has, links) {
  const { group, plain, continuity, difference, p, p_holm, baseline, verdict } = row;
  const number = inUnit(row.unit);
  const end = endIn(row.unit);
  const lane = (name, mean) => links.raw(group, name, mean ? number(mean.value) : "–");
  const named = (name, mean) =>
    html`${lane(name, mean)}<br /><span class="muted">${links.settings(group, name, name)}</span>`;
  const side = (name, mean) => (USUAL.includes(name) ? lane(name, mean) : named(name, mean));
  return html`<tr>
    <th scope="row">${row.label}, <span class="muted">${group}</span></th>
    <td class="number">${side(plain, row.plain_mean)}</td>
    <td class="number">${has.limit ? number(row.threshold) : side(continuity, row.continuity_mean)}</td>
    <td class="number">
      ${
        difference
          ? html`${differenceIn(row.unit)(difference.value)}
              <span class="muted">${end(difference.low)} to ${end(difference.high)}</span>`
          : html`– <span class="muted">undefined: ${row.undefined}</span>`
      }
    </td>
    <td class="number">
      ${p === null ? "–" : probability(p)}${
        p_holm === null ? nothing : html` <span class="muted">(${probability(p_holm)})</span>`
      }
    </td>
    ${has.baselines ? html`<td class="number">${baseline ? named(...baseline) : nothing}</td>` : nothing}
    ${
      has.references
        ? html`<td class="number">
            ${row.reference_means.map((reference) => html`<div>${named(...reference)}</div>`)}
          </td>`
        : nothing
    }
    <td>
      ${verdict ? verdictOf(verdict) : html`<span class="muted">exploration</span>`}${
        has.limit ? nothing : html` <span class="small">${links.settings(group, continuity, "try it")}</span>`
      }
    </td>
  </tr>`;
}

/**
 * How a row and a claim come to their verdict, and how to find it again.
 * @param {Message} table
 * @param {Links} links
 */
export function rule(table, links) {
  const { seeds, claims, command, made_by, remade } = table;
  const again = Object.entries(remade ?? {});
  return html`<details id="rule">
    <summary>How this is decided, and how to run it again</summary>
    <p class="small muted">
      In the table of claims stands the first measurement of each that has a value. Its baseline costs about as much as
      the constraint, and is the best one there by its mean; it does as well unless the 95 % interval of its difference
      from the constraint, paired by seed, lies on the constraint’s better side.
    </p>
    <p class="small muted">
      Seeds ${seeds.join(", ")}, each with its own start, its own training and its own draw of test pictures. Of the 202
      emoji saliency is measured on 24 and smoothness on 80; all else there, and on the sets that models are moved to,
      evaluates nearly all pictures every time: those intervals cover the luck of training, not the choice of pictures.
      Differences are the constraint minus plain (for the first claim plain minus the threshold), paired by seed, with
      Student’s 95 % interval; between shares they are in points. Among ${measurements(claims).length} intervals some
      exclude 0 by chance alone, so the verdict uses the p-value of the paired t-test, adjusted by Holm’s method for all
      rows of a claim. Below 0.05 a row is <em>supported</em> when the mean lies on the better side of 0,
      <em>contradicted</em> when it lies on the other; else it is <em>inconclusive</em>; it is <em>undefined</em>, and
      counts as p = 1, when a number has no value or all seeds differ by the same amount. A claim is what all its rows
      are, mixed when they are not all the same; undefined rows do not count there.
    </p>
    <p class="small muted">
      Rows were written down before these seeds were run; what lost stays. Not before anything was seen: α, P and the
      learning rate were chosen on held-out training pictures, the radius for emoji after a first look. The adjustment
      came later; it took verdicts away and gave none. Last, the rule for a claim was made the same in both directions,
      which turned transfer from contradicted to mixed. Explorations were looked at afterwards and decide nothing.
    </p>
    <p class="small muted">
      Made by <code>${command}</code> at commit <code>${made_by.commit.slice(0, 10)}</code>${
        again.length
          ? html`; ${again.length} of the cells, in which a number has no value on some picture, again at
              <code>${again[0][1].commit.slice(0, 10)}</code>, with all other numbers the same bit for bit`
          : nothing
      }. <a href=${links.csv} target="_blank">All numbers as CSV</a>.
    </p>
  </details>`;
}

/**
 * @param {Message} table
 * @param {Links} links
 */
export const moreTables = ({ tables, seeds }, links) =>
  tables.length
    ? html`<details id="more">
        <summary>More from the same study: ${tables.length} tables</summary>
        ${tables.map((each) => sheet(each, seeds.length, links))}
      </details>`
    : nothing;

function sheet({ id, title, note, group, lanes, column, means }, seeds, links) {
  const cell = (mean, { unit }) => {
    const number = inUnit(unit);
    const half = (mean) => endIn(unit)((mean.high - mean.low) / 2).replace("+", "");
    const text = (mean) => html`${number(mean.value)} <span class="muted">± ${half(mean)}</span>`;
    return html`<td class="number">${mean ? text(mean) : "–"}</td>`;
  };
  return html`<details id="table-${id}">
    <summary>${title}</summary>
    <p class="small muted">${note} ${group}; mean over ${seeds} seeds ± half of a 95 % interval.</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            ${column.map(({ label }) => html`<th scope="col">${label}</th>`)}
            <th scope="col">Data</th>
          </tr>
        </thead>
        <tbody>
          ${lanes.map(
            (lane, i) =>
              html`<tr>
                <th scope="row">${links.settings(group, lane, lane)}</th>
                ${column.map((each, k) => cell(means[i][k], each))}
                <td>${links.raw(group, lane, "JSON")}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
