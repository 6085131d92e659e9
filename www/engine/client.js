// The only door to the engines: starts each in a worker, keeps its calls in order, notices when it dies. Where workers
// are forbidden an engine computes on the page's own thread, in the same slices.
import { filesOf } from "../catalogue/datasets.js";
import { missing } from "../user-data/absent.js";
import { isOwn } from "../user-data/own.js";
import * as Comlink from "../vendor/comlink.js";
import { HOME } from "../lib/home.js";
import { POLICY, trusted } from "../lib/trusted.js";

/** @import * as engine from "semantic-continuity-lab/engine" */
/** @import * as statistics from "semantic-continuity-lab/statistics" */

/** @typedef {"cpu" | "webgpu"} EngineName */

/**
 * Why something could not be done: by the library, or by the page.
 * @typedef {{ code: string, message: string }} Failure
 */

/**
 * The methods of an engine, which answer when it is their turn: unless another is named, all that there are.
 * @template [Methods=engine.Engine & typeof statistics]
 * @typedef {{
 *   [Name in keyof Methods]: Methods[Name] extends (...values: infer Values) => infer Answer
 *     ? (...values: Values) => Promise<Awaited<Answer>>
 *     : never;
 * }} Remote
 */

/**
 * All settings of a run.
 * @internal
 * @typedef {Required<engine.Settings>} Settings
 */

/**
 * A request or a reply, where its shape is of no account.
 * @internal
 * @typedef {{ [key: string]: any }} Message
 */

/**
 * An estimate with its interval, or why there is none.
 * @internal
 * @typedef {Partial<engine.Estimate> & { n: number, undefined?: string }} Quantity
 */

/** Loading code, compiling kernels and a first step may take this long. */
const FIRST_CALL_MS = 120_000;
/** Afterwards a call that takes so much longer than its predecessors is dead: a trap can leave a promise pending. */
const PATIENCE_MS = 20_000;
const PATIENCE_FACTOR = 20;
/**
 * Patience counts the time in which this page ran, tick by tick. After a longer gap it was the machine that slept, the
 * tab that was frozen or the process that was stopped, and the worker with it.
 */
const TICK_MS = 500;
const GAP_MS = 2 * TICK_MS;
const REFUSAL_MS = 50;

const entry = new URL("engine/worker.js", HOME);
// A worker of another origin (a page served from a CDN, a sandbox without an origin) is refused; one that imports it is
// not. A policy counts `import` as the worker and `import()` as a script, and scripts from here it allows. Not a
// module: a sandbox has none.
const near = entry.origin === self.origin;
const importer = `import(${JSON.stringify(entry.href)}).catch((error) => setTimeout(() => { throw error; }))`;
const script = near ? entry : URL.createObjectURL(new Blob([importer], { type: "text/javascript" }));

/** WebAssembly says of a panic no more than that it is "unreachable". */
const broken = (text) => `The engine broke off in the middle of a computation (${text}), perhaps for want of memory.`;
const why = (text) => text.match(/(?:RuntimeError|RangeError): *(.+)/)?.[1];

/** How the library begins what a graphics processor says of its end, over many lines. */
const RAW = /^(WebGPU cannot be started|The device did not answer): /;

/** The same in one line: the last cause of all. */
function lost(text) {
  const causes = text.split("\nBacktrace")[0].split(/Caused by:|did not answer:/);
  const cause = text.match(/JsValue\((.*)/)?.[1] ?? causes.at(-1);
  const what = text.startsWith("WebGPU") ? "WebGPU cannot be started" : "The graphics processor was lost";
  return `${what} (${cause
    .trim()
    .split("\n")[0]
    .replace(/[.)"]+$/, "")}).`;
}

/** What went wrong, for people. @internal */
export function asError(error) {
  if (error?.code === "device" && RAW.test(error.message)) return { ...error, message: lost(error.message) };
  if (error?.code) return error;
  const text = String(error?.message ?? error);
  const isTrap = error?.name === "RuntimeError" || why(text);
  return { code: "failed", message: isTrap ? broken(why(text) ?? text) : text };
}

/** Failures of the machine, not of what was asked: another engine can go on. @internal */
export const isLoss = ({ code }) => ["worker-died", "device", "failed"].includes(code);

function stopped(text) {
  if (!text) return "The worker stopped, and no more is known.";
  return why(text) ? broken(why(text)) : `The worker stopped: ${text}.`;
}

/**
 * Why there are no workers here: a policy that refused one refuses all. What failed for another reason may work the
 * next time.
 */
let refusal = "";
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective === "worker-src" && String(script).startsWith(blockedURI)) {
    refusal ||= "the policy of this page allows no workers (worker-src)";
  }
});

