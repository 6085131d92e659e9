import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { batchesIn, readCifar } from "../../www/user-data/cifar.js";
import { foreignFormat, inspect, isPictureName, pictureFormat } from "../../www/user-data/format.js";
import { isIdx, readIdx, toIdx } from "../../www/user-data/idx.js";

const committed = (name) => new Uint8Array(readFileSync(new URL(`../browser/cases/${name}`, import.meta.url)));

/** A file as `sources` gives it. */
const source = (path, bytes) => ({
  path,
  name: path,
  size: bytes.length,
  head: async () => bytes.subarray(0, 512),
  bytes: async () => bytes,
});
const note = async () => {};
const list = (length, of) => Array.from({ length }, (_, i) => of(i));

const images = (n, of = (i) => i % 256) => toIdx([n, 8, 8], Uint8Array.from(list(64 * n, of)));
const labels = (n, classes = [0, 1]) => toIdx([n], Uint8Array.from(list(n, (i) => classes[i % classes.length])));

/** An IDX file of another type of values. */
function typed(type, dims, values, size, set) {
  const bytes = new Uint8Array(4 + 4 * dims.length + size * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, dims.length]);
  dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
  values.forEach((value, i) => view[set](4 + 4 * dims.length + size * i, value));
  return bytes;
}

const read = (files) =>
  readIdx(
    Object.entries(files).map(([path, bytes]) => source(path, bytes)),
    note,
  );
const refuses = (files, words) =>
  assert.rejects(
    read(files),
    ({ code, message }) => code === "invalid-data" && words.every((word) => message.includes(word)),
  );

test("IDX files of both halves are read, whatever their order", async () => {
  const heard = [];
  const files = {
    "t10k-labels-idx1-ubyte": labels(4),
    "train-images-idx3-ubyte": images(10),
    "train-labels-idx1-ubyte": labels(10),
    "t10k-images-idx3-ubyte": images(4),
  };
  const sources = Object.entries(files).map(([path, bytes]) => source(path, bytes));
  const found = await readIdx(sources, async (half, bytes) => heard.push([half, bytes.length]));
  assert.deepEqual([found.channels, found.height, found.width, found.names], [1, 8, 8, ["0", "1"]]);
  assert.equal(found.halves.train.pixels.length, 640);
  assert.deepEqual([...found.halves.test.labels], [0, 1, 0, 1]);
  assert.deepEqual(new Set(heard.map(([half]) => half)), new Set(["train", "test"]));
  assert.deepEqual(found.said, []);
});

test("values of other types become bytes, and that is said", async () => {
  const floats = typed(
    0x0d,
    [10, 8, 8],
    list(640, (i) => (i % 5) / 4),
    4,
    "setFloat32",
  );
  const found = await read({ images: floats, labels: labels(10) });
  assert.deepEqual([...found.halves.train.pixels.subarray(0, 5)], [0, 64, 128, 191, 255]);
  assert.match(found.said[0], /taken as 0 to 1/);
  const signed = typed(
    0x09,
    [10, 8, 8],
    list(640, (i) => (i % 256) - 128),
    1,
    "setInt8",
  );
  assert.deepEqual(
    [...(await read({ images: signed, labels: labels(10) })).halves.train.pixels.subarray(0, 3)],
    [0, 1, 2],
  );
});

test("labels with gaps are classes of their own", async () => {
  const found = await read({ images: images(10), labels: labels(10, [3, 7]) });
  assert.deepEqual(found.names, ["3", "7"]);
  assert.deepEqual([...found.halves.train.labels.subarray(0, 4)], [0, 1, 0, 1]);
  assert.match(found.said[0], /The labels are 3, 7/);
});

test("colours that stand together become planes", async () => {
  const mixed = toIdx([2, 8, 8, 3], Uint8Array.from(list(384, (i) => [200, 0, 100][i % 3])));
  const found = await read({ images: mixed, labels: labels(2) });
  assert.equal(found.channels, 3);
  assert.deepEqual(
    [0, 64, 128].map((at) => found.halves.train.pixels[at]),
    [200, 0, 100],
  );
});

