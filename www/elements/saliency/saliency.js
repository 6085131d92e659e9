// <scl-saliency>: where both models look, before and after a change, by every method, on one scale each.
import { html, css, nothing } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared, lab } from "../style.js";
import { Inquiry } from "../inquiry.js";
import { modelsColumns } from "../pair.js";
import { madeBy } from "../../engine/pair-engine.js";
import { drawn, saves } from "../saves.js";
import { picture, registerPicture } from "../picture/picture.js";
import { sayingsText, spoken, verdictBadge, verdictOf, verdictStyle, verdictText } from "../answers/verdict.js";
import { registerMap, scaleOf } from "./map.js";
import { join, parse } from "../../catalogue/perturbations.js";
import { ATTACKED, CHANGES, FILLS, METHODS, changeOf, methodOf } from "../../catalogue/saliency.js";
import { saliencySheet, shiftText } from "./sheet.js";
import { saveCsv, saveJson, saveNpy } from "../../download/save.js";

/** A method's own measure of a map; a fit to what never changes has none. */
const qualityText = ({ quality }) => (quality === null ? "–, undefined: nothing to fit" : short(quality));

/** A kind of change, with what its strength is called, measured in, at most and at first. */
const kindOf = (kind) => CHANGES.find(({ id }) => id === kind);

const FILL =
  "Baseline of Integrated Gradients, and what hides parts for LIME and Occlusion. Black is also the background here.";

export class SaliencyFigure extends Inquiry {
  static styles = [
    shared,
    lab,
    verdictStyle,
    css`
      .pictures {
        display: grid;
        grid-template-columns: repeat(5, minmax(0, 7rem));
        gap: var(--space-2);
        text-align: center;
      }
      .says {
        margin-top: var(--space-1);
      }
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-2);
      }
      .maps {
        display: grid;
        grid-template-columns: minmax(9rem, 1.3fr) repeat(4, minmax(0, 7rem));
        gap: var(--space-2) var(--space-2);
        align-items: start;
        text-align: center;
      }
      .maps > .name {
        text-align: left;
      }
      .maps > .head {
        font-weight: 700;
        color: var(--lane);
        border-bottom: 3px solid var(--lane);
        grid-column: span 2;
      }
      .maps > .head.empty {
        grid-column: span 1;
        border: 0;
      }
      .shift {
        grid-column: span 2;
        margin-bottom: var(--space-3);
      }
      @container (max-width: 37.5rem) {
        .pictures {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
        .maps {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
        .maps > .name {
          grid-column: span 4;
        }
        .maps > .head.empty {
          display: none;
        }
      }
      .whose {
        display: none;
      }
      @container (max-width: 15rem) {
        .maps {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .maps > .name {
          grid-column: span 2;
        }
        .maps > .head {
          display: none;
        }
        .whose {
          display: inline;
        }
      }
    `,
  ];

  section = "saliency";

