// <scl-controls>: the settings of a run as a form, drawn from what the library says of them.
import { LitElement, html, css, nothing, live } from "../../vendor/lit.js";
import { LANE_SETTINGS, trainsWith } from "../../catalogue/conditions.js";
import { datasetOf } from "../../catalogue/datasets.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { OWN, isOwn } from "../../user-data/own.js";
import { registerMixture } from "./mixture.js";
import { fromSlider, positions, toSlider } from "./scale.js";

/** @import { Store } from "../../app/store.js" */
/** @import { OwnData } from "../own-data/own-data.js" */
/** @import { With } from "../section.js" */
/** @import { Mixture } from "./mixture.js" */

/** Groups that are open from the start where there is room for them; the others are a click away. */
const OPEN = new Set(["Data and model", "Constraint", "Training"]);
const ROOM = "(min-width: 901px)";

/** Settings of the second lane that also say how both models are measured. */
const ALSO_MEASURE = ["perturbation", "ds"];
/** All others say nothing where they change nothing. */
const ONLY_TRAIN = LANE_SETTINGS.filter((key) => !ALSO_MEASURE.includes(key));

/** Whether a control has a meaning beside these settings. */
const matters = (key, settings) =>
  key === "color_variance"
    ? Boolean(datasetOf(settings.dataset)?.tinted)
    : !ONLY_TRAIN.includes(key) || trainsWith(key, settings);

/**
 * @typedef {object} Properties
 * @property {Store} store
 * @property {boolean} disabled
 * @property {boolean} waiting
 * @property {Record<string, { problem: string, text: string }>} problems
 */

