import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { WWW } from "./graph.js";

/** What Prettier does not break: comments, texts, and expressions in templates. */
test("no line of a script or a style sheet is longer than 120 columns", () => {
  const own = readdirSync(WWW, { recursive: true })
    .map(String)
    .filter((path) => /\.(js|css)$/.test(path) && !/^(vendor|data)\b/.test(path));
  assert.ok(own.length > 120, `${own.length} files`);
  const long = own.flatMap((path) =>
    readFileSync(join(WWW, path), "utf8")
      .split("\n")
      .flatMap((line, i) => (line.length > 120 ? [`${path}:${i + 1}`] : [])),
  );
  assert.deepEqual(long, []);
});
