// The masking checks of both models: what each says, all of them as a table, and as records of a file.
import { html } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";
import { isDefined, noNumber } from "../quantity.js";
import { modelsColumns } from "../pair.js";
import { budgetOf } from "../../catalogue/attacks.js";
import { estimateColumns } from "../../download/save.js";

const LIGHTS = { green: ["●", "passes"], yellow: ["◆", "inconclusive"], red: ["▲", "suspicious"] };

/**
 * How far a check is off. Every check asks on which side of 0 a difference lies: on the other one it is as it should
 * be, however far.
 */
function excessText({ light, excess, tolerance }) {
  if (!isDefined(excess)) return `Off by ${noNumber(excess)}.`;
  const { value, low, high } = excess;
  const [near, far] = value < 0 ? [-high, -low] : [low, high];
  const points = (share) => percent(share, 1).replace("%", "points");
  const range = `${points(Math.abs(value))} (95 % interval ${points(near)} to ${points(far)})`;
  if (value >= 0) return `Off by ${range}; tolerated: ${points(tolerance)}.`;
  return light === "yellow" ? "" : `Not off: ${range} on the right side.`;
}

function checkCell(check, column) {
  const [sign, words] = LIGHTS[check.light];
  return html`<td data-column=${column}>
    <span class="light ${check.light}"><span aria-hidden="true">${sign}</span> ${words}</span><br />
    <span class="small muted">${check.evidence} ${excessText(check)}</span>
  </td>`;
}

/** What the checks of one model say together. */
function checksWords(checks) {
  const count = (light) => checks.filter((check) => check.light === light).length;
  const [red, yellow, green] = ["red", "yellow", "green"].map(count);
  const all = checks.length;
  if (red) return `${red} of ${all} suspicious: do not believe its robust accuracy before that is explained`;
  if (yellow === all) return "nothing can be said";
  return `${green} of ${all} pass${yellow ? `, ${yellow} inconclusive` : ""}`;
}

/** All checks, a line each, with what they say together; `second` is what the second lane is called. */
export function checksTable({ plain, continuity }, second, isOpen) {
  const line = (check, i) =>
    html`<tr data-check=${check.id}>
      <th scope="row">${check.claim}</th>
      ${checkCell(check, "Plain")}${checkCell(continuity[i], second)}
    </tr>`;
  return html`<p id="masking-verdict">Plain: ${checksWords(plain)}. ${second}: ${checksWords(continuity)}.</p>
    <details ?open=${isOpen}>
      <summary>All ${plain.length} checks</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">An honest model …</th>
            <th scope="col" class="plain">Plain</th>
            <th scope="col" class="continuity">${second}</th>
          </tr>
        </thead>
        <tbody>
          ${plain.map(line)}
        </tbody>
      </table>
    </details>`;
}

/** The same as records, one a check and model. */
export function checkRecords({ value, about, reports, models, settings }) {
  const { norm, epsilon } = budgetOf(about);
  return ["plain", "continuity"].flatMap((id) =>
    value[id].map(({ id: check, claim, light, evidence, excess, tolerance }) => ({
      norm,
      epsilon,
      steps: about.steps,
      queries: about.queries,
      n: reports[0].images.length,
      seed: reports[0].seed,
      ...modelsColumns({ models, settings }),
      model: id,
      check,
      claim,
      light,
      ...estimateColumns("off by", excess),
      tolerance,
      evidence,
    })),
  );
}
