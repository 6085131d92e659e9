// A number of a report: an estimate with its interval, or none and why.
import { html } from "../vendor/lit.js";
import { differenceIn, inUnit, short } from "../lib/numbers.js";

/** Whether there is a number. */
export const isDefined = (quantity) => Number.isFinite(quantity?.value);

/** What stands in the place of a number that is none; files of earlier versions do not say why. */
export const noNumber = (quantity) => ["–, undefined", quantity?.undefined].filter(Boolean).join(": ");

/** Over how many pictures it is taken, where some of `all` have no value. */
const over = ({ n }, all) => (n < all ? `, n = ${n}` : "");

function cell(quantity, column, all, number, bound) {
  const { value, low, high } = quantity;
  return html`<td class="number" data-column=${column}>
    ${
      isDefined(quantity)
        ? html`${number(value)}
            <span class="interval small muted">${bound(low)} to ${bound(high)}${over(quantity, all)}</span>`
        : html`–<span class="reason small muted">${noNumber(quantity).slice(1)}</span>`
    }
  </td>`;
}

/**
 * A quantity of one model as a cell of a table.
 * @param all number of pictures of the table
 */
export function quantityCell(quantity, column, unit, all) {
  return cell(quantity, column, all, inUnit(unit), unit === "%" ? inUnit(unit) : short);
}

/** A difference of both models as a cell, with its sign; of shares in points. */
export function differenceCell(quantity, unit, all) {
  const number = differenceIn(unit);
  return cell(quantity, "Difference", all, number, (x) => number(x).split("\u00a0")[0]);
}
