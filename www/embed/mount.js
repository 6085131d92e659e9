// What a widget becomes when it is wanted: a figure with a store of its own and engines that all widgets of the page
// share.
import { PairEngine, statistics } from "../engine/pair-engine.js";
import { Store } from "../app/store.js";
import { themes } from "../styles/tokens.js";
import { LOADERS } from "./figures.js";
import { HOME } from "./home.js";

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

let loading;

function schema() {
  loading ??= fetch(new URL("settings.json", HOME)).then((response) => {
    if (!response.ok) throw new Error(`settings.json: the server answered ${response.status}`);
    return response.json();
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

/** A store with the settings of a widget's attributes. */
function storeOf(schema, dataset, settings) {
  const store = new Store(schema);
  // Shipped models have one network a dataset; for other pictures there is nothing to start from.
  const start =
    dataset &&
    new URLSearchParams(schema.shipped.find((pair) => pair.dataset === dataset) ?? { dataset, start: "scratch" });
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
  const label = (id) => store.controls.get("dataset").choices.find((choice) => choice.id === id).label;
  store.set({
    notices: [
      ...store.state.notices,
      `No models were made for ${label(dataset)}; those for ${label(models.default)} are shown.`,
    ],
  });
}

/**
 * @param attributes `dataset` and `settings` of the widget
 * @returns `{ element, notices, themes, close }`
 */
export async function mount(figure, { dataset, settings }) {
  const { load, lanes } = LOADERS[figure];
  const [known, sheets] = await Promise.all([schema(), themes(), load()]);
  const store = storeOf(known, dataset, settings);
  choosePair(figure, store);
  const run = lanes && new (await import("../training/run.js")).Run(store);
  const element = document.createElement(`scl-${figure}`);
  Object.assign(element, { store, quick, run, home: HOME, define: (name) => LOADERS[name].load() });
  enter();
  return {
    element,
    notices: store.state.notices,
    themes: sheets,
    close() {
      element.remove();
      run?.close();
      leave();
    },
  };
}
