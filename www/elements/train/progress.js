// How far a run is: in words that change rarely, as a share, and in words that change with every step.
import { seconds } from "../../lib/numbers.js";
import { loaded } from "../loading.js";
import { PICTURES } from "../../catalogue/datasets.js";

/** @import { RunState } from "../../training/run.js" */

/**
 * What the run is doing, in words that change rarely: screen readers speak them.
 * @param {RunState} run
 */
export function announcement({ phase, message, error }) {
  if (message) return message;
  if (error) return "Stopped: see the message.";
  switch (phase) {
    case "idle":
      return "Ready.";
    case "preparing":
      return "Preparing …";
    case "training":
      return "Training both lanes.";
    case "paused":
      return "Paused. Nothing is lost.";
    case "evaluating":
      return "Trained. Evaluating both models: noise, P and attacks on the same test images.";
    case "done":
      return "Done: the table below is filled in.";
  }
}

/** The share that is done. With the default settings evaluating takes about a fifth of the time. */
export function share({ phase, lanes }) {
  if (phase === "done") return 1;
  const trained = lanes.reduce((sum, lane) => sum + (lane.steps ? lane.step / lane.steps : 0), 0) / lanes.length;
  const part = ({ done, units }) => (units ? done / units : 0);
  const evaluated = lanes.reduce((sum, lane) => sum + part(lane.evaluated), 0) / lanes.length;
  return 0.8 * trained + 0.2 * evaluated;
}

/**
 * What is left to do; empty where that is nothing, or not known.
 * @param {RunState} run
 * @param {number} evaluating when evaluating began, as `performance.now()` tells
 */
export function remaining({ phase, lanes, bytes, message, settings }, evaluating) {
  if (phase === "preparing" && bytes && message) {
    const { test, train } = PICTURES[settings.dataset];
    // Both lanes load the same.
    return loaded({ done: bytes / 1e6 / lanes.length, total: test + train });
  }
  if (phase === "training") {
    const time = ({ steps, step, perSecond }) => (perSecond ? (steps - step) / perSecond : NaN);
    const left = Math.max(...lanes.map(time));
    const step = Math.min(...lanes.map((lane) => lane.step));
    if (!Number.isFinite(left)) return "The first step …";
    return `Step ${step} of ${lanes[0].steps} · ${seconds(left)} left, then tests`;
  }
  if (phase === "evaluating") {
    const [done, units] = lanes.reduce(([a, b], { evaluated }) => [a + evaluated.done, b + evaluated.units], [0, 0]);
    if (!units) return "Evaluating …";
    const each = (performance.now() - evaluating) / 1000 / done;
    return `Evaluated ${done} of ${units} parts; ${done ? `about ${seconds(each * (units - done))} left` : "…"}.`;
  }
  return "";
}