test("IDX files that do not fit are refused by name", async () => {
  await refuses({ images: images(10), labels: labels(9) }, ["images has 10 images", "labels 9 labels"]);
  await refuses({ images: images(10).subarray(0, 300), labels: labels(10) }, ["images", "cut off"]);
  await refuses({ images: images(10), labels: labels(10, [4]) }, ["all labels are 4", "at least two"]);
  await refuses({ images: images(0), labels: labels(0) }, ["images holds no pictures"]);
  await refuses({ a: images(10), b: images(10), c: images(10), labels: labels(10) }, [
    "3 files of images and 1 of labels",
  ]);
  const wide = typed(
    0x0d,
    [10, 8, 8],
    list(640, (i) => i),
    4,
    "setFloat32",
  );
  await refuses({ images: wide, labels: labels(10) }, ["from 0 to 639", "Scale them"]);
  const none = typed(
    0x0d,
    [10, 8, 8],
    list(640, () => NaN),
    4,
    "setFloat32",
  );
  await refuses({ images: none, labels: labels(10) }, ["no number"]);
});

test("an IDX file is known by its first bytes", () => {
  assert.ok(isIdx(labels(3)) && isIdx(images(1)));
  assert.ok(!isIdx(Uint8Array.of(0, 0, 7, 1)) && !isIdx(Uint8Array.of(0, 0, 8, 5)) && !isIdx(committed("photo.jpg")));
});

/** CIFAR-10's binary files: so many pictures. */
const cifar = (n) => {
  const bytes = new Uint8Array(3073 * n);
  for (let i = 0; i < n; i++) bytes.set([i % 10, i + 1], 3073 * i);
  return bytes;
};

test("CIFAR-10's batches are both halves, with the names beside them", async () => {
  const meta = new TextEncoder().encode("plane\ncar\n\n");
  const files = [
    source("c/data_batch_1.bin", cifar(3)),
    source("c/data_batch_2.bin", cifar(2)),
    source("c/test_batch.bin", cifar(4)),
    source("c/batches.meta.txt", meta),
    source("c/readme.html", meta),
  ];
  const found = await readCifar(batchesIn(files, false), files, note);
  assert.deepEqual([...found.halves.train.labels], [0, 1, 2, 0, 1]);
  assert.equal(found.halves.train.pixels[3072], 2);
  assert.equal(found.halves.test.labels.length, 4);
  assert.deepEqual(found.names, ["plane", "car"]);
  assert.deepEqual(found.left, [{ path: "c/readme.html", why: "not one of CIFAR-10’s binary files" }]);
});

test("a batch of another length is refused", async () => {
  const files = [source("data_batch_1.bin", cifar(2).subarray(0, 4000))];
  await assert.rejects(readCifar(files, files, note), {
    code: "invalid-data",
    message: /4000 bytes.*multiple of 3073/,
  });
});

test("files that end as batches do are none beside pictures", () => {
  const files = [source("x.bin", cifar(1))];
  assert.equal(batchesIn(files, false).length, 1);
  assert.equal(batchesIn(files, true).length, 0);
});

test("a picture is looked at before it is decoded", () => {
  assert.deepEqual(inspect(committed("huge.png")), { format: "PNG", width: 20000, height: 20000 });
  assert.deepEqual(inspect(committed("red.gif")), { format: "GIF", width: 8, height: 8 });
  assert.equal(inspect(committed("photo.jpg")).fault, undefined);
  assert.equal(inspect(committed("photo.jpg").subarray(0, 150)).fault, "it is cut off");
  const broken = committed("palette.png");
  broken[45] ^= 1;
  assert.equal(inspect(broken).fault, "it is damaged");
  assert.equal(inspect(Uint8Array.of(1, 2, 3)), null);
});

test("formats are told by their bytes, or else by their names", () => {
  assert.equal(pictureFormat(committed("red.bmp")), "BMP");
  assert.ok(isPictureName("a/B.JFIF") && !isPictureName("a.png.txt"));
  const text = (words) => Uint8Array.from(words, (letter) => letter.charCodeAt(0));
  assert.match(foreignFormat("x", text("PAR1")), /^Parquet, which this page cannot read/);
  assert.match(foreignFormat("x.heic", text("?")), /^HEIC/);
  assert.equal(foreignFormat("x.dat", text("?")), null);
});
