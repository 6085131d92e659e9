// Keeps the page for times without a network. `cargo xtask dist` writes BUILD before this line: the version of the
// build, its files, each with the beginning of its SHA-256 and, if it is packed, of that of what it holds, and which of
// them are fetched at once. A version is served whole or not at all.
const { scope } = registration;
const ours = `semantic-continuity ${scope} `;
/**
 * Its version, its files with their digests, and those that are fetched at once.
 * @type {{ version: string, files: Record<string, string>, first: string[] } | null}
 */
// @ts-expect-error: it stands here only in what is built
const build = typeof BUILD === "undefined" ? null : BUILD;
const cacheName = build && ours + build.version;
// Some hosts answer "index.html" with a redirection to its folder.
const address = (path) => new URL(path === "index.html" ? "./" : path, scope);

/** Whether these are the bytes of the published file, or what it holds: some servers unpack on the way. */
async function isPublished(path, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return build.files[path].includes(btoa(String.fromCharCode(...digest.subarray(0, 15))));
}

/**
 * Fetches a file, and keeps it if it is what was published; `event` lasts until it is kept.
 * @param {string} path
 * @param {ExtendableEvent & Partial<FetchEvent>} event
 * @param {RequestCache} cache
 * @returns {Promise<Response>}
 */
async function load(path, event, cache = "no-cache") {
  const answer = await fetch(address(path), { cache });
  if (!answer.ok) return answer;
  const bytes = await answer.arrayBuffer();
  if (!(await isPublished(path, bytes))) {
    // It may be only a cache that has it so.
    if (cache !== "reload") return load(path, event, "reload");
    // The page itself is of a newer version then: better that one than none.
    if (event.request?.mode === "navigate") return new Response(bytes, answer);
    // The beginning tells whoever asked what came instead.
    return new Response(bytes.slice(0, 64), { status: 502, headers: { "x-not-as-published": path } });
  }
  // A redirected answer could not be given to a navigation.
  const response = new Response(bytes, answer);
  const copy = response.clone();
  event.waitUntil(caches.open(cacheName).then((kept) => kept.put(address(path), copy)));
  return response;
}

/** Whoever asks past all caches could not read what is kept. */
async function answer(path, event) {
  if (event.request.cache === "reload") return load(path, event, "reload");
  const find = async () => (await caches.open(cacheName)).match(address(path));
  return (await find().catch(() => undefined)) ?? load(path, event);
}

async function install(event) {
  // A development server sends this file as it is: whatever an earlier build kept would hide what it serves.
  if (!cacheName) return skipWaiting();
  const answers = await Promise.all(build.first.map((path) => load(path, event)));
  const missing = answers.findIndex(({ ok }) => !ok);
  if (missing >= 0) throw new Error(`${build.first[missing]}: the server answered ${answers[missing].status}`);
}

async function activate() {
  const old = (await caches.keys()).filter((other) => other.startsWith(ours) && other !== cacheName);
  await Promise.all(old.map((other) => caches.delete(other)));
  if (cacheName) return clients.claim();
  // Not waited for: in Firefox that may wait for the page, which waits for this.
  registration.unregister();
}

/**
 * Makes way for this version, unless another tab runs the one before: it may yet load parts of it. A frame is no tab.
 */
async function update(asker) {
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = all.filter(({ url, frameType }) => url.startsWith(scope) && frameType !== "nested");
  if (open.length > 1) asker.postMessage({ tabs: open.length });
  else await skipWaiting();
}

addEventListener("install", (event) => event.waitUntil(install(event)));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(update(event.source)));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (!cacheName || method !== "GET" || !url.startsWith(scope)) return;
  const path = decodeURI(new URL(url).pathname.slice(new URL(scope).pathname.length)) || "index.html";
  if (Object.hasOwn(build.files, path)) event.respondWith(answer(path, event));
});
