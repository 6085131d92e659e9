// The page's modules as a graph: which imports which, at once or later.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const WWW = fileURLToPath(new URL("../../www", import.meta.url));

/** Not the page's own. */
const FOREIGN = ["vendor/", "data/", "weights/"];
/** The engines are compiled, so they are no sources. */
const COMPILED = /_engine\.js$/;

const slashed = (path) => path.split(sep).join("/");

/** The page's own modules, as paths below `www/`. */
export const modules = () =>
  readdirSync(WWW, { recursive: true })
    .map((path) => slashed(String(path)))
    .filter((path) => path.endsWith(".js") && !FOREIGN.some((folder) => path.startsWith(folder)))
    .sort();

/** Without comments, which may speak of imports; addresses keep their slashes. */
const code = (text) => text.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*/g, "$1");

/** The relative specifiers that a module imports, statically or by `import()`. */
export const imports = (text) =>
  Array.from(
    code(text).matchAll(/(?:\bfrom\s*|\bimport\s*|\bimport\s*\(\s*)"(\.[^"]+)"/g),
    ([, specifier]) => specifier,
  ).filter((specifier) => !COMPILED.test(specifier));

/** Module → the modules that it imports, both as paths below `www/`. */
export function graph(paths = modules(), read = (path) => readFileSync(join(WWW, path), "utf8")) {
  const target = (from, specifier) => slashed(relative(WWW, join(WWW, dirname(from), specifier)));
  return new Map(paths.map((path) => [path, imports(read(path)).map((specifier) => target(path, specifier))]));
}

/** A circle of a graph, from a module to itself, or nothing. */
export function circle(edges) {
  const done = new Set();
  const walk = (path, way) => {
    const at = way.indexOf(path);
    if (at >= 0) return [...way.slice(at), path];
    if (done.has(path)) return null;
    for (const next of edges.get(path) ?? []) {
      const found = walk(next, [...way, path]);
      if (found) return found;
    }
    done.add(path);
    return null;
  };
  for (const path of edges.keys()) {
    const found = walk(path, []);
    if (found) return found;
  }
  return null;
}

/** The folder at the top that a module lies in. */
export const roomOf = (path) => (path.includes("/") ? path.split("/")[0] : ".");

/** Room → the other rooms that its modules import. */
export function rooms(edges) {
  const found = new Map();
  for (const [path, targets] of edges) {
    const of = found.get(roomOf(path)) ?? new Set();
    for (const target of targets) if (roomOf(target) !== roomOf(path)) of.add(roomOf(target));
    found.set(roomOf(path), of);
  }
  return found;
}