/** Tells offline.js which file an engine has read. */
const announce = (url) => dispatchEvent(new CustomEvent("scl-read", { detail: url }));

/**
 * An object of which every method is a call of that name.
 * @internal
 * @param {(name: string, values: unknown[]) => Promise<any>} call
 * @returns {Remote}
 */
export const methods = (call) =>
  new Proxy(/** @type {any} */ ({}), {
    get:
      (_, name) =>
      (...values) =>
        call(String(name), values),
  });

/**
 * One engine, in a worker if there may be one. Calls run one after the other, and reject with `{ code, message }`.
 */
export class Engine {
  /**
   * @readonly
   * @type {EngineName | "statistics"}
   */
  name;
  /**
   * Why it computes on the page's thread, if it does.
   * @type {string | null}
   */
  note = null;
  /**
   * What it says of itself; nothing for `statistics`, which has no device.
   * @readonly
   * @type {engine.Info | undefined}
   */
  info;
  /**
   * Everything it can do: `engine.remote.nudge(request)`; what `statistics` can, where that was opened. A call waits
   * for those before it.
   * @readonly
   * @type {Remote}
   */
  // On this thread some methods answer at once.
  remote = methods((name, values) => this.#enqueue(name, async () => this.#api.engine[name](...values)));
  #worker;
  #api;
  /** The call under way on this thread, where there is no worker. */
  #here = Promise.resolve();
  #queue = Promise.resolve();
  #die;
  #dead;
  #closed = false;
  #slowest = new Map();

  /**
   * @private
   * @param {EngineName | "statistics"} name
   */
  constructor(name) {
    this.name = name;
    this.#dead = new Promise((_, reject) => (this.#die = reject));
    this.#dead.catch(() => {});
  }

  /**
   * Starts an engine and its device. `statistics` has none: it compares reports.
   * @param {EngineName | "statistics"} name
   * @param {string[]} [ahead] files that it will be asked to load next, below the page's folder: fetched meanwhile
   * @returns {Promise<Engine>}
   */
  static async open(name, ahead) {
    const engine = new Engine(name);
    try {
      engine.note = await engine.#start();
      Object.assign(engine, { info: await engine.#enqueue("open", () => engine.#api.open(name, ahead)) });
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** A worker, or another one if that fails; else this thread, and why. */
  async #start() {
    let failed;
    for (let tries = 0; tries < 2 && !refusal; tries++) {
      if (failed !== undefined) await this.#refetch();
      failed = await this.#startWorker();
      if (failed === null) return null;
      this.#worker?.terminate();
      this.#worker = undefined;
      // A refusal is told apart from the failure, and may come a moment after it.
      await new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
    }
    await this.#startHere();
    return `Computed on the page’s own thread, which is slower: ${refusal || `its worker did not start (${failed})`}.`;
  }

  /** Nothing, or why there is no worker. A policy may refuse it at once or after a moment. */
  async #startWorker() {
    try {
      this.#worker = new Worker(trusted(script), { type: near ? "module" : "classic", name: `${this.name} engine` });
    } catch ({ message }) {
      refusal ||= /trusted/i.test(message)
        ? `the policy of this page does not list “${POLICY}” under trusted-types`
        : "this page may not start workers";
      return message;
    }
    let there = false;
    const start = new Promise((resolve) => {
      this.#worker.addEventListener("message", () => resolve(null), { once: true });
      this.#worker.addEventListener("message", ({ data }) => data?.read && announce(data.read));
      this.#worker.addEventListener("error", (event) => {
        event.preventDefault();
        resolve(event.message || "its script cannot be loaded");
        if (there) this.#die({ code: "worker-died", message: stopped(event.message) });
      });
    });
    const failed = await this.#enqueue("start", () => start);
    there = failed === null;
    if (there) this.#api = Comlink.wrap(this.#worker);
    return failed;
  }

  /** What a cache kept in place of the worker’s script is replaced. */
  async #refetch() {
    await fetch(entry, { cache: "reload" }).then(
      (answer) => answer.text(),
      () => {},
    );
  }

