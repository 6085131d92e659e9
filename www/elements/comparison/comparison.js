// <scl-comparison>: both models evaluated on the same test images, with intervals, and what that shows in words.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { counted, short } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { differenceCell, quantityCell } from "../quantity.js";
import { saves } from "../saves.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

/** @import { Comparison } from "semantic-continuity-lab/engine" */
/** @import { Settings } from "../../engine/client.js" */
/** @import { With } from "../section.js" */

/** Shown until a row has its numbers. */
const ROWS = {
  clean: "Clean accuracy",
  noise: "Accuracy under noise",
  flip: "Flip rate under P",
  "normalised-ds": "Normalised DS",
  fgsm: "FGSM accuracy",
  pgd: "PGD-20 accuracy",
  robust: "Robust accuracy",
};

/**
 * @typedef {object} Properties
 * @property {Comparison} comparison
 * @property {Settings} settings
 * @property {{ done: number, units: number }[]} evaluated
 * @property {string} second
 */

export class ComparisonTable extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    comparison: { attribute: false },
    settings: { attribute: false },
    evaluated: { attribute: false },
    /** Name of the second lane. */ second: {},
  };

  static styles = [
    shared,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      caption {
        text-align: left;
        padding-bottom: var(--space-2);
      }
      th,
      td {
        padding: var(--space-2);
        text-align: right;
        border-bottom: 1px solid var(--line);
        vertical-align: top;
      }
      th[scope="row"],
      thead th:first-child {
        text-align: left;
        font-weight: 400;
        min-width: 9.5em;
      }
      th[scope="row"] strong {
        display: block;
      }
      thead th.plain,
      thead th.continuity {
        color: var(--lane);
        border-bottom: 3px solid var(--lane);
      }
      td {
        white-space: nowrap;
      }
      .interval {
        display: block;
      }
      .verdict {
        white-space: normal;
        min-width: 6em;
      }
      .sentence {
        font-size: var(--size-m);
        margin: var(--space-3) 0;
        max-width: 46rem;
      }
      h3 {
        margin-top: var(--space-3);
      }
      ul {
        padding-left: 1.2em;
        max-width: 46rem;
      }
      @container (max-width: 37.5rem) {
        thead {
          display: none;
        }
        table,
        caption,
        tbody,
        tr,
        th[scope="row"],
        td {
          display: block;
          width: 100%;
          text-align: left;
          border: 0;
          padding: 0.1rem 0;
          white-space: normal;
        }
        tr {
          border-bottom: 1px solid var(--line);
          padding: var(--space-2) 0;
        }
        td::before {
          content: attr(data-column) ": ";
          color: var(--muted);
        }
        .interval {
          display: inline-block;
        }
      }
    `,
  ];

  #verdict({ verdict }) {
    const second = this.second === "With the constraint" ? "constraint" : this.second;
    const words = { plain: "plain better", continuity: `${second} better`, unclear: "too close to call" };
    return words[verdict] ?? "undefined";
  }

  #sentence() {
    return html`<p class="sentence" role="status"><strong>What it shows.</strong> ${this.comparison.sentence}</p>`;
  }

  /** What made the table. */
  get #made() {
    const { seed, n } = this.comparison;
    const { dataset, architecture, alpha, steps } = this.settings;
    return (
      `${dataset}, ${architecture}, α = ${short(alpha)}, ${counted(steps, "step")}, seed ${seed}: ` +
      `the same ${n} test images for both; in small print the 95 % interval.`
    );
  }

  get #progress() {
    const [done, units] = (this.evaluated ?? []).reduce(([a, b], { done, units }) => [a + done, b + units], [0, 0]);
    return units
      ? `Evaluating both models on the same test images: ${Math.round((100 * done) / units)} %.`
      : "Filled in when both lanes have finished training.";
  }

  /** A row that is still to come. */
  #awaited(label) {
    const columns = ["Plain", this.second, "Difference", "Verdict"];
    return html`<tr>
      <th scope="row"><strong>${label}</strong></th>
      ${columns.map((column) => html`<td data-column=${column} class="muted">…</td>`)}
    </tr>`;
  }

  render() {
    const { comparison } = this;
    const finished = Boolean(comparison?.sentence);
    return html`${finished ? this.#sentence() : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="Both models evaluated">
        <table>
          <caption class="small muted">
            ${finished ? this.#made : this.#progress}
          </caption>
          <thead>
            <tr>
              <th scope="col">Measured</th>
              <th scope="col" class="plain">Plain</th>
              <th scope="col" class="continuity">${this.second}</th>
              <th scope="col">Difference</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            ${Object.entries(ROWS).map(([id, label]) => {
              const row = comparison?.rows.find((row) => row.id === id);
              // A run that was saved by an older version may lack a row for good.
              if (finished && !row) return nothing;
              return row ? this.#row(row) : this.#awaited(label);
            })}
          </tbody>
        </table>
      </div>
      ${
        finished
          ? saves("table", [
              ["CSV", () => this.#saveCsv()],
              ["JSON", () => saveJson("comparison", { settings: this.settings, comparison })],
            ])
          : nothing
      }
      ${
        finished
          ? html`<h3>Keep in mind</h3>
              <ul class="small">
                ${comparison.notes.map((note) => html`<li>${note}</li>`)}
              </ul>`
          : nothing
      }`;
  }

  #saveCsv() {
    const settings = Object.entries(this.settings)
      .map((pair) => pair.join("="))
      .join(" ");
    saveCsv(
      "comparison",
      this.comparison.rows.map(({ id, label, unit, better, verdict, plain, continuity, difference }) => ({
        id,
        label,
        unit,
        better,
        n: this.comparison.n,
        seed: this.comparison.seed,
        settings,
        ...comparisonColumns({ plain, continuity, difference }),
        verdict,
      })),
    );
  }

  #row(row) {
    const { n } = this.comparison;
    return html`<tr data-row=${row.id}>
      <th scope="row">
        <strong>${row.label}</strong
        ><span class="small muted">${row.help} ${row.better === "higher" ? "Higher" : "Lower"} is better.</span>
      </th>
      ${quantityCell(row.plain, "Plain", row.unit, n)}${quantityCell(row.continuity, this.second, row.unit, n)}
      ${differenceCell(row.difference, row.unit, n)}
      <td class="verdict" data-column="Verdict">${this.#verdict(row)}</td>
    </tr>`;
  }
}

export const registerComparison = () =>
  customElements.get("scl-comparison") ?? customElements.define("scl-comparison", ComparisonTable);
