// <scl-triplets>: A, its copy A′, and B of the same class: where a model puts the copy farther away than another
// picture.
import { LitElement, html, css } from "../../vendor/lit.js";
import { short } from "../../lib/numbers.js";
import { shared } from "../style.js";
import { drawn, saves } from "../saves.js";
import { picture, registerPicture } from "../picture/picture.js";
import { sheet, text } from "../../download/figure/sheet.js";
import { pictures } from "../../download/figure/pictures.js";
import { modelsColumns } from "../pair.js";
import { saveCsv } from "../../download/save.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Failure, Message } from "../../engine/client.js" */
/** @import { Picture } from "../picture/picture.js" */
/** @import { With } from "../section.js" */

/** Triplets shown. */
const SHOWN = 12;
const CALLED = "triplets";

/** Whether two views show the same. */
const alike = (a, b) => ["result", "condition", "layer", "sort"].every((key) => a[key] === b[key]);

/**
 * Distances of the picture at `place` for one model: to its copy and to B.
 * @returns {[number | null, number | null]}
 */
function distances({ result, condition, layer }, lane, place) {
  const report = result.reports[lane];
  return [report.outcomes[condition].near[layer][place], report.references[layer].same[place]];
}

/** One distance in units of another; there is none in units of 0, nor of a distance that overflowed. */
const multiple = ([near, same]) => (near === null || !same ? null : near / same);

/** The order of the worst: what is farther than B by no multiple, those by their multiple, what cannot be told. */
const badness = ([near, same]) => multiple([near, same]) ?? (near > 0 && same === 0 ? Infinity : -1);

/**
 * All places, those first whose copy is farthest away in units of the distance to B, for the model that is sorted by.
 */
