// One lane of the run.
import { html, nothing } from "../../vendor/lit.js";

/** A lane as a card: what it learns from, how far it is, and what happened to it. */
export function laneCard(lane, label, objective) {
  const last = lane.history.at(-1);
  const engine = lane.engine?.name === "webgpu" ? "WebGPU" : "the CPU";
  const speed = lane.perSecond ? `, ${lane.perSecond.toPrecision(3)} steps a second on ${engine}` : "";
  const loss = last ? `; last cross-entropy ${last.ce.toPrecision(3)}` : "";
  const progress = () => html`Step <span class="at">${lane.step}</span> of ${lane.steps}${speed}${loss}.`;
  const words = lane.name === "plain" ? "Cross-entropy alone." : objective;
  const notes = () =>
    html`<ul class="small notes">
      ${lane.notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
  return html`<section class="card lane ${lane.name}" aria-label="${label} lane" data-lane=${lane.name}>
    <h3>${label}</h3>
    <p class="number small">${lane.steps ? progress() : words}</p>
    ${lane.notes.length ? notes() : nothing}
  </section>`;
}
