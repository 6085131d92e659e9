// <scl-robustness>: the curve of both models against ε, the masking checks, and pictures that fool only one.
import { html, css, nothing } from "../../vendor/lit.js";
import { counted, short } from "../../lib/numbers.js";
import { shared, lab, modelTable } from "../style.js";
import { modelsColumns, modelsText } from "../pair.js";
import { drawn, saves } from "../saves.js";
import { StudyFigure } from "../studies.js";
import { picture as drawPicture, registerPicture } from "../picture/picture.js";
import { registerCurve } from "../curve/curve.js";
import { attackFields } from "../attack/ask.js";
import { checkRecords, checksTable } from "./checks.js";
import { SHOWN, fooled, galleryRows, gallerySheet } from "./gallery.js";
import { attackLabel, attackOf, budgetOf, epsilonText, levelOf, normText } from "../../catalogue/attacks.js";
import { curveSheet } from "../../download/figure/curve.js";
import { comparisonColumns, saveCsv, saveJson } from "../../download/save.js";

/** @import { AttackFigure } from "../attack/attack.js" */
/** @import { Picture } from "../picture/picture.js" */
/** @import { With } from "../section.js" */
/** @import { Gallery } from "./gallery.js" */

const OUTSIDE = "A change went beyond its radius: do not believe these numbers.";
/** Beyond the first radius where both have fallen there is nothing to see. */
function untilFallen(points) {
  const fallen = points.findIndex(({ plain, continuity }) => plain.value + continuity.value === 0);
  return fallen < 0 ? points : points.slice(0, fallen + 2);
}

const withX = (points) => points.map((point) => ({ ...point, x: point.epsilon }));

/**
 * @typedef {object} Properties
 * @property {Gallery} gallery
 */

export class RobustnessFigure extends /** @type {With<Properties, typeof StudyFigure>} */ (StudyFigure) {
  static properties = { gallery: { state: true } };

  static styles = [
    shared,
    lab,
    modelTable,
    css`
      .results {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }
      .light {
        font-weight: 700;
        white-space: nowrap;
      }
      .light.green {
        color: var(--good-ink);
      }
      .light.yellow {
        color: var(--muted);
      }
      .light.red {
        color: var(--warn-ink);
      }
      .gallery {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr));
        gap: var(--space-2);
      }
      .gallery button {
        height: auto;
        padding: var(--space-1);
        font-weight: 400;
      }
      .gallery scl-picture {
        width: 100%;
      }
      h3.plain,
      h3.continuity {
        color: var(--lane);
      }
    `,
  ];

  section = "robustness";
  #curve;
  #masking;

  constructor() {
    super();
    this.gallery = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#curve ??= this.study("robust-accuracy", () => this.#curveTask());
    this.#masking ??= this.study("masking", () => this.#maskingTask());
  }

