// Keeps the page for times without a network, and offers a newer version of it. Only the published page does: the build
// names the service worker in a meta element.

import { trusted } from "../lib/trusted.js";

/** Loaded before there was a service worker to keep it; nothing once there is one. */
let early = new Set();
const here = new URL("./", document.baseURI).href;
// Read to its end: while it is not, the service worker is busy, and no newer one can take its place.
const again = (url) =>
  url.startsWith(here) &&
  fetch(url)
    .then((answer) => answer.blob())
    .catch(() => {});
// Engines tell what they have read: those that began before the service worker go past it until the page is left.
/** @type {(event: CustomEventInit<string>) => unknown} */
const heard = ({ detail }) => (early ? early.add(detail) : again(detail));
addEventListener("scl-read", heard);

/** @type {(selector: string) => HTMLElement} */
const $ = (selector) => document.querySelector(selector);

function offer(waiting) {
  const notice = $("#update");
  notice.hidden = false;
  notice.querySelector("button").onclick = () => waiting.postMessage("update");
}

/** Asks again, mostly from the browser's own cache, for what was loaded before; this time it is kept. */
async function keepEarly() {
  const loaded = performance
    .getEntriesByType("resource")
    .map(({ name }) => name)
    .concat(...early);
  early = null;
  // One after the other: asking for all in one go takes a phone a quarter of a second.
  for (const url of new Set(loaded)) await again(url);
  $("#offline").textContent = "This page now also opens without a network, with what was used so far.";
}

/** Keeps the page, where this browser keeps anything. */
export async function keepOffline() {
  await register().catch(({ name }) => {
    // As Firefox and Chromium put it.
    if (!["SecurityError", "NotSupportedError"].includes(name)) return;
    $("#offline").textContent =
      "This browser keeps nothing for this page, because its cookies or its storage are blocked: " +
      "each visit needs a network, and runs are gone when the page is left, unless you save them.";
  });
}

async function register() {
  const script = $("meta[name=service-worker]")?.getAttribute("content");
  // A page in somebody else's frame is a guest.
  if (!script || !isSecureContext || !("serviceWorker" in navigator) || self !== top) return;
  const { serviceWorker } = navigator;
  let first = !serviceWorker.controller;
  if (!first) removeEventListener("scl-read", heard);
  serviceWorker.addEventListener("controllerchange", () => {
    // A second one came on the visitor's word: also a first visit may last until there is a newer version.
    if (!first) return location.reload();
    first = false;
    keepEarly();
  });
  serviceWorker.addEventListener("message", ({ data: { tabs } }) => {
    $("#update span").textContent =
      `A new version is ready, but this page is open in ${tabs} tabs or windows. Close the others, then `;
  });
  // Imported scripts and the worker itself are compared with the server's at every visit.
  const registration = await serviceWorker.register(trusted(new URL(script, document.baseURI)), {
    updateViaCache: "none",
  });
  if (registration.waiting && !first) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => {
      if (installing.state === "installed" && serviceWorker.controller) offer(installing);
    });
  });
}
