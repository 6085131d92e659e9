// A figure for a paper or a slide: SVG on white in the colours of the light theme, whatever the theme of the page, with
// a legend and a line that says what made it. It is built of blocks: `{ width, height, nodes }`.
import { offer } from "../save.js";
import { lightToken as color } from "../../styles/tokens.js";

export { color };

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";
const FONT = "Helvetica, Arial, sans-serif";
const LINE = 1.35;
const MARGIN = 20;
/** Room for the title and the caption, however narrow the content. */
const NARROWEST = 360;
export const GAP = 12;
/** Pixels of a PNG along one unit of the figure. */
export const DENSITY = 2;

export function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttributeNS(key.startsWith("xlink:") ? XLINK : null, key, value);
  made.append(...children);
  return made;
}

/** `block` with its corner at (x, y). */
export const place = (x, y, { nodes }) => node("g", { transform: `translate(${x} ${y})` }, ...nodes);

const ruler = document.createElement("canvas").getContext("2d");

/** A block of text in lines of at most `width`. */
export function text(words, width, { size = 12, weight = 400, fill = color("--ink"), anchor = "start" } = {}) {
  ruler.font = `${weight} ${size}px ${FONT}`;
  const lines = [];
  // "93 %" and "α = 1" stay together.
  for (const word of words.split(/(?<!=) (?![%=])/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const x = { start: 0, middle: width / 2, end: width }[anchor];
  const spans = lines.map((line, i) => node("tspan", { x, y: ((i + 0.8) * LINE * size).toFixed(2) }, line));
  return {
    width,
    height: lines.length * LINE * size,
    nodes: [node("text", { "font-size": size, "font-weight": weight, fill, "text-anchor": anchor }, ...spans)],
  };
}

/** Blocks one below the other. */
export function stack(blocks, gap = 0) {
  let y = -gap;
  const nodes = blocks.map((block) => {
    const placed = place(0, y + gap, block);
    y += gap + block.height;
    return placed;
  });
  return { width: Math.max(...blocks.map(({ width }) => width)), height: y, nodes };
}

/**
 * The whole figure.
 * @param content,legend blocks
 * @param caption what made it: models, method, n, seed
 */
export function sheet({ title, content, legend, caption }) {
  const inner = Math.max(content.width, legend.width, NARROWEST);
  const all = stack(
    [
      text(title, inner, { size: 16, weight: 700 }),
      content,
      legend,
      text(caption, inner, { size: 11, fill: color("--muted") }),
    ],
    GAP,
  );
  const [width, height] = [inner, all.height].map((side) => Math.ceil(side + 2 * MARGIN));
  return node(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT },
    node("title", {}, title),
    node("rect", { width, height, fill: "#ffffff" }),
    place(MARGIN, MARGIN, all),
  );
}

const file = (svg) => new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });

export const saveSvg = (name, svg) => offer(`${name}.svg`, file(svg));

export async function savePng(name, svg) {
  // The browser draws it as large as it says it is.
  const [width, height] = ["width", "height"].map((side) => {
    svg.setAttribute(side, DENSITY * svg.getAttribute(side));
    return Number(svg.getAttribute(side));
  });
  const image = new Image(width, height);
  const address = URL.createObjectURL(file(svg));
  await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject, src: address }));
  URL.revokeObjectURL(address);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  canvas.toBlob((blob) => offer(`${name}.png`, blob));
}
