// Starts the page: state, address, the first figure. All others come after it.
import { Store } from "./store.js";
import { PairEngine } from "../engine/pair-engine.js";
import { copyLink, followInAddress } from "./link.js";
import { keepOffline } from "./offline.js";
import { register as nudge } from "../elements/nudge/nudge.js";

/** At the top, or where the address leads: nobody sees what stands elsewhere. */
function showNotices(store) {
  const place = document.querySelector("#notices");
  document.getElementById(location.hash.slice(1))?.closest("main > section")?.querySelector("h1, h2").after(place);
  place.replaceChildren(
    ...store.state.notices.map((text) =>
      Object.assign(document.createElement("p"), { textContent: text, className: "notice" }),
    ),
  );
}

/** @param {DragEvent} event */
function refuseFiles(event) {
  if (event.defaultPrevented || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

async function start() {
  const store = new Store();
  store.addEventListener("change", (event) => {
    const { detail } = /** @type {CustomEvent<string[]>} */ (event);
    if (detail.includes("notices")) showNotices(store);
  });
  store.readQuery(location.search);

  followInAddress(store);
  const button = document.querySelector("#copy-link");
  button.addEventListener("click", () => copyLink(store, (words = "Copy link") => (button.textContent = words)));
  // A file that misses its place must not replace the page.
  addEventListener("dragover", refuseFiles);
  addEventListener("drop", refuseFiles);

  const quick = new PairEngine();
  /** Puts a figure into its place; what it is given besides has no name there. */
  const place = (name, register, more) => {
    register();
    document
      .querySelector(`[data-figure="${name}"]`)
      .replaceChildren(Object.assign(document.createElement(`scl-${name}`), { store, quick, ...more }));
  };
  place("nudge", nudge);
  const { placeAll } = await import("./further.js");
  await placeAll(store, place);
}

// Once the page has what it needs itself. Without it the page works as well, with a network.
start().then(
  () => (globalThis.requestIdleCallback ?? setTimeout)(() => keepOffline()),
  (error) => {
    document.querySelectorAll(".loading").forEach((place) => place.remove());
    document.querySelector("#notices").replaceChildren(
      Object.assign(document.createElement("p"), {
        textContent: `The page cannot start: ${error.message}. Reload to try again.`,
        className: "notice",
      }),
    );
  },
);
