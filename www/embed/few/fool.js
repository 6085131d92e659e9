// How far both models hold, in few controls: one picture, what each model says of it, and the slider with both limits.
// All else is folded: `:host([unfolded])` shows it below.
import { css } from "../../vendor/lit.js";

export const few = css`
  .figure.figure {
    gap: var(--space-2) var(--space-3);
    grid-template:
      "look answers answers" auto "look dock dock" 1fr "sentence sentence next" auto / 14rem minmax(0, 1fr)
      auto;
  }
  .more {
    display: contents;
  }
  .look.look scl-picture {
    width: 100%;
  }
  .dock {
    position: static;
  }
  .who {
    display: none;
  }
  .answers {
    gap: 0.5rem;
  }
  .model {
    padding: var(--space-1) var(--space-2);
    gap: 0;
  }
  .model h2 {
    font-size: 1rem;
  }
  .says {
    font-size: 1.35rem;
  }
  .bars,
  .ends.ends {
    display: none;
  }
  .sentence {
    grid-area: sentence;
    align-self: center;
    font-size: 1rem;
  }
  .more > .row {
    grid-area: next;
    justify-self: end;
  }
  :host(:not([unfolded])) :is(.views, .lines, .more > .row > .row, fieldset) {
    display: none;
  }
  :host([unfolded]) .more > .row {
    grid-column: 1 / -1;
    grid-row: auto;
    justify-self: start;
  }
  .views,
  .lines,
  .notice,
  fieldset {
    grid-column: 1 / -1;
    grid-row: auto;
  }
  @container (max-width: 33rem) {
    .figure.figure {
      grid-template: "look" auto "answers" auto "dock" auto "sentence" auto "next" auto / minmax(0, 1fr);
    }
    .look.look scl-picture {
      width: 9rem;
    }
  }
`;
