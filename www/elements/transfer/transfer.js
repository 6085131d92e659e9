// <scl-transfer>: both models moved to pictures by other hands, with few labels.
import { counted } from "../../lib/numbers.js";
import { html, nothing } from "../../vendor/lit.js";
import { shared, lab, modelTable } from "../style.js";
import { differenceCell, quantityCell } from "../quantity.js";
import { intervalsBelow, modelHead } from "../table.js";
import { modelsColumns, modelsText } from "../pair.js";
import { saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { datasetLabel, datasetOf } from "../../catalogue/datasets.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

const FROM_SCRATCH = "From scratch does not depend on the model: it is what moving one must beat.";
const SHOTS = [10, 50, 100, "all"];

export class TransferFigure extends StudyFigure {
  static styles = [shared, lab, modelTable, intervalsBelow];

  section = "transfer";
  #study;

  connectedCallback() {
    super.connectedCallback();
    this.#study ??= this.study("transfer", () => this.#task());
  }

  get #target() {
    return datasetOf((this.own?.settings ?? this.store.defaults).dataset)?.target;
  }

  #task() {
    const { modes: chosen, steps } = this.chosen;
    const modes = chosen === "probe" ? ["probe"] : ["probe", "fine-tune", "scratch"];
    const request = { modes, shots: SHOTS, images: 1000, steps, seed: this.store.state.settings.seed };
    return {
      kind: "transfer",
      request,
      combine: "transfers",
      trained: this.own,
      moveTo: this.#target,
      about: this.#target,
    };
  }

  render() {
    const { result } = this.#study;
    const target = this.#target;
    return html`<div class="panel">
      <div class="controls">${this.pairField(this.isBusy)} ${this.field("modes")}${this.field("steps")}</div>
      ${
        target
          ? html`<p class="small muted">Moved to ${datasetLabel(target)}.</p>
              ${this.bar(this.#study, "transfer", "Move both", { running: "Learning …" })}`
          : html`<p class="notice">
              No other set of pictures of the same kind ships for these models. Choose a pair for MNIST, Fashion-MNIST
              or emoji.
            </p>`
      }
      ${result ? this.#result(result) : nothing}
    </div>`;
  }

  #result(result) {
    const { value, request, models, settings, reports, about } = result;
    const lanes = this.store.lanes(settings);
    return html`<table>
        ${modelHead(`Accuracy on ${datasetLabel(about)}`, lanes)}
        <tbody>
          ${value.map(
            (row) =>
              html`<tr data-row=${row.id}>
                <th scope="row">${row.label}<br /><span class="small muted">${row.help}</span></th>
                ${lanes.map(({ id, label }) => quantityCell(row[id], label, row.unit))}
                ${differenceCell(row.difference, row.unit)}
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">
        n = ${reports[0].images.length}, ${counted(request.steps, "step")}, seed ${request.seed}; models:
        ${modelsText({ models, settings })}. Small: 95 % intervals over the pictures.
        ${request.modes.includes("scratch") ? FROM_SCRATCH : nothing}
      </p>
      ${saves("table", [
        ["CSV", () => this.#saveCsv(result)],
        ["JSON", () => saveJson("transfer", { request, target: about, models, settings, rows: value, reports })],
      ])}`;
  }

  #saveCsv({ value, request, models, settings, reports, about }) {
    saveCsv(
      "transfer",
      value.map((row) => ({
        target: about,
        part: row.id,
        steps: request.steps,
        n: reports[0].images.length,
        seed: request.seed,
        ...modelsColumns({ models, settings }),
        ...comparisonColumns(row),
      })),
    );
  }
}

export const register = () =>
  customElements.get("scl-transfer") ?? customElements.define("scl-transfer", TransferFigure);
