// Writes types/: what TypeScript declares of the modules that programs import, as their JSDoc says it, and of those
// that these speak of. With --check nothing is written, and what is there must be that.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const KEPT = join(ROOT, "pkg/types");
/** What `exports` of package.json names, below `www/`. */
const ENTRIES = ["api", "embed/embed"];
const HEAD = "// Generated from www/ by `npm run types:package`.\n\n";
/** The only thing about the modules that JSDoc cannot say. */
const TAGS = `declare global {
    interface HTMLElementTagNameMap extends Record<\`semantic-continuity-\${Figure}\`, Widget> {
    }
}
`;

/** The text of a block of JSDoc up to its first tag, and the type that it defines, if it does. */
function typedefs(source) {
  const blocks = Array.from(source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\//g), ([, text]) =>
    text
      .split("\n")
      .map((line) => line.replace(/^ *\*? ?/, "").trimEnd())
      .join("\n"),
  );
  return blocks.flatMap((text) => {
    const name = text
      .match(/@typedef \{[^]*\} (\w+)|@typedef \{object\} (\w+)/)
      ?.slice(1)
      .find(Boolean);
    const about = text.split(/^@|(?<=\s)@/m)[0].trim();
    return name ? [{ name, about, isInternal: text.includes("@internal") }] : [];
  });
}

/** A declaration as it is kept: with what is said of types, and without those of no account outside. */
function published(declared, source) {
  let text = declared.replaceAll(/^\/\*\* @import .*\n/gm, "");
  for (const { name, about, isInternal } of typedefs(source)) {
    const whole = new RegExp(`^export type ${name}\\b[^]*?;\\n(?! )(?!\\})`, "m");
    const comment = about && `/**\n${about.replaceAll(/^/gm, " * ")}\n */\n`;
    text = text.replace(whole, (type) => (isInternal ? "" : comment + type));
  }
  return HEAD + text;
}

/** Path → text of all that is kept. */
function declarations() {
  const made = mkdtempSync(join(tmpdir(), "types-"));
  try {
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--stripInternal"];
    execFileSync(process.execPath, [tsc, "-p", ROOT, ...options, "--rootDir", join(ROOT, "www"), "--outDir", made], {
      stdio: "inherit",
    });
    const kept = new Map();
    for (const wanted = [...ENTRIES]; wanted.length;) {
      const module = wanted.pop();
      if (kept.has(`${module}.d.ts`)) continue;
      const text = published(
        readFileSync(join(made, `${module}.d.ts`), "utf8"),
        readFileSync(join(ROOT, `www/${module}.js`), "utf8"),
      );
      kept.set(`${module}.d.ts`, module === "embed/embed" ? text + TAGS : text);
      for (const [, path] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g))
        wanted.push(posix.join(posix.dirname(module), path));
    }
    return kept;
  } finally {
    rmSync(made, { recursive: true });
  }
}

const kept = declarations();
if (process.argv.includes("--check")) {
  const paths = existsSync(KEPT) ? readdirSync(KEPT, { recursive: true, withFileTypes: true }) : [];
  const there = paths.filter((entry) => entry.isFile()).length;
  const isSame = (path, text) => existsSync(join(KEPT, path)) && readFileSync(join(KEPT, path), "utf8") === text;
  const stale = [...kept].filter(([path, text]) => !isSame(path, text)).map(([path]) => path);
  if (stale.length || there !== kept.size) {
    const what = stale.join(", ") || "there are more files";
    process.stderr.write(
      `pkg/types is not what www/ declares (${what}).\n` +
        "npm run types:package writes it: read the difference, and commit it.\n",
    );
    process.exitCode = 1;
  }
} else {
  rmSync(KEPT, { recursive: true, force: true });
  for (const [path, text] of kept) {
    mkdirSync(dirname(join(KEPT, path)), { recursive: true });
    writeFileSync(join(KEPT, path), text);
  }
}
