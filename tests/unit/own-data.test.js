import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { groundsOf, isBlank, visibility } from "../../www/user-data/ground.js";
import { toBytes, toIdx } from "../../www/user-data/idx.js";
import { readOwn } from "../../www/user-data/read.js";
import { sources } from "../../www/user-data/sources.js";

const bring = async (files) =>
  sources(Object.entries(files).map(([path, bytes]) => ({ path, file: new File([bytes], path) })));
const read = async (files) => readOwn("mine", await bring(files));

/** Records of CIFAR-10 with these labels. */
const cifar = (labels) => {
  const bytes = new Uint8Array(3073 * labels.length);
  labels.forEach((label, i) => bytes.set([label], 3073 * i));
  return bytes;
};
const images = (n) => toIdx([n, 8, 8], new Uint8Array(64 * n));
const labels = (...values) => toIdx([values.length], values);
const zipped = readFileSync(new URL("../browser/cases/dot-slash.zip", import.meta.url));

test("CIFAR-10 files may hold some of the classes", async () => {
  const found = await read({ "data_batch_1.bin": cifar([3, 5, 5]), "test_batch.bin": cifar([5, 3]) });
  assert.deepEqual(found.classes, ["cat", "dog"]);
  assert.deepEqual(found.counts, [
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual([...found.files["train-labels"].subarray(8)], [0, 1, 1]);
  assert.deepEqual(found.said, ["The files hold pictures of cat, dog only: these are the classes."]);
  const one = { "data_batch_1.bin": cifar([3]), "test_batch.bin": cifar([3]) };
  await assert.rejects(read(one), { message: /all pictures are of the class “cat”.*at least two/ });
});

test("a class that a half lacks is named, and no folders where there are none", async () => {
  const sets = [
    [{ "data_batch_1.bin": cifar([3, 5]), "test_batch.bin": cifar([3]) }, "dog"],
    [
      {
        "train-images": images(2),
        "train-labels": labels(0, 1),
        "test-images": images(1),
        "test-labels": labels(0),
      },
      "1",
    ],
  ];
  for (const [files, name] of sets) {
    await assert.rejects(read(files), ({ code, message }) => {
      assert.equal(code, "invalid-data");
      assert.match(message, new RegExp(`the class “${name}” has 1 picture to learn from and 0 to test on`));
      assert.match(message, /Bring files that hold more pictures of it in each half/);
      return !message.includes("folder");
    });
  }
});

test("each file of images tells its own range", () => {
  const said = [];
  const train = { path: "train", values: Float32Array.of(0, 0.5, 1) };
  const check = { path: "test", values: Uint8Array.of(0, 128, 255) };
  toBytes([train, check], said);
  assert.deepEqual([...train.values], [0, 128, 255]);
  assert.deepEqual([...check.values], [0, 128, 255]);
  assert.deepEqual(said, ["The values of train were taken as 0 to 1, from black to white."]);
  const mixed = [
    { path: "a", values: Float32Array.of(-1, 1) },
    { path: "b", values: Float32Array.of(0, 1) },
  ];
  assert.throws(() => toBytes(mixed, []), {
    message: /a has values of −1 to 1, b has values of 0 to 1.*Scale both halves alike/,
  });
});

test("what is transparent all over shows nothing, a tint does", () => {
  const filled = (...rgba) => Uint8ClampedArray.from({ length: 256 }, (_, i) => rgba[i % 4]);
  assert.ok(isBlank(filled(0, 0, 0, 0)));
  assert.ok(!isBlank(filled(255, 0, 0, 128)));
  const tint = visibility(filled(255, 0, 0, 128));
  assert.deepEqual(groundsOf([tint, tint]), {
    grounds: [255, 255],
    said: "All pictures are transparent in part: they were laid on white.",
  });
});

test("an archive is known by what is in it", async () => {
  const program = new Uint8Array(700).fill(1);
  const files = { "pets.exe": new Blob([program, zipped]), "x.png": zipped };
  for (const [path, bytes] of Object.entries(files)) {
    const found = await bring({ [path]: bytes });
    assert.equal(found.files.length, 10, path);
    assert.deepEqual([...(await found.files[0].bytes()).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  }
  assert.equal((await bring({ "a.bin": program })).files[0].path, "a.bin");
});

test("a second download is taken once, parts with numbers are not", async () => {
  const set = {
    "train-images-idx3-ubyte": images(10),
    "train-labels-idx1-ubyte": labels(0, 1, 0, 1, 0, 1, 0, 1, 0, 1),
  };
  const found = await read({ ...set, "train-images-idx3-ubyte-2": images(10) });
  assert.deepEqual(found.left, [{ path: "train-images-idx3-ubyte-2", why: "the same as train-images-idx3-ubyte" }]);
  const parts = { "data-1.bin": cifar([3, 5]), "data-2.bin": cifar([5, 3, 3, 3, 3, 5, 5, 5]) };
  assert.equal((await read(parts)).train, 8);
});