  #setChange(kind, strength) {
    this.choose({ change: join({ kind, strength: Number(strength.toPrecision(3)) }) });
  }

  /** The pixel read in all maps; other pictures may have been larger. */
  #pixel({ height = 28, width = 28 } = {}) {
    const { row, column } = this.chosen;
    return [Math.min(row, height - 1), Math.min(column, width - 1)];
  }

  changed(keys) {
    // Reading another pixel asks nothing.
    if (keys.some((key) => !["row", "column"].includes(key))) super.changed(keys);
    else this.requestUpdate();
  }

  pose(engine, request) {
    return engine.explain(request);
  }

  question() {
    const { fill, change } = this.chosen;
    const which = this.classOr("label", this.chosen.which);
    return {
      nothing: FILLS.find(([id]) => id === fill)[1],
      request: {
        ...this.subject,
        methods: METHODS.map((method) => methodOf(method, fill)),
        class: /^\d/.test(which) ? { chosen: Number(which) } : which,
        change: changeOf(change),
        seed: 1,
      },
    };
  }

  render() {
    const { reply } = this;
    return html`<div class="figure">
      <div class="panel">${this.#controls()}</div>
      <div class="panel" @pixel=${({ detail: [row, column] }) => this.choose({ row, column })}>
        ${this.problem()}
        <p class="small muted" role="status">${reply ? this.#said() : this.waiting("Looking …")}</p>
        ${reply ? this.#answer() : nothing}
      </div>
    </div>`;
  }

  #controls() {
    const { reply } = this;
    const [{ kind: id }] = parse(this.chosen.change);
    const pixel = this.#pixel(reply ?? {});
    return html`${this.classField("which", "label")}
      ${this.field("change", { value: id, set: (id) => this.#setChange(id, kindOf(id).typical) })} ${this.#strength()}
      ${this.field("fill", { help: FILL })}
      <div class="two" role="group" aria-label="Pixel read in all maps">
        ${this.field("row", { value: pixel[0], most: (reply?.height ?? 28) - 1 })}
        ${this.field("column", { value: pixel[1], most: (reply?.width ?? 28) - 1 })}
      </div>
      <p class="small muted" translate="yes">
        Point at a map, or type a row and a column: the number under each map is its value there.
      </p>
      ${this.pictureField()}
      <div class="row">${this.nextButton("Next picture", "next")}</div>
      ${this.ownField()} ${this.pairField()}`;
  }

  /** The slider of the change. */
  #strength() {
    if (!this.shows("change")) return nothing;
    const [{ kind: id, strength }] = parse(this.chosen.change);
    const { max, label, unit } = kindOf(id);
    const said = `${label} = ${short(strength)} ${unit}`;
    return html`<div>
      <label for="strength">Strength: <output class="number">${said}</output></label>
      <input
        id="strength"
        type="range"
        min="0"
        max=${max}
        step=${max / 100}
        .value=${String(strength)}
        aria-valuetext=${said}
        @change=${(event) => this.#setChange(id, Number(event.target.value))}
      />
    </div>`;
  }

  /** Which picture it is, and for screen readers what both models say. */
  #said() {
    const answers = this.reply.models.map(({ answer }) => answer);
    return html`${this.about()} <strong>${this.data.classes[this.reply.label]}</strong>.
      <span class="hidden">${spoken(answers, this.lanes, this.truth)}</span>`;
  }

  #answer() {
    const stale = this.busy ? "stale" : "";
    return html`<div class=${stale}>${this.#pictures()}</div>
      <scl-map-legend></scl-map-legend>
      <p class="small muted" translate="yes">
        Each method has its own unit, so each row has its own scale: the same for both models, before and after. Below a
        pair: their stability, by rank correlation ρ, by cosine, and by the share of the strongest tenth of the pixels
        that stays; 1, 1 and 100 % for a map that stands still.
      </p>
      <div class="maps ${stale}">${this.#maps()}</div>
      ${saves("maps", [
        ...drawn(this.#name, () => this.#sheet()),
        ["NumPy", () => this.#saveNpy(), "[model, method, before and after, height, width], f32"],
        ["CSV", () => this.#saveCsv(), "How far each map moved"],
        ["JSON", () => this.#saveJson(), "All maps and numbers, with the settings that made them"],
      ])}`;
  }

  #pictures() {
    const { reply } = this;
    const attacked = reply.request.change.attack !== undefined;
    const [plain, continuity] = reply.models;
    const figure = (caption, pixels, before) =>
      html`<figure>
        ${picture(pixels, reply, `${caption}: ${this.shownPicture}`, { before })}
        <figcaption class="small">${caption}</figcaption>
      </figure>`;
    const changed = attacked
      ? [
          figure(`Attack: ${this.lanes[0].label}`, plain.changed),
          figure("Its change", plain.changed, reply.original),
          figure(`Attack: ${this.lanes[1].label}`, continuity.changed),
          figure("Its change", continuity.changed, reply.original),
        ]
      : [figure("Changed", plain.changed), figure("Difference", plain.changed, reply.original)];
    return html`<div class="pictures">${figure("Original", reply.original)} ${changed}</div>
      ${this.lanes.map((lane, i) => this.#saying(lane, reply.models[i]))}`;
  }

  #saying({ id, label }, { answer, class: explained }) {
    const { classes } = this.data;
    return html`<p class="small says">
      <strong class=${id}>${label}</strong>: ${verdictBadge(verdictOf(answer, this.truth))}
      ${sayingsText(answer, classes)}; explained: ${classes[explained]}.
    </p>`;
  }

  #maps() {
    return html`<span class="head empty"></span>
      ${this.lanes.map(({ id, label }) => html`<span class="head ${id}">${label}</span>`)}
      ${METHODS.map((method, m) => this.#method(method, m))}`;
  }

  /** The maps of a method, for both models before and after the change. */
  #method({ help }, m) {
    const { reply } = this;
    const pixel = this.#pixel(reply);
    const [row, column] = pixel;
    const views = reply.models.map((model) => model.maps[m]);
    const scale = scaleOf(views);
    const figure = (map, label, when) =>
      html`<figure>
        <scl-map
          .map=${map}
          .scale=${scale}
          .pixel=${pixel}
          label="${views[0].label}, ${label}, ${when} the change"
        ></scl-map>
        <figcaption class="small number">
          <span class="whose">${label}, </span>${when}<br />${short(map.values[row * reply.width + column])}
        </figcaption>
      </figure>`;
    const pair = ({ label }, i) => [figure(views[i].before, label, "before"), figure(views[i].after, label, "after")];
    return html`<div class="name">
        <strong>${views[0].label}</strong>
        <p class="small muted">${help} Scale: ±${short(scale)}.</p>
      </div>
      ${this.lanes.map(pair)}
      <span class="head empty"></span>${this.lanes.map(({ label }, i) => this.#shift(views[i], label))}`;
  }

  #shift({ shift, quality, before }, label) {
    return html`<p class="shift small number">
      <span class="whose">${label}, </span>stability:
      ${shiftText(shift)}${
        quality ? html`<br /><span class="muted">${quality}: ${qualityText(before)}</span>` : nothing
      }
    </p>`;
  }

  get #name() {
    return this.fileName("saliency");
  }

  /** What was asked, in words. */
  get #words() {
    const {
      class: which,
      change: { attack, perturbation },
    } = this.reply.request;
    const { classes } = this.data;
    const known = this.truth === undefined ? "the one the plain model says" : "the true one";
    const predicted = "the one each model predicts";
    const [{ kind, strength }] = perturbation ? parse(perturbation) : [{}];
    return {
      label: classes[this.reply.label],
      explained: which === "label" ? known : which === "prediction" ? predicted : classes[which.chosen],
      change: attack
        ? `${ATTACKED.name}, ℓ∞, ε = ${short(attack.budget.epsilon)}`
        : `${kindOf(kind).name}, ${strength}`,
    };
  }

  get #answers() {
    return this.reply.models.map(({ answer }) => verdictText(answer, this.truth, this.data.classes));
  }

  #sheet() {
    const canvases = (name) => Array.from(this.renderRoot.querySelectorAll(name), ({ canvas }) => canvas);
    const [original, changed, , other = changed] = canvases("scl-picture");
    const shown = { pictures: [original, changed, original, other], maps: canvases("scl-map") };
    const words = { about: this.about(), answers: this.#answers, ...this.#words };
    return saliencySheet(this.reply, this.lanes, shown, words, madeBy(this.reply.own, this.store.defaults));
  }

  #saveNpy() {
    const { models, height, width } = this.reply;
    saveNpy(
      this.#name,
      models.flatMap(({ maps }) => maps.flatMap(({ before, after }) => [...before.values, ...after.values])),
      [2, METHODS.length, 2, height, width],
    );
  }

  #saveCsv() {
    const { index, picture, request, own, nothing: hidden, models } = this.reply;
    const made = {
      picture: picture ? "own" : index,
      ...this.#words,
      nothing: hidden,
      seed: request.seed,
      ...modelsColumns(madeBy(own, this.store.defaults)),
    };
    saveCsv(
      this.#name,
      this.lanes.flatMap(({ id }, i) =>
        models[i].maps.map(({ label, shift, before, after }) => ({
          ...made,
          model: id,
          method: label,
          "rank correlation": shift.rank_correlation,
          cosine: shift.cosine,
          "top 10 % overlap": shift.top_overlap,
          "quality before": before.quality,
          "quality after": after.quality,
        })),
      ),
    );
  }

  #saveJson() {
    const { request, own, nothing: hidden, picture, ...explanation } = this.reply;
    saveJson(this.#name, { request, ...madeBy(own, this.store.defaults), classes: this.data.classes, explanation });
  }
}

export function register() {
  registerPicture();
  registerMap();
  customElements.get("scl-saliency") ?? customElements.define("scl-saliency", SaliencyFigure);
}
