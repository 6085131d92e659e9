// The steps after the first one, and the runs that they are about.
import { Run } from "../training/run.js";
import { Runs } from "../training/runs.js";
import { registerRuns } from "../elements/runs/runs.js";
import { registerOwnData } from "../elements/own-data/own-data.js";
import { register as train } from "../elements/train/train.js";
import { register as attack } from "../elements/attack/attack.js";
import { register as claims } from "../elements/claims/claims.js";

/** @import { AttackFigure } from "../elements/attack/attack.js" */
/** @import { Store } from "./store.js" */

/** Each by its name, as its place and its element have it. */
const figures = { train, attack, claims };

/** Loaded when somebody comes near their places. */
const onDemand = { look: () => import("../elements/look/look.js") };

function placeNear(name, load, place) {
  const spot = document.querySelector(`[data-figure="${name}"]`);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load().then(
        ({ register }) => place(name, register),
        (error) => (spot.textContent = `This figure cannot be loaded: ${error.message}. Reload the page to try again.`),
      );
    },
    { rootMargin: "400px" },
  );
  observer.observe(spot);
}

function toAttack() {
  document.querySelector("#attack").scrollIntoView();
  /** @type {AttackFigure} */
  const attack = document.querySelector("scl-attack");
  attack.takeOver(attack.step ? "#level" : "#kind");
}

/** As a step the attack is large and has one slider; Expert has it beside all its settings. */
function foldOutsideExpert(store, attack) {
  const follow = () => (attack.step = !store.state.figures.page.expert);
  store.addEventListener("change", follow);
  follow();
}

/**
 * @param {Store} store
 * @param {(name: string, register: () => void, more?: object) => Element} place
 */
export async function placeAll(store, place) {
  const run = new Run(store);
  const runs = new Runs(store, run);
  // The browser asks first.
  addEventListener("beforeunload", (event) => runs.wouldLose && event.preventDefault());
  registerRuns();
  registerOwnData();
  for (const [name, load] of Object.entries(onDemand)) placeNear(name, load, place);
  for (const [name, register] of Object.entries(figures)) {
    const figure = place(name, register, name === "train" ? { run, runs, goOn: toAttack } : {});
    if (name === "attack") foldOutsideExpert(store, /** @type {AttackFigure} */ (figure));
    // Each in a task of its own: together they would keep a phone from listening for half a second.
    await new Promise((next) => setTimeout(next));
  }
}
