// A worker with one engine. client.js is the only caller. In a built page this is one file: where a policy allows
// workers from blobs alone, Firefox refuses a worker what it imports by `import`.
import * as Comlink from "../vendor/comlink.js";
import { EngineApi } from "./api.js";

// A trap in WebAssembly ends up here, not in the promise of the call: let the page know.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason instanceof Error ? event.reason : new Error(String(event.reason?.message ?? event.reason));
});

Comlink.expose(new EngineApi((read) => postMessage({ read })));
// What was sent before this is lost.
postMessage("ready");
