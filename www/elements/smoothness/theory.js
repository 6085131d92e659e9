// Does DS over variance meet the Jacobian? What was measured of it, in words and numbers.
import { html, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { differenceCell, isDefined, noNumber, quantityCell } from "../quantity.js";
import { modelHead } from "../table.js";

/** Noise at which the words say how far first order is off: that of the default P. */
const TRAINED_AT = 0.1;

const find = (rows, id) => rows?.find((row) => row.id === id);

const holds1 = (quantity) => isDefined(quantity) && quantity.low <= 1 && 1 <= quantity.high;
const excludes1 = (quantity) => isDefined(quantity) && !holds1(quantity);

const multiple = (quantity) =>
  isDefined(quantity)
    ? `${short(quantity.value)} (${short(quantity.low)} to ${short(quantity.high)})`
    : noNumber(quantity);

const ofBoth = ({ plain, continuity }, lanes) =>
  `${multiple(plain)} for the plain model and ${multiple(continuity)} for the other one (${lanes[1].words})`;

const NO_CONTEST = html`<td class="small muted" data-column="Difference">neither is better</td>`;

const KINKS =
  " Where that is not 1, pictures may lie on kinks of the network: in the small CNN, on a constant background, the" +
  " values that a max pooling chooses from are tied, and noise moves the largest of them, not the one that the" +
  " Jacobian follows.";

/** What the quotients say, whichever way they came out: sentences; none for results of earlier versions. */
export function theoryWords(value, lanes) {
  const [at, off] = ["quotient", "off-kinks-quotient"].map((id) => find(value.quotients, id));
  if (!at) return [];
  const far = value.off[value.sigmas.findIndex((sigma) => Math.abs(sigma - TRAINED_AT) < 1e-6)];
  const meets = holds1(off.plain) && holds1(off.continuity);
  return [
    `As σ falls, the output distance per unit of noise, DS / σ², tends to a multiple of ‖J‖²: ` +
      `${ofBoth(at, lanes)}, with 95 % intervals.` +
      (excludes1(at.plain) || excludes1(at.continuity) ? KINKS : ""),
    `For the same pictures moved off the kinks by noise of σ = ${short(value.moved)}, ` +
      `it tends to ${ofBoth(off, lanes)}` +
      (meets ? ": where the network is smooth, DS / σ² meets ‖J‖²." : "."),
    `At σ = ${TRAINED_AT} the multiple is ${ofBoth(far, lanes)}: by so much first order is off at that distance.`,
  ];
}

/** The same with a table. */
export function theory(value, lanes) {
  const words = theoryWords(value, lanes);
  if (!words.length) return nothing;
  const line = (label, row) =>
    html`<tr data-row=${row.id}>
      <th scope="row">${label}</th>
      ${lanes.map((lane) => quantityCell(row[lane.id], lane.label, "", value.n))}
      ${row.difference ? differenceCell(row.difference, "", value.n) : NO_CONTEST}
    </tr>`;
  const part = (name, limit, jacobian, quotient) =>
    html`<tbody>
      <tr>
        <th scope="rowgroup" colspan="4"><strong>${name}</strong></th>
      </tr>
      ${line(`DS / σ², σ = ${short(value.tiny_sigma)}`, limit)}${line("‖J‖²", jacobian)}
      ${line("DS / σ² over ‖J‖²", quotient)}
    </tbody>`;
  const [limit, offLimit, offJacobian] = ["limit", "off-kinks-limit", "off-kinks-jacobian"].map((id) =>
    find(value.limits, id),
  );
  return html`<section aria-label="Output distance per unit of noise, and the Jacobian" id="theory">
    <h3>Does the output distance per unit of noise meet the Jacobian?</h3>
    ${words.map((sentence) => html`<p>${sentence}</p>`)}
    <details>
      <summary>The numbers</summary>
      <table>
        ${modelHead("As σ falls", lanes)}
        ${part("At the pictures", limit, find(value.rows, "jacobian"), find(value.quotients, "quotient"))}
        ${part("Off their kinks", offLimit, offJacobian, find(value.quotients, "off-kinks-quotient"))}
      </table>
    </details>
  </section>`;
}

/**
 * The curve of DS over variance: it begins with the limit, beside which the Jacobian stands. Of results of earlier
 * versions it begins with the Jacobian.
 */
export function dsDrawing(value, points, xLabel) {
  const jacobian = find(value.rows, "jacobian");
  const limit = find(value.limits, "limit");
  if (!limit) return { points: [{ x: 0, ...jacobian }, ...points], xLabel: `${xLabel}; at 0: the exact ‖J‖²` };
  const mark = { ...jacobian, label: "at 0: the exact ‖J‖²" };
  return { points: [{ x: 0, ...limit }, ...points], xLabel: `${xLabel}; at 0: the limit`, mark };
}
