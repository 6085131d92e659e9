// One engine: fetches its code, data and weights, and calls it. worker.js offers this to the page; where workers are
// forbidden, client.js has one on the page's own thread.
import { HOME } from "../lib/home.js";
import { whyNoWasm } from "../lib/wasm.js";
import { FILES } from "./files.js";

/** What the engines are called, where that is not their name. */
const NAMES = { cpu: "CPU", webgpu: "WebGPU" };

/** Whoever waits for a slow server is alive, and says so this often. */
const BEAT_MS = 5_000;
/** Nobody waits longer for the next bytes. */
const STALLED_MS = 300_000;

/** Files that an engine accepted, by their paths: a second run does not wait for the network. */
const accepted = new Map();

const addressOf = (path) => new URL(path, HOME).href;

const network = (what, why) => ({
  code: "network",
  message: `${what} cannot be loaded: ${why}. Check the connection and try again.`,
});
const refused = (what, status) => ({
  code: "network",
  message:
    `${what} cannot be loaded: the server answered ${status}. ` +
    "Try again later, or reload the page: there may be a newer version of it.",
});

/** From `cargo xtask serve`, which shows the page before every engine is compiled. */
const building = (what) => ({
  code: "building",
  message: `${what} is still being compiled here. Choose another engine, or try again in a few minutes.`,
});

/** Whether a file begins as a web page does. */
const isPage = ([first, second] = []) => first === 0x3c && /[!?a-z]/i.test(String.fromCharCode(second));

/** A file that is not what was published. A network that wants a login answers every question with a page. */
const damaged = (what, bytes) => ({
  code: "invalid-data",
  message: isPage(bytes)
    ? `${what} cannot be loaded: a web page came in its place, as from a network that asks for a login. ` +
      "Log in there, then try again."
    : `${what} is not what belongs to this version of the page: it came damaged or cut off, twice, ` +
      "or there is a newer version. Try again later, or load the new version where the page offers it.",
});

/** Failures that another answer of the server may mend. */
const isMended = ({ code, isPart }) => isPart || ["invalid-data", "invalid-weights"].includes(code);

/** @param cache as `fetch` takes it: "reload" goes past whatever was kept */
async function fetchBytes(path, cache, onBytes) {
  const stop = new AbortController();
  const stalled = () => stop.abort(new Error(`nothing came for ${STALLED_MS / 60_000} minutes`));
  let stall = setTimeout(stalled, STALLED_MS);
  const beat = setInterval(() => onBytes?.(0), BEAT_MS);
  const lost = (isPart) => (error) => {
    throw { ...network(path, error.message), isPart };
  };
  try {
    const response = await fetch(addressOf(path), { cache, signal: stop.signal }).catch(lost(false));
    const parts = [];
    let length = 0;
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read().catch(lost(true));
      if (done) break;
      clearTimeout(stall);
      stall = setTimeout(stalled, STALLED_MS);
      parts.push(value);
      length += value.length;
      if (response.ok) onBytes?.(value.length);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    // The service worker passes on the beginning of what it does not accept.
    if (response.status === 502 && response.headers.has("x-not-as-published")) throw damaged(path, bytes);
    if (!response.ok) throw refused(path, response.status);
    return bytes;
  } finally {
    clearTimeout(stall);
    clearInterval(beat);
  }
}

/**
 * Fetches a file before it is asked for; returns what gives it to who asks, with what has arrived until then.
 * @returns {(onBytes?: (bytes: number) => void) => Promise<Uint8Array>}
 */
function fetchAhead(path) {
  let arrived = 0;
  let tell = (bytes) => (arrived += bytes);
  const contents = fetchBytes(path, "default", (bytes) => tell(bytes));
  // Whoever asks hears of it.
  contents.catch(() => {});
  return (onBytes = () => 0) => {
    onBytes(arrived);
    tell = onBytes;
    return contents;
  };
}

