// The attack in few controls: the picture before and after on each model, and the radius, at most 420 px high in an
// article's column. All else is folded: `:host([unfolded])` shows it below.
import { css } from "../../vendor/lit.js";

export const few = css`
  .figure.figure {
    gap: var(--space-2) var(--space-3);
    grid-template: "results results" auto "level next" auto / minmax(0, 1fr) auto;
  }
  .panel:first-child {
    display: contents;
  }
  .panel:last-child {
    grid-area: results;
    gap: var(--space-2);
  }
  .models {
    gap: var(--space-2);
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .card h3 {
    font-size: 1rem;
  }
  .card {
    padding: var(--space-1) var(--space-2);
  }
  .card .pictures {
    grid-template-columns: repeat(2, minmax(0, 6.75rem));
    justify-content: center;
    margin: var(--space-1) 0 0;
  }
  .card .pictures figure:nth-child(2),
  .verdict .number {
    display: none;
  }
  .verdict {
    /* One line for the verdict, and two for names of classes that are long. */
    min-height: 4.6em;
    font-size: var(--size-s);
  }
  .level {
    grid-area: level;
  }
  .next {
    grid-area: next;
    align-self: end;
  }
  :host(:not([unfolded])) :is(.panel:first-child > :not(.level, .next, .notice), .next button + button, .saves) {
    display: none;
  }
  .panel:first-child > :not(.level, .next) {
    grid-column: 1 / -1;
  }
  @container (max-width: 33rem) {
    .figure.figure {
      grid-template: "results" auto "level" auto "next" auto / minmax(0, 1fr);
    }
    .models {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
