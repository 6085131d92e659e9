// Rows of pictures or maps under headings, as a block of a figure.
import { DENSITY, GAP, color, node, place, stack, text } from "./sheet.js";

/** Side of a picture. */
const SIZE = 112;
const LABEL = 150;

/** A canvas as a picture whose pixels stay sharp: each is enlarged to a square of whole pixels of a PNG. */
function picture(canvas) {
  const factor = Math.max(1, Math.round((DENSITY * SIZE) / canvas.width));
  const large = Object.assign(document.createElement("canvas"), {
    width: factor * canvas.width,
    height: factor * canvas.height,
  });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  const [width, height] = [large.width / DENSITY, large.height / DENSITY];
  // Many drawing programs know the older name of href only.
  return {
    width,
    height,
    nodes: [node("image", { "xlink:href": large.toDataURL(), width, height, "image-rendering": "pixelated" })],
  };
}

const small = (words, width, more) => text(words, width, { size: 10.5, fill: color("--muted"), ...more });

function cell({ canvas, caption }) {
  return stack([picture(canvas), ...(caption ? [small(caption, SIZE, { anchor: "middle" })] : [])], 3);
}

/**
 * @param heads `{ label, fill, span }`: headings over several columns
 * @param columns headings over one column
 * @param rows `{ label, fill, note, cells: [{ canvas, caption }], below }`, with words below the columns of each head
 */
export function pictures({ heads = [], columns = [], rows }) {
  const left = (column) => LABEL + GAP + column * (SIZE + GAP);
  const nodes = [];
  let y = 0;
  /** Places blocks at their columns; the next line goes below them all. */
  const line = (blocks, gap) => {
    nodes.push(...blocks.map(([x, block]) => place(x, y, block)));
    if (blocks.length) y += Math.max(...blocks.map(([, { height }]) => height)) + gap;
  };
  const spans = heads.map(({ span }, i) => ({
    x: left(heads.slice(0, i).reduce((sum, head) => sum + head.span, 0)),
    width: span * (SIZE + GAP) - GAP,
  }));
  line(
    heads.map(({ label, fill }, i) => [
      spans[i].x,
      text(label, spans[i].width, { size: 13, weight: 700, fill, anchor: "middle" }),
    ]),
    4,
  );
  line(
    columns.map((label, i) => [left(i), text(label, SIZE, { anchor: "middle" })]),
    4,
  );
  for (const { label, fill, note, cells, below = [] } of rows) {
    const name = stack([text(label, LABEL, { size: 13, weight: 700, fill }), ...(note ? [small(note, LABEL)] : [])], 3);
    line([[0, name], ...cells.map((each, i) => [left(i), cell(each)])], below.length ? 3 : GAP);
    line(
      below.map((words, i) => [spans[i].x, small(words, spans[i].width, { anchor: "middle" })]),
      GAP,
    );
  }
  return {
    width: left(Math.max(columns.length, ...rows.map(({ cells }) => cells.length))) - GAP,
    height: y - GAP,
    nodes,
  };
}
