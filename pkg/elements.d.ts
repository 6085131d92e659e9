/** Imported for its effect: defines the elements below. */
export type Figure =
  | "lab" | "nudge" | "perturbations" | "train" | "attack" | "robustness" | "saliency" | "survey" | "response" | "smoothness" | "transfer" | "claims";

/**
 * A card that says what it would load, and the figure once it is wanted. Attributes: `dataset`; `settings`, the query of a link to
 * the page; `theme`, `light`, `dark` or `system`; `height` in pixels; `autoload`.
 */
export class Widget extends HTMLElement {
  static readonly figure: Figure;
  /** Loads the figure; resolves to whether it stands. */
  load(): Promise<boolean>;
}

declare global {
  interface HTMLElementTagNameMap extends Record<`semantic-continuity-${Figure}`, Widget> {}
}
