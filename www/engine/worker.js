// A worker with one engine. client.js is the only caller.

// A trap in WebAssembly ends up here, not in the promise of the call: let the page know.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason instanceof Error ? event.reason : new Error(String(event.reason?.message ?? event.reason));
});

// Where a policy allows workers from blobs alone, Firefox refuses a worker what it imports by `import`, not by
// `import()`.
const [Comlink, { EngineApi }] = await Promise.all([import("../vendor/comlink.js"), import("./api.js")]);

Comlink.expose(new EngineApi((read) => postMessage({ read })));
// What was sent before this is lost.
postMessage("ready");
