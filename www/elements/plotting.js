// uPlot for who draws with it: the largest part of the page's code, so it is loaded when there is something to draw.

/** The class that draws into places below `root`; nothing when it cannot be loaded: every plot has its numbers as a table, too. */
export async function plotter(root) {
  const loaded = await import("../vendor/uplot.js").catch(() => null);
  if (!loaded) return null;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(loaded.styles);
  root.adoptedStyleSheets.push(sheet);
  return loaded.default;
}
