// Runs that were under way when their tab was closed, reloaded or crashed: to be gone on with, saved or discarded.
import { html, nothing } from "../../vendor/lit.js";
import { attempt } from "../attempt.js";
import { asError } from "../../engine/client.js";
import { isDamage } from "../../training/damage.js";
import { inWords } from "../../training/run.js";

/** @import { Left } from "../../training/under-way.js" */
/** @import { TrainFigure } from "./train.js" */

export class LeftRuns {
  #host;
  /** Why one could not be gone on with, saved or discarded. */
  #problem = null;
  /** The one that the visitor was about to discard. */
  #doomed = null;

  /** @param {TrainFigure} host */
  constructor(host) {
    this.#host = host;
  }

  render(busy) {
    const left = this.#host.store.state.runs?.left ?? [];
    const problem = this.#problem;
    return html`${left.map((run) => this.#offer(run, busy))}
    ${problem ? html`<p class="notice" role="alert" id="left-problem">${problem}</p>` : nothing}`;
  }

  /** @param {Left} run */
  #offer(run, busy) {
    const goOn = () =>
      html`<button data-do="go-on" ?disabled=${busy} @click=${() => this.#goOn(run)}>Go on with it</button>`;
    const save = () => html`<button data-do="save" @click=${() => this.#save(run)}>Save it</button>`;
    return html`<div class="notice left" role="status" data-left=${run.id}>
      <p>${run.record ? this.#wasUnderWay(run.record) : this.#unread(run.problem)}</p>
      <p class="row">
        ${run.record ? goOn() : nothing} ${run.found ? save() : nothing}
        <button data-do="discard" @click=${() => this.#discard(run)} @blur=${() => this.#doom(null)}>
          ${this.#doomed === run.id ? "Really discard it" : "Discard it"}
        </button>
      </p>
    </div>`;
  }

  #wasUnderWay({ settings, lanes }) {
    const step = Math.min(...lanes.map((lane) => lane.step));
    const which = `A run with ${inWords(this.#host.store, settings)}`;
    return `${which} was under way at step ${step} of ${settings.steps} when its tab was left.`;
  }

  #unread(problem) {
    const what = isDamage(problem) ? "is damaged" : "cannot be read now";
    return `A run was under way when its tab was left, and ${what}. ${asError(problem).message}`;
  }

  async #try(work) {
    this.#tell(null);
    this.#tell(await attempt(work));
  }

  #tell(problem) {
    this.#problem = problem;
    this.#host.requestUpdate();
  }

  #goOn(run) {
    return this.#try(() => this.#host.runs.goOn(run));
  }

  #save(run) {
    return this.#try(async () => {
      const { saveRun } = await import("../../training/saved-run.js");
      await saveRun({ name: "Under way", ...run });
    });
  }

  #discard(run) {
    if (this.#doomed !== run.id) return this.#doom(run.id);
    this.#doom(null);
    this.#try(() => this.#host.runs.discard(run));
  }

  #doom(id) {
    this.#doomed = id;
    this.#host.requestUpdate();
  }
}
