// <scl-runs>: the runs that are kept: open one again, lay its curves over the present ones, save it as a file, open a
// file.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { percent } from "../../lib/numbers.js";
import { shared, modelTable } from "../style.js";
import { attempt } from "../attempt.js";
import { asError } from "../../engine/client.js";
import { chosen, dropped } from "../../user-data/files.js";
import { isDamage } from "../../training/damage.js";
import { inWords } from "../../training/run.js";

/** @import { Store } from "../../app/store.js" */
/** @import { Runs } from "../../training/runs.js" */
/** @import { With } from "../section.js" */

/** How runs are read from files and written to them; nobody else needs it. */
const savedRuns = () => import("../../training/saved-run.js");
const BUSY = ["preparing", "training", "evaluating"];
/**
 * Rows of the comparison that the list shows.
 * @type {[string, string][]}
 */
const SHOWN = [
  ["clean", "Clean accuracy"],
  ["robust", "Robust accuracy"],
];

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {Runs} runs
 * @property {string} problem
 * @property {string} doomed
 * @property {boolean} over
 */

export class KeptRuns extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    runs: { attribute: false },
    problem: { state: true },
    /** The run whose deletion was asked for and not yet confirmed. */
    doomed: { state: true },
    over: { state: true },
  };

  static styles = [
    shared,
    modelTable,
    css`
      .card {
        display: grid;
        gap: var(--space-2);
        grid-template-columns: minmax(0, 1fr);
      }
      .card.over {
        outline: 3px dashed var(--focus);
      }
      table {
        font-size: var(--size-s);
      }
      .settings {
        overflow-wrap: anywhere;
      }
      input[type="text"] {
        width: 100%;
        min-width: 7em;
      }
      td.actions {
        min-width: 11em;
      }
      .scroll {
        overflow-x: auto;
      }
      input[type="checkbox"] {
        width: 1.2rem;
        height: 1.2rem;
      }
    `,
  ];

  #changed = (event) => {
    if (event.detail.includes("runs") || event.detail.includes("run")) this.requestUpdate();
  };

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
  }

  async #try(work) {
    this.problem = null;
    this.problem = await attempt(work);
  }

  #save(entry) {
    return this.#try(async () => (await savedRuns()).saveRun(entry));
  }

  /** The files that a visitor chose or dropped, `{ path, file }` each: zip files, or those of an unpacked run. */
  take(files) {
    return this.#try(async () => {
      const { readRuns } = await savedRuns();
      const list = [...(await files)].map((file) => (file instanceof File ? { path: file.name, file } : file));
      for (const run of await readRuns(list, this.store.defaults)) await this.runs.take(run);
    });
  }

  #drop(event) {
    event.preventDefault();
    this.over = false;
    if (!this.#isBusy) this.take(dropped(event.dataTransfer));
  }

  get #isBusy() {
    return BUSY.includes(this.store.state.run.phase);
  }

  /** What the list promises: no more than the browser has confirmed. */
  #promise({ lasting, trouble }) {
    switch (lasting) {
      case true:
        return (
          ", in this browser and nowhere else, " +
          (trouble ? "except those that are “only in this tab”" : "also when you come back")
        );
      case false:
        return " as long as the page is open; this browser does not let it store more";
      default:
        return " as long as the page is open";
    }
  }

  render() {
    const { kept, trouble } = this.store.state.runs;
    const { phase } = this.store.state.run;
    const busy = this.#isBusy;
    return html`<section
      class="card ${this.over ? "over" : ""}"
      aria-labelledby="title"
      @dragover=${(event) => {
        event.preventDefault();
        this.over = true;
      }}
      @dragleave=${() => (this.over = false)}
      @drop=${(event) => this.#drop(event)}
    >
      <h3 id="title">Your runs</h3>
      <p class="small muted">
        Finished runs are kept here${this.#promise(this.store.state.runs)}. A saved file holds settings, curves, results
        and both models; open or drop it here to continue.
      </p>
      <div class="row">
        <button id="keep" ?disabled=${busy || phase === "idle"} @click=${() => this.#try(() => this.runs.keep())}>
          Keep the present run
        </button>
        <button
          id="open-file"
          ?disabled=${busy}
          @click=${() => /** @type {HTMLElement} */ (this.renderRoot.querySelector("#file")).click()}
        >
          Open a saved run …
        </button>
        <input
          id="file"
          type="file"
          multiple
          accept=".zip,.json,.safetensors,application/zip"
          class="hidden"
          tabindex="-1"
          aria-label="Saved run"
          @change=${({ target }) => {
            this.take(chosen(target.files));
            target.value = "";
          }}
        />
      </div>
      ${trouble ? html`<p class="notice" role="alert" id="trouble">${trouble}</p>` : nothing}
      ${this.problem ? html`<p class="notice" role="alert" id="problem">${this.problem}</p>` : nothing}
      ${kept.length ? this.#table(kept, busy) : html`<p class="small muted">None yet.</p>`}
    </section>`;
  }

  #table(kept, busy) {
    const present = this.store.state.run.kept;
    const results = SHOWN.map(([, label]) => html`<th scope="col">${label}: plain, second lane</th>`);
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Kept runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Settings</th>
            ${results}
            <th scope="col">Curves</th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          ${kept.map((entry) => this.#row(entry, busy, entry.id === present))}
        </tbody>
      </table>
    </div>`;
  }

  #remove({ id }, { detail }) {
    if (this.doomed !== id) return (this.doomed = id);
    // The second click of a double one confirms nothing.
    if (detail > 1) return;
    this.doomed = null;
    this.#try(() => this.runs.remove(id));
  }

  #actions(entry, open) {
    const remove = this.doomed === entry.id ? "Really delete" : "Delete";
    return html`<td class="actions" data-column="Actions">
      <div class="saves">
        ${open}
        <button data-do="save" @click=${() => this.#save(entry)}>Save</button>
        <button
          data-do="delete"
          @keydown=${(event) => event.repeat && event.preventDefault()}
          @click=${(event) => this.#remove(entry, event)}
          @blur=${() => (this.doomed = null)}
        >
          ${remove}
        </button>
      </div>
    </td>`;
  }

  /** An entry that cannot be read: it can be saved as it is, and deleted. */
  #damaged(entry) {
    const { message } = asError(entry.problem);
    const what = isDamage(entry.problem) ? "Damaged: this run cannot be opened." : "Cannot be read now.";
    return html`<tr data-run=${entry.id} data-damaged>
      <th scope="row">${entry.name}</th>
      <td class="settings" data-column="Settings" colspan=${SHOWN.length + 2}><strong>${what}</strong> ${message}</td>
      ${this.#actions(entry, nothing)}
    </tr>`;
  }

  #row(entry, busy, present) {
    if (!entry.record) return this.#damaged(entry);
    const {
      id,
      name,
      record: { settings, comparison, lanes },
      shown,
    } = entry;
    const step = Math.min(...lanes.map((lane) => lane.step));
    const at = comparison ? nothing : html`; <strong>at step ${step} of ${settings.steps}</strong>`;
    const find = (id) => comparison?.rows.find((row) => row.id === id);
    const cell = ([key, label]) => {
      // Runs of older versions were evaluated by PGD alone.
      const row = find(key) ?? (key === "robust" ? find("pgd") : undefined);
      const by = row && row.id !== key ? html` <span class="small muted">PGD-20 alone</span>` : nothing;
      const numbers = row ? html`${percent(row.plain.value, 1)}, ${percent(row.continuity.value, 1)}${by}` : "–";
      return html`<td class="number" data-column=${label}>${numbers}</td>`;
    };
    const rename = ({ target }) => {
      this.#try(() => this.runs.rename(id, target.value.trim()));
      target.value = target.value.trim() || name;
    };
    const open = html`<button data-do="open" ?disabled=${busy} @click=${() => this.#try(() => this.runs.open(entry))}>
      ${present ? "Open again" : "Open"}
    </button>`;
    // Where nothing is stored at all the list says so once.
    const only = !entry.stored && this.store.state.runs.lasting !== false;
    return html`<tr data-run=${id} aria-current=${present ? "true" : nothing}>
      <th scope="row">
        <input type="text" aria-label="Name of the run" maxlength="60" .value=${name} @change=${rename} />
        ${only ? html`<span class="small only">only in this tab</span>` : nothing}
      </th>
      <td class="settings" data-column="Settings">
        ${this.store.lanes(settings)[1].label}; ${inWords(this.store, settings)}${at}
      </td>
      ${SHOWN.map(cell)}
      <td data-column="Curves">
        <label class="small"
          ><input
            type="checkbox"
            data-do="overlay"
            .checked=${shown}
            @change=${({ target }) => this.runs.overlay(id, target.checked)}
          /><span class="hidden">Curves of ${name} behind the present ones</span></label
        >
      </td>
      ${this.#actions(entry, open)}
    </tr>`;
  }
}

export const registerRuns = () => customElements.get("scl-runs") ?? customElements.define("scl-runs", KeptRuns);
