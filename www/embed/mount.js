// What a widget becomes when it is wanted: a figure with a store of its own and engines that all widgets of the page
// share.
import { datasetLabel } from "../catalogue/datasets.js";
import { FIGURES, moduleOf } from "../catalogue/figures.js";
import { PairEngine, statistics } from "../engine/pair-engine.js";
import { Store } from "../app/store.js";
import { themes } from "../styles/tokens.js";
import { HOME } from "../lib/home.js";

const quick = new PairEngine();
let mounted = 0;

function enter() {
  mounted += 1;
  quick.reopen();
  statistics.reopen();
}

/** The last one turns off the light. */
function leave() {
  mounted -= 1;
  if (mounted > 0) return;
  quick.retire();
  statistics.retire();
}

/** Defines the element of a figure. */
const define = async (figure) => (await import(`../${moduleOf(figure)}`)).register();

/** A store with the settings of a widget's attributes. */
function storeOf(dataset, settings) {
  const store = new Store();
  // Shipped models have one network a dataset; for other pictures there is nothing to start from.
  const start =
    dataset &&
    new URLSearchParams(store.schema.shipped.find((pair) => pair.dataset === dataset) ?? { dataset, start: "scratch" });
  store.readQuery([start, settings.replace(/^\?/, "")].filter(Boolean).join("&"), "widget");
  return store;
}

/** A figure about a pair of models shows that for the dataset, unless the settings name another. */
function choosePair(figure, store) {
  const {
    state: {
      settings: { dataset },
      figures,
    },
    sections,
  } = store;
  const models = sections[figure]?.models;
  if (!models || figures[figure].models !== models.default || dataset === store.defaults.dataset) return;
  if (models.choices.some(({ id }) => id === dataset)) return store.choose(figure, { models: dataset });
  store.set({
    notices: [
      ...store.state.notices,
      `No models were made for ${datasetLabel(dataset)}; those for ${datasetLabel(models.default)} are shown.`,
    ],
  });
}

/** How a figure stands with few controls, where it can. */
const compact = async (figure) => (FIGURES[figure].few ? (await import(`./few/${figure}.js`)).few.styleSheet : null);

/**
 * @param attributes `dataset` and `settings` of the widget, and whether it has `few` controls
 * @returns `{ element, notices, themes, few, close }`; `few` is a style sheet for the figure, or nothing
 */
export async function mount(figure, { dataset, settings, few }) {
  const [sheets, folded] = await Promise.all([themes(), few ? compact(figure) : null, define(figure)]);
  const store = storeOf(dataset, settings);
  choosePair(figure, store);
  const run = FIGURES[figure].needs === "run" ? new (await import("../training/run.js")).Run(store) : undefined;
  const element = document.createElement(`scl-${figure}`);
  Object.assign(element, { store, quick, run, home: HOME, define });
  enter();
  return {
    element,
    notices: store.state.notices,
    themes: sheets,
    few: folded,
    close() {
      element.remove();
      run?.close();
      leave();
    },
  };
}
