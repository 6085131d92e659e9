import "./scope.js";

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { zipSync } from "../../www/vendor/fflate.js";

const { statistics } = await import("../../www/engine/pair-engine.js");
const { isDamage } = await import("../../www/training/damage.js");
const { readRecord, sameRun, toStored } = await import("../../www/training/record.js");
const { readRuns, saveRun } = await import("../../www/training/saved-run.js");

const DEFAULTS = { dataset: "mnist", alpha: 1, steps: 8 };
const WEIGHTS = Uint8Array.of(1, 2, 3);

/** Stands for the library, which says of a record what it knows of it: here all. */
before(() => {
  statistics.remote = {
    async read_run(record) {
      if (record.settings?.alpha === 99) throw { code: "invalid-setting", message: "Weight α is 99." };
      return record;
    },
  };
});

const lane = (name, more) => ({ name, step: 8, steps: 8, history: [], notes: [], diverged: null, report: {}, ...more });
const run = (more) => ({
  format: "semantic-continuity-run",
  version: 2,
  name: " My run ",
  settings: { alpha: 3 },
  engine: { name: "cpu", why: "as chosen" },
  comparison: { rows: [] },
  own: null,
  lanes: [lane("plain"), lane("continuity")],
  ...more,
});
const MODELS = { "plain.safetensors": WEIGHTS, "continuity.safetensors": WEIGHTS };
const text = (value) => new TextEncoder().encode(JSON.stringify(value));

const packed = (files, path = "run.zip") => [{ path, file: new File([zipSync(files)], path) }];
const loose = (files) => Object.entries(files).map(([path, bytes]) => ({ path, file: new File([bytes], path) }));

const refuses = (files, ...words) =>
  assert.rejects(readRuns(files, DEFAULTS), (error) => {
    for (const word of words) assert.ok(error.message.includes(word), error.message);
    return isDamage(error) && error.code === "invalid-run";
  });

