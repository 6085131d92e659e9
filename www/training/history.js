// The history of a lane as the browser's store keeps it: a column of numbers for each value of a record. A store copies
// columns as it copies bytes; a record a step it would go through one by one, while the page waits.

/** @import { Record as StepRecord } from "semantic-continuity-lab/engine" */

/**
 * @param {StepRecord[]} history
 * @returns {Record<string, Float64Array>} what is missing is NaN
 */
export function toColumns(history) {
  return Object.fromEntries(
    Object.keys(history[0] ?? {}).map((name) => {
      const column = new Float64Array(history.length);
      for (let i = 0; i < column.length; i++) column[i] = history[i][name] ?? NaN;
      return [name, column];
    }),
  );
}

/**
 * The records of such columns. Anything else is given back as it is: earlier versions of the page stored records, and
 * who reads them says what cannot be.
 */
export function toRecords(stored) {
  const isColumn = (column) => column instanceof Float64Array;
  const areColumns =
    Object.prototype.toString.call(stored) === "[object Object]" && Object.values(stored).every(isColumn);
  if (!areColumns) return stored;
  const columns = Object.entries(stored);
  const length = Math.max(0, ...columns.map(([, column]) => column.length));
  return Array.from({ length }, (_, i) => {
    const record = {};
    for (const [name, column] of columns) record[name] = Number.isNaN(column[i]) ? null : column[i];
    return record;
  });
}
