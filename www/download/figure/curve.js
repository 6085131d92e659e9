// Numbers with their intervals against another number, as vectors: axes, lines and bands, and their legend.
import { color, node, place, sheet, text } from "./sheet.js";
import { short } from "../../lib/numbers.js";

/** @import { LaneLabel } from "../../app/store.js" */
/** @import { Message, Quantity } from "../../engine/client.js" */

const WIDTH = 520,
  HEIGHT = 280;
const LEFT = 62,
  BOTTOM = 46,
  TOP = 8,
  RIGHT = 12;
const BAND = 0.18;

/** A step of 1, 2 or 5 times a power of ten that divides 0 to `max` into five to ten parts. */
function step(max) {
  const rough = max / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough * (1 - 1e-9));
}

const stroke = ({ fill, dash }) => ({
  fill: "none",
  stroke: fill,
  "stroke-width": 2.5,
  ...(dash ? { "stroke-dasharray": dash } : {}),
});

const circle = (cx, cy, stroke) => node("circle", { cx, cy, r: 6, fill: "none", stroke, "stroke-width": 2 });

/** The runs of points without a gap: where a value is undefined, a line ends. */
function runs(points) {
  const all = [[]];
  for (const point of points) {
    if (Number.isFinite(point.value)) all.at(-1).push(point);
    else all.push([]);
  }
  return all.filter((run) => run.length);
}

/**
 * @param lines `{ fill, dash, points: [{ x, value, low, high }], ring }`; without an interval a line has no band and no
 *   dots; `ring` is a value of its own at 0
 * @param xLabel,yLabel what the axes show
 * @param unit `%` for shares from 0 to 1, which have the whole scale
 */
function curve({ lines, xLabel, yLabel, unit = "%" }) {
  const share = unit === "%";
  const parts = lines.flatMap((line) => runs(line.points).map((points) => ({ ...line, points })));
  const rings = lines.filter(({ ring }) => Number.isFinite(ring));
  const tops = parts.flatMap(({ points }) => points.map(({ value, high = value }) => high));
  const highs = [0, ...tops, ...rings.map(({ ring }) => ring)];
  const lows = parts.flatMap(({ points }) => points.map(({ value, low = value }) => low));
  const [bottom, top] = share ? [0, 1] : [Math.min(0, ...lows), Math.max(...highs) * 1.05 || 1];
  const max = Math.max(...lines.flatMap(({ points }) => points.map(({ x }) => x))) || 1;
  const x = (value) => (LEFT + (value / max) * (WIDTH - LEFT - RIGHT)).toFixed(2);
  const y = (value) => (TOP + ((top - value) / (top - bottom)) * (HEIGHT - TOP - BOTTOM)).toFixed(2);
  const path = (points) => `M${points.map((point) => point.join(" ")).join("L")}`;
  const grid = (d) => node("path", { d, stroke: color("--line") });
  const tick = (words, left, top, width, anchor) => place(left, top, text(words, width, { size: 11, anchor }));
  const across = Array.from({ length: Math.floor(max / step(max) + 1e-9) + 1 }, (_, i) => i * step(max));
  const rise = share ? 0.2 : step(top - bottom);
  const up = Array.from(
    { length: Math.floor((top - bottom) / rise + 1e-9) + 1 },
    (_, i) => (Math.ceil(bottom / rise - 1e-9) + i) * rise,
  ).filter((value) => value <= top * (1 + 1e-9));
  return {
    width: WIDTH,
    height: HEIGHT,
    nodes: [
      ...up.flatMap((value) => [
        grid(
          path([
            [LEFT, y(value)],
            [WIDTH - RIGHT, y(value)],
          ]),
        ),
        tick(share ? `${Math.round(100 * value)} %` : short(value), 0, Number(y(value)) - 8, LEFT - 7, "end"),
      ]),
      ...across.flatMap((value) => [
        grid(
          path([
            [x(value), TOP],
            [x(value), HEIGHT - BOTTOM],
          ]),
        ),
        tick(short(value), Number(x(value)) - 30, HEIGHT - BOTTOM + 5, 60, "middle"),
      ]),
      node("path", {
        d: path([
          [LEFT, TOP],
          [LEFT, HEIGHT - BOTTOM],
          [WIDTH - RIGHT, HEIGHT - BOTTOM],
        ]),
        fill: "none",
        stroke: color("--ink"),
      }),
      place(LEFT, HEIGHT - 18, text(xLabel, WIDTH - LEFT - RIGHT, { anchor: "middle" })),
      node(
        "g",
        { transform: `translate(0 ${HEIGHT - BOTTOM}) rotate(-90)` },
        ...text(yLabel, HEIGHT - TOP - BOTTOM, { anchor: "middle" }).nodes,
      ),
      ...parts
        .filter(({ points }) => points[0].low !== undefined)
        .map(({ fill, points }) => {
          const lower = points.map((p) => [x(p.x), y(p.low)]);
          const upper = points.map((p) => [x(p.x), y(p.high)]);
          return node("path", { d: `${path([...lower, ...upper.toReversed()])}Z`, fill, "fill-opacity": BAND });
        }),
      ...parts.map((line) => node("path", { d: path(line.points.map((p) => [x(p.x), y(p.value)])), ...stroke(line) })),
      ...rings.map(({ fill, ring }) => circle(x(0), y(ring), fill)),
      ...parts.flatMap(({ fill, points }) =>
        points
          .filter(({ low }) => low !== undefined)
          .map((p) => node("circle", { cx: x(p.x), cy: y(p.value), r: 3, fill })),
      ),
    ],
  };
}

