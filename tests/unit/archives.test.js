import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { archiveKind } from "../../www/lib/archive/kind.js";
import { safePath } from "../../www/lib/archive/names.js";
import { zip } from "../../www/lib/archive/pack.js";
import { openTar } from "../../www/lib/archive/tar.js";
import { openZip } from "../../www/lib/archive/zip.js";
import { unzipSync } from "../../www/vendor/fflate.js";

const blob = (name) => new Blob([readFileSync(new URL(`../browser/cases/${name}`, import.meta.url))]);
const folders = (files) => [...new Set(files.map(({ path }) => path.split("/").slice(0, -1).join("/")))].sort();

/** The folders of an archive, as their writers meant them. */
const NAMES = {
  "names-shift-jis.zip": ["動物/イヌ", "動物/ネコ表"],
  "names-gbk.zip": ["动物/狗", "动物/猫"],
  "names-big5.zip": ["動物/狗", "動物/貓"],
  "names-euc-kr.zip": ["강아지", "고양이"],
  "names-cp866.zip": ["Новая папка/кот", "Новая папка/пёс"],
  "names-windows-1251.zip": ["Кошка", "Собака"],
  "names-cp850.zip": ["café", "größe"],
  "names-windows-1252.zip": ["café", "größe"],
  "names-utf-8-unmarked.zip": ["größe", "犬"],
  "names-extra-field.zip": ["犬", "猫"],
  "backslash.zip": ["pets/cat", "pets/dog"],
  "dot-slash.zip": ["cat", "dog"],
};

for (const [name, meant] of Object.entries(NAMES)) {
  test(`${name}: names are read as they were meant`, async () => {
    const files = await openZip(blob(name), name);
    assert.equal(files.length, 10);
    assert.deepEqual(folders(files), meant);
  });
}

test("what an archive holds is unpacked and checked", async () => {
  const [file] = await openZip(blob("dot-slash.zip"), "a.zip");
  const bytes = await file.bytes();
  assert.equal(bytes.length, file.size);
  assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});

test("no name leads out of its archive", async () => {
  const files = await openZip(blob("elsewhere.zip"), "a.zip");
  assert.ok(files.every(({ path }) => !path.includes("..") && !path.startsWith("/") && !path.includes(":")));
  assert.equal(safePath("../../etc/passwd"), "etc/passwd");
  assert.equal(safePath("/a//./b"), "a/b");
});

const REFUSED = {
  "locked.zip": /password.*unpack it yourself/,
  "deflate64.zip": /Deflate64/,
  "lzma.zip": /LZMA/,
  "cut.zip": /cut off/,
};

for (const [name, words] of Object.entries(REFUSED)) {
  test(`${name} is refused with a way on`, async () => {
    const read = async () => Promise.all((await openZip(blob(name), "a.zip")).map((file) => file.bytes()));
    await assert.rejects(
      read,
      ({ code, message }) => code === "invalid-archive" && message.includes("a.zip") && words.test(message),
    );
  });
}

test("limits hold before anything is unpacked", async () => {
  await assert.rejects(openZip(blob("dot-slash.zip"), "a.zip", { files: 9 }), { code: "invalid-archive" });
  await assert.rejects(openZip(blob("dot-slash.zip"), "a.zip", { bytes: 100 }), { code: "invalid-archive" });
});

test("tar files are read with long names, packed or not", async () => {
  const gnu = await openTar(blob("gnu.tar"), "a.tar");
  assert.deepEqual(
    folders(gnu),
    ["cat", "dog"].map((name) => `${"x".repeat(120)}/${name}`),
  );
  const packed = await openTar(blob("long.tar.gz"), "a.tar.gz");
  assert.deepEqual(
    folders(packed),
    ["cat", "dög"].map((name) => `${"x".repeat(120)}/${name}`),
  );
  assert.equal((await packed[0].bytes()).length, packed[0].size);
});

test("an archive is known by its first bytes", async () => {
  const head = async (name) => new Uint8Array(await blob(name).slice(0, 512).arrayBuffer());
  assert.equal(archiveKind(await head("cut.zip")).kind, "zip");
  assert.equal(archiveKind(await head("gnu.tar")).kind, "tar");
  assert.equal(archiveKind(await head("long.tar.gz")).kind, "gzip");
  assert.equal(archiveKind(Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)).foreign, "7-Zip");
  assert.equal(archiveKind(await head("photo.jpg")).kind, null);
});

test("what is packed here is unpacked by others and by the page", async () => {
  const text = "ä1\n".repeat(5000);
  const parts = function* () {
    yield text;
    yield Uint8Array.of(0, 255);
  };
  const files = [
    { path: "a.bin", parts: [Uint8Array.of(1, 2), Uint8Array.of(3)] },
    { path: "in/ä.txt", parts: parts(), packs: true },
    { path: "none", parts: [], packs: true },
  ];
  const blob = await zip(files);
  assert.equal(blob.type, "application/zip");
  const whole = new Uint8Array([...new TextEncoder().encode(text), 0, 255]);
  const theirs = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  assert.deepEqual(Object.keys(theirs), ["a.bin", "in/ä.txt", "none"]);
  assert.deepEqual(theirs["a.bin"], Uint8Array.of(1, 2, 3));
  assert.deepEqual(theirs["in/ä.txt"], whole);
  assert.equal(theirs.none.length, 0);
  assert.ok(blob.size < 1000, "the text is packed");
  const ours = await openZip(blob, "x.zip");
  assert.deepEqual(
    ours.map(({ path, size }) => [path, size]),
    [
      ["a.bin", 3],
      ["in/ä.txt", whole.length],
      ["none", 0],
    ],
  );
  // Its checksum is looked at, too.
  assert.deepEqual(await ours[1].bytes(), whole);
});
