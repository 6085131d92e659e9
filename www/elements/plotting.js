// uPlot for who draws with it: the largest part of the page's code, so it is loaded when there is something to draw.
import { css, html } from "../vendor/lit.js";

/** Whoever draws often asks for it again after so long. */
export const AGAIN_MS = 5_000;

let loading;
let tries = 0;

/** A browser may never ask again for a module that failed once, unless it has another address. */
function load() {
  loading ??= tries++ ? import(`../vendor/uplot.js?again=${tries}`) : import("../vendor/uplot.js");
  loading.catch(() => (loading = undefined));
  return loading;
}

/** The class that draws into places below `root`; nothing when it cannot be loaded: whoever asks again loads again. */
export async function plotter(root) {
  const loaded = await load().catch(() => null);
  if (!loaded) return null;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(loaded.styles);
  root.adoptedStyleSheets.push(sheet);
  return loaded.default;
}

/** What stands above the places of plots while they cannot be drawn. */
export const undrawn = (again) =>
  html`<p class="notice" role="alert">
    The curves cannot be drawn: their script did not load. The table below has all numbers.
    <button @click=${again}>Try again</button>
  </p>`;

/** Places of plots, what their lines mean, and the same numbers as a table below. */
export const charts = css`
  .plot {
    overflow: hidden;
  }
  .legend {
    display: flex;
    gap: var(--space-3);
    flex-wrap: wrap;
    margin-bottom: var(--space-2);
  }
  .key::before {
    content: "";
    display: inline-block;
    width: 1.6em;
    margin-right: 0.4em;
    vertical-align: middle;
    border-top: 3px solid var(--lane);
    forced-color-adjust: none;
  }
  .key.continuity::before {
    border-top-style: dashed;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: var(--size-s);
  }
  th,
  td {
    text-align: right;
    padding: 0.15rem 0.5rem;
    border-bottom: 1px solid var(--line);
  }
  summary {
    cursor: pointer;
    min-height: 2rem;
    align-content: center;
  }
`;
