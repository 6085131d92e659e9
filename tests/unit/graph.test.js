import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { FIGURES, moduleOf } from "../../www/catalogue/figures.js";
import { WWW, circle, graph, imports, modules, roomOf, rooms } from "./graph.js";

/** Rooms whose modules draw. */
const VIEWS = ["elements", "embed", "lesson"];
/** Put the page together, so they know both sides. */
const STARTS = ["app/main.js", "app/further.js", "app/expert-figures.js"];

const edges = graph();
// A figure is loaded when it is wanted, by the name in its list: such an import counts, too.
edges.get("embed/mount.js").push(...Object.keys(FIGURES).map(moduleOf));

test("imports are found wherever they stand, and not in comments", () => {
  const text = [
    'import { a } from "./a.js";',
    "import {",
    "  b,",
    '} from "../b.js";',
    'import "./c.js";',
    'export { d } from "./d.js";',
    'const late = () => import("./e.js");',
    'const [f] = await Promise.all([import("./f.js")]);',
    'import lit from "lit";',
    '// import { x } from "./x.js";',
    '/** @import { Y } from "./y.js" */',
    '/** @type {import("./z.js").Z} */',
    'const module = import("./cpu_engine.js");',
    'const page = "https://host/"; import("./g.js");',
  ].join("\n");
  assert.deepEqual(imports(text), ["./a.js", "../b.js", "./c.js", "./d.js", "./e.js", "./f.js", "./g.js"]);
});

test("a circle is found, and its way", () => {
  const read = (files) => (path) => files[path];
  const files = { "a.js": 'import "./b/b.js";', "b/b.js": 'import("../c.js");', "c.js": 'import "./a.js";' };
  const found = circle(graph(Object.keys(files), read(files)));
  assert.deepEqual(found, ["a.js", "b/b.js", "c.js", "a.js"]);
  const straight = { ...files, "c.js": "" };
  assert.equal(circle(graph(Object.keys(straight), read(straight))), null);
});

test("every module of the page is drawn, and imports what is there", () => {
  assert.ok(modules().length > 100 && modules().includes(STARTS[0]), "the page's modules are found");
  for (const [path, targets] of edges) {
    for (const target of targets) assert.ok(existsSync(join(WWW, target)), `${path} imports ${target}`);
  }
  const source = (path) => readFileSync(join(WWW, path), "utf8");
  assert.ok(source("embed/mount.js").includes("import(`../${moduleOf(figure)}`)"), "figures are loaded by their names");
  for (const figure of Object.keys(FIGURES))
    assert.match(source(moduleOf(figure)), /^export (const|function) register\b/m, figure);
});

test("no module imports itself in a circle, at once or later", () => {
  assert.equal(circle(edges), null);
});

test("state imports no view", () => {
  const up = [...edges]
    .filter(([path]) => !VIEWS.includes(roomOf(path)) && !STARTS.includes(path))
    .flatMap(([path, targets]) =>
      targets.filter((target) => VIEWS.includes(roomOf(target))).map((to) => `${path} → ${to}`),
    );
  assert.deepEqual(up, []);
});

test("figures do not know that they can stand on other pages", () => {
  assert.ok(!rooms(edges).get("elements").has("embed"));
});

test("rooms below know nothing of those above", () => {
  const known = rooms(edges);
  assert.deepEqual([...known.get("catalogue")], ["lib"]);
  assert.deepEqual([...known.get("lib")], ["vendor"]);
  assert.deepEqual([...known.get("user-data")], ["lib"]);
  assert.deepEqual([...known.get("styles")], ["lib"]);
});

test("what others know by its address stays there", () => {
  const published = [
    "index.html",
    "embed.html",
    "lesson.html",
    "service-worker.js",
    "api.js",
    "settings.json",
    "embed/embed.js",
  ];
  for (const path of published) assert.ok(existsSync(join(WWW, path)), path);
});
