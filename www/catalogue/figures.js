// The figures that can stand on another page: what each is about, what it loads, and how much that is.
import { datasets, megabytes, settings } from "./library.js";

/** Megabytes of a figure's own code. */
const CODE = 0.1;

/**
 * The element of a figure lies where `moduleOf` says, and its `register()` defines it. One with `few` has a form with
 * few controls, in `embed/few/`, at most so many pixels high in a column of 680. With `after` it stands below training
 * in the lab, about the models that were trained. `needs` says when a figure needs its engine and its pictures: `now`,
 * to be seen at all; in a `study` or a `run`, which the visitor starts; or never. `results` are megabytes of what was
 * computed beforehand, where they count.
 */
export const FIGURES = {
  lab: {
    module: "embed/lab.js",
    title: "Semantic Continuity Lab",
    needs: "run",
    about: "Train a small image classifier twice, plainly and with the continuity constraint, and look at both models.",
  },
  fool: {
    few: 380,
    title: "You see no difference. Do they?",
    needs: "now",
    about: "The smallest change that makes a plain model err on a picture, and one with the continuity constraint.",
  },
  nudge: {
    few: 340,
    title: "Does the model change its mind over nothing?",
    needs: "now",
    about: "Disturb a picture a little and see what a plain model and one with the continuity constraint say.",
  },
  perturbations: {
    after: true,
    title: "Changes that mean nothing",
    needs: "now",
    about: "One picture under every kind of change that the continuity constraint can be trained with.",
  },
  train: {
    title: "Train both models yourself",
    needs: "run",
    about:
      "The same small classifier, trained plainly and with the continuity constraint, side by side in your browser.",
  },
  attack: {
    after: true,
    few: 420,
    title: "Attack both models",
    needs: "now",
    about: "Look for a small change of a picture that makes a plain model err, and one with the continuity constraint.",
  },
  robustness: {
    after: true,
    title: "How much robustness, and is it real?",
    needs: "study",
    about: "Accuracy of both models under attacks of a growing radius, with checks for hidden gradients.",
  },
  look: {
    title: "What made them say that?",
    needs: "now",
    about: "The pixels that speak for what each model says, and whether they stay when the picture trembles.",
  },
  saliency: {
    after: true,
    title: "Where both models look",
    needs: "now",
    about: "Which pixels speak for a class, before and after a change that should not matter.",
  },
  survey: {
    module: "elements/saliency/survey.js",
    after: true,
    title: "Explanations over many pictures",
    needs: "study",
    about: "Whether the explanations of both models stand still, and whether they are right.",
  },
  response: {
    after: true,
    title: "Are the models continuous?",
    needs: "study",
    results: 0.2,
    about: "Whether a picture is nearer to its own harmless copy than to another picture of its class.",
  },
  smoothness: {
    after: true,
    title: "How smooth are the gradients?",
    needs: "study",
    about: "Gradients of both models and how far they hold, the reason why the continuity constraint should work.",
  },
  transfer: {
    after: true,
    title: "Do the features transfer?",
    needs: "study",
    about: "Both models on the same objects from another source, with few labels.",
  },
  claims: {
    title: "What holds up?",
    needs: "never",
    about:
      "The claims of the paper’s abstract, and what the constraint costs, measured on small networks over five seeds.",
  },
};

/** @typedef {keyof typeof FIGURES} Figure */

/** Where the element of a figure lies. @internal */
export const moduleOf = (figure) => FIGURES[figure].module ?? `elements/${figure}/${figure}.js`;

/** What a figure loads, in words. @internal */
export function size(figure, dataset) {
  const found = (id) => datasets.find((set) => set.id === id);
  const { first, test, train, models } = (found(dataset) ?? found(settings.shipped[0].dataset)).megabytes;
  const { engine, statistics } = megabytes;
  const mb = (...parts) => `${parts.reduce((sum, part) => sum + part, 0).toFixed(1)} MB`;
  const what = engine + test + models;
  const { needs, results = 0 } = FIGURES[figure];
  switch (needs) {
    case "now":
      return `${mb(CODE, engine, first ?? test, models)}: CPU engine, two models and their pictures`;
    case "study":
      return `${mb(CODE, results)}; a study then needs ${mb(what, statistics)}`;
    case "run":
      return (
        `${mb(CODE, engine)}: CPU engine; ` +
        `training then needs ${mb(test, train, models, statistics)} of pictures and models`
      );
    case "never":
      return mb(CODE, results);
  }
}
