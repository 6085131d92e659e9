// Starts the page: state, address, elements.
import { Store } from "./store.js";
import { PairEngine } from "../engine/pair-engine.js";
import { copyLink, followInAddress } from "./link.js";
import { Run } from "../training/run.js";
import { keepOffline } from "./offline.js";
import { Runs } from "../training/runs.js";
import { register as nudge } from "../elements/nudge/nudge.js";
import { register as perturbations } from "../elements/perturbations/perturbations.js";
import { registerRuns } from "../elements/runs/runs.js";
import { registerOwnData } from "../elements/own-data/own-data.js";
import { register as train } from "../elements/train/train.js";
import { register as attack } from "../elements/attack/attack.js";
import { register as robustness } from "../elements/robustness/robustness.js";
import { register as saliency } from "../elements/saliency/saliency.js";
import { register as response } from "../elements/response/response.js";
import { register as survey } from "../elements/saliency/survey.js";
import { register as smoothness } from "../elements/smoothness/smoothness.js";
import { register as claims } from "../elements/claims/claims.js";
import { register as embed } from "../elements/embed/embed.js";
import { register as transfer } from "../elements/transfer/transfer.js";

/** @import { AttackFigure } from "../elements/attack/attack.js" */

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

function toAttack() {
  document.querySelector("#attack").scrollIntoView();
  /** @type {AttackFigure} */ (document.querySelector("scl-attack")).takeOver("#kind");
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

  const quick = new PairEngine();
  const run = new Run(store);
  const runs = new Runs(store, run);
  // The browser asks first.
  addEventListener("beforeunload", (event) => runs.wouldLose && event.preventDefault());
  registerRuns();
  registerOwnData();
  // A file that misses its place must not replace the page.
  addEventListener("dragover", refuseFiles);
  addEventListener("drop", refuseFiles);
  // Each by its name, as its place and its element have it.
  const figures = {
    nudge,
    perturbations,
    train,
    attack,
    robustness,
    saliency,
    survey,
    response,
    smoothness,
    transfer,
    claims,
    embed,
  };
  const more = { train: { run, runs, goOn: toAttack } };
  for (const [name, register] of Object.entries(figures)) {
    register();
    document
      .querySelector(`[data-figure="${name}"]`)
      .replaceChildren(Object.assign(document.createElement(`scl-${name}`), { store, quick, ...more[name] }));
    // Each in a task of its own: together they would keep a phone from listening for half a second.
    await new Promise((next) => setTimeout(next));
  }
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
