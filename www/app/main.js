// Starts the page: state, address, the first figure. All others come after it.
import { Store } from "./store.js";
import { PairEngine } from "../engine/pair-engine.js";
import { copyLink, followInAddress } from "./link.js";
import { startExpert } from "./expert.js";
import { startHeader } from "./header.js";
import { keepOffline } from "./offline.js";
import { register as fool } from "../elements/fool/fool.js";

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

/** So long the figures further down wait for the first one: together they would all be slower. */
const FIRST_MS = 2_000;

/** The end of the first question of a figure, or of patience. */
const answered = (figure) =>
  new Promise((resolve) => {
    figure.addEventListener("answered", resolve, { once: true });
    setTimeout(resolve, FIRST_MS);
  });

async function start() {
  const store = new Store();
  const quick = new PairEngine();
  /** Puts a figure into its place, with what it needs. */
  const place = (name, register, more) => {
    register();
    const figure = Object.assign(document.createElement(`scl-${name}`), { store, quick, ...more });
    document.querySelector(`[data-figure="${name}"]`).replaceChildren(figure);
    return figure;
  };
  /** The steps stand; then what Expert shows may come. */
  const { promise: standing, resolve: stand } = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  store.addEventListener("change", (event) => {
    const { detail } = /** @type {CustomEvent<string[]>} */ (event);
    if (detail.includes("notices")) showNotices(store);
  });
  startExpert(store, async () => {
    await standing;
    const { placeAll } = await import("./expert-figures.js");
    await placeAll(place);
  });
  store.readQuery(location.search);

  followInAddress(store);
  startHeader();
  const button = document.querySelector("#copy-link");
  button.addEventListener("click", () => copyLink(store, (words = "Copy link") => (button.textContent = words)));
  // A file that misses its place must not replace the page.
  addEventListener("dragover", refuseFiles);
  addEventListener("drop", refuseFiles);

  // The first figure will ask as soon as the page is drawn, unless a link leads elsewhere.
  if (!location.search && !location.hash) quick.start(store.defaults);
  const first = place("fool", fool);
  // Where the address leads elsewhere, nobody may ever come near it.
  if (!location.hash) await answered(first);
  const { placeAll } = await import("./further.js");
  await placeAll(store, place);
  stand();
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