/** What the lines are, one below the other. */
function lineLegend(lines, mark) {
  const height = 20;
  const banded = lines.some(({ points }) => points?.some(({ low }) => low !== undefined));
  const ring =
    mark &&
    place(0, height * lines.length, {
      nodes: [circle(22, 10, color("--muted")), place(54, 2, text(mark.label, WIDTH - 54))],
    });
  return {
    width: WIDTH,
    height: height * (lines.length + (mark ? 1 : 0)),
    nodes: [
      ...lines.flatMap((line, i) => [
        ...(banded
          ? [node("rect", { y: height * i + 3, width: 44, height: 14, fill: line.fill, "fill-opacity": BAND })]
          : []),
        node("path", { d: `M0 ${height * i + 10}H44`, ...stroke(line) }),
        place(54, height * i + 2, text(line.label, WIDTH - 54)),
      ]),
      ...(ring ? [ring] : []),
    ],
  };
}

/** @param {LaneLabel} lane */
const lineOf = ({ id, label }) => ({ label, fill: color(`--${id}`), dash: id === "continuity" && "7 4" });

/**
 * The curve of both models as a whole figure; `mark` is a level of its own at 0.
 * @param {object} about
 * @param {string} about.title
 * @param {LaneLabel[]} about.lanes
 * @param {Message[]} about.points `{ x, plain, continuity }`, quantities each
 * @param {{ label: string, plain: Quantity, continuity: Quantity }} [about.mark]
 * @param {string} about.xLabel
 * @param {string} about.yLabel
 * @param {string} about.unit
 * @param {string} about.caption
 */
export function curveSheet({ title, lanes, points, mark, xLabel, yLabel, unit, caption }) {
  const of = ({ id }) => ({ points: points.map((point) => ({ x: point.x, ...point[id] })), ring: mark?.[id].value });
  const lines = lanes.map((lane) => ({ ...lineOf(lane), ...of(lane) }));
  const hasGap = lines.some(({ points }) => points.some(({ value }) => !Number.isFinite(value)));
  const notes = `${caption} Bands: 95 % intervals.${hasGap ? " Where a line has a gap its number is undefined." : ""}`;
  return sheet({
    title,
    content: curve({ lines, xLabel, yLabel, unit }),
    legend: lineLegend(lines, mark),
    caption: notes,
  });
}

/**
 * Several curves of both models, one below the other.
 * @param panels `{ title, unit, columns }`: for each lane its points `{ x, value }`
 */
export function curvesSheet({ title, lanes, panels, xLabel, caption }) {
  const lines = lanes.map(lineOf);
  const parts = panels.map(({ title, unit, columns }) =>
    curve({ lines: lines.map((line, i) => ({ ...line, points: columns[i] })), xLabel, yLabel: title, unit }),
  );
  const content = {
    width: WIDTH,
    height: parts.reduce((sum, { height }) => sum + height, 0),
    nodes: parts.map((part, i) => place(0, i * HEIGHT, part)),
  };
  return sheet({ title, content, legend: lineLegend(lines), caption });
}
