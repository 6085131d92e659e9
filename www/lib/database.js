// The browser's own store (IndexedDB), which may be forbidden, full, silent, or changed by another tab: every change is
// one transaction, and counts once the browser says that it is written.
import { createStore } from "../vendor/idb-keyval.js";

/** A key that no other tab makes, after the earlier ones. Not a choice of the experiments, so it needs no seed. */
export const newId = () => `${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;

/** The answer to a request of a transaction. */
export const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Database {
  #name;
  #table;
  #place;
  #channel;

  constructor(name, table) {
    this.#name = name;
    this.#table = table;
  }

  /** Opened when first needed: where it is forbidden, asking for it throws. */
  get #opened() {
    return (this.#place ??= createStore(this.#name, this.#table));
  }

  /**
   * All pairs of key and value. They come one by one, so that many do not hold up the page, and one that the browser
   * cannot give back hides no other.
   */
  async entries() {
    const keys = await this.read((objects) => answer(objects.getAllKeys()));
    const value = (key) => this.read((objects) => answer(objects.get(key)));
    const pairs = await Promise.all(keys.map(async (key) => [key, await value(key).catch((error) => error)]));
    // Another tab may have deleted some meanwhile.
    return pairs.filter(([, found]) => found !== undefined);
  }

  /** Asks `work(objects)`, in one transaction. */
  async read(work) {
    return this.#opened("readonly", work);
  }

  /**
   * Runs `work(objects)` in one transaction and resolves with what it returns, once that is written. What it throws
   * undoes all of it. Other tabs are told.
   */
  async change(work) {
    const result = await this.#opened("readwrite", (objects) => {
      const { transaction } = objects;
      return new Promise((resolve, reject) => {
        let made;
        let thrown;
        transaction.oncomplete = () => resolve(made);
        transaction.onabort = () => reject(thrown ?? transaction.error ?? new Error("the browser gave up writing"));
        work(objects).then(
          (value) => (made = value),
          (error) => {
            thrown = error;
            try {
              transaction.abort();
            } catch {
              // It has ended by itself.
              reject(error);
            }
          },
        );
      });
    });
    this.#tell();
    return result;
  }

  /** Calls `heard` when another tab has changed something, which says no more: whoever hears it reads anew. */
  onChange(heard) {
    try {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = heard;
    } catch {
      // Without channels a tab looks when somebody comes back to it.
      addEventListener("focus", heard);
    }
  }

  #tell() {
    try {
      this.#channel?.postMessage(null);
    } catch {
      // Others find out when they read.
    }
  }
}
