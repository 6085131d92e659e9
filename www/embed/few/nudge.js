// The nudge in few controls: the nudged picture, both answers and the slider, at most 340 px high in the column of an
// article. All else is folded: `:host([unfolded])` shows it below.
import { css } from "../../vendor/lit.js";

export const few = css`
  :host {
    /* The answers show the class that a model says, and no other one. */
    --other-classes: none;
    --verdict-height: 3.1em;
  }
  .figure.figure {
    gap: var(--space-2) var(--space-3);
    grid-template:
      "look models models" auto "look strength strength" auto "about about next" auto / 12rem minmax(0, 1fr)
      auto;
  }
  .panel,
  .models {
    display: contents;
  }
  .panel.setting {
    display: grid;
  }
  .pictures {
    grid-area: look;
    grid-template-columns: minmax(0, 1fr);
    align-self: start;
  }
  .pictures figure:nth-child(odd),
  .pictures figcaption {
    display: none;
  }
  .answers {
    grid-area: models;
    --space-3: 0.5rem;
    --size-m: 1rem;
    gap: 0.5rem;
  }
  .strength {
    grid-area: strength;
    gap: 0;
  }
  .ends.ends {
    display: none;
  }
  .about {
    grid-area: about;
    align-self: center;
  }
  .next {
    grid-area: next;
    justify-self: end;
  }
  :host(:not([unfolded])) :is(.setting, .next button + button) {
    display: none;
  }
  .setting,
  .notice {
    grid-column: 1 / -1;
  }
  @container (max-width: 33rem) {
    .figure.figure {
      grid-template: "look" auto "models" auto "strength" auto "about" auto "next" auto / minmax(0, 1fr);
    }
    .pictures {
      width: 9rem;
      justify-self: center;
    }
    .answers {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