export class Controls extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    store: { attribute: false },
    disabled: { type: Boolean },
    /** Whether own pictures can be brought all the same: a run waits for them. */
    waiting: { type: Boolean },
    /** Values that were typed and cannot be used: key → { problem, text }. */
    problems: { state: true },
  };

  static styles = [
    shared,
    css`
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
        gap: var(--space-3);
        align-items: start;
      }
      details {
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        padding: var(--space-2) var(--space-3);
        min-width: 0;
      }
      summary {
        font-weight: 700;
        cursor: pointer;
        min-height: 2rem;
        display: list-item;
        align-content: center;
      }
      fieldset {
        border: 0;
        min-width: 0;
        display: grid;
        gap: var(--space-3);
        padding: var(--space-2) 0 var(--space-1);
      }
      .control {
        display: grid;
        gap: 0.2rem;
        min-width: 0;
      }
      .control > label,
      .name {
        font-weight: 600;
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 6.2em;
        gap: var(--space-2);
        align-items: center;
      }
      .switch {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-height: 2rem;
      }
      select {
        width: 100%;
      }
      input[type="number"] {
        width: 100%;
      }
      input[aria-invalid="true"] {
        border-color: var(--warn);
        border-width: 2px;
      }
      .problem {
        color: var(--warn-ink);
      }
    `,
  ];

  /** The settings when last looked at. */
  #seen;
  #changed = (event) => {
    if (event.detail.includes("settings")) this.#follow();
    if (event.detail.includes("settings") || event.detail.includes("own")) this.requestUpdate();
  };

  /** What was typed in vain goes where another value comes from elsewhere: a link, a picture, the history. */
  #follow() {
    const { settings } = this.store.state;
    const stays = ([key, _]) => settings[key] === this.#seen?.[key];
    const problems = Object.entries(this.problems);
    if (!problems.every(stays)) this.problems = Object.fromEntries(problems.filter(stays));
    this.#seen = settings;
  }

  #room = matchMedia(ROOM).matches;

  constructor() {
    super();
    this.problems = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.store.addEventListener("change", this.#changed);
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#changed);
  }

  #set(key, value) {
    const { [key]: _, ...problems } = this.problems;
    this.problems = problems;
    this.store.setSettings({ [key]: value });
  }

  /** A typed number counts once it is in range; until then the field says what is allowed. */
  #type(control, text) {
    if (control.key === "seed" && text === "") return this.#freeSeed();
    const { value, problem } = this.store.check(control.key, text);
    if (problem) this.problems = { ...this.problems, [control.key]: { problem, text } };
    else this.#set(control.key, value);
  }

  /** Without a seed each run has its own. */
  #freeSeed() {
    const { seed: _, ...problems } = this.problems;
    this.problems = problems;
    this.store.freeSeed();
  }

  /** Opens the place where own pictures are brought, and gives it the keyboard. */
  async bring() {
    await this.goTo("dataset");
    /** @type {OwnData} */
    const own = this.renderRoot.querySelector("scl-own-data");
    const place = own.renderRoot.querySelector("details");
    place.open = true;
    place.querySelector("summary").focus();
  }

  /** Opens the group of a setting and gives the keyboard to its field. */
  async goTo(key) {
    await this.updateComplete;
    const place = this.renderRoot.querySelector(`[data-key="${key}"]`);
    place.closest("details").open = true;
    place.scrollIntoView({ block: "center" });
    /** @type {Mixture} */
    const mixture = place.querySelector("scl-mixture");
    /** @type {HTMLElement} */
    const field = mixture ? mixture.renderRoot.querySelector("select, input") : place.querySelector("select, input");
    field.focus({ preventScroll: true });
  }

  render() {
    const groups = Map.groupBy(this.store.schema.controls, (control) => control.group);
    return html`<div class="groups">
      ${[...groups].map(
        ([group, controls]) =>
          html` <details ?open=${this.#room && OPEN.has(group)}>
            <summary>${group}</summary>
            <fieldset ?disabled=${this.disabled}>
              <legend class="hidden">${group}</legend>
              ${controls.map((control) => this.#control(control))}
            </fieldset>
          </details>`,
      )}
    </div>`;
  }

  #control(control) {
    const { key, label, kind } = control;
    const value = this.store.state.settings[key];
    if (!matters(key, this.store.state.settings)) return nothing;
    const draw = { number: this.#number, choice: this.#choice, switch: this.#switch, perturbation: this.#perturbation }[
      kind
    ];
    const trains = !ALSO_MEASURE.includes(key) || trainsWith(key, this.store.state.settings);
    const help = `${control.help}${trains ? "" : " With this second lane it is only measured, not trained."}`;
    return html`<div class="control" data-key=${key}>
      ${draw.call(this, control, value, `c-${key}`, label)} ${this.problems[key] ? this.#problem(key) : nothing}
      <p class="small muted" id="c-${key}-help" translate="yes" .textContent=${help}></p>
      ${key === "dataset" && customElements.get("scl-own-data") ? this.#ownData() : nothing}
    </div>`;
  }

  #problem(key) {
    return html`<p class="small problem" role="alert" id="c-${key}-problem">
      Not used: ${this.problems[key].problem}.
    </p>`;
  }

  #ownData() {
    const disabled = this.disabled && !this.waiting;
    return html`<scl-own-data .store=${this.store} ?disabled=${disabled}></scl-own-data>`;
  }

  #number(control, value, id, label) {
    // "Steps (steps)" would say it twice.
    const unit = control.unit && !["steps", "images"].includes(control.unit) ? ` (${control.unit})` : "";
    // A seed is a name, not a quantity: no slider.
    const slider = control.max <= 100_000;
    const isFree = control.key === "seed" && !this.store.state.seedIsChosen;
    const written = isFree ? "" : control.integer ? String(value) : short6(value);
    const field = html`<input
      id=${id}
      type="number"
      placeholder=${isFree ? "a new one for each run" : nothing}
      inputmode="decimal"
      min=${control.min}
      max=${control.max}
      step=${control.integer ? 1 : "any"}
      .value=${live(this.problems[control.key]?.text ?? written)}
      aria-describedby="${id}-problem ${id}-help"
      aria-invalid=${Boolean(this.problems[control.key])}
      @change=${(event) => this.#type(control, event.target.value)}
    />`;
    return html`<label for=${id}>${label}${unit}</label> ${
        slider
          ? html`<div class="pair">
              <input
                type="range"
                min="0"
                max=${positions(control)}
                aria-label="${label}, slider"
                aria-describedby="${id}-help"
                aria-valuetext=${short(value)}
                .value=${live(String(toSlider(value, control)))}
                @input=${(event) => this.#set(control.key, fromSlider(Number(event.target.value), control))}
              />${field}
            </div>`
          : field
      }`;
  }

  /** The visitor's own pictures: those that an opened run was made on and that are not here, and those that are. */
  #ownDatasets(value) {
    const { own, settings } = this.store.state;
    const absent = isOwn(settings) && own?.dataset !== value;
    return [
      ...(absent
        ? [{ id: value, label: "Your own pictures, which are not here", help: "Bring them below, or choose others." }]
        : []),
      ...(own ? [{ id: own.dataset, label: `Your own: ${own.name}`, help: ownHelp(own) }] : []),
    ];
  }

  #choice({ key, choices: listed }, value, id, label) {
    const choices = key === "dataset" ? [...listed, ...this.#ownDatasets(value)] : listed;
    const option = (choice) => {
      const chosen = choice.id === value;
      return html`<option value=${choice.id} ?selected=${chosen} .selected=${chosen}>${choice.label}</option>`;
    };
    return html`<label for=${id}>${label}</label>
      <select id=${id} aria-describedby="${id}-help" @change=${(event) => this.#set(key, event.target.value)}>
        ${choices.map(option)}
      </select>
      <p class="small" translate="yes" .textContent=${choices.find((choice) => choice.id === value)?.help ?? ""}></p>`;
  }

  #switch({ key }, value, id, label) {
    return html`<div class="switch">
      <input
        id=${id}
        type="checkbox"
        .checked=${live(value)}
        aria-describedby="${id}-help"
        @change=${(event) => this.#set(key, event.target.checked)}
      /><label for=${id}>${label}</label>
    </div>`;
  }

  #perturbation(control, value, id, label) {
    return html`<span class="name" id="${id}-name">${label}</span>
      <scl-mixture
        role="group"
        aria-labelledby="${id}-name"
        .value=${value}
        ?disabled=${this.disabled}
        @change=${(event) => this.#set(control.key, event.detail)}
      ></scl-mixture>`;
  }
}

const ownHelp = ({ classes, height, width, dataset, train, test }) =>
  `${classes.length} classes, ${height}×${width}, ${dataset === OWN.grey ? "grey" : "colour"}; ` +
  `${train} to learn from, ${test} to test on.`;

/** Steps of 0.1 add up to more digits than anybody typed. */
const short6 = (value) => String(Number(value.toPrecision(6)));

export function registerControls() {
  registerMixture();
  customElements.get("scl-controls") ?? customElements.define("scl-controls", Controls);
}
