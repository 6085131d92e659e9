// The figures that only Expert shows.
import { register as nudge } from "../elements/nudge/nudge.js";
import { register as perturbations } from "../elements/perturbations/perturbations.js";
import { register as robustness } from "../elements/robustness/robustness.js";
import { register as saliency } from "../elements/saliency/saliency.js";
import { register as response } from "../elements/response/response.js";
import { register as survey } from "../elements/saliency/survey.js";
import { register as smoothness } from "../elements/smoothness/smoothness.js";
import { register as transfer } from "../elements/transfer/transfer.js";
import { register as embed } from "../elements/embed/embed.js";

/** Each by its name, in the order of the page; training and what follows it come with the steps. */
const figures = { nudge, perturbations, robustness, saliency, survey, response, smoothness, transfer, embed };

/** @param {(name: string, register: () => void) => Element} place */
export async function placeAll(place) {
  for (const [name, register] of Object.entries(figures)) {
    place(name, register);
    // Each in a task of its own: together they would keep a phone from listening for half a second.
    await new Promise((next) => setTimeout(next));
  }
}
