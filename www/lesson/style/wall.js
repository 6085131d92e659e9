// On a wall, for a class: page.css makes the letters larger, and these keep none of them small.
import { css } from "../../vendor/lit.js";

export const wall = css`
  :host([present]) {
    --size-s: 28px;
    --size-m: 31px;
    --size-l: 42px;
  }
  :host([present]) .columns {
    grid-template-columns: minmax(0, 1fr);
    max-width: none;
  }
  :host([present]) main {
    border: 0;
    padding: var(--space-2) clamp(1rem, 2.2vw, 2rem);
  }
  :host([present]) .bar {
    padding-block: var(--space-1);
  }
  :host([present]) .bar .name {
    flex: 1;
  }
  :host([present]) .ask,
  :host([present]) .text {
    max-width: none;
  }
  :host([present]) .ask.with-picture {
    grid-template-columns: max(50vh, 14rem) minmax(0, 1fr);
  }
  :host([present]) .outcome {
    grid-template-columns: auto minmax(0, 1fr);
    padding-block: var(--space-1);
  }
  :host([present]) .outcome dl {
    display: block;
  }
  /* Two pictures, so that a class can see them. */
  :host([present]) .place {
    --look: 9fr;
    --pictures: 2;
    --third-picture: none;
    --axis-letters: 28px;
  }
  @media (max-aspect-ratio: 1) {
    :host([present]) .ask.with-picture {
      grid-template: "picture" "options" "buttons" / minmax(0, 1fr);
    }
  }
`;
