import assert from "node:assert/strict";
import { test } from "node:test";

import { bare, nameOf, original, stem } from "../../www/user-data/files.js";
import { halfFolders, halfOfFile } from "../../www/user-data/halves.js";
import { layout } from "../../www/user-data/layout.js";

/** Paths with so many numbers in place of "#". */
const many = (...patterns) =>
  patterns.flatMap((pattern) => Array.from({ length: 3 }, (_, i) => pattern.replace("#", String(i))));

/** How many pictures of each class a half has. */
function counted({ names, places }, half = null) {
  return names.map((_, label) => places.filter((place) => place.label === label && place.half === half).length);
}

const refusal = (words) => (error) =>
  error.code === "invalid-data" && words.every((word) => error.message.includes(word));

test("folders are classes, below all that the pictures share", () => {
  const found = layout(many("pets/all/dog/#.png", "pets/all/cat/#.png"));
  assert.deepEqual(found.names, ["cat", "dog"]);
  assert.deepEqual(counted(found), [3, 3]);
  assert.deepEqual(found.said, []);
});

test("halves are told from classes", () => {
  const found = layout(
    many("set/seg_train/sea/#.jpg", "set/seg_train/ice/#.jpg", "set/seg_test/sea/#.jpg", "set/seg_test/ice/#.jpg"),
  );
  assert.deepEqual(found.names, ["ice", "sea"]);
  assert.deepEqual(
    [counted(found, "train"), counted(found, "test")],
    [
      [3, 3],
      [3, 3],
    ],
  );
});

test("what lies beside both halves belongs to neither", () => {
  const { places } = layout([...many("train/a/#.png", "train/b/#.png", "test/a/#.png", "test/b/#.png"), "cover.png"]);
  assert.deepEqual(places.at(-1), { why: "it lies in neither half, train nor test" });
});

test("a folder that only wraps one half is taken off", () => {
  const found = layout(many("train/images/a/#.png", "train/images/b/#.png", "test/a/#.png", "test/b/#.png"));
  assert.deepEqual(found.names, ["a", "b"]);
});

test("years and parts are no classes", () => {
  const found = layout(many("2023/cat/#.png", "2023/dog/#.png", "2024/cat/#.png", "2024/dog/#.png"));
  assert.deepEqual(found.names, ["cat", "dog"]);
  assert.match(found.said[0], /^The folders 2023, 2024 only count/);
});

test("file names tell classes where no folder does", () => {
  const found = layout(many("all/cat.#.png", "all/dog.#.png"));
  assert.deepEqual(found.names, ["cat", "dog"]);
  assert.match(found.said[0], /the file names do, as cat\.0\.png\.$/);
});

test("names that look alike are one class, and that is said", () => {
  const found = layout([...many("caf\u00e9/#.png", "dog/#.png"), "cafe\u0301/9.png", "Dog /9.png"]);
  assert.deepEqual(found.names, ["café", "dog"]);
  assert.deepEqual(counted(found), [4, 4]);
  assert.equal(found.said.length, 2);
});

test("what tells no class is refused with a way on", () => {
  assert.throws(() => layout(many("IMG_#.png", "DSC_#.png")), refusal(["5 more pictures", "folder with its name"]));
  assert.throws(() => layout(many("pets/cat/#.png")), refusal(["1 class folder (cat)", "Choose the folder above"]));
  const crowd = Array.from({ length: 21 }, (_, i) => `c${i}/1.png`);
  assert.throws(() => layout(crowd), refusal(["21 class folders", "allowed are 2 to 20"]));
});

test("pictures of one half that belong to no class are counted", () => {
  const found = layout(many("train/a/#.png", "train/b/#.png", "test/#.png"));
  assert.ok(
    found.places.every(({ half }) => !half),
    "then the page chooses whom to test on",
  );
  assert.match(found.said[0], /^3 pictures in “test” belong to no class, so they are no use to test on/);
});

test("one picture is spoken of as one", () => {
  const found = layout([...many("train/a/#.png", "train/b/#.png"), "test/1.png"]);
  assert.match(found.said[0], /^1 picture in “test” belongs to no class, so it is no use to test on and was left out/);
});

test("a folder names a half where its counterpart stands beside it", () => {
  const halves = (...folders) => [...halfFolders(folders.map((folder) => folder.split("/")))];
  assert.deepEqual(halves("trainset", "testset"), [
    ["0/trainset", "train"],
    ["0/testset", "test"],
  ]);
  assert.deepEqual(halves("x/Training", "x/Validation"), [
    ["1/Training", "train"],
    ["1/Validation", "test"],
  ]);
  assert.deepEqual(halves("valid", "invalid"), []);
  assert.deepEqual(halves("ml-training/a", "ml-training/b"), []);
});

