// All maps of one picture as a figure for saving.
import { percent, short } from "../../lib/numbers.js";
import { modelsText } from "../pair.js";
import { color, node, place, sheet, text } from "../../download/figure/sheet.js";
import { pictures } from "../../download/figure/pictures.js";
import { STOPS, scaleOf } from "./map.js";

/** How alike two maps are, in words; a map that is the same everywhere is like no other. */
export function shiftText({ rank_correlation: rho, cosine, top_overlap: overlap }) {
  const known = [
    ["ρ", rho, short],
    ["cosine", cosine, short],
    ["top 10 %", overlap, percent],
  ];
  const words = known.map(([name, value, text]) => `${name} ${value === null ? "–" : text(value)}`).join(", ");
  return known.some(([, value]) => value === null)
    ? `${words}; –, undefined: a map is ${cosine === null ? "0" : "the same"} everywhere`
    : words;
}

function scale() {
  const stops = STOPS.map((stop, i) => node("stop", { offset: i / (STOPS.length - 1), "stop-color": stop }));
  return {
    width: 470,
    height: 18,
    nodes: [
      node("linearGradient", { id: "scale" }, ...stops),
      place(0, 0, text("against the class", 110, { anchor: "end" })),
      node("rect", { x: 122, width: 226, height: 16, fill: "url(#scale)" }),
      place(360, 0, text("for the class", 110)),
    ],
  };
}

/**
 * @param reply the answer to a question, with `before` and `after` of each method and model
 * @param shown canvases: of `pictures` before and after the change on each model, and of all `maps` in reading order
 * @param words `{ about, answers, label, explained, change }`: what the picture is, what models say, what was asked
 */
export function saliencySheet(reply, lanes, shown, { about, answers, label, explained, change }, made) {
  const methods = reply.models[0].maps.map((_, m) => reply.models.map(({ maps }) => maps[m]));
  const rows = methods.map((views, m) => ({
    label: views[0].label,
    note: `colours reach ±${short(scaleOf(views))}`,
    cells: shown.maps.slice(4 * m, 4 * m + 4).map((canvas) => ({ canvas })),
    below: views.map(({ shift }) => shiftText(shift)),
  }));
  return sheet({
    title: "Where both models look, before and after a change",
    content: pictures({
      heads: lanes.map(({ id, label }) => ({ label, fill: color(`--${id}`), span: 2 })),
      columns: lanes.flatMap(() => ["before", "after"]),
      rows: [{ label: "The picture", cells: shown.pictures.map((canvas) => ({ canvas })), below: answers }, ...rows],
    }),
    legend: scale(),
    caption:
      `${about} ${label}; n = 1; the class explained is ${explained}. Change: ${change}; seed ${reply.request.seed}. ` +
      `The baseline is ${reply.nothing}. Each row has its own scale. Below the maps: how stable they are ` +
      `(rank correlation, cosine, overlap of the top tenth). Models: ${modelsText(made)}.`,
  });
}
