// One engine: fetches its code, data and weights, and calls it. worker.js offers this to the page; where workers are
// forbidden, engine.js has one on the page's own thread.

// As in worker.js.
const Comlink = await import("./vendor/comlink.js");

/** Folder of a dataset where it is not its name, and the dimensions of its image files where they are not 3. */
const FOLDERS = { "color-mnist": "mnist", emoji: "emoji-noto" };
const RANKS = { emoji: 4, "emoji-twemoji": 4 };

/** Tells offline.js what is used. */
const announced = new BroadcastChannel("semantic-continuity-files");

/** Answers of the server that were read whole, by address: a second run does not wait for the network. */
const cache = new Map();

const network = (what, why) => ({ code: "network", message: `${what} cannot be loaded: ${why}. Check the connection and try again.` });

async function fetchBytes(path, onBytes) {
  const kept = cache.get(path);
  if (kept) return kept;
  const url = new URL(path, import.meta.url).href;
  const lost = (error) => {
    throw network(path, error.message);
  };
  const response = await fetch(url).catch(lost);
  if (!response.ok) throw network(path, `the server answered ${response.status}`);
  const parts = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read().catch(lost);
    if (done) break;
    parts.push(value);
    length += value.length;
    onBytes?.(value.length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  cache.set(path, bytes);
  announced.postMessage(url);
  return bytes;
}

/** What a gzip file holds; a server may have decompressed it on the way. */
async function decompressed(path, bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = await new Response(stream).arrayBuffer().catch(() => {
    throw { code: "invalid-data", message: `${path} is corrupt or cut off. Reload the page to fetch it again.` };
  });
  return new Uint8Array(whole);
}

export class EngineApi {
  #module;
  #engine;

  /** Loads the engine `cpu` or `webgpu` and sets its device up; or `statistics`, which has no device. */
  async open(name) {
    const url = new URL(`./engine/${name}_engine.js`, import.meta.url);
    const lost = (error) => {
      throw network(`The ${name} engine`, error.message);
    };
    this.#module = await import(url).catch(lost);
    await this.#module.default().catch(lost);
    this.#engine = this.#module.Engine ? await this.#module.Engine.create() : this.#module;
    return this.#engine.info?.();
  }

  /** Loads both halves of the dataset that the settings name, or only the test half. */
  async loadData(settings, parts, onBytes, own) {
    // Only its owner knows what own pictures show.
    if (own) return { ...this.#engine.load_data(settings, own.files), name: own.name, classes: own.classes };
    const { dataset } = settings;
    const names = parts.flatMap((part) => [`${part}-images`, `${part}-labels`]);
    const contents = await Promise.all(names.map(async (name) => {
      const rank = name.endsWith("labels") ? 1 : (RANKS[dataset] ?? 3);
      const path = `./data/${FOLDERS[dataset] ?? dataset}/${name}-idx${rank}-ubyte.gz`;
      return decompressed(path, await fetchBytes(path, onBytes));
    }));
    return this.#engine.load_data(settings, Object.fromEntries(names.map((name, i) => [name, contents[i]])));
  }

  async loadWeightsFile(slot, file) {
    return this.#engine.load_weights(slot, await fetchBytes(`./weights/${file}`));
  }

  /** Any call of the engine by its name; the bytes it returns are moved, not copied. */
  async call(name, ...values) {
    const answer = await this.#engine[name](...values);
    return answer instanceof Uint8Array ? Comlink.transfer(answer, [answer.buffer]) : answer;
  }

  async validate(settings) {
    return this.#module.validate(settings);
  }

  /** Gives up what the engine holds, where no worker ends with it. */
  close() {
    this.#engine?.free?.();
    this.#engine = undefined;
  }
}
