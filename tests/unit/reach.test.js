// What the builder says of its own server.
import assert from "node:assert/strict";
import { test } from "node:test";

import { reach } from "../../www/elements/embed/reach.js";

const HOME = new URL("https://lab.example/1.0/");

/** What is said where the script and the document of the frame are answered with these headers. */
async function said({ script = {}, frame = {}, status = 200, home = HOME } = {}) {
  const asked = [];
  const found = await reach(home, async (url, { method }) => {
    asked.push(`${method} ${url}`);
    return new Response(null, { status, headers: String(url).endsWith(".js") ? script : frame });
  });
  assert.deepEqual(asked, [`HEAD ${home}embed/embed.js`, `HEAD ${home}embed.html`]);
  return found;
}

test("a server that lets everybody in", async () => {
  const found = await said({ script: { "Access-Control-Allow-Origin": "*" } });
  assert.deepEqual(
    found.map(([works]) => works),
    [true, true],
  );
});

test("a script without leave, or with leave for one", async () => {
  const [[works, words]] = await said();
  assert.ok(!works && words.includes("does not send Access-Control-Allow-Origin: *"), words);
  const [[forOne, whom]] = await said({ script: { "Access-Control-Allow-Origin": "https://a.example" } });
  assert.ok(!forOne && whom.includes("https://a.example only"), whom);
});

test("headers that forbid frames", async () => {
  for (const [frame, works, part] of [
    [{ "X-Frame-Options": "SAMEORIGIN" }, false, "SAMEORIGIN"],
    [{ "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'" }, false, "stays empty"],
    [
      { "Content-Security-Policy": "frame-ancestors 'self' https://moodle.example" },
      false,
      "https://moodle.example only",
    ],
    [{ "Content-Security-Policy": "frame-ancestors *, frame-ancestors 'none'" }, false, "stays empty"],
    // The newer header counts.
    [{ "Content-Security-Policy": "frame-ancestors *", "X-Frame-Options": "DENY" }, true, "works"],
    [{ "Content-Security-Policy": "default-src 'self'" }, true, "works"],
  ]) {
    const [, [found, words]] = await said({ frame });
    assert.equal(found, works, JSON.stringify(frame));
    assert.ok(words.includes(part), words);
  }
});

test("an address that others do not reach, or must not", async () => {
  for (const [home, part] of [
    ["http://localhost:8080/", "this machine"],
    ["http://127.0.0.1:8080/", "this machine"],
    ["http://lab.example/", "https"],
  ]) {
    const [, , [works, words]] = await said({ home: new URL(home) });
    assert.ok(!works && words.includes(part), words);
  }
});

test("a server that does not answer, or not with the files", async () => {
  const [[works, words]] = await said({ status: 404 });
  assert.ok(!works && words.includes("404"), words);
  const [[reached, why]] = await reach(HOME, () => Promise.reject(new TypeError("offline")));
  assert.ok(!reached && why.includes("not known"), why);
});
