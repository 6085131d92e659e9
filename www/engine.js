// The only door to the engines: starts each in a worker, keeps its calls in order, notices when it dies. Where workers are
// forbidden an engine computes on the page's own thread, in the same slices.
import { missing } from "./own/absent.js";
import { isOwn } from "./own/own.js";
import * as Comlink from "./vendor/comlink.js";

/** Loading code, compiling kernels and a first step may take this long. */
const FIRST_CALL_MS = 120_000;
/** Afterwards a call that takes so much longer than its predecessors is dead: a trap can leave a promise pending. */
const PATIENCE_MS = 20_000;
const PATIENCE_FACTOR = 20;

const entry = new URL("./worker.js", import.meta.url);
// A worker of another origin (a page served from a CDN, a sandbox without an origin) is refused; one that imports it is not. A
// policy counts `import` as the worker and `import()` as a script, and scripts from here it allows. Not a module: a sandbox has none.
const near = entry.origin === self.origin;
const importer = `import(${JSON.stringify(entry.href)}).catch((error) => setTimeout(() => { throw error; }))`;
const script = near ? entry : URL.createObjectURL(new Blob([importer], { type: "text/javascript" }));

/** What went wrong, for people. */
export const asError = (error) =>
  error?.code ? error : { code: "failed", message: String(error?.message ?? error) };

/** A policy that refused one worker refuses all; what failed for another reason may work the next time. */
let refused = false;
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  refused ||= effectiveDirective === "worker-src" && String(script).startsWith(blockedURI);
});

/** One engine, in a worker if there may be one. Calls run one after the other. */
export class Engine {
  #worker;
  #api;
  /** The call under way on this thread, where there is no worker. */
  #here = Promise.resolve();
  #queue = Promise.resolve();
  #die;
  #dead;
  #slowest = new Map();

  /** @param {"cpu"|"webgpu"|"statistics"} name */
  constructor(name) {
    this.name = name;
    this.#dead = new Promise((_, reject) => (this.#die = reject));
    this.#dead.catch(() => {});
  }

  /** Starts an engine and its device. */
  static async open(name) {
    const engine = new Engine(name);
    try {
      if (refused || !(await engine.#startWorker())) await engine.#startHere();
      engine.info = await engine.#enqueue("open", () => engine.#api.open(name));
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** Whether there is a worker now. A policy may refuse it at once or after a moment. */
  async #startWorker() {
    try {
      this.#worker = new Worker(script, { type: near ? "module" : "classic", name: `${this.name} engine` });
    } catch {
      refused = true;
      return false;
    }
    let there = false;
    const start = new Promise((resolve) => {
      this.#worker.addEventListener("message", () => resolve(true), { once: true });
      this.#worker.addEventListener("error", (event) => {
        event.preventDefault();
        resolve(false);
        if (there) this.#die({ code: "worker-died", message: `The worker stopped: ${event.message || "no more is known"}.` });
      });
    });
    there = await this.#enqueue("start", () => start);
    if (there) this.#api = Comlink.wrap(this.#worker);
    return there;
  }

  async #startHere() {
    this.#worker?.terminate();
    this.#worker = undefined;
    const { EngineApi } = await import("./engine-api.js").catch((error) => {
      throw { code: "network", message: `The engine cannot be loaded: ${error.message}. Check the connection and try again.` };
    });
    this.#api = new EngineApi();
  }

  /** @param own the visitor's pictures, when `settings` names them as its dataset */
  async loadData(settings, parts, onBytes, own) {
    if (isOwn(settings) && !own?.files) throw missing(own);
    // Only what is needed is copied over.
    const files = own && Object.fromEntries(Object.entries(own.files).filter(([name]) => parts.some((part) => name.startsWith(part))));
    return this.#enqueue("loadData", (alive) => {
      const report = (bytes) => {
        alive();
        onBytes?.(bytes);
      };
      return this.#api.loadData(settings, parts, this.#worker ? Comlink.proxy(report) : report, own && { name: own.name, classes: own.classes, files });
    });
  }

  loadWeightsFile(slot, file) {
    return this.#enqueue("loadWeightsFile", () => this.#api.loadWeightsFile(slot, file));
  }

  /** Calls a method of the engine. */
  call(name, ...values) {
    return this.#enqueue(name, () => this.#api.call(name, ...values));
  }

  validate(settings) {
    return this.#enqueue("validate", () => this.#api.validate(settings));
  }

  /** Ends the worker. Calls under way fail. */
  close() {
    this.#worker?.terminate();
    // Nobody can end a call on this thread: the engine goes after it.
    if (!this.#worker) this.#here.then(() => this.#api?.close());
    this.#die({ code: "closed", message: "The engine was closed." });
  }

  #enqueue(name, call) {
    const result = this.#queue.then(() => this.#timed(name, call));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #timed(name, call) {
    const slowest = this.#slowest.get(name);
    const patience = slowest === undefined ? FIRST_CALL_MS : PATIENCE_MS + PATIENCE_FACTOR * slowest;
    const start = performance.now();
    let timer;
    let over = false;
    const giveUp = () => this.#die({ code: "worker-died", message: `The worker has not answered for ${Math.round(patience / 1000)} s.` });
    // A slow connection is no dead worker: whoever reports begins to be waited for anew.
    const alive = () => {
      clearTimeout(timer);
      if (!over) timer = setTimeout(giveUp, patience);
    };
    alive();
    try {
      // Without a worker the page needs a moment for itself between two calls.
      if (!this.#worker) await new Promise((resolve) => setTimeout(resolve));
      const calling = call(alive);
      if (!this.#worker) this.#here = calling.then(() => {}, () => {});
      const answer = await Promise.race([calling, this.#dead]);
      this.#slowest.set(name, Math.max(slowest ?? 0, performance.now() - start));
      return answer;
    } catch (error) {
      throw asError(error);
    } finally {
      over = true;
      clearTimeout(timer);
    }
  }
}

/** Whether this browser can compute on the graphics processor, and if not, why. */
export async function probeWebgpu() {
  const no = (code, message) => ({ available: false, code, message });
  if (!isSecureContext) {
    return no("insecure-context", "WebGPU needs a secure page: open it through https or on localhost.");
  }
  if (!navigator.gpu) return no("no-api", "This browser does not offer WebGPU.");
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return no("no-adapter", "The browser offers WebGPU, but has no graphics processor for it.");
  // burn's runtime makes a timestamp query when it starts.
  if (!adapter.features.has("timestamp-query")) {
    return no("missing-feature", "The graphics processor lacks timestamp queries, which the engine needs.");
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "graphics processor";
  return { available: true, code: "available", name, software: Boolean(isFallbackAdapter ?? adapter.isFallbackAdapter),
    message: `WebGPU on ${name}.` };
}
