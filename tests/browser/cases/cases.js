// Pictures as people have them: what they bring, and how it is read, or which words of a refusal tell the way on. It
// runs in the page, after `mine` has its makers of pictures (own_data.rs) and `mine.packed` the files that stand here.
Object.assign(window.mine, {
  file: (name) => Uint8Array.from(atob(mine.packed[name]), (letter) => letter.charCodeAt(0)),

  dots: new Map(),
  /** A picture of its own for each label and number: light to the left, or to the right. */
  async dot(label, i, side = 8) {
    const key = [label, i, side].join();
    if (!mine.dots.has(key)) mine.dots.set(key, await mine.picture(side, label === 0, [250 - i, 20, 10 + i]));
    return mine.dots.get(key);
  },

  /** { "cat/#.png": 5 }: so many pictures, with numbers for #. */
  async tree(counts, side) {
    const found = {};
    for (const [label, [path, n]] of Object.entries(counts).entries()) {
      for (let i = 0; i < n; i++) found[path.replace("#", i)] = await mine.dot(label % 2, i + 10 * label, side);
    }
    return found;
  },

  /** As a folder that was chosen or dropped. */
  folder(files) {
    const name = (path) => path.split("/").at(-1);
    const list = Object.entries(files).map(([path, bytes]) => ({ path, file: new File([bytes], name(path)) }));
    visitor.one("scl-train >>> scl-controls >>> scl-own-data").take(list);
  },

  async gzip(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },

  /** An IDX file of another type of values. */
  typed(type, dims, values, size, set) {
    const bytes = new Uint8Array(4 + 4 * dims.length + size * values.length);
    const view = new DataView(bytes.buffer);
    bytes.set([0, 0, type, dims.length]);
    dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
    values.forEach((value, i) => view[set](4 + 4 * dims.length + size * i, value));
    return bytes;
  },

  /** A tar file of `[kind, name, bytes]` each, and what ends it. */
  tar(entries) {
    const parts = entries.flatMap(([kind, name, bytes]) => {
      const header = new Uint8Array(512);
      const write = (at, letters) => header.set(new TextEncoder().encode(letters), at);
      write(0, name);
      write(124, bytes.length.toString(8).padStart(11, "0"));
      write(148, " ".repeat(8));
      write(156, kind);
      write(
        148,
        header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, "0") + "\0",
      );
      return [header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)];
    });
    return mine.joined(...parts, new Uint8Array(1024));
  },

  joined(...parts) {
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
    return bytes;
  },

  /** Bytes, some of them overwritten, by where: { 30: [255, 255] }. */
  patched(bytes, patches) {
    const copy = bytes.slice();
    for (const [at, values] of Object.entries(patches)) copy.set(values, Number(at));
    return copy;
  },

  /** A box of an ISO media file, whose length is of 32 bits or of 64. */
  box(kind, body, isLong = false) {
    const head = new DataView(new ArrayBuffer(isLong ? 16 : 8));
    const length = head.byteLength + body.length;
    head.setUint32(0, isLong ? 1 : length);
    if (isLong) head.setBigUint64(8, BigInt(length));
    const bytes = mine.joined(new Uint8Array(head.buffer), body);
    bytes.set(new TextEncoder().encode(kind), 4);
    return bytes;
  },

  images: (n) =>
    mine.idx(
      [n, 8, 8],
      Uint8Array.from({ length: 64 * n }, (_, i) => (i * 7 + (i >> 6)) % 256),
    ),
  labels: (n, values = [0, 1]) =>
    mine.idx(
      [n],
      Uint8Array.from({ length: n }, (_, i) => values[i % values.length]),
    ),
  /** The four files of MNIST, and more. */
  mnist: (n, more = {}) => ({
    "train-images-idx3-ubyte": mine.images(n),
    "train-labels-idx1-ubyte": mine.labels(n),
    "t10k-images-idx3-ubyte": mine.images(n),
    "t10k-labels-idx1-ubyte": mine.labels(n),
    ...more,
  }),
  cifar: (n) => new Uint8Array(3073 * n).map((_, i) => (i % 3073 ? 0 : (i / 3073) % 10)),
});

