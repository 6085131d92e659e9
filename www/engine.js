// The only door to the workers: starts them, keeps their calls in order, notices when one dies.
import * as Comlink from "./vendor/comlink.js";

/** Loading code, compiling kernels and a first step may take this long. */
const FIRST_CALL_MS = 120_000;
/** Afterwards a call that takes so much longer than its predecessors is dead: a trap can leave a promise pending. */
const PATIENCE_MS = 20_000;
const PATIENCE_FACTOR = 20;

const entry = new URL("./worker.js", import.meta.url);
// A worker of another origin (a page served from a CDN) is refused; one that imports it is not.
const script = entry.origin === location.origin
  ? entry
  : URL.createObjectURL(new Blob([`import ${JSON.stringify(entry.href)}`], { type: "text/javascript" }));

/** What went wrong, for people. */
export const asError = (error) =>
  error?.code ? error : { code: "failed", message: String(error?.message ?? error) };

/** One worker with one engine. Calls run one after the other. */
export class Engine {
  #worker;
  #api;
  #queue = Promise.resolve();
  #die;
  #dead;
  #slowest = new Map();

  /** @param {"cpu"|"webgpu"|"statistics"} name */
  constructor(name) {
    this.name = name;
    this.#dead = new Promise((_, reject) => (this.#die = reject));
    this.#dead.catch(() => {});
    this.#worker = new Worker(script, { type: "module", name: `${name} engine` });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die({ code: "worker-died", message: `The worker stopped: ${event.message || "its script cannot be loaded"}.` });
    });
    this.#api = Comlink.wrap(this.#worker);
  }

  /** Starts a worker and its engine. */
  static async open(name) {
    const engine = new Engine(name);
    try {
      engine.info = await engine.#enqueue("open", () => engine.#api.open(name));
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** @param own the visitor's pictures, when `settings` names them as its dataset */
  loadData(settings, parts, onBytes, own) {
    // Only what is needed is copied over.
    const files = own && Object.fromEntries(Object.entries(own.files).filter(([name]) => parts.some((part) => name.startsWith(part))));
    return this.#enqueue("loadData", () =>
      this.#api.loadData(settings, parts, onBytes ? Comlink.proxy(onBytes) : undefined, own && { name: own.name, classes: own.classes, files }));
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
    this.#worker.terminate();
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
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        const error = { code: "worker-died", message: `The worker has not answered for ${Math.round(patience / 1000)} s.` };
        this.#die(error);
        reject(error);
      }, patience);
    });
    try {
      const answer = await Promise.race([call(), this.#dead, late]);
      this.#slowest.set(name, Math.max(slowest ?? 0, performance.now() - start));
      return answer;
    } catch (error) {
      throw asError(error);
    } finally {
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
