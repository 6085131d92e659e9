import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { WWW } from "./graph.js";

const text = (...path) => readFileSync(join(WWW, ...path), "utf8");

/** The types that the page is checked with are those of the npm packages: of another version they would prove little. */
test("vendored libraries and the packages with their types are of one version", () => {
  const { devDependencies } = JSON.parse(text("../package.json"));
  const notice = text("../NOTICE");
  const vendored = readdirSync(join(WWW, "vendor")).filter((file) => file.endsWith(".js"));
  assert.ok(vendored.length >= 5, `${vendored}`);
  for (const file of vendored) {
    const [, name, version] = text("vendor", file).match(/^\/\*! (\S+) (\S+), /);
    assert.equal(devDependencies[name.toLowerCase()], version, `${name} in package.json`);
    assert.ok(notice.includes(` ${name} ${version}, `), `${name} ${version} in NOTICE`);
  }
});