  async #startHere() {
    // A module that failed once may fail for good under its name.
    const url = new URL("engine/api.js", HOME);
    const load = () => import("./api.js").catch(() => import(`${url}?again`));
    const { EngineApi } = await load().catch(async ({ message }) => {
      const isThere = await fetch(url, { cache: "reload" }).then(
        ({ ok }) => ok,
        () => false,
      );
      const wayOn = isThere ? "Reload the page to try again." : "Check the connection and try again.";
      throw { code: "network", message: `The engine cannot be loaded: ${message}. ${wayOn}` };
    });
    this.#api = new EngineApi(announce);
  }

  /**
   * Loads halves of the dataset that the settings name.
   * @param {engine.Settings & { dataset: engine.Dataset }} settings
   * @param {("train" | "test" | "first")[]} parts `first` are the first of the test pictures, in files of their own
   * @param {(bytes: number) => void} [onBytes] called with the number of bytes that arrived
   * @param {{ name: string, classes: string[], files?: Record<string, Uint8Array> }} [own] the visitor's pictures, when
   *   the settings name them as the dataset
   * @returns {Promise<engine.DataInfo>}
   */
  async loadData(settings, parts, onBytes, own) {
    if (isOwn(settings) && !own?.files) throw missing(own);
    // Only what is needed is copied over.
    const files =
      own &&
      Object.fromEntries(Object.entries(own.files).filter(([name]) => parts.some((part) => name.startsWith(part))));
    return this.#enqueue("loadData", (alive) => {
      const report = (bytes) => {
        alive();
        onBytes?.(bytes);
      };
      return this.#api.loadData(
        settings,
        own ? {} : filesOf(settings.dataset, parts),
        this.#worker ? Comlink.proxy(report) : report,
        own && { name: own.name, classes: own.classes, files },
      );
    });
  }

  /**
   * Loads a file of `weights/` into a slot.
   * @param {engine.Slot} slot
   * @param {string} file
   * @returns {Promise<engine.WeightsInfo>}
   */
  loadWeightsFile(slot, file) {
    return this.#enqueue("loadWeightsFile", () => this.#api.loadWeightsFile(slot, file));
  }

  /**
   * Rejects with what is wrong with the settings.
   * @param {engine.Settings} settings
   * @returns {Promise<void>}
   */
  validate(settings) {
    return this.#enqueue("validate", () => this.#api.validate(settings));
  }

  /** Ends it. Calls under way fail. */
  close() {
    this.#worker?.terminate();
    // Nobody can end a call on this thread: the engine goes after it.
    if (!this.#worker) this.#here.then(() => this.#api?.close());
    this.#die({ code: "closed", message: "The engine was closed." });
    this.#closed = true;
    // Comlink keeps hold of a worker as long as somebody holds its proxy, and the worker's listeners hold this engine.
    if (this.#worker) this.#api?.[Comlink.releaseProxy]();
  }

  #enqueue(name, call) {
    const result = this.#queue.then(() => this.#timed(name, call));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #timed(name, call) {
    const slowest = this.#slowest.get(name);
    const patience = slowest === undefined ? FIRST_CALL_MS : PATIENCE_MS + PATIENCE_FACTOR * slowest;
    let last = performance.now();
    let ran = 0;
    let waited = 0;
    const tick = () => {
      const now = performance.now();
      const passed = Math.min(now - last, GAP_MS);
      [last, ran, waited] = [now, ran + passed, waited + passed];
    };
    const timer = setInterval(() => {
      tick();
      if (waited < patience) return;
      this.#die({ code: "worker-died", message: `The worker has not answered for ${Math.round(patience / 1000)} s.` });
    }, TICK_MS);
    // A slow connection is no dead worker: whoever reports begins to be waited for anew.
    const alive = () => (waited = 0);
    try {
      // Without a worker the page needs a moment for itself between two calls.
      if (!this.#worker) await new Promise((resolve) => setTimeout(resolve));
      const calling = this.#closed ? this.#dead : call(alive);
      if (!this.#worker)
        this.#here = calling.then(
          () => {},
          () => {},
        );
      const answer = await Promise.race([calling, this.#dead]);
      tick();
      this.#slowest.set(name, Math.max(slowest ?? 0, ran));
      return answer;
    } catch (error) {
      throw asError(error);
    } finally {
      clearInterval(timer);
    }
  }
}

/**
 * Whether this browser can compute on the graphics processor, and if not, why.
 * @returns {Promise<{ available: boolean, code: string, message: string, name?: string, software?: boolean }>}
 */
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
  return {
    available: true,
    code: "available",
    name,
    software: Boolean(isFallbackAdapter ?? adapter.isFallbackAdapter),
    message: `WebGPU on ${name}.`,
  };
}
