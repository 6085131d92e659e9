// uPlot for who draws with it: the largest part of the page's code, so it is loaded when there is something to draw.

/** What stands in the place of a plot while it cannot be loaded. */
export const UNDRAWN = "The curves cannot be drawn: their script did not load, and is asked for again. The table below has all numbers.";

/** After so long it is asked for again. */
const AGAIN_MS = 5_000;
let loading;
let tries = 0;

/** A browser may never ask again for a module that failed once, unless it has another address. */
function load() {
  loading ??= tries++ ? import(`../vendor/uplot.js?again=${tries}`) : import("../vendor/uplot.js");
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * The class that draws into places below `root`; nothing when that left the page before it came.
 * @param tell called with whether it cannot be loaded for now
 */
export async function plotter(root, tell) {
  let loaded;
  while (!(loaded = await load().catch(() => null))) {
    tell(true);
    await new Promise((later) => setTimeout(later, AGAIN_MS));
    if (!root.isConnected) return null;
  }
  tell(false);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(loaded.styles);
  root.adoptedStyleSheets.push(sheet);
  return loaded.default;
}
