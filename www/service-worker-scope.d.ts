// What service-worker.js finds in its scope: the parts of a service worker's scope that it uses, and what
// `cargo xtask dist` writes before its first line.

/** The version of the build, its files with their digests, and those that are fetched at once. */
declare const BUILD: { version: string; files: Record<string, string>; first: string[] };

declare const registration: ServiceWorkerGlobalScope["registration"];
declare const clients: ServiceWorkerGlobalScope["clients"];
declare const skipWaiting: ServiceWorkerGlobalScope["skipWaiting"];
declare function addEventListener<Type extends keyof ServiceWorkerGlobalScopeEventMap>(
  type: Type,
  listener: (event: ServiceWorkerGlobalScopeEventMap[Type]) => void,
): void;
