// Pictures in folders, one folder a class, made small and all of one size.
import { megabytes } from "../lib/archive/refuse.js";
import { inTurns } from "../lib/archive/turns.js";
import { canvas, pixelReader } from "./canvas.js";
import { groundsOf, isBlank, laid, visibility } from "./ground.js";
import { layout } from "./layout.js";
import { counted } from "../lib/numbers.js";
import { LIMITS, SIDE, SIDES, refuse } from "./limits.js";
import { decode, drawMiddle } from "./picture.js";

/** A picture is grey when no pixel's channels differ by more than what JPEG leaves behind. */
const GREY = 12;

/** Why a picture is left out that is transparent all over. */
const BLANK = "it is transparent all over and shows nothing, neither on white nor on black";

/** Pixels a side in which a picture is kept at first: its own where it is small and square already. */
const sideOf = ({ height, width }) => (width === height && width >= SIDES[0] && width <= SIDE ? width : SIDE);

/**
 * Reads pictures in class folders.
 * @param files pictures, `{ path, size, bytes() }` each, in the order of their paths
 * @param note called with a half, the bytes of a picture and the name of its class
 * @param say called with what is done
 * @returns `{ channels, height, width, halves, names, said, left }`; `left` says which files were left out, and why
 */
export async function readPictures(files, note, say, signal) {
  const { names, places, said } = layout(files.map(({ path }) => path));
  const left = [];
  const used = files
    .map((file, i) => ({ ...file, ...places[i] }))
    .filter(({ path, why }) => !(why && left.push({ path, why })));
  const total = used.reduce((sum, { size }) => sum + size, 0);
  if (used.length > LIMITS.pictures)
    refuse(`${used.length} pictures; allowed are ${LIMITS.pictures}. Choose a part of them.`);
  if (total > LIMITS.pictureBytes) {
    refuse(
      `The pictures have ${megabytes(total)}; allowed are ${megabytes(LIMITS.pictureBytes)}. ` +
        `Choose a part of them, or make them smaller first: here they become ${SIDE}×${SIDE} pixels.`,
    );
  }
  const unused = [];
  const read = await decodeAll(used, note, say, unused, signal);
  if (!read.length)
    refuse(`None of ${counted(used.length, "picture")} can be used. ${unused[0].path}: ${unused[0].why}.`);
  left.push(...unused);
  const blank = unused.filter(({ why }) => why === BLANK).length;
  if (blank) {
    const show =
      blank > 1 ? "pictures are transparent all over: they show" : "picture is transparent all over: it shows";
    said.push(`${blank} ${show} nothing, neither on white nor on black, and ${blank > 1 ? "were" : "was"} left out.`);
  }
  const side = read.every((picture) => picture.side === read[0].side) ? read[0].side : SIDE;
  const rest = inTurns();
  const pixels = await pixelReader();
  for (const picture of read) {
    if (picture.side !== side) picture.rgba = await resized(picture, side, pixels);
    await rest();
  }
  const bring = "Bring more of it, or leave its folder out.";
  return { ...(await planes(read, side, said, rest)), names, left, bring, said: [...sizes(read, side), ...said] };
}

/** `{ rgba, side, height, width, label, half, visibility }` of each picture that can be used. */
async function decodeAll(files, note, say, left, signal) {
  const pixels = await pixelReader();
  const contexts = new Map();
  const contextOf = (side) => contexts.get(side) ?? contexts.set(side, canvas({ width: side, height: side })).get(side);
  const rest = inTurns();
  const read = [];
  for (const [i, { label, half, ...file }] of files.entries()) {
    signal?.throwIfAborted();
    if (i % 20 === 0) say?.(`Read ${i} of ${files.length} pictures …`);
    try {
      const { bitmap, bytes } = await decode(file);
      const { height, width } = bitmap;
      const side = sideOf(bitmap);
      const rgba = await pixels(drawMiddle(contextOf(side), bitmap));
      bitmap.close();
      if (isBlank(rgba)) throw new Error(BLANK);
      await note(half ?? "all", bytes, label);
      read.push({ rgba, side, height, width, label, half, visibility: visibility(rgba) });
    } catch (error) {
      left.push({ path: file.path, why: error.message });
    }
    await rest();
  }
  return read;
}

async function resized({ rgba, side: before }, side, pixels) {
  const small = canvas({ width: before, height: before });
  small.putImageData(new ImageData(rgba, before, before), 0, 0);
  return pixels(drawMiddle(canvas({ width: side, height: side }), small.canvas));
}

/** What became of the sizes, in words. */
function sizes(read, side) {
  const areas = read.map(({ height, width }) => height * width);
  const at = (area) => {
    const { height, width } = read[areas.indexOf(area)];
    return `${width}×${height}`;
  };
  const [least, most] = [at(areas.reduce((a, b) => Math.min(a, b))), at(areas.reduce((a, b) => Math.max(a, b)))];
  const are = least === most ? `The pictures are ${least} pixels` : `The pictures are ${least} to ${most} pixels`;
  if (least === most && least === `${side}×${side}`) return [`${are} and stay so.`];
  const fewer = read.filter(({ height, width }) => Math.min(height, width) < side).length;
  const larger = fewer ? ` ${fewer} ${fewer > 1 ? "are" : "is"} smaller than that and became larger.` : "";
  return [`${are}: each became the square in its middle, ${side}×${side}.${larger}`];
}

const isGrey = ({ rgba }, ground) => {
  for (let i = 0; i < rgba.length; i += 4) {
    const [r, g, b] = [laid(rgba, i, ground), laid(rgba, i + 1, ground), laid(rgba, i + 2, ground)];
    if (Math.max(r, g, b) - Math.min(r, g, b) > GREY) return false;
  }
  return true;
};

/** Pixels as planes, and both halves where the folders name them. */
async function planes(read, side, said, rest) {
  const { grounds, said: laidOn } = groundsOf(read.map(({ visibility }) => visibility));
  if (laidOn) said.push(laidOn);
  let coloured = 0;
  for (const [i, picture] of read.entries()) {
    if (!isGrey(picture, grounds[i])) coloured++;
    await rest();
  }
  if (coloured && coloured < read.length)
    said.push(`${coloured} of ${read.length} are in colour, so all are taken with colours.`);
  const channels = coloured ? 3 : 1;
  const area = side * side;
  const half = async (chosen) => {
    const pixels = new Uint8Array(chosen.length * channels * area);
    for (const [at, i] of chosen.entries()) {
      const { rgba } = read[i];
      for (let c = 0; c < channels; c++) {
        for (let p = 0; p < area; p++) pixels[(at * channels + c) * area + p] = laid(rgba, 4 * p + c, grounds[i]);
      }
      await rest();
    }
    return { pixels, labels: Uint8Array.from(chosen, (i) => read[i].label) };
  };
  const where = (name) => [...read.keys()].filter((i) => name === undefined || read[i].half === name);
  const [train, test] = [where("train"), where("test")];
  const halves =
    train.length && test.length ? { train: await half(train), test: await half(test) } : { train: await half(where()) };
  return { channels, height: side, width: side, halves };
}
