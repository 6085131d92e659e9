// Starts the page: settings, address, elements.
import { Store } from "./store.js";
import { PairEngine } from "../engine/pair-engine.js";
import { copyLink, followInAddress } from "./link.js";
import { Run } from "../training/run.js";
import { keepOffline } from "./offline.js";
import { Runs } from "../training/runs.js";
import { registerNudge } from "../elements/nudge/nudge.js";
import { registerPerturbations } from "../elements/perturbations/perturbations.js";
import { registerRuns } from "../elements/runs/runs.js";
import { registerOwnData } from "../elements/own-data/own-data.js";
import { registerTrain } from "../elements/train/train.js";
import { registerAttack } from "../elements/attack/attack.js";
import { registerRobustness } from "../elements/robustness/robustness.js";
import { registerSaliency } from "../elements/saliency/saliency.js";
import { registerResponse } from "../elements/response/response.js";
import { registerSurvey } from "../elements/saliency/survey.js";
import { registerSmoothness } from "../elements/smoothness/smoothness.js";
import { registerClaims } from "../elements/claims/claims.js";
import { registerEmbed } from "../elements/embed/embed.js";
import { registerTransfer } from "../elements/transfer/transfer.js";

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
  document.querySelector("scl-attack").takeOver("#kind");
}

/** @param {DragEvent} event */
function refuseFiles(event) {
  if (event.defaultPrevented || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

async function start() {
  const response = await fetch(new URL("../settings.json", import.meta.url));
  if (!response.ok) throw new Error(`settings.json: the server answered ${response.status}`);
  const store = new Store(await response.json());
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
  /** @type {[string, () => void, object?][]} */
  const figures = [
    ["nudge", registerNudge, { quick }],
    ["perturbations", registerPerturbations, { quick }],
    ["train", registerTrain, { quick, run, runs, goOn: toAttack }],
    ["attack", registerAttack, { quick }],
    ["robustness", registerRobustness, { quick }],
    ["saliency", registerSaliency, { quick }],
    ["survey", registerSurvey],
    ["response", registerResponse],
    ["smoothness", registerSmoothness],
    ["transfer", registerTransfer],
    ["claims", registerClaims],
    ["embed", registerEmbed],
  ];
  for (const [name, register, more] of figures) {
    register();
    document
      .querySelector(`[data-figure="${name}"]`)
      .replaceChildren(Object.assign(document.createElement(`scl-${name}`), { store, ...more }));
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
