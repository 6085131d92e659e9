// What the page uses of idb-keyval, which is vendored without its declarations.

export type UseStore = <Result>(
  mode: IDBTransactionMode,
  work: (objects: IDBObjectStore) => Result | PromiseLike<Result>,
) => Promise<Result>;

export function createStore(name: string, table: string): UseStore;
export function entries(store: UseStore): Promise<[any, any][]>;
