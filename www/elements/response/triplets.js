// <scl-triplets>: A, its copy A′, and B of the same class: where a model puts the copy farther away than another picture.
import { LitElement, html, css, nothing } from "../../vendor/lit.js";
import { shared, short } from "../style.js";
import { choiceField } from "../fields.js";
import { drawn, saves } from "../saves.js";
import { registerPicture } from "../picture/picture.js";
import { sheet, text } from "../../figure/sheet.js";
import { pictures } from "../../figure/pictures.js";

/** Triplets shown. */
const SHOWN = 8;

export class Triplets extends LitElement {
  static properties = {
    /** A result of the study of responses. */
    result: { attribute: false },
    /** Which of its conditions, by place, and which layer. */
    condition: { type: Number }, layer: { type: Number },
    lanes: { attribute: false },
    /** The condition in words. */
    name: {},
    /** `(pairs) → promise of pictures`: asks an engine. */
    fetch: { attribute: false },
    /** What made the result, in words. */
    source: {},
    sort: { state: true }, shown: { state: true }, error: { state: true },
  };

  static styles = [shared, css`
    .row { align-items: end; }
    ol { list-style: none; margin: 0; padding: 0; display: grid; gap: var(--space-3); grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
    figure { display: grid; gap: var(--space-1); }
    .three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--space-1); }
    .three span { display: block; text-align: center; }
    .plain, .continuity { color: var(--lane); font-weight: 600; }
    :host { display: grid; gap: var(--space-3); }
  `];

  /** What the pictures that are shown were asked for. */
  #asked;

  constructor() {
    super();
    this.sort = "plain";
  }

  /** The places of the pictures whose copy is farthest away, in units of the distance to B. */
  #worst() {
    const { reports } = this.result;
    const report = reports[this.sort === "plain" ? 0 : 1];
    const near = report.outcomes[this.condition].near[this.layer];
    const { same } = report.references[this.layer];
    const ratio = (i) => near[i] / (same[i] || Number.MIN_VALUE);
    return near.map((_, i) => i).sort((a, b) => ratio(b) - ratio(a)).slice(0, SHOWN);
  }

  async updated() {
    const { reports, request } = this.result;
    const places = this.#worst();
    const asked = JSON.stringify([request.conditions[this.condition], places]);
    if (asked === this.#asked?.key && this.#asked.result === this.result) return;
    const mine = (this.#asked = { key: asked, result: this.result });
    try {
      const { images, mates } = reports[0];
      const answer = await this.fetch({ condition: request.conditions[this.condition], seed: request.seed, pairs: places.map((i) => [images[i], mates[i]]) });
      if (this.#asked === mine) Object.assign(this, { shown: places.map((place, i) => ({ place, ...answer[i] })), error: null });
    } catch (error) {
      if (this.#asked === mine) Object.assign(this, { shown: null, error });
    }
  }

  /** Both distances of one triplet for one model. */
  #distances(lane, place) {
    const report = this.result.reports[lane];
    return [report.outcomes[this.condition].near[this.layer][place], report.references[this.layer].same[place]];
  }

  #words(lane, place) {
    const [near, same] = this.#distances(lane, place);
    return `${short(near)} ${near > same ? ">" : near < same ? "<" : "="} ${short(same)}`;
  }

  render() {
    const { data, reports } = this.result;
    const name = ({ label }) => data.classes[label];
    const picture = (pixels, { width, height, channels }, label, caption) => html`<span><scl-picture .pixels=${pixels} .width=${width} .height=${height} .channels=${channels} label=${label}></scl-picture><span class="small">${caption}</span></span>`;
    const layer = reports[0].layers[this.layer];
    return html`<div class="row">${choiceField("sort", "Worst first for", this.sort, this.lanes.map(({ id, label }) => [id, label]), (sort) => (this.sort = sort))}</div>
      <p class="small muted">The worst ${SHOWN} of ${reports[0].images.length} pictures, not typical ones. A, its copy A′, and B, a random picture of the same class; below, the distance A to A′ and whether it is more or less than that to B, at ${layer}.</p>
      ${this.error ? html`<p class="notice" role="alert">${this.error.message}</p>` : nothing}
      ${this.shown ? html`<ol>${this.shown.map((each) => html`<li><figure>
        <div class="three">${picture(each.original, each, `A, picture ${each.index}: ${name(each)}`, "A")}${picture(each.changed, each, `A′, the copy of picture ${each.index}`, "A′")}${picture(each.mate, each, `B, picture ${each.mate_index}: ${name(each)}`, "B")}</div>
        <figcaption class="small">${name(each)} ${this.lanes.map(({ id, label }, lane) => html`<br><span class=${id}>${label}</span> <span class="number">${this.#words(lane, each.place)}</span>`)}</figcaption></figure></li>`)}</ol>
        ${saves("triplets", drawn("triplets", () => this.#sheet(layer, name)))}` : nothing}`;
  }

  #sheet(layer, name) {
    const canvases = Array.from(this.renderRoot.querySelectorAll("scl-picture"), ({ canvas }) => canvas);
    const rows = this.shown.map((each, i) => ({
      label: name(each), note: this.lanes.map(({ label }, lane) => `${label}: ${this.#words(lane, each.place)}`).join("; "),
      cells: canvases.slice(3 * i, 3 * i + 3).map((canvas, k) => ({ canvas, caption: k === 2 ? `picture ${each.mate_index}` : k === 0 ? `picture ${each.index}` : "" })),
    }));
    const content = pictures({ columns: ["A", "A′", "B, same class"], rows });
    return sheet({
      title: "Farther from its own copy than from another picture of its class?", content,
      legend: text(`Left: distance A to A′ against A to B, at ${layer}. The worst ${SHOWN} of ${this.result.reports[0].images.length} pictures for ${this.lanes.find(({ id }) => id === this.sort).label}; A′ is A with ${this.name}.`, content.width),
      caption: this.source,
    });
  }
}

export function registerTriplets() {
  registerPicture();
  customElements.get("scl-triplets") ?? customElements.define("scl-triplets", Triplets);
}