/** What a gzip file holds; a server may have decompressed it on the way. */
async function decompressed(path, bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (typeof DecompressionStream === "undefined") {
    throw {
      code: "no-gzip",
      message:
        "The pictures are packed, and this browser cannot unpack them: it has no DecompressionStream. Use a newer one.",
    };
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = await new Response(stream).arrayBuffer().catch(() => {
    throw damaged(path);
  });
  return new Uint8Array(whole);
}

export class EngineApi {
  #onRead;
  #module;
  /** What was fetched ahead and not asked for yet, by its path. */
  #ahead = new Map();
  /** What was opened: an engine, or functions that need no device. The page calls it by their names. */
  engine;

  /** @param onRead called with the address of each file that was read and accepted */
  constructor(onRead) {
    this.#onRead = onRead;
  }

  /**
   * Loads the engine `cpu` or `webgpu` and sets its device up; or `statistics`, which has no device. The files `ahead`
   * are fetched at the same time: they will be asked for next.
   */
  async open(name, ahead = []) {
    const impossible = whyNoWasm();
    if (impossible) throw impossible;
    for (const path of ahead) accepted.has(path) || this.#ahead.set(path, fetchAhead(path));
    const what = `The ${NAMES[name] ?? name} engine`;
    const files = FILES[name].map(addressOf);
    const load = async (again = "") => {
      // Both at once; without its module nobody asks what became of the code.
      const code = fetch(files[1]);
      code.catch(() => {});
      const module = await import(files[0] + again);
      await module.default({ module_or_path: code });
      return module;
    };
    this.#module = await load().catch(async (first) => {
      // What a cache kept in place of a file is replaced, and the reason found out.
      const lost = (error) => {
        throw network(what, error.message);
      };
      for (const url of files) {
        const answer = await fetch(url, { cache: "reload" }).catch(lost);
        const bytes = new Uint8Array(await answer.arrayBuffer().catch(lost));
        if (answer.headers.has("x-still-building")) throw building(what);
        if (!answer.ok)
          throw answer.headers.has("x-not-as-published") ? damaged(what, bytes) : refused(what, answer.status);
        if (answer.headers.get("content-type")?.startsWith("text/html")) throw damaged(what, bytes);
      }
      // A module that failed once may fail for good under its name.
      return load("?again").catch(({ name, message }) => {
        if (["CompileError", "LinkError", "SyntaxError"].includes(name)) throw damaged(what);
        throw {
          code: "failed",
          message: `${what} cannot start: ${message ?? first.message}. Reload the page, or try another browser.`,
        };
      });
    });
    this.engine = this.#module.Engine ? await this.#module.Engine.create() : this.#module;
    return this.engine.info?.();
  }

  /**
   * What `use` makes of the contents of files. When it finds them damaged they are asked for once more, past every
   * cache; only what it accepted is remembered.
   */
  async #files(paths, onBytes, use) {
    const attempt = async (cache, again) => {
      const contents = await Promise.all(
        paths.map((path) => {
          const fetched = this.#ahead.get(path);
          this.#ahead.delete(path);
          return accepted.get(path) ?? fetched?.(onBytes) ?? fetchBytes(path, cache, onBytes);
        }),
      );
      const answer = await use(contents).catch((error) => {
        if (!again || !isMended(error)) throw error;
        const page = contents.findIndex(isPage);
        throw page >= 0
          ? damaged(paths[page], contents[page])
          : { ...error, message: `${error.message} It was fetched twice: try again later, or reload the page.` };
      });
      paths.forEach((path, i) => {
        accepted.set(path, contents[i]);
        this.#onRead?.(addressOf(path));
      });
      return answer;
    };
    try {
      return await attempt("default", false);
    } catch (error) {
      if (!isMended(error)) throw error;
      paths.forEach((path) => accepted.delete(path));
      return await attempt("reload", true);
    }
  }

  /**
   * Loads pictures and labels.
   * @param {object} settings
   * @param {Record<string, string>} files addresses of those of the dataset that the settings name, below the page's
   * @param {(bytes: number) => void} onBytes
   * @param own the visitor's pictures in their place
   */
  async loadData(settings, files, onBytes, own) {
    // Only its owner knows what own pictures show.
    if (own) return { ...this.engine.load_data(settings, own.files), name: own.name, classes: own.classes };
    const [names, paths] = [Object.keys(files), Object.values(files)];
    return this.#files(paths, onBytes, async (packed) => {
      const contents = await Promise.all(packed.map((bytes, i) => decompressed(paths[i], bytes)));
      return this.engine.load_data(settings, Object.fromEntries(names.map((name, i) => [name, contents[i]])));
    });
  }

  async loadWeightsFile(slot, file) {
    return this.#files([`weights/${file}`], undefined, async ([bytes]) => this.engine.load_weights(slot, bytes));
  }

  async validate(settings) {
    return this.#module.validate(settings);
  }

  /** Gives up what the engine holds, where no worker ends with it. */
  close() {
    this.engine?.free?.();
    this.engine = undefined;
  }
}
