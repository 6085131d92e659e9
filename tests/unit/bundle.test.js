import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { bundle, templates } from "../../xtask/bundle.js";
import { graph as sources, WWW } from "./graph.js";

/** `source` with the texts of its templates as they are shortened. */
function shortened(source) {
  return templates(source).reduceRight(
    (code, { start, end, text }) => code.slice(0, start) + text + code.slice(end),
    source,
  );
}

test("templates lose their lines, and other texts keep them", () => {
  for (const [source, expected] of [
    // Within words and tags a space says the same; beside an expression it stays one.
    ["html`<p>\n    own\n    ${a}\n\n  thread</p>`", "html`<p> own ${a} thread</p>`"],
    ["html`<i\n  a=${b}\n  c\n></i\n>`", "html`<i a=${b} c ></i >`"],
    ["css`\n  a {\n    b: c;\n  }\n`", "css` a { b: c; } `"],
    // A template in a template, and one in a script of a template.
    ["html`<ul>\n  ${a.map(()=>html`<li>\n  x</li>`)}\n</ul>`", "html`<ul> ${a.map(()=>html`<li> x</li>`)} </ul>`"],
    ["html`${`\n  a`}\n`", "html`${`\n  a`} `"],
    // These are shown as they stand.
    ["html`<pre>\n  a</pre>`", "html`<pre>\n  a</pre>`"],
    ["html`${a}<textarea\n>\n b</textarea>`", "html`${a}<textarea\n>\n b</textarea>`"],
    ["`\n  a`", "`\n  a`"],
    ["text`\n  a`", "text`\n  a`"],
    // Written, not broken.
    ["html`a\\n  b ü\n  c`", "html`a\\n  b ü c`"],
  ])
    assert.equal(shortened(`const ü = 1; made = ${source}`), `const ü = 1; made = ${expected}`);
  assert.throws(() => templates("const = 1;"));
});

/** Bundles a page of these files; returns what each script imports, and a way to read what was written. */
async function bundled(files, use) {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const graph = await bundle(folder);
    await use(graph, (path) => readFileSync(join(folder, path), "utf8"), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The page itself, and engines that need no compiler. */
function page() {
  const own = [...sources().keys()].map((path) => [path, readFileSync(join(WWW, path), "utf8")]);
  const foreign = ["vendor/lit", "vendor/comlink", "vendor/uplot", "vendor/idb-keyval", "vendor/fflate", "vendor/qr"];
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(foreign.map((name) => [`${name}.js`, readFileSync(join(WWW, `${name}.js`), "utf8")])),
    "index.html": readFileSync(join(WWW, "index.html"), "utf8"),
    "engine/cpu_engine.js": "// How.\nexport default function init() {}\n",
    "engine/cpu_engine_bg.wasm": "code",
    "engine/cpu_engine.d.ts": "export {};",
  };
}

test("each module is there once, and at its address", async () => {
  await bundled(page(), (graph, read, folder) => {
    for (const path of sources().keys()) assert.ok(graph[path], `${path} is gone`);
    const bundles = Object.keys(graph).filter((path) => path.startsWith("immutable/"));
    const defining = (text) => [...bundles, ...sources().keys()].filter((path) => read(path).includes(text));
    // The worker is a world of its own.
    assert.match(defining("The worker has not answered").join(), /^immutable\/core-[^,]+$/);
    assert.match(defining("You still see").join(), /^immutable\/front-[^,]+$/);
    assert.match(defining("Does it help against a shift").join(), /^immutable\/nudge-[^,]+$/);
    assert.match(read("engine/client.js"), /^export\{[^}]*\}from"\.\.\/immutable\/core-[^"]+\.js";$/);
    assert.ok(!read(bundles[0]).includes("\n  "), "white space is left");
    assert.ok(
      !readdirSync(folder, { recursive: true }).some((file) => file.endsWith(".d.ts")),
      "declarations are left",
    );
  });
});

test("cards and programs load nothing that draws, the worker nothing at all, and bundles form no circle", async () => {
  await bundled(page(), (graph) => {
    const reached = (path, found = new Set()) => {
      if (!found.has(path)) graph[found.add(path) && path].imports.forEach((next) => reached(next, found));
      return found;
    };
    const names = (path) =>
      [...reached(path)].flatMap((file) => file.match(/^immutable\/(.+)-.{8}\.js$/)?.[1] ?? []).sort();
    assert.deepEqual(names("embed/embed.js"), ["card"]);
    assert.deepEqual(names("api.js"), ["card", "core"]);
    assert.deepEqual(graph["engine/worker.js"].imports, []);
    for (const path of Object.keys(graph))
      for (const next of graph[path].imports) assert.ok(!reached(next).has(path), `${path} and ${next}`);
  });
});

test("engines have names that say what they hold, and the page names them first", async () => {
  await bundled(page(), (graph, read) => {
    const html = read("index.html");
    const [, code] = html.match(
      /<link rel="preload" as="fetch" crossorigin href="(immutable\/cpu_engine_bg-[^"]+\.wasm)">/,
    );
    assert.equal(read(code), "code");
    assert.ok(read("engine/worker.js").includes(code), "the worker does not know its engine");
    const [, module] = html.match(/<link rel="modulepreload" href="(immutable\/cpu_engine-[^"]+\.js)">/);
    assert.equal(read(module).trim(), "export default function init(){}");
    for (const path of graph["app/main.js"].imports)
      assert.ok(html.includes(`<link rel="modulepreload" href="${path}">`));
  });
});
