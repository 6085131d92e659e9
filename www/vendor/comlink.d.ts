// What the page uses of Comlink 4, which is vendored without its declarations.

/** Whatever stands behind a channel: each of its methods, called from afar. */
export type Remote = Record<string, (...values: unknown[]) => Promise<any>>;

export function wrap(worker: Worker): Remote;
export function expose(object: object): void;
export function proxy<Value extends object>(value: Value): Value;
export function transfer<Value>(value: Value, buffers: Transferable[]): Value;
/** Gives up the other side. */
export const releaseProxy: unique symbol;
