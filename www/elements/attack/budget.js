// What attacks can be asked for, and how a visitor asks: shared by the figures that attack.
import { html, nothing } from "../../vendor/lit.js";

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

/** `PGD-20, DLR`. */
export function attackLabel({ kind, loss, steps, queries }) {
  const { label, gradient, count } = KINDS.find(({ id }) => id === kind);
  return `${label}${count === "steps" ? `-${steps}` : count ? `, ${queries} queries` : ""}${gradient ? `, ${LOSSES.find(([id]) => id === loss)[1]}` : ""}`;
}

export const budgetOf = (choice) => ({ norm: choice.norm, epsilon: epsilonOf(choice) });

/**
 * The controls.
 * @param change called with what changed
 * @param parts which of "radius" and "aim" are offered besides attack, loss, norm and length
 */
export function attackControls(choice, change, { classes = [], parts = ["radius", "aim"] } = {}) {
  const kind = KINDS.find(({ id }) => id === choice.kind);
  const select = (key, label, options) => html`<div><label for=${key}>${label}</label>
    <select id=${key} @change=${(event) => change({ [key]: event.target.value })}>
      ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === choice[key]}>${text}</option>`)}</select></div>`;
  const number = (key, label, most) => html`<div><label for=${key}>${label}</label>
    <input id=${key} type="number" min="1" max=${most} .value=${String(choice[key])} @change=${(event) => {
      const value = Math.round(Number(event.target.value));
      if (value >= 1 && value <= most) change({ [key]: value });
      else event.target.value = String(choice[key]);
    }}></div>`;
  return html`
    <div><label for="kind">Attack</label>
      <select id="kind" aria-describedby="kind-help" @change=${(event) => {
        const next = KINDS.find(({ id }) => id === event.target.value);
        change({ kind: next.id, ...(next.linf && choice.norm !== "linf" ? { norm: "linf", level: DEFAULT.level } : {}) });
      }}>${KINDS.map(({ id, label }) => html`<option value=${id} ?selected=${id === choice.kind}>${label}</option>`)}</select>
      <p id="kind-help" class="small muted">${kind.help}</p></div>
    ${kind.gradient ? select("loss", "Climbs", LOSSES) : nothing}
    ${kind.gradient && parts.includes("aim") ? select("aim", "Towards", [["away", "any other class"], ["runner-up", "the runner-up"], ...classes.map((name, i) => [String(i), name])]) : nothing}
    ${kind.count === "steps" ? number("steps", "Steps", 500) : nothing}
    ${kind.count === "queries" ? number("queries", "Queries for each picture", 5000) : nothing}
    <div><label for="norm">Norm</label>
      <select id="norm" @change=${(event) => change({ norm: event.target.value, level: event.target.value === "linf" ? DEFAULT.level : 30 })}>
        ${NORMS.filter(([id]) => !kind.linf || id === "linf").map(([id, text]) => html`<option value=${id} ?selected=${id === choice.norm}>${text}</option>`)}</select></div>
    ${parts.includes("radius") ? html`<div><label for="level">Radius: <output class="number">ε = ${epsilonText(choice)}</output></label>
      <input id="level" type="range" min="0" max=${choice.norm === "linf" ? 128 : 120} .value=${String(choice.level)} aria-valuetext="ε = ${epsilonText(choice)}"
        @input=${(event) => change({ level: Number(event.target.value) })}></div>` : nothing}`;
}