  async #draw() {
    this.gallery = null;
    await this.#curve.run();
    await this.#collect();
  }

  #curveTask() {
    const choice = { ...this.chosen, aim: "away" };
    const { norm, images } = choice;
    const request = { curve: { attack: attackOf(choice), norm, images, seed: this.store.state.settings.seed } };
    return { kind: "robustness", request, combine: "curve", trained: this.own, about: choice };
  }

  #maskingTask() {
    const { chosen } = this;
    const { steps, queries, images } = chosen;
    const request = {
      masking: { budget: budgetOf(chosen), steps, queries, images, seed: this.store.state.settings.seed },
    };
    return { kind: "robustness", request, combine: "masking", whole: true, trained: this.own, about: chosen };
  }

  /** Collects pictures that fool one model and not the other. */
  async #collect() {
    const { result } = this.#curve;
    const found = result && fooled(result);
    if (!found) return;
    const { epsilon, rows } = found;
    try {
      const { data } = await this.quick.load(this.store.defaults, result.trained);
      const gallery = { result, epsilon, classes: data.classes, rows: {} };
      for (const [id, indices] of Object.entries(rows)) {
        gallery.rows[id] = { count: indices.length, pictures: [] };
        for (const index of indices.slice(0, SHOWN)) {
          gallery.rows[id].pictures.push(await this.#picture(result, index));
        }
      }
      // Another curve may have come meanwhile.
      if (this.#curve.result === result) this.gallery = gallery;
    } catch {
      this.gallery = null; // the figure above says what is wrong with the engine
    }
  }

  /** A test picture as it is. */
  #picture({ trained }, index) {
    return this.quick.ask(this.store.defaults, trained, (engine) => engine.picture({ test: index }));
  }

  /**
   * The figure that shows an attack on one picture: on the page there is one, in a widget there may be none.
   * @returns {AttackFigure}
   */
  get #attack() {
    return this.root.querySelector("scl-attack");
  }

  #show(index) {
    const figure = this.#attack;
    const {
      epsilon,
      result: {
        about: { images, ...choice },
        trained,
        reports: [{ seed }],
      },
    } = this.gallery;
    // The figure's radius nearest to the one that the gallery was made at.
    figure.show(trained, { ...choice, level: levelOf({ norm: choice.norm, epsilon }), picture: index, draw: seed });
    figure.scrollIntoView();
    /** @type {HTMLElement} */ (figure.renderRoot.querySelector("#next")).focus({ preventScroll: true });
  }

  render() {
    return html`<div class="figure">
      <div class="panel">
        ${attackFields(this)}
        <p class="small muted">The radius is for the checks and the gallery; the curve takes all.</p>
        ${this.field("images", { help: "More narrows the intervals and takes longer." })} ${this.pairField(this.isBusy)}
      </div>
      <div class="results">
        <div class="panel" id="curve">
          ${this.bar(this.#curve, "draw", "Draw the curve", { start: () => this.#draw() })}
          ${this.#drawCurve(this.#curve.result)}
          ${this.#curve.result ? [this.#made(this.#curve), this.#sentence(), this.#curveSaves()] : nothing}
          ${this.gallery ? this.#gallery() : this.#galleryWish()}
        </div>
        <div class="panel" id="masking">
          <h3>Is it robust, or does it hide its gradients?</h3>
          <p class="small muted">
            Each check is something that a model without hidden gradients passes. They run at ε =
            ${epsilonText(this.chosen)}, with PGD-${this.chosen.steps} and black boxes of
            ${counted(this.chosen.queries, "query", "queries")}; the tolerances are ours.
          </p>
          ${this.bar(this.#masking, "check", "Run the checks", { kept: "Cancelled: the checks need all attacks." })}
          ${this.#masking.result ? [this.#made(this.#masking), this.#checks()] : nothing}
        </div>
      </div>
    </div>`;
  }

  /** The pictures of a result that came with the page take an engine, which nobody asked for yet. */
  #galleryWish() {
    if (!this.#curve.result?.beforehand || this.isBusy) return nothing;
    const show = () => this.#collect().then(() => this.takeOver("#gallery button"));
    return html`<div><button id="pictures" @click=${show}>Pictures that fool only one of them</button></div>`;
  }

  #drawCurve(result) {
    const points = withX(result?.value ?? []);
    return html`<scl-curve
      .points=${points}
      .shown=${untilFallen(points)}
      .lanes=${this.#lanes(result)}
      unit="%"
      xLabel="radius ε, pixels from 0 to 1"
      xHead="ε"
      yLabel="accuracy under attack"
      label="Accuracy of both models under attack, against the radius"
    ></scl-curve>`;
  }

  /** The lanes of a result. */
  #lanes(result) {
    return this.store.lanes(result?.settings);
  }

  /** What made a result, which the controls may no longer say. */
  #source({ request, models, settings, about, reports }) {
    const method = request.curve
      ? attackLabel(about)
      : `ε = ${epsilonText(about)}, PGD-${about.steps}, ${counted(about.queries, "query", "queries")}`;
    const [{ images, seed }] = reports;
    const made = `n = ${images.length}, seed ${seed}; models: ${modelsText({ models, settings })}.`;
    return `${method}, ${normText(about)}; ${made}`;
  }

  #made({ result }) {
    const trials = result.reports.flatMap((report) => report.trials);
    const lost = trials.reduce((sum, trial) => sum + trial.not_finite, 0);
    const outside = trials.some(({ trial, largest }) => largest > trial.budget.epsilon * 1.0001 + 1e-6);
    return html`<p class="small muted">
      ${outside ? OUTSIDE : "All changes stayed within ε."}
      ${lost ? `${counted(lost, "answer")} not finite, counted as wrong.` : "No numerical failures."}
      ${this.#source(result)}
    </p>`;
  }

  #sentence() {
    const points = this.#curve.result.value;
    if (points.length < 2) return nothing;
    const n = points[0].plain.n;
    // The curve is known at its points only: half is lost somewhere between two of them.
    const words = (id) => {
      const [{ [id]: clean }] = points;
      const at = points.findIndex((point) => point[id].value <= clean.value / 2);
      if (clean.value === 0) return "has nothing to lose: it classifies none of them";
      if (at < 0) return `keeps more than half of its accuracy up to ε = ${short(points.at(-1).epsilon)}`;
      return `loses half of its accuracy between ε = ${short(points[at - 1].epsilon)} and ${short(points[at].epsilon)}`;
    };
    return html`<p id="sentence">
      On ${n} test pictures the plain model ${words("plain")}, the other one
      (${this.#lanes(this.#curve.result)[1].words}) ${words("continuity")}.
    </p>`;
  }

  #curveSaves() {
    const name = "robust-accuracy";
    const { request, models, settings, about, value, reports } = this.#curve.result;
    const csv = () =>
      value.map((point) => ({
        attack: attackLabel(about),
        norm: about.norm,
        seed: reports[0].seed,
        ...modelsColumns({ models, settings }),
        epsilon: point.epsilon,
        n: point.plain.n,
        ...comparisonColumns(point),
      }));
    return saves("curve", [
      ...drawn(name, () => this.#curveSheet()),
      ["CSV", () => saveCsv(name, csv())],
      ["JSON", () => saveJson(name, { request, models, settings, points: value, reports })],
    ]);
  }

  #curveSheet() {
    const { result } = this.#curve;
    return curveSheet({
      title: "Accuracy under attack against its radius",
      lanes: this.#lanes(result),
      points: withX(untilFallen(result.value)),
      unit: "%",
      xLabel: `radius ε (${normText(result.about)}), pixels from 0 to 1`,
      yLabel: "accuracy under attack",
      caption: this.#source(result),
    });
  }

  #checks() {
    const { value, request, models, settings, reports, beforehand } = this.#masking.result;
    const second = this.#lanes(this.#masking.result)[1].label;
    return html`${checksTable(value, second, !beforehand)}
    ${saves("checks", [
      ["CSV", () => saveCsv("masking", checkRecords(this.#masking.result))],
      ["JSON", () => saveJson("masking", { request, models, settings, checks: value, reports })],
    ])}`;
  }

  #gallery() {
    const { result, epsilon } = this.gallery;
    return html`<div class="panel" id="gallery">
      <p class="small muted">At ε = ${short(epsilon)}, of the pictures that both models know:</p>
      ${galleryRows(this.#lanes(result)).map((row) => this.#galleryRow(row))}
      ${saves(
        "gallery",
        drawn("gallery", () => this.#gallerySheet()),
      )}
    </div>`;
  }

  #galleryRow([id, title]) {
    const { count, pictures } = this.gallery.rows[id];
    return html`<h3 class=${id}>${title} (${count})</h3>
      ${
        count
          ? html`<div class="gallery">${pictures.map((each) => this.#galleryPicture(each))}</div>`
          : html`<p class="small muted">None of these pictures.</p>`
      }`;
  }

  #galleryPicture(picture) {
    const { index, original } = picture;
    const name = this.gallery.classes[picture.label];
    return html`<button
      ?disabled=${!this.#attack}
      @click=${() => this.#show(index)}
      title="Attack picture ${index} above"
    >
      ${drawPicture(original, picture, `Picture ${index}: ${name}`)}
      <span class="small">${name}</span>
    </button>`;
  }

  #gallerySheet() {
    const { result } = this.gallery;
    const gallery = this.renderRoot.querySelector("#gallery");
    /** @type {NodeListOf<Picture>} */
    const elements = gallery.querySelectorAll("scl-picture");
    const canvases = Array.from(elements, ({ canvas }) => canvas).values();
    return gallerySheet(this.gallery, { canvases, lanes: this.#lanes(result), caption: this.#source(result) });
  }
}

export function register() {
  registerPicture();
  registerCurve();
  customElements.get("scl-robustness") ?? customElements.define("scl-robustness", RobustnessFigure);
}