(() => {
  const { box, choose, cifar, file, folder, gzip, images, joined, labels } = mine;
  const { mnist, patched, tar, tree, typed, zip } = mine;
  const list = (n, value) => Array.from({ length: n }, (_, i) => value(i));
  const text = (letters) => new TextEncoder().encode(letters);
  /** The first part of each file whose path begins so. */
  const cut = (files, start, share) =>
    Object.fromEntries(
      Object.entries(files).map(([path, bytes]) => [
        path,
        path.startsWith(start) ? bytes.slice(0, bytes.length * share) : bytes,
      ]),
    );
  const below = (parent, files) =>
    Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${parent}/${path}`, bytes]));
  const packed = (name) => () => choose({ "a.zip": file(name) });

  const PETS = ["cat", "dog"];
  const DIGITS = ["0", "1"];
  const CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
  /** Of five pictures a class: to learn from, and to test on. */
  const FEW = [
    [4, 1],
    [4, 1],
  ];
  const BOTH = [
    [3, 2],
    [3, 2],
  ];
  const TEN = [
    [5, 5],
    [5, 5],
  ];

  /** `[what, bring, classes, counts, pixels a side, words on the card]`. */
  mine.read = [
    // The class is what the structure says.
    [
      "sub-folders of each class",
      async () =>
        folder(
          await tree({
            "pets/cat/2019/#.png": 3,
            "pets/dog/2019/#.png": 3,
            "pets/cat/2020/#.png": 2,
            "pets/dog/2020/#.png": 2,
          }),
        ),
      PETS,
      FEW,
      8,
      ["8×8 pixels and stay so"],
    ],
    [
      "years above the classes",
      async () =>
        folder(
          await tree({
            "2019/cat/#.png": 3,
            "2019/dog/#.png": 3,
            "2020/cat/#.png": 2,
            "2020/dog/#.png": 2,
          }),
        ),
      PETS,
      FEW,
      8,
      ["2019, 2020 only count"],
    ],
    [
      "a sub-folder of one class",
      async () =>
        folder(
          await tree({
            "pets/cat/#.png": 3,
            "pets/dog/#.png": 5,
            "pets/cat/more/#.png": 2,
          }),
        ),
      PETS,
      FEW,
      8,
      [],
    ],
    [
      "pictures beside the classes",
      async () =>
        folder(
          await tree({
            "pets/cat/#.png": 5,
            "pets/dog/#.png": 5,
            "pets/preview#.png": 6,
          }),
        ),
      PETS,
      FEW,
      8,
      ["6 files were left out", "no class folder", "pets/preview0.png"],
    ],
    [
      "thumbnails",
      async () =>
        folder(
          await tree({
            "cat/#.png": 5,
            "dog/#.png": 5,
            "cat/@eaDir/#.png/THUMB.jpg": 5,
            "dog/.thumbnails/#.png": 5,
          }),
        ),
      PETS,
      FEW,
      8,
      ["10 files were left out", "by the system"],
    ],
    [
      "numbers as classes",
      async () =>
        folder(
          await tree({
            "training/0/#.png": 3,
            "training/1/#.png": 3,
            "testing/0/#.png": 2,
            "testing/1/#.png": 2,
          }),
        ),
      DIGITS,
      BOTH,
      8,
      [],
    ],
    [
      "a dot-folder above all",
      async () =>
        folder(
          await tree({
            ".data/cat/#.png": 5,
            ".data/dog/#.png": 5,
            ".data/.git/#.png": 3,
          }),
        ),
      PETS,
      FEW,
      8,
      ["3 files were left out"],
    ],
    // Halves are whole names of folders.
    [
      "Train set and Test set",
      async () =>
        folder(
          await tree({
            "d/Train set/cat/#.png": 3,
            "d/Train set/dog/#.png": 3,
            "d/Test set/cat/#.png": 2,
            "d/Test set/dog/#.png": 2,
          }),
        ),
      PETS,
      BOTH,
      8,
      [],
    ],
    [
      "seg_train and seg_test, and what is to be predicted",
      async () =>
        folder(
          await tree({
            "seg_train/seg_train/cat/#.png": 3,
            "seg_train/seg_train/dog/#.png": 3,
            "seg_test/seg_test/cat/#.png": 2,
            "seg_test/seg_test/dog/#.png": 2,
            "seg_pred/seg_pred/#.png": 4,
          }),
        ),
      PETS,
      BOTH,
      8,
      ["4 files were left out", "neither half"],
    ],
    [
      "train, val and test",
      async () =>
        folder(
          await tree({
            "d/train/cat/#.png": 3,
            "d/train/dog/#.png": 3,
            "d/val/cat/#.png": 1,
            "d/val/dog/#.png": 1,
            "d/test/cat/#.png": 1,
            "d/test/dog/#.png": 1,
          }),
        ),
      PETS,
      BOTH,
      8,
      [],
    ],
    [
      "halves in the classes",
      async () =>
        folder(
          await tree({
            "cat/train/#.png": 3,
            "dog/train/#.png": 3,
            "cat/test/#.png": 2,
            "dog/test/#.png": 2,
          }),
        ),
      PETS,
      BOTH,
      8,
      [],
    ],
    [
      "a word in the name of a parent",
      async () =>
        folder(
          await tree({
            "ml-training/cat/#.png": 5,
            "ml-training/dog/#.png": 5,
          }),
        ),
      PETS,
      FEW,
      8,
      ["There was no test half"],
    ],
    [
      "pictures to test on without classes",
      async () =>
        folder(
          await tree({
            "data/train/cat/#.png": 5,
            "data/train/dog/#.png": 5,
            "data/test/#.png": 5,
          }),
        ),
      PETS,
      FEW,
      8,
      ["“data/test” belong to no class", "folder for each class", "5 files were left out"],
    ],
    [
      "the class in the name of the file",
      async () =>
        folder(
          await tree({
            "train/cat.#.png": 5,
            "train/dog.#.png": 5,
            "test/#.png": 3,
          }),
        ),
      PETS,
      FEW,
      8,
      ["the file names do", "cat.0.png", "3 files were left out"],
    ],
    ["IDX files below a training folder", () => folder(below("mnist-training-data", mnist(10))), DIGITS, TEN, 8, []],
    [
      "CIFAR-10 below a training folder",
      () =>
        folder(
          below("ml-training/cifar", {
            "data_batch_1.bin": cifar(20),
            "test_batch.bin": cifar(20),
            "readme.html": text("<p>"),
          }),
        ),
      CIFAR10,
      list(10, () => [2, 2]),
      32,
      ["1 file was left out"],
    ],
    [
      "classes of which one is called like a half",
      async () =>
        folder(
          await tree({
            "tickets/invalid/#.png": 5,
            "tickets/valid/#.png": 5,
          }),
        ),
      ["invalid", "valid"],
      FEW,
      8,
      [],
    ],
    [
      "sports, training among them",
      async () =>
        folder(
          await tree({
            "running/#.png": 5,
            "swimming/#.png": 5,
            "training/#.png": 5,
          }),
        ),
      ["running", "swimming", "training"],
      [
        [4, 1],
        [4, 1],
        [4, 1],
      ],
      8,
      ["There was no test half"],
    ],
    [
      "teams, dev among them",
      async () =>
        folder(
          await tree({
            "dev/#.png": 5,
            "ops/#.png": 5,
            "qa/#.png": 5,
          }),
        ),
      ["dev", "ops", "qa"],
      [
        [4, 1],
        [4, 1],
        [4, 1],
      ],
      8,
      ["There was no test half"],
    ],
    [
      "a class that is called like a half, in both halves",
      async () =>
        folder(
          await tree({
            "train/invalid/#.png": 3,
            "train/valid/#.png": 3,
            "test/invalid/#.png": 2,
            "test/valid/#.png": 2,
          }),
        ),
      ["invalid", "valid"],
      BOTH,
      8,
      [],
    ],
    [
      "one half alone",
      async () =>
        folder(
          await tree({
            "train/cat/#.png": 5,
            "train/dog/#.png": 5,
          }),
        ),
      PETS,
      FEW,
      8,
      ["There was no test half"],
    ],
    [
      "what a program left beside the classes",
      async () =>
        folder({
          ...(await tree({ "cat/#.png": 5, "dog/#.png": 5 })),
          "model.bin": new Uint8Array(100),
        }),
      PETS,
      FEW,
      8,
      ["1 file was left out", "model.bin"],
    ],
    [
      "a picture beside CIFAR-10, and a second download of it",
      async () =>
        folder({
          "cifar/data_batch_1.bin": cifar(20),
          "cifar/test_batch.bin": cifar(20),
          "cifar/data_batch_1 (1).bin": cifar(20),
          "cifar/preview.png": await mine.dot(0, 0),
        }),
      CIFAR10,
      list(10, () => [2, 2]),
      32,
      ["2 files were left out", "the same as cifar/data_batch_1", "a picture beside CIFAR-10’s files"],
    ],
    // All pictures decide on the size.
    [
      "a thumbnail in front",
      async () =>
        folder({
          ...(await tree({ "cat/0#.png": 1 })),
          ...(await tree({ "cat/1#.png": 4, "dog/#.png": 5 }, 64)),
        }),
      PETS,
      FEW,
      32,
      ["8×8 to 64×64", "1 is smaller"],
    ],
    [
      "a thumbnail in the middle",
      async () =>
        folder({
          ...(await tree({ "dog/3#.png": 1 })),
          ...(await tree({ "cat/#.png": 5, "dog/#.png": 4 }, 64)),
        }),
      PETS,
      FEW,
      32,
      ["8×8 to 64×64", "1 is smaller"],
    ],
    // What cannot be seen on white.
    ["white drawings", packed("icons-white.zip"), ["disc", "square"], FEW, 16, ["in grey", "laid on black"]],
    ["white and black drawings", packed("icons-mixed.zip"), ["disc", "square"], FEW, 16, ["on white, and the 5"]],
    // Archives.
    ["backslashes", packed("backslash.zip"), PETS, FEW, 8, []],
    ["./ in front", packed("dot-slash.zip"), PETS, FEW, 8, []],
    ["names that lead elsewhere", packed("elsewhere.zip"), ["cat", "x"], FEW, 8, []],
    ["a packed tar with long names", () => choose({ "a.tar.gz": file("long.tar.gz") }), ["cat", "dög"], FEW, 8, []],
    ["a GNU tar", () => choose({ "a.tar": file("gnu.tar") }), PETS, FEW, 8, []],
    ["names of photographs", packed("photo-names.zip"), PETS, FEW, 32, ["in colour"]],
    [
      "two archives of one download",
      async () =>
        choose({
          "drive-download-1Z-001.zip": await zip(await tree({ "cat/1#.png": 3, "dog/1#.png": 3 })),
          "drive-download-1Z-002.zip": await zip(await tree({ "cat/2#.png": 2, "dog/2#.png": 2 })),
        }),
      PETS,
      FEW,
      8,
      ["drive-download-1Z"],
    ],
    [
      "one download twice",
      async () => {
        const whole = await zip(await tree({ "cat/#.png": 5, "dog/#.png": 5 }));
        choose({ "pets.zip": whole, "pets (1).zip": whole });
      },
      PETS,
      FEW,
      8,
      ["10 files were left out", "another of the archives"],
    ],
    [
      "a packed tar twice",
      () =>
        choose({
          "pets.tar.gz": file("long.tar.gz"),
          "pets (1).tar.gz": file("long.tar.gz"),
        }),
      ["cat", "dög"],
      FEW,
      8,
      ["10 files were left out", "another of the archives"],
    ],
    [
      "a copy of an archive",
      () =>
        choose({
          "pets.zip": file("dot-slash.zip"),
          "pets copy.zip": file("dot-slash.zip"),
        }),
      PETS,
      FEW,
      8,
      ["10 files were left out", "another of the archives"],
    ],
    // As by writers that begin anew at 65,536.
    [
      "more files than an archive counts",
      async () => {
        const whole = await zip(await tree({ "cat/#.png": 5, "dog/#.png": 5 }));
        choose({ "pets.zip": patched(whole, { [whole.length - 14]: [4, 0, 4, 0] }) });
      },
      PETS,
      FEW,
      8,
      [],
    ],
    [
      "an endless name of a picture",
      async () =>
        choose({
          "pets.zip": await zip({
            ...(await tree({ "cat.#.png": 5, "dog.#.png": 5 })),
            [`a${"-".repeat(40_000)}!.png`]: await mine.dot(0, 0),
          }),
        }),
      PETS,
      FEW,
      8,
      ["the file names do", "1 file was left out", "a name of over 255 characters"],
    ],
    [
      "an endless name of an IDX file",
      async () => choose({ "digits.zip": await zip(mnist(10, { [`${" ".repeat(60_000)}x`]: images(10) })) }),
      DIGITS,
      TEN,
      8,
      ["1 file was left out", "a name of over 255 characters"],
    ],
    [
      "endless lists in front of the files of a tar",
      async () => {
        const odd = text("5\n\n\n\n".repeat(200_000));
        const pets = Object.entries(await tree({ "cat/#.png": 5, "dog/#.png": 5 }));
        const entries = [...list(40, () => ["x", "list", odd]), ...pets.map(([path, bytes]) => ["0", path, bytes])];
        choose({ "pets.tar.gz": await gzip(tar(entries)) });
      },
      PETS,
      FEW,
      8,
      [],
    ],
    [
      "an archive a half",
      async () =>
        choose({
          "train.zip": await zip(await tree({ "cat/#.png": 3, "dog/#.png": 3 })),
          "test.zip": await zip(await tree({ "cat/#.png": 2, "dog/#.png": 2 })),
        }),
      PETS,
      BOTH,
      8,
      [],
    ],
    // Names as they were meant.
    ["Shift-JIS", packed("names-shift-jis.zip"), ["イヌ", "ネコ表"], FEW, 8, []],
    ["GBK", packed("names-gbk.zip"), ["狗", "猫"], FEW, 8, []],
    ["Big5", packed("names-big5.zip"), ["狗", "貓"], FEW, 8, []],
    ["EUC-KR", packed("names-euc-kr.zip"), ["강아지", "고양이"], FEW, 8, []],
    ["code page 866", packed("names-cp866.zip"), ["кот", "пёс"], FEW, 8, []],
    ["Windows-1251", packed("names-windows-1251.zip"), ["Кошка", "Собака"], FEW, 8, []],
    ["code page 850", packed("names-cp850.zip"), ["café", "größe"], FEW, 8, []],
    ["Windows-1252", packed("names-windows-1252.zip"), ["café", "größe"], FEW, 8, []],
    ["UTF-8 that does not say so", packed("names-utf-8-unmarked.zip"), ["größe", "犬"], FEW, 8, []],
    ["the name in UTF-8 beside", packed("names-extra-field.zip"), ["犬", "猫"], FEW, 8, []],
    [
      "composed and not, with a space, in another case",
      async () =>
        folder(
          await tree({
            "d/caf\u00e9/#.png": 3,
            "d/dog/#.png": 3,
            "d/cafe\u0301/b#.png": 2,
            "d/Dog /b#.png": 2,
          }),
        ),
      ["café", "dog"],
      FEW,
      8,
      ["“café”", "look alike", "“Dog” and “dog”"],
    ],
    [
      "control characters",
      async () =>
        folder(
          await tree({
            "d/c\u0007at/#.png": 5,
            "d/do\u202eg/#.png": 5,
          }),
        ),
      PETS,
      FEW,
      8,
      [],
    ],
    // IDX files.
    [
      "packed beside unpacked",
      async () => {
        const files = mnist(10);
        for (const name of Object.keys(files)) files[`${name}.gz`] = await gzip(files[name]);
        choose(files);
      },
      DIGITS,
      TEN,
      8,
      ["4 files were left out", "the same as"],
    ],
    [
      "a second download",
      () =>
        choose(
          mnist(10, {
            "train-images-idx3-ubyte (1)": images(10),
            "train-labels-idx1-ubyte(1)": labels(10),
          }),
        ),
      DIGITS,
      TEN,
      8,
      ["2 files were left out", "the same as"],
    ],
    [
      "labels of 32 bits",
      () =>
        choose(
          mnist(10, {
            "train-labels-idx1-ubyte": typed(
              0x0c,
              [10],
              list(10, (i) => i % 2),
              4,
              "setInt32",
            ),
          }),
        ),
      DIGITS,
      TEN,
      8,
      [],
    ],
    [
      "labels of doubles",
      () =>
        choose(
          mnist(10, {
            "train-labels-idx1-ubyte": typed(
              0x0e,
              [10],
              list(10, (i) => i % 2),
              8,
              "setFloat64",
            ),
          }),
        ),
      DIGITS,
      TEN,
      8,
      [],
    ],
    [
      "images from 0 to 1",
      () =>
        choose({
          images: typed(
            0x0d,
            [10, 8, 8],
            list(640, (i) => (i % 5) / 4),
            4,
            "setFloat32",
          ),
          labels: labels(10),
        }),
      DIGITS,
      FEW,
      8,
      ["taken as 0 to 1"],
    ],
    [
      "images of 16 bits",
      () =>
        choose({
          images: typed(
            0x0b,
            [10, 8, 8],
            list(640, (i) => i % 256),
            2,
            "setInt16",
          ),
          labels: labels(10),
        }),
      DIGITS,
      FEW,
      8,
      ["taken as 0 to 255"],
    ],
    [
      "images of signed bytes",
      () =>
        choose({
          images: typed(
            0x09,
            [10, 8, 8],
            list(640, (i) => (i % 256) - 128),
            1,
            "setInt8",
          ),
          labels: labels(10),
        }),
      DIGITS,
      FEW,
      8,
      ["taken as −128 to 127"],
    ],
    [
      "images in three channels",
      () =>
        choose({
          images: mine.idx([10, 8, 8, 3], Uint8Array.from(list(1920, (i) => [200, 0, 100][i % 3]))),
          labels: labels(10),
        }),
      DIGITS,
      FEW,
      8,
      ["in colour"],
    ],
    [
      "labels from 1",
      () => choose({ images: images(15), labels: labels(15, [1, 2, 3]) }),
      ["1", "2", "3"],
      [
        [4, 1],
        [4, 1],
        [4, 1],
      ],
      8,
      ["The labels are 1, 2, 3"],
    ],
    [
      "labels with gaps",
      () => choose({ images: images(10), labels: labels(10, [3, 7]) }),
      ["3", "7"],
      FEW,
      8,
      ["The labels are 3, 7"],
    ],
  ];

  /** A size that no decoder should be asked for, as it stands in each of these formats. */
  const HUGE = [255, 255];
  const AVIF = box("ftyp", text("avif"));
  const both = (name, bytes) => () => folder({ [`a/${name}`]: bytes, [`b/${name}`]: bytes });
  /** A GIF whose screen is small, a JPEG with a marker of no length in front, an AVIF with a long box in front. */
  const gif = patched(file("red.gif"), { 30: [...HUGE, ...HUGE] });
  const photo = file("photo.jpg");
  const frame = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xc0);
  const jpeg = joined([0xff, 0xd8, 0xff, 0x01], patched(photo, { [frame + 5]: [...HUGE, ...HUGE] }).slice(2));
  const size = box("ispe", new Uint8Array([0, 0, 0, 0, 0, 0, ...HUGE, 0, 0, ...HUGE]));
  const meta = box("meta", joined(new Uint8Array(4), box("iprp", box("ipco", size))));
  const avif = joined(AVIF, box("free", new Uint8Array(8), true), meta);
  /** Boxes in boxes: each begins 12 bytes after the one that holds it. */
  const nested = (depth) => {
    const bytes = new Uint8Array(12 * depth);
    for (let i = 0; i < depth; i++) bytes.set(box("meta", new Uint8Array(4)), 12 * i);
    for (let i = 0; i < depth; i++) new DataView(bytes.buffer).setUint32(12 * i, 12 * (depth - i));
    return joined(AVIF, bytes);
  };

  /** A stream of so many chunks, packed: more than is held before it is. */
  async function packedStream(first, count, chunk) {
    let left = count;
    const stream = new ReadableStream({
      start: (out) => out.enqueue(first),
      pull: (out) => (left-- > 0 ? out.enqueue(chunk) : out.close()),
    }).pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const HEIC = text("\0\0\0\x18ftypheic");
  /** `[what, bring, words of the refusal]`. */
  mine.refused = [
    ["a password", packed("locked.zip"), ["a.zip", "password", "unpack it yourself and choose the folder"]],
    ["Deflate64", packed("deflate64.zip"), ["a.zip", "Deflate64", "unpack it yourself"]],
    ["LZMA", packed("lzma.zip"), ["a.zip", "LZMA", "unpack it yourself"]],
    ["half an archive", packed("cut.zip"), ["a.zip", "cut off", "Get it anew"]],
    [
      "another archive",
      () => choose({ "pets.7z": new Uint8Array([0x37, 0x7a, 0xbc, 0xaf]) }),
      ["pets.7z", "7-Zip", "unpack it yourself"],
    ],
    [
      "an archive in an archive",
      async () => choose({ "pets.zip": await zip({ "train.zip": file("dot-slash.zip") }) }),
      ["pets.zip", "holds another archive, train.zip", "choose that"],
    ],
    [
      "two archives",
      () => choose({ "cats.zip": file("dot-slash.zip"), "holiday.zip": file("backslash.zip") }),
      ["cats.zip, holiday.zip", "2 archives", "choose one"],
    ],
    [
      "PNG files cut off",
      async () => folder(cut(await tree({ "cat/#.png": 5, "dog/#.png": 5 }), "cat", 0.4)),
      ["“cat” has 0 pictures", "cat/0.png: it is cut off"],
    ],
    [
      "JPEG files cut off",
      async () =>
        folder({
          ...(await tree({ "dog/#.png": 5 })),
          ...cut(Object.fromEntries(list(5, (i) => [`cat/${i}.jpg`, file("photo.jpg")])), "cat", 0.98),
        }),
      ["“cat” has 0 pictures", "cat/0.jpg: it is cut off"],
    ],
    [
      "pictures that would take gigabytes",
      () => folder({ "a/1.png": file("huge.png"), "b/1.png": file("huge.png") }),
      ["None of 2", "20000×20000 pixels, more than 40 million"],
    ],
    ["HEIC", () => folder({ "a/1.heic": HEIC, "b/1.heic": HEIC }), ["HEIC", "save it as PNG or JPEG"]],
    [
      "NumPy",
      async () => choose({ "train.npz": await zip({ "x.npy": text("\x93NUMPY") }) }),
      ["train.npz", "NumPy", "folder for each class"],
    ],
    [
      "Parquet",
      () => choose({ "train.parquet": text("PAR1PAR1") }),
      ["train.parquet", "Parquet", "folder for each class"],
    ],
    [
      "CIFAR-10 for Python",
      () => choose({ data_batch_1: new Uint8Array([0x80, 2, 0x7d, 0x71]) }),
      ["data_batch_1", "pickle", "binary version"],
    ],
    [
      "a saved run",
      async () => choose({ "run.zip": await zip({ "run.json": text("{}"), "plain.safetensors": text("?") }) }),
      ["run is a saved run", "open it under “Your runs”"],
    ],
    [
      "one class",
      () => choose({ images: images(10), labels: labels(10, [4]) }),
      ["labels", "all labels are 4", "Bring pictures of at least two"],
    ],
    [
      "two files of one name",
      () => choose(mnist(10, { "train-images-idx3-ubyte (1)": images(9) })),
      ["train-images-idx3-ubyte (1)", "hold different things", "choose one"],
    ],
    [
      "values that mean nothing here",
      () =>
        choose({
          images: typed(
            0x0d,
            [10, 8, 8],
            list(640, (i) => i),
            4,
            "setFloat32",
          ),
          labels: labels(10),
        }),
      ["images", "from 0 to 639", "Scale them"],
    ],
    [
      "values that are no numbers",
      () =>
        choose({
          images: typed(
            0x0d,
            [10, 8, 8],
            list(640, () => NaN),
            4,
            "setFloat32",
          ),
          labels: labels(10),
        }),
      ["images", "no number"],
    ],
    [
      "a packed file cut off",
      async () => choose(cut({ "images.gz": await gzip(images(10)), labels: labels(10) }, "images", 0.9)),
      ["images.gz", "cut off"],
    ],
    // A packed file that unpacks to more than is allowed is not unpacked: its own end says how much it is.
    [
      "a packed bomb",
      async () => {
        const bomb = await packedStream(mine.idx([1000, 1000, 1000], []), 400, new Uint8Array(1e6));
        choose({ "images.gz": bomb, labels: labels(10) });
      },
      ["images.gz unpacks to 400 MB; allowed are 300 MB"],
    ],
    [
      "packed files that are too much together",
      async () => {
        const packed = await packedStream(mine.idx([2_500_000, 8, 8], []), 160, new Uint8Array(1e6));
        const open = mine.idx([2_500_000, 8, 8], new Uint8Array(160e6));
        choose({ ...mnist(10), "train-images-idx3-ubyte": packed, "t10k-images-idx3-ubyte": open });
      },
      ["With train-images-idx3-ubyte the files unpack to 320 MB; allowed are 300 MB together", "Choose a part"],
    ],
    [
      "a packed tar of endless lists",
      async () => {
        const block = tar([["x", "list", new Uint8Array(999_936)]]).slice(0, -1024);
        choose({ "pets.tar.gz": await packedStream(new Uint8Array(), 310, block) });
      },
      ["pets.tar.gz unpacks to more than 300 MB", "choose a part of it"],
    ],
    [
      "a tar with a file of one and a half bytes",
      async () =>
        choose({
          "pets.tar": tar([
            ["x", "list", text("12 size=1.5\n")],
            ["0", "cat/1.png", await mine.dot(0, 0)],
          ]),
        }),
      ["pets.tar is damaged or cut off", "Get it anew"],
    ],
    [
      "a tar with an endless folder",
      async () =>
        choose({
          "pets.tar": tar([
            ["x", "list", text("17 size=Infinity\n")],
            ["5", "cat", new Uint8Array()],
          ]),
        }),
      ["pets.tar is damaged or cut off", "Get it anew"],
    ],
    [
      "more files of images than a set has",
      () =>
        choose({
          a: images(10),
          b: images(10),
          c: images(10),
          labels: labels(10),
        }),
      ["3 files of images and 1 of labels", "Choose the files of one set"],
    ],
    [
      "more of CIFAR-10 than there is room for",
      () => {
        const half = new Uint8Array(3073 * 35_001);
        choose({ "data_batch_1.bin": half, "test_batch.bin": half });
      },
      ["With test_batch.bin there are 70002 images", "allowed are 70000", "Choose fewer files"],
    ],
    [
      "no pictures at all",
      () => choose({ images: images(0), labels: labels(0) }),
      ["images holds no pictures", "Get it anew"],
    ],
    ["a GIF larger than its screen", both("1.gif", gif), ["65535×65535 pixels, more than 40 million"]],
    ["a JPEG behind a marker of no length", both("1.jpg", jpeg), ["65535×65535 pixels, more than 40 million"]],
    ["an AVIF behind a long box", both("1.avif", avif), ["65535×65535 pixels, more than 40 million"]],
    ["an AVIF of boxes in boxes", both("1.avif", nested(40_000)), ["None of 2", "it is damaged"]],
    [
      "loose photographs",
      async () => folder(await tree({ "IMG_#.png": 5, "DSC_#.png": 5 })),
      ["9 more pictures", "folder with its name"],
    ],
    [
      "the folder of one class",
      async () => folder(await tree({ "pets/cat/#.png": 5 })),
      ["1 class folder (cat)", "Choose the folder above"],
    ],
  ];
})();
