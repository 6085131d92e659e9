// Puts the modules of a built page into few files, without what only their readers need: comments and white space, also
// that of templates. Names stay, so that an error's stack can be read; maps lead back to the sources.
//
// Every module can still be imported by its own address, which passes on what a bundle has: nothing is there twice,
// whoever asks for it. `node xtask/bundle.js FOLDER` writes into the folder of the page, and prints as JSON what each
// script imports, `{ path: { imports, later } }`.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { argv, stdout } from "node:process";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";
import { minifySync, parseSync, Visitor } from "rolldown/utils";

/** Where bundles lie, by names that say what they hold. One folder deep, as `lib/home.js` needs it. */
const BUNDLES = "immutable";
/** For programs. */
const API = "api.js";
/** What starts the page, a card on another one, and the figure in its place. */
const MAIN = "app/main.js";
const CARD = "embed/embed.js";
const WIDGET = "embed/mount.js";
/** What the page loads after its first figure, and what only Expert shows. */
const STEPS = "app/further.js";
const EXPERT = "app/expert-figures.js";
const TRAIN = "elements/train/train.js";
/** What the first figure shows until its engine has answered. */
const PREPARED = "data/figures/fool.json";
/** Generated, and more data than code. */
const LIBRARY = "catalogue/library.js";
/** Starts the page of a lesson. */
const LESSON = "lesson/main.js";
/** Runs where no other module is. */
const WORKER = "engine/worker.js";

/** Without white space; names stay. */
const SMALLER = { compress: true, mangle: false, codegen: { removeWhitespace: true } };

/** Elements that show what they hold as it stands. */
const VERBATIM = /<(pre|textarea)/;

/** A text with a space in place of every line break and of the white space around it. */
const onOneLine = (text) => text.replace(/[ \t]*\n[ \t\n]*/g, " ");

/** The texts in templates in which a line break and an indentation say no more than a space: `{ start, end, text }`. */
export function templates(code) {
  const found = [];
  const visitor = new Visitor({
    TaggedTemplateExpression({ tag, quasi: { quasis } }) {
      const parts = quasis.map(({ value }) => value.raw);
      if (!["html", "svg", "css"].includes(tag.name) || parts.some((part) => VERBATIM.test(part))) return;
      found.push(...quasis.map(({ start, end, value: { raw } }) => ({ start, end, text: onOneLine(raw) })));
    },
  });
  const { program, errors } = parseSync("module.js", code);
  if (errors.length) throw new Error(errors[0].message);
  visitor.visit(program);
  // Templates stand within templates.
  return found.sort((a, b) => a.start - b.start);
}

const shortenTemplates = {
  name: "shorten templates",
  transform(code, id, { magicString }) {
    for (const { start, end, text } of templates(code)) if (end > start) magicString.overwrite(start, end, text);
    return { code: magicString };
  },
};

/** All modules that `roots` import at once, and they themselves. */
function closure(roots, imports) {
  const found = new Set();
  const next = [...roots];
  while (next.length) {
    const id = next.pop();
    if (found.has(id)) continue;
    found.add(id);
    next.push(...imports(id));
  }
  return found;
}

/** In the order in which each uses only those before it; after them each figure may have one of its own. */
const LAYERS = ["library", "card", "core", "first", "front", "training", "steps", "further"];

/**
 * Module → its bundle: what the library says of itself; what a card shares with the page; what programs use; what the
 * page or a widget begins with; what the page alone begins with; what training shares with other figures; what the
 * steps share, and what other figures do; or what one of them has for itself, also one that is loaded when somebody
 * comes near; and what only lessons have. What else is only loaded on demand is in none.
 */
function bundles(path, imports, later) {
  const roots = [[...imports(path(STEPS)), ...later(path(STEPS))], imports(path(EXPERT))];
  const [steps, others] = roots.map((files) => files.map((id) => closure([id], imports)));
  const figures = [...steps, ...others];
  const isShared = (id) => figures.filter((modules) => modules.has(id)).length > 1;
  const made = new Map();
  const put = (name, modules) => modules.forEach((id) => made.has(id) || made.set(id, name));
  put("library", [path(LIBRARY)]);
  const first = closure([MAIN, WIDGET].flatMap((file) => imports(path(file))), imports);
  put(
    "card",
    [...closure([path(CARD)], imports)].filter((id) => first.has(id)),
  );
  put("core", closure(imports(path(API)), imports));
  const elsewhere = [closure(imports(path(WIDGET)), imports), ...figures];
  put(
    "front",
    [...first].filter((id) => !elsewhere.some((modules) => modules.has(id))),
  );
  put("first", first);
  put("training", [...closure([path(TRAIN)], imports)].filter(isShared));
  for (const modules of figures) {
    put(steps.includes(modules) ? "steps" : "further", [...modules].filter(isShared));
    const [figure] = modules;
    put(figure.match(/([^/\\]+)\.js$/)[1], modules);
  }
  put("lesson", closure([path(LESSON)], imports));
  return made;
}

