// What the bench of growth does in the page. Each measure answers `{ ms, longest }`: milliseconds, and the longest task
// of the page's thread meanwhile, which browsers tell from 50 ms on.
globalThis.growth = (() => {
  const load = (path) => import(new URL(path, document.baseURI).href);
  const lab = () => document.querySelector("scl-train");
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));
  const frame = () => new Promise((next) => requestAnimationFrame(() => next(performance.now())));
  const later = (at) => performance.now() - at;

  /** The longest task since `start`: those that are over are told a moment later. */
  async function longestSince(start) {
    await pause(60);
    const tasks = visitor.longTasks.filter(([at, ms]) => at + ms > start);
    return Math.max(0, ...tasks.map(([, ms]) => ms));
  }

  async function timed(work) {
    const start = performance.now();
    await work();
    const ms = later(start);
    return { ms, longest: await longestSince(start) };
  }

  /** The least time of three: what else the machine does only adds to it. */
  async function least(work) {
    const all = [];
    for (let i = 0; i < 3; i++) all.push(await timed(() => work(i)));
    return { ms: Math.min(...all.map(({ ms }) => ms)), longest: Math.max(...all.map(({ longest }) => longest)) };
  }

  /** What the page offers as files, which are not downloaded. */
  const saved = [];
  const address = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    saved.push(blob);
    return address.call(URL, blob);
  };
  HTMLAnchorElement.prototype.click = () => {};

  /** Waits for what the store says, change by change. */
  function until(is) {
    const { store } = lab();
    return new Promise((resolve) => {
      const look = () => {
        if (!is(store.state)) return;
        store.removeEventListener("change", look);
        resolve(undefined);
      };
      store.addEventListener("change", look);
      look();
    });
  }

  function idx(dims, values) {
    const bytes = new Uint8Array(4 + 4 * dims.length + values.length);
    bytes.set([0, 0, 8, dims.length]);
    dims.forEach((dim, i) => new DataView(bytes.buffer).setUint32(4 + 4 * i, dim));
    bytes.set(values, 4 + 4 * dims.length);
    return bytes;
  }

  /** Own pictures of two classes, light to the left or to the right, with noise from a generator of its own. */
  function pictures(side, train, test) {
    let noise = 1;
    const half = (n) => {
      const pixels = new Uint8Array(n * side * side);
      for (let i = 0; i < pixels.length; i++) {
        noise = (Math.imul(noise, 1103515245) + 12345) >>> 0;
        const isLight = i % side < side / 2 === (Math.floor(i / side / side) % 2 === 0);
        pixels[i] = (isLight ? 120 : 60) + (noise >>> 25);
      }
      const labels = Uint8Array.from({ length: n }, (_, i) => i % 2);
      return [idx([n, side, side], pixels), idx([n], labels)];
    };
    const [[trainImages, trainLabels], [testImages, testLabels]] = [half(train), half(test)];
    const files = { "train-images": trainImages, "train-labels": trainLabels };
    const classes = ["left", "right"];
    const counts = classes.map(() => [train / 2, test / 2]);
    const about = { dataset: "own-grey", name: `${side} × ${side}`, digest: `growth-${side}`, classes, counts };
    const own = { ...about, height: side, width: side, train, test };
    return { ...own, files: { ...files, "test-images": testImages, "test-labels": testLabels } };
  }

  let engine;

  /** An engine with pictures of one side; without a side with those of the defaults. */
  async function open(side) {
    const { Engine } = await load("engine/client.js");
    const { defaults } = lab().store;
    engine?.close();
    engine = await Engine.open("cpu");
    const own = side ? pictures(side, 512, 16) : undefined;
    const settings = { ...defaults, start: "scratch", steps: 20_000, engine: "cpu", dataset: own?.dataset ?? defaults.dataset };
    await engine.loadData(settings, ["train", "test"], undefined, own);
    return settings;
  }

  /** A step with the constraint. */
  async function step(settings, batch) {
    await engine.remote.prepare({ ...settings, batch }, "continuity");
    await engine.remote.advance(1);
    // As many pictures in all, whatever the batch.
    const steps = Math.max(2, Math.ceil(512 / batch));
    const { ms, longest } = await least(() => engine.remote.advance(steps));
    return { ms: ms / steps, longest };
  }

  /** When the run that was started last reached what, in milliseconds since its lanes began. */
  let reached;

  /** Starts a run of the page itself on small pictures; notes when both lanes have made so many `steps`. */
  async function start(changes, steps = []) {
    const { store, run } = lab();
    await run.reset();
    const own = pictures(8, 512, 2000);
    const settings = { ...store.defaults, dataset: own.dataset, start: "scratch", engine: "cpu", ...changes };
    store.set({ own, settings });
    run.start();
    await until(({ run }) => run.phase === "training");
    const begun = performance.now();
    reached = { begun, marks: [], evaluating: 0, done: 0 };
    const look = () => {
      const { lanes, phase } = store.state.run;
      const made = Math.min(...lanes.map(({ step }) => step));
      while (reached.marks.length < steps.length && made >= steps[reached.marks.length]) reached.marks.push(later(begun));
      if (phase === "evaluating") reached.evaluating ||= later(begun);
      if (phase !== "done") return;
      reached.done = later(begun);
      store.removeEventListener("change", look);
    };
    store.addEventListener("change", look);
    return true;
  }

  /** What was noted of the run, once it is finished and kept. */
  async function finished() {
    await settled();
    return { ...reached, longest: await longestSince(reached.begun) };
  }

  const settled = () => until(({ runs }) => runs.kept.every(({ stored }) => stored));

  /** The finished run, cut off after so many steps: paused there, as a record. */
  function cutOff(run, steps) {
    const lanes = run.lanes.map(({ name, history, checkpoints }) => {
      const made = { name, step: steps, steps, notes: [], diverged: null, report: null, weights: null };
      return { ...made, history: history.slice(0, steps), checkpoints: { [steps]: [...checkpoints.values()].at(-1) } };
    });
    const { files, ...own } = run.own;
    return { settings: { ...run.settings, steps }, own, engine: run.engine, comparison: null, lanes };
  }

  /** The long run, which the others are cut from. */
  let long;

  /** All that is done with a run of so many steps. */
  async function histories(steps) {
    const { store, runs, run } = lab();
    long ??= {
      ...store.state.run,
      lanes: store.state.run.lanes.map((lane) => ({ ...lane, name: lane.name, checkpoints: new Map(lane.checkpoints) })),
    };
    const record = cutOff(long, steps);
    await runs.take({ name: `${steps} steps`, record });
    await settled();
    const entry = store.state.runs.kept.find(({ name }) => name === `${steps} steps`);
    await pause(100);
    const found = {};
    found.open = await least(() => runs.open(entry));
    found.redraw = await redraw(store);
    found.keep = await least(async () => {
      await runs.keep();
      await settled();
    });
    found.underWay = await underWay(record, store.defaults);
    const { saveRun, readRuns } = await load("training/saved-run.js");
    found.toFile = await least(() => saveRun(entry));
    const file = new File([saved.at(-1)], "run.zip");
    found.fromFile = await least(() => readRuns([{ path: "run.zip", file }], store.defaults));
    await run.reset();
    await runs.remove(entry.id);
    saved.length = 0;
    return found;
  }

  /** Between two callbacks of one frame all is drawn that waits for it. */
  async function redraw(store) {
    const all = [];
    const start = performance.now();
    for (let i = 0; i < 5; i++) {
      const before = frame();
      store.set({ run: { ...store.state.run } });
      const after = frame();
      all.push((await after) - (await before));
    }
    return { ms: Math.min(...all), longest: await longestSince(start) };
  }

  /** What is written of a run under way after a hundred more steps. */
  async function underWay(record, defaults) {
    const { UnderWay } = await load("training/under-way.js");
    const at = (steps) => ({
      ...record,
      lanes: record.lanes.map((lane) => ({ ...lane, step: steps, history: lane.history.slice(0, steps) })),
    });
    const { steps } = record.settings;
    let present = at(steps - 400);
    const tab = new UnderWay(
      () => present,
      defaults,
      () => {},
    );
    const write = async () => {
      tab.keep({ now: true });
      while (tab.steps?.[0] !== present.lanes[0].step) await pause(0);
    };
    await write();
    const found = await least((i) => {
      present = at(steps - 300 + 100 * i);
      return write();
    });
    tab.drop();
    return found;
  }

  /** As many as there are, again and again. */
  const repeated = (values, n) => Array.from({ length: n }, (_, i) => values[i % values.length]);

  /** A finished run like one with the default settings, made of a shorter one; each `i` has another model. */
  function like({ settings: short, lanes, ...run }, i) {
    const [steps, images] = [400, 500];
    const settings = { ...short, steps, eval_images: images };
    const columns = (outcomes) =>
      Object.fromEntries(
        Object.entries(outcomes).map(([name, value]) => [name, Array.isArray(value) ? repeated(value, images) : value]),
      );
    return {
      ...run,
      settings,
      lanes: lanes.map(({ report, history, weights, ...lane }) => {
        const own = { ...report.settings, steps, eval_images: images };
        const model = weights.slice();
        // The lowest bits of the first parameter, behind a header that begins with its length.
        model[8 + new DataView(model.buffer, model.byteOffset).getUint32(0, true)] = i;
        return {
          ...lane,
          ...{ step: steps, steps, weights: model },
          history: repeated(history, steps).map((record, at) => ({ ...record, step: at + 1 })),
          report: { ...report, settings: own, step: steps, n: images, outcomes: columns(report.outcomes) },
        };
      }),
    };
  }

  /** The run that the kept ones are made like. */
  let model;

  /** The list of so many kept runs. */
  async function list(n) {
    const { store, runs } = lab();
    model ??= store.state.runs.kept[0].record;
    const { toStored } = await load("training/record.js");
    const { createStore } = await load("vendor/idb-keyval.js");
    const place = createStore("semantic-continuity-lab", "runs");
    const write = (work) =>
      place("readwrite", (objects) => {
        work(objects);
        return new Promise((resolve, reject) => {
          objects.transaction.oncomplete = resolve;
          objects.transaction.onabort = reject;
        });
      });
    const otherTab = new BroadcastChannel("semantic-continuity-lab");
    await write((objects) => objects.clear());
    otherTab.postMessage(null);
    await until(({ runs }) => runs.kept.length === 0);
    for (let i = 0; i < n; i++) {
      const id = `1-${String(i).padStart(4, "0")}`;
      const value = { id, name: `Run ${i + 1}`, revision: 1, record: toStored(like(model, i)) };
      await write((objects) => objects.put(value, id));
    }
    await pause(200);
    const found = {};
    const element = visitor.one("scl-train >>> scl-runs");
    found.list = await timed(async () => {
      otherTab.postMessage(null);
      await until(({ runs }) => runs.kept.length === n);
      await element.updateComplete;
    });
    const damaged = store.state.runs.kept.find(({ problem }) => problem);
    if (damaged) throw damaged.problem;
    found.draw = await least(async () => {
      store.set({ runs: { ...store.state.runs } });
      await element.updateComplete;
    });
    found.open = await least((i) => runs.open(store.state.runs.kept[i]));
    found.save = await least(async (i) => {
      await runs.take({ name: `New ${i}`, record: like(model, 250 + i) });
      await settled();
    });
    found.rename = await least((i) => runs.rename(store.state.runs.kept[0].id, `Renamed ${i}`));
    otherTab.close();
    return found;
  }

  return { open, step, start, finished, histories, list };
})();