function ranked(view) {
  const lane = view.lanes.findIndex(({ id }) => id === view.sort);
  const values = view.result.reports[0].images.map((_, i) => badness(distances(view, lane, i)));
  // Two that are infinitely far differ by no number.
  return [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
}

const chooser = ({ lanes, sort }) => `“${lanes.find(({ id }) => id === sort).label}”`;

function words(view, lane, place) {
  const [near, same] = distances(view, lane, place);
  if (near === null || same === null) return "–, undefined: a distance overflows";
  const times = multiple([near, same]);
  const sign = near > same ? ">" : near < same ? "<" : "=";
  const said = times === null ? "–, undefined: B is at no distance" : `${short(times)}\u00a0×`;
  return `${short(near)} ${sign} ${short(same)} (${said})`;
}

/** All pictures as a table, in the order of the view. */
function records(view) {
  const {
    result: { reports, request, models, settings, data },
    layer,
    name,
    sort,
  } = view;
  const [{ images, labels, same_class, layers }] = reports;
  return ranked(view).map((place, rank) => ({
    rank: rank + 1,
    "sorted by": sort,
    A: images[place],
    B: same_class[place],
    class: data.classes[labels[place]],
    condition: name,
    layer: layers[layer],
    n: images.length,
    seed: request.seed,
    ...modelsColumns({ models, settings }),
    ...Object.assign(
      {},
      ...view.lanes.map(({ id }, lane) => {
        const [near, same] = distances(view, lane, place);
        const { nearest, nearest_index } = reports[lane].references[layer];
        return {
          [`${id} A to A′`]: near,
          [`${id} A to B`]: same,
          [`${id} multiple`]: multiple([near, same]),
          [`${id} nearest of 10`]: nearest_index[place],
          [`${id} A to the nearest`]: nearest[place],
        };
      }),
    ),
  }));
}

/**
 * @typedef {object} Properties
 * @property {Message} result
 * @property {number} condition
 * @property {number} layer
 * @property {LaneLabel[]} lanes
 * @property {string} name
 * @property {(request: Message) => Promise<Message[]>} fetch
 * @property {string} source
 * @property {string} sort
 * @property {Failure} error
 * @property {{ view: Message, triplets: Message[] }} shown
 */

export class Triplets extends /** @type {With<Properties>} */ (LitElement) {
  static properties = {
    /** A result of the study of responses. */
    result: { attribute: false },
    /** Which of its conditions, by place, and which layer. */
    condition: { type: Number },
    layer: { type: Number },
    lanes: { attribute: false },
    /** The condition in words. */
    name: {},
    /** `(pairs) → promise of pictures`: asks an engine. */
    fetch: { attribute: false },
    /** What made the result, in words. */
    source: {},
    /** The lane whose worst come first. */
    sort: {},
    error: { state: true },
    /** The triplets on show and the view they belong to: pictures and numbers change together. */
    shown: { state: true },
  };

  static styles = [
    shared,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: var(--space-3);
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
      }
      figure {
        display: grid;
        gap: var(--space-1);
      }
      .three {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: var(--space-1);
      }
      .three span {
        display: block;
        text-align: center;
      }
      .plain,
      .continuity {
        color: var(--lane);
        font-weight: 600;
      }
      ol.stale {
        opacity: 0.6;
      }
      :host {
        display: grid;
        gap: var(--space-3);
      }
    `,
  ];

  /** The view whose pictures were asked for last. */
  #asked;

  /** What is to be shown now. */
  get #view() {
    const { result, condition, layer, name, lanes, source, sort } = this;
    return { result, condition, layer, name, lanes, source, sort };
  }

  async updated() {
    const view = this.#view;
    if (this.#asked && alike(this.#asked, view)) return;
    this.#asked = view;
    const {
      reports: [{ images, same_class }],
      request,
    } = view.result;
    const places = ranked(view).slice(0, SHOWN);
    try {
      const answer = await this.fetch({
        condition: request.conditions[view.condition],
        seed: request.seed,
        pairs: places.map((i) => [images[i], same_class[i]]),
      });
      if (this.#asked === view)
        Object.assign(this, {
          shown: { view, triplets: places.map((place, i) => ({ place, ...answer[i] })) },
          error: null,
        });
    } catch (error) {
      if (this.#asked === view) Object.assign(this, { shown: null, error });
    }
  }

  render() {
    if (this.error) return html`<p class="notice" role="alert">${this.error.message}</p>`;
    return this.shown
      ? this.#gallery(this.shown)
      : html`<p class="small muted" role="status">Fetching the pictures …</p>`;
  }

  #gallery({ view, triplets }) {
    const [{ images, layers }] = view.result.reports;
    const stale = !alike(view, this.#view);
    return html`<p class="small muted">
        The worst ${triplets.length} of ${images.length} pictures, chosen by ${chooser(view)}: not typical ones. A, its
        copy A′, and B, a random picture of the same class. Below, for both models, the distance A to A′ and whether it
        is more or less than that to B, at ${layers[view.layer]}; then the first as a multiple of the second. Only the
        multiples can be compared across models.
      </p>
      <ol class=${stale ? "stale" : ""} aria-busy=${stale}>
        ${triplets.map((triplet) => html`<li>${this.#triplet(view, triplet)}</li>`)}
      </ol>
      ${saves("triplets", [
        ...drawn(CALLED, () => this.#sheet(this.shown)),
        ["CSV", () => saveCsv(CALLED, records(this.shown.view)), "All pictures, worst first"],
      ])}`;
  }

  /** A, A′ and B, and how far apart they are. */
  #triplet(view, triplet) {
    const { index, same_class_index: other, place } = triplet;
    const name = view.result.data.classes[triplet.label];
    const shown = (pixels, label, caption) =>
      html`<span>${picture(pixels, triplet, label)}<span class="small">${caption}</span></span>`;
    const distance = ({ id, label }, lane) =>
      html`<br /><span class=${id}>${label}</span> <span class="number">${words(view, lane, place)}</span>`;
    return html`<figure>
      <div class="three">
        ${shown(triplet.original, `A, picture ${index}: ${name}`, "A")}
        ${shown(triplet.changed, `A′, picture ${index} with ${view.name}`, "A′")}
        ${shown(triplet.same_class, `B, picture ${other}: ${name}`, "B")}
      </div>
      <figcaption class="small">${name} ${view.lanes.map(distance)}</figcaption>
    </figure>`;
  }

  #sheet({ view, triplets }) {
    const {
      data: { classes },
      reports: [{ images, layers }],
    } = view.result;
    /** @type {NodeListOf<Picture>} */
    const elements = this.renderRoot.querySelectorAll("scl-picture");
    const canvases = Array.from(elements, ({ canvas }) => canvas);
    const rows = triplets.map((each, i) => ({
      label: classes[each.label],
      note: view.lanes.map(({ label }, lane) => `${label}: ${words(view, lane, each.place)}`).join("; "),
      cells: canvases.slice(3 * i, 3 * i + 3).map((canvas, k) => ({
        canvas,
        caption: k === 2 ? `picture ${each.same_class_index}` : k === 0 ? `picture ${each.index}` : "",
      })),
    }));
    const content = pictures({ columns: ["A", "A′", "B, same class"], rows });
    return sheet({
      title: "Farther from its own copy than from another picture of its class?",
      content,
      legend: text(
        `Left: distance A to A′ against A to B, at ${layers[view.layer]}, and the first as a multiple of the second. ` +
          `The worst ${triplets.length} of ${images.length} pictures, chosen by ${chooser(view)}: not typical ones. ` +
          `A′ is A with ${view.name}.`,
        content.width,
      ),
      caption: view.source,
    });
  }
}

export function registerTriplets() {
  registerPicture();
  customElements.get("scl-triplets") ?? customElements.define("scl-triplets", Triplets);
}
