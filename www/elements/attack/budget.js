// What attacks can be asked for, and how a visitor asks: shared by the figures that attack.
import { html, nothing } from "../../vendor/lit.js";
import { choiceField, numberField } from "../fields.js";

const KINDS = [
  { id: "pgd", label: "PGD", help: "Projected gradient descent: many small steps uphill from a random point of the ball.", gradient: true, count: "steps" },
  { id: "apgd", label: "APGD", help: "PGD with momentum and a step length that adapts; keeps its best point. Stronger than PGD with as many steps.", gradient: true, count: "steps" },
  { id: "fgsm", label: "FGSM", help: "One step of length ε along the gradient.", gradient: true },
  { id: "square", label: "Square", help: "No gradients: random squares are kept where the margin falls. ℓ∞ only.", count: "queries", linf: true },
  { id: "rays", label: "RayS", help: "Sees only the predicted class; looks for the nearest boundary along signs.", count: "queries" },
  { id: "noise", label: "Random noise", help: "A control: noise of length ε, no search." },
  { id: "random-sign", label: "Random sign", help: "A control: every value up or down at random." },
];
const LOSSES = [["cross-entropy", "Cross-entropy"], ["margin", "Margin (CW)"], ["dlr", "DLR"]];
const NORMS = [["linf", "ℓ∞: largest change of a value"], ["l2", "ℓ2: length of the whole change"]];

/** PGD-20 within 25/255, about the radius of the evaluation after training. */
export const DEFAULT = { kind: "pgd", loss: "cross-entropy", norm: "linf", level: 25, steps: 20, queries: 300, aim: "away" };

/** Levels count 255ths for ℓ∞, twentieths for ℓ2. */
const DENOMINATORS = { linf: 255, l2: 20 };

export const epsilonOf = ({ norm, level }) => level / DENOMINATORS[norm];
export const epsilonText = ({ norm, level }) => (norm === "linf" ? `${level}/255` : String(level / 20));

/** The library's attack for these choices. */
export function attackOf({ kind, loss, steps, queries, aim }) {
  const { gradient, count } = KINDS.find(({ id }) => id === kind);
  if (!gradient && !count) return kind;
  const to = /^\d+$/.test(aim) ? { class: Number(aim) } : aim;
  return { [kind]: { ...(gradient ? { loss, aim: to } : {}), ...(count === "steps" ? { steps } : count === "queries" ? { queries } : {}) } };
}

export const normText = ({ norm }) => (norm === "linf" ? "ℓ∞" : "ℓ2");

/** `PGD-20, DLR`; with an aim, also `towards Coat`. */
export function attackLabel({ kind, loss, steps, queries, aim }, classes = []) {
  const { label, gradient, count } = KINDS.find(({ id }) => id === kind);
  const towards = aim === "away" ? "" : `, towards ${classes[Number(aim)] ?? "the runner-up"}`;
  return `${label}${count === "steps" ? `-${steps}` : count ? `, ${queries} queries` : ""}${gradient ? `, ${LOSSES.find(([id]) => id === loss)[1]}${towards}` : ""}`;
}

export const budgetOf = (choice) => ({ norm: choice.norm, epsilon: epsilonOf(choice) });

/**
 * The controls.
 * @param change called with what changed
 * @param parts which of "radius" and "aim" are offered besides attack, loss, norm and length
 */
export function attackControls(choice, change, { classes = [], parts = ["radius", "aim"] } = {}) {
  const kind = KINDS.find(({ id }) => id === choice.kind);
  const select = (key, label, options) => choiceField(key, label, choice[key], options, (value) => change({ [key]: value }));
  const number = (key, label, most) => numberField(key, label, choice[key], [1, most], (value) => change({ [key]: value }));
  return html`
    ${choiceField("kind", "Attack", choice.kind, KINDS.map(({ id, label }) => [id, label]), (id) => {
      const next = KINDS.find((kind) => kind.id === id);
      change({ kind: id, ...(next.linf && choice.norm !== "linf" ? { norm: "linf", level: DEFAULT.level } : {}) });
    }, kind.help)}
    ${kind.gradient ? select("loss", "Climbs", LOSSES) : nothing}
    ${kind.gradient && parts.includes("aim") ? select("aim", "Towards", [["away", "any other class"], ["runner-up", "the runner-up"], ...classes.map((name, i) => [String(i), name])]) : nothing}
    ${kind.count === "steps" ? number("steps", "Steps", 500) : nothing}
    ${kind.count === "queries" ? number("queries", "Queries for each picture", 5000) : nothing}
    ${choiceField("norm", "Norm", choice.norm, NORMS.filter(([id]) => !kind.linf || id === "linf"), (norm) => change({ norm, level: norm === "linf" ? DEFAULT.level : 30 }))}
    ${parts.includes("radius") ? html`<div><label for="level">Radius: <output class="number">ε = ${epsilonText(choice)}</output></label>
      <input id="level" type="range" min="0" max=${choice.norm === "linf" ? 128 : 120} .value=${String(choice.level)} aria-valuetext="ε = ${epsilonText(choice)}"
        @input=${(event) => change({ level: Number(event.target.value) })}></div>` : nothing}`;
}
