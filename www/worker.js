// A worker with one engine. engine.js is the only caller.
import * as Comlink from "./vendor/comlink.js";
import { EngineApi } from "./engine-api.js";

// A trap in WebAssembly ends up here, not in the promise of the call: let the page know.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason instanceof Error ? event.reason : new Error(String(event.reason?.message ?? event.reason));
});

Comlink.expose(new EngineApi());
// What was sent before this is lost.
postMessage("ready");