test("a finished run is read with its models, and settings it does not name are the defaults", async () => {
  const [{ name, record }] = await readRuns(packed({ "run.json": text(run()), ...MODELS }), DEFAULTS);
  assert.equal(name, "My run");
  assert.deepEqual(record.settings, { ...DEFAULTS, alpha: 3 });
  assert.deepEqual(
    record.lanes.map(({ weights }) => [...weights]),
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
  assert.deepEqual(record.lanes[0].checkpoints, {});
});

test("a run under way is read with its checkpoints", async () => {
  const lanes = [lane("plain", { checkpoints: [0, 4] }), lane("continuity", { checkpoints: [4] })];
  const files = {
    "run.json": text(run({ comparison: null, lanes })),
    "plain.checkpoint-0.safetensors": Uint8Array.of(0),
    "plain.checkpoint-4.safetensors": Uint8Array.of(4),
    "continuity.checkpoint-4.safetensors": Uint8Array.of(5),
  };
  const [{ record }] = await readRuns(packed(files), DEFAULTS);
  assert.deepEqual(Object.keys(record.lanes[0].checkpoints), ["0", "4"]);
  assert.deepEqual([...record.lanes[1].checkpoints[4]], [5]);
  assert.equal(record.lanes[0].weights, null);
});

test("runs are found in folders, and beside each other", async () => {
  const one = { "run.json": text(run({ name: "" })), ...MODELS };
  const two = Object.fromEntries(
    ["a", "b"].flatMap((folder) => Object.entries(one).map(([name, bytes]) => [`${folder}/${name}`, bytes])),
  );
  assert.equal((await readRuns(packed({ ...two, "__MACOSX/a/run.json": text(0) }), DEFAULTS)).length, 2);
  const [{ name }] = await readRuns(loose({ "run (1).json": one["run.json"], ...MODELS }), DEFAULTS);
  assert.equal(name, "run (1).json");
});

test("what is no run is refused by its name", async () => {
  await refuses(packed({ "x.txt": text(1) }), "run.zip is no saved run", "no run.json");
  await refuses(
    loose({ "plain.safetensors": WEIGHTS }),
    "plain.safetensors: no saved run is there",
    "all of them together",
  );
  await refuses(packed({ "run.json": new TextEncoder().encode("{") }), "cannot be read");
  await refuses(packed({ "run.json": text({ format: "other" }) }), 'has the format "other"');
  await refuses(packed({ "run.json": text(null) }), "has the format");
  await refuses(packed({ "run.json": text(run({ version: 3 })) }), "version 3", "reads versions 1 to 2");
});

test("a run that lacks a part is refused, and the part named", async () => {
  await refuses(packed({ "run.json": text(run({ lanes: [lane("plain")] })), ...MODELS }), "does not hold both lanes");
  await refuses(
    packed({ "run.json": text(run()), "plain.safetensors": WEIGHTS }),
    "lacks continuity.safetensors",
    "all files of a run together",
  );
  const lanes = [lane("plain", { checkpoints: ["../x"] }), lane("continuity")];
  await refuses(packed({ "run.json": text(run({ comparison: null, lanes })) }), "the checkpoints of the plain lane");
  const missing = [lane("plain", { checkpoints: [4] }), lane("continuity", { checkpoints: [] })];
  await refuses(
    packed({ "run.json": text(run({ comparison: null, lanes: missing })) }),
    "plain.checkpoint-4.safetensors",
  );
});

test("a file that is too large is not opened", async () => {
  const file = { size: 65e6, slice: () => assert.fail("it was opened") };
  await refuses([{ path: "big.zip", file }], "big.zip has 65 MB", "at most 64 MB");
});

test("what the library refuses names the file; other failures stay what they are", async () => {
  const files = packed({ "run.json": text(run({ settings: { alpha: 99 } })), ...MODELS });
  await refuses(files, "run.zip is damaged.", "Weight α is 99.");
  const { remote } = statistics;
  statistics.remote = { read_run: () => Promise.reject({ code: "network", message: "no connection" }) };
  try {
    await assert.rejects(readRuns(packed({ "run.json": text(run()), ...MODELS }), DEFAULTS), { code: "network" });
  } finally {
    statistics.remote = remote;
  }
});

test("a record is not believed: bytes must be bytes", async () => {
  const kept = (weights) => ({
    ...run(),
    lanes: [lane("plain", { weights }), lane("continuity", { weights: WEIGHTS })],
  });
  await assert.rejects(readRecord(kept("bytes"), DEFAULTS), {
    code: "invalid-run",
    message: "The plain lane has no model.",
  });
  const checkpoints = { 4: [1, 2] };
  const open = { ...run({ comparison: null }), lanes: [lane("plain", { checkpoints }), lane("continuity")] };
  await assert.rejects(readRecord(open, DEFAULTS), { code: "invalid-run", message: /no checkpoint of step 4/ });
});

test("two records are of one run when the same was asked and the same came out", async () => {
  const record = (weights, more) =>
    readRecord({ ...run(more), lanes: ["plain", "continuity"].map((name) => lane(name, { weights })) }, DEFAULTS);
  const one = await record(WEIGHTS);
  assert.ok(sameRun(one, await record(WEIGHTS.slice())));
  assert.ok(sameRun(one, await record(WEIGHTS, { settings: { steps: 8, alpha: 3 }, engine: null })));
  assert.ok(!sameRun(one, await record(Uint8Array.of(1, 2, 4))));
  assert.ok(!sameRun(one, await record(WEIGHTS, { settings: { alpha: 4 } })));
});

const history = (length) => Array.from({ length }, (_, i) => ({ step: i + 1, ce: 1 / (i + 1), ds: i % 10 ? null : i }));

test("a stored record comes back as it was, also one of which an earlier version stored the records", async () => {
  const lanes = [lane("plain", { weights: WEIGHTS, history: history(8) }), lane("continuity", { weights: WEIGHTS })];
  const kept = await readRecord({ ...run(), lanes }, DEFAULTS);
  const stored = structuredClone(toStored(kept));
  assert.ok(stored.lanes.every((lane) => !Array.isArray(lane.history)));
  assert.deepEqual(await readRecord(stored, DEFAULTS), kept);
  assert.deepEqual(kept.lanes[0].history, history(8));
});

test("a long history is read in pieces, of which each begins with the record before it", async () => {
  const { remote } = statistics;
  const asked = [];
  statistics.remote = {
    async read_run(record) {
      asked.push(structuredClone(record));
      return structuredClone(record);
    },
  };
  try {
    const lanes = [
      lane("plain", { weights: WEIGHTS, history: history(2500) }),
      lane("continuity", { weights: WEIGHTS, history: history(1000) }),
    ];
    const read = await readRecord({ ...run(), lanes }, DEFAULTS);
    assert.deepEqual(
      read.lanes.map((lane) => lane.history),
      lanes.map((lane) => lane.history),
    );
    const steps = asked.map(({ lanes }) => lanes.map((lane) => [lane.history[0]?.step, lane.history.at(-1)?.step]));
    assert.deepEqual(steps, [
      [
        [1, 1000],
        [1, 1000],
      ],
      [
        [1000, 2000],
        [1000, 1000],
      ],
      [
        [2000, 2500],
        [undefined, undefined],
      ],
    ]);
    assert.ok(read.comparison && asked.every(({ comparison }, i) => Boolean(comparison) === (i === 0)));
  } finally {
    statistics.remote = remote;
  }
});

test("one other step makes another run", async () => {
  const record = (steps) =>
    readRecord(
      { ...run(), lanes: ["plain", "continuity"].map((name) => lane(name, { weights: WEIGHTS, history: steps })) },
      DEFAULTS,
    );
  const one = await record(history(8));
  assert.ok(sameRun(one, await record(history(8))));
  assert.ok(!sameRun(one, await record(history(7))));
  assert.ok(!sameRun(one, await record(history(8).with(3, { step: 4, ce: 0, ds: null }))));
});

test("what is saved is read as the same run, whatever is written in it", async () => {
  const taken = [];
  Object.assign(globalThis, { top: globalThis, document: { createElement: () => ({ click() {} }) } });
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    taken.push(blob);
    return createObjectURL.call(URL, blob);
  };
  try {
    const checkpoints = { 0: Uint8Array.of(7), 8: WEIGHTS };
    const notes = ['"history": ""', 'a "history": "" and \\"history": ""\n'];
    for (const length of [0, 3, 2500]) {
      const record = await readRecord(
        {
          ...run({ comparison: null }),
          lanes: ["plain", "continuity"].map((name) => lane(name, { history: history(length), notes, checkpoints })),
        },
        DEFAULTS,
      );
      await saveRun({ name: 'My "history": ""', record });
      const file = new File([taken.at(-1)], "run.zip");
      const [read] = await readRuns([{ path: "run.zip", file }], DEFAULTS);
      assert.equal(read.name, 'My "history": ""');
      // A lane that was not finished has no report.
      assert.deepEqual(read.record, record);
    }
  } finally {
    URL.createObjectURL = createObjectURL;
    delete globalThis.document;
    delete globalThis.top;
  }
});