test("a name that begins with a half is one beside the other half", () => {
  const classes = (...folders) =>
    layout(many(...folders.flatMap((folder) => [`${folder}/cat/#.jpg`, `${folder}/dog/#.jpg`])));
  const halves = [
    ["train1", "test1"],
    ["train", "test1"],
    ["train", "test_final"],
  ];
  for (const folders of halves) {
    const found = classes(...folders);
    assert.deepEqual(found.names, ["cat", "dog"], folders.join());
    assert.deepEqual([counted(found, "train"), counted(found, "test")].flat(), [3, 3, 3, 3], folders.join());
  }
  const found = classes("train", "query", "gallery");
  assert.deepEqual(found.names, ["cat", "dog"]);
  assert.deepEqual([counted(found, "train"), counted(found, "test")].flat(), [3, 3, 6, 6]);
  assert.deepEqual(layout(many("train/#.png", "plane/#.png", "bus/#.png")).names, ["bus", "plane", "train"]);
  assert.deepEqual(layout(many("train/#.png", "test_tube/#.png", "bus/#.png")).names, ["bus", "test_tube", "train"]);
  assert.deepEqual(layout(many("training/#.png", "gallery/#.png", "hall/#.png")).names, [
    "gallery",
    "hall",
    "training",
  ]);
});

test("file names tell classes in a half without folders", () => {
  const found = layout(many("train/cat.#.jpg", "train/dog.#.jpg", "test1/#.jpg"));
  assert.deepEqual(found.names, ["cat", "dog"]);
  assert.deepEqual(counted(found), [3, 3]);
  assert.match(found.said.join(" "), /the file names do, as cat\.0\.jpg.*3 pictures in “test1” belong to no class/);
});

test("halves are never classes", () => {
  assert.throws(
    () => layout(many("d/train/#.png", "d/test_final/#.png")),
    refusal(["d/train", "of each class into a folder", "choose the folder above"]),
  );
  assert.throws(() => layout(many("cat_train/#.png", "dog_test/#.png")), refusal(["cat_train, dog_test", "halves"]));
});

test("names of halves tell classes", () => {
  for (const [train, check] of [
    ["#_train", "#_test"],
    ["train_#", "val_#"],
  ]) {
    const paths = ["cat", "dog"].flatMap((name) =>
      many(...[train, check].map((half) => `set/${half.replace("#", name)}/#.png`)),
    );
    const found = layout(paths);
    assert.deepEqual(found.names, ["cat", "dog"]);
    assert.deepEqual([counted(found, "train"), counted(found, "test")].flat(), [3, 3, 3, 3]);
  }
  const two = ["a_train", "a_test", "b_train", "b_test"].flatMap((half) => [`${half}/cat/#.png`, `${half}/dog/#.png`]);
  assert.deepEqual(layout(many(...two)).names, ["cat", "dog"]);
});

test("a copy of the set in the set is left out, and that is said", () => {
  const set = ["train", "test", "val"].flatMap((half) => [`x/${half}/NORMAL/#.png`, `x/${half}/PNEUMONIA/#.png`]);
  const found = layout(many(...set, ...set.map((path) => `x/${path}`)));
  assert.deepEqual(found.names, ["NORMAL", "PNEUMONIA"]);
  assert.deepEqual([counted(found, "train"), counted(found, "test")].flat(), [3, 3, 6, 6]);
  assert.match(found.said.join(" "), /“x” holds the folders NORMAL, PNEUMONIA again.*its 18 pictures were left out/);
  assert.equal(found.places.at(-1).why, "it lies in “x”, a copy of the set");
  const nested = layout(many("cat/#.png", "dog/#.png", "bird/cat/#.png", "bird/#.png"));
  assert.deepEqual(nested.names, ["bird", "cat", "dog"]);
});

test("a file names its half by a whole word", () => {
  const cases = [
    ["train-images-idx3-ubyte", "train"],
    ["t10k-labels-idx1-ubyte.gz", "test"],
    ["cifar/test_batch.bin", "test"],
    ["set/val/images", "test"],
    ["contest/images", null],
    ["train_test/x", null],
  ];
  for (const [path, half] of cases) assert.equal(halfOfFile(path), half, path);
});

test("a set is called as its folder or its archive", () => {
  assert.equal(nameOf([{ path: "pets/cat/1.png" }]), "pets");
  assert.equal(nameOf([{ path: "pets.tar.gz" }]), "pets");
  assert.equal(
    nameOf([{ path: "drive-download-1Z-001.zip" }, { path: "drive-download-1Z-002.zip" }]),
    "drive-download-1Z",
  );
  assert.deepEqual(["a.zip", "a.tgz", "a.b"].map(bare), ["a", "a", "a.b"]);
  assert.deepEqual(["pets (1).zip", "pets copy 2.zip", "copy.zip"].map(original), ["pets.zip", "pets.zip", "copy.zip"]);
  assert.equal(stem("pets-part2.zip"), "pets");
});
