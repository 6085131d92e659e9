// The attack as a step of the page: a row a model, picture + change = result, and one slider; all else is folded.
import { css } from "../../vendor/lit.js";

export const step = css`
  :host([step]) .figure {
    gap: var(--space-3);
    grid-template: "results" auto "level" auto "next" auto / minmax(0, 1fr);
  }
  :host([step]) .panel:first-child {
    display: contents;
  }
  :host([step]) .panel:last-child {
    grid-area: results;
    gap: var(--space-2);
  }
  :host([step]) .models {
    grid-template-columns: minmax(0, 1fr);
  }
  :host([step]) .card {
    display: grid;
    grid-template: "title title" auto "pictures verdict" auto / minmax(0, 32rem) minmax(0, 1fr);
    gap: 0 var(--space-4);
    align-items: center;
    padding: var(--space-2) var(--space-3);
    border-top-width: 1px;
    border-left: 4px solid var(--lane);
  }
  :host([step]) .card h3 {
    grid-area: title;
  }
  :host([step]) .pictures {
    grid-area: pictures;
    gap: var(--space-4);
    margin: 0;
  }
  :host([step]) .pictures figure {
    position: relative;
  }
  :host([step]) .pictures figure + figure::before {
    position: absolute;
    top: 40%;
    right: calc(100% + var(--space-4) / 2);
    translate: 50% -50%;
    font-size: var(--size-l);
    font-weight: 700;
    content: "+" / "";
  }
  :host([step]) .pictures figure:last-child::before {
    content: "=" / "";
  }
  :host([step]) .verdict {
    grid-area: verdict;
    font-size: var(--size-m);
  }
  :host([step]) .verdict strong {
    font-size: var(--size-l);
  }
  :host([step]) .level {
    grid-area: level;
  }
  :host([step]) .next {
    grid-area: next;
  }
  :host([step]:not([unfolded])) :is(.panel:first-child > :not(.level, .next, .notice), .saves) {
    display: none;
  }
  @container (max-width: 45rem) {
    :host([step]) .card {
      grid-template: "title" auto "pictures" auto "verdict" auto / minmax(0, 1fr);
    }
    :host([step]) .level {
      position: sticky;
      bottom: 0;
      padding: var(--space-2) 0;
      background: var(--page);
    }
  }
`;