/** Gives the engines names that say what they hold; returns their new paths by the old ones. */
function nameEngines(folder) {
  const engines = readdirSync(join(folder, "engine")).filter((file) => /_engine(_bg\.wasm|\.js)$/.test(file));
  return new Map(
    engines.map((file) => {
      const from = join(folder, "engine", file);
      const bytes = readFileSync(from);
      const contents = file.endsWith(".js") ? minifySync(file, bytes.toString(), SMALLER).code : bytes;
      const digest = createHash("sha256").update(contents).digest("base64url").slice(0, 8);
      const named = `${BUNDLES}/${file.replace(".", `-${digest}.`)}`;
      writeFileSync(join(folder, named), contents);
      rmSync(from);
      return [`engine/${file}`, named];
    }),
  );
}

const renameEngines = (names) => ({
  name: "rename engines",
  transform: {
    filter: { id: /engine[\\/]files\.js$/ },
    handler: (code, id, { magicString }) => {
      for (const [before, after] of names) magicString.replace(`"${before}"`, `"${after}"`);
      return { code: magicString };
    },
  },
});

const options = (folder, names) => ({
  cwd: folder,
  plugins: [renameEngines(names), shortenTemplates],
  experimental: { nativeMagicString: true },
  preserveEntrySignatures: "strict",
  logLevel: "warn",
});
const output = {
  format: "es",
  sourcemap: true,
  // Licences stay, and what other people's bundlers are told.
  comments: { legal: true, annotation: true, jsdoc: false },
  minify: SMALLER,
};

/** Replaces the modules of the page in `folder`; returns what each script imports. */
export async function bundle(folder) {
  const path = (name) => join(folder, name);
  mkdirSync(path(BUNDLES), { recursive: true });
  const names = nameEngines(folder);
  const modules = readdirSync(folder, { recursive: true })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => file.endsWith(".js") && !file.startsWith(BUNDLES));
  let made;
  const bundleOf = (id, graph) => {
    made ??= bundles(
      path,
      (module) => graph.getModuleInfo(module).importedIds,
      (module) => graph.getModuleInfo(module).dynamicallyImportedIds,
    );
    return made.get(id) ?? null;
  };
  const layer = (name, i) => ({
    name: (id, graph) => (bundleOf(id, graph) === name ? name : null),
    debugName: name,
    priority: LAYERS.length - i,
  });
  const page = await rolldown({
    ...options(folder, names),
    input: Object.fromEntries(modules.filter((file) => file !== WORKER).map((file) => [file.slice(0, -3), path(file)])),
  });
  const { output: files } = await page.generate({
    ...output,
    entryFileNames: "[name].js",
    chunkFileNames: `${BUNDLES}/[name]-[hash].js`,
    codeSplitting: { groups: [...LAYERS.map(layer), { name: bundleOf, debugName: "figures" }] },
  });
  const worker = await rolldown({ ...options(folder, names), input: path(WORKER) });
  const { output: alone } = await worker.generate({ ...output, entryFileNames: WORKER, codeSplitting: false });
  const graph = {};
  for (const file of [...files, ...alone]) {
    writeFileSync(path(file.fileName), file.code ?? file.source);
    if (file.type === "chunk") graph[file.fileName] = { imports: file.imports, later: file.dynamicImports };
  }
  for (const file of readdirSync(folder, { recursive: true })) if (file.endsWith(".d.ts")) rmSync(path(file));
  announce(folder, graph);
  return graph;
}

/**
 * Tells the page in its head what it begins with, so that nothing is asked for only when the file before it is there:
 * its bundles, what its first figure shows, and the engine of that.
 */
function announce(folder, graph) {
  const page = join(folder, "index.html");
  const engine = readdirSync(join(folder, BUNDLES)).filter((file) => file.startsWith("cpu_engine"));
  const scripts = [...closure(graph[MAIN].imports, (file) => graph[file].imports)];
  const links = [...scripts, PREPARED, ...engine.map((file) => `${BUNDLES}/${file}`)].map((file) =>
    file.endsWith(".js")
      ? `<link rel="modulepreload" href="${file}">`
      : `<link rel="preload" as="fetch" crossorigin href="${file}">`,
  );
  const html = readFileSync(page, "utf8");
  writeFileSync(page, html.replace("</head>", `${links.join("\n")}\n</head>`));
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(JSON.stringify(await bundle(argv[2])));
