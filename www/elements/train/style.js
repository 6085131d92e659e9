// How training is laid out: both walls beside what drives the run; on a phone side by side above it.
import { css } from "../../vendor/lit.js";

export const figure = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 5fr) minmax(17rem, 4fr) minmax(0, 5fr);
    gap: var(--space-3) 1.4rem;
    align-items: start;
  }
  /* As high as it will be, before it is there. */
  scl-wall:not(:defined) {
    aspect-ratio: 5 / 6.4;
  }
  .middle {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
    align-content: start;
  }
  scl-outcome,
  #example {
    grid-column: 1 / -1;
  }
  .bar {
    display: grid;
    gap: var(--space-2);
    padding: 0.75rem var(--space-3);
  }
  .bar button {
    padding: 0 0.8rem;
  }
  .bar .primary {
    min-width: 6.5rem;
  }
  .bar .status:not(.hidden) {
    min-height: 1.6em;
  }
  button[aria-disabled="true"] {
    color: var(--muted);
    cursor: not-allowed;
  }
  .difference {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
    justify-content: space-between;
    padding: 0.6rem var(--space-3);
  }
  .difference strong.plain,
  .difference strong.continuity {
    color: var(--lane);
    font-weight: 600;
  }
  .chip {
    border-radius: 2rem;
    padding: 0 0.9rem;
    font-weight: 400;
    font-size: var(--size-s);
  }
  #all-settings > summary {
    cursor: pointer;
    min-height: 2.75rem;
    align-content: center;
    font-weight: 600;
  }
  .results {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    min-width: 0;
  }
  .lanes {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
    gap: var(--space-3);
  }
  .lane {
    border-top: 4px solid var(--lane);
  }
  .lane h3 {
    color: var(--lane);
  }
  ul {
    padding-left: 1.2em;
  }
  @container (max-width: 52.5rem) {
    .stage {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-2);
    }
    .middle {
      display: contents;
    }
    .stage > scl-wall {
      flex: 0 0 calc(50% - var(--space-2) / 2);
      min-width: 0;
    }
    .middle > *,
    #example,
    scl-outcome {
      flex: 0 0 100%;
      min-width: 0;
      order: 1;
    }
    #example {
      order: -1;
    }
    .middle > scl-watch:not(.open) {
      order: 2;
    }
    scl-outcome {
      scroll-margin-bottom: 8rem;
    }
    /* In reach of a thumb as long as the walls are in view. */
    .middle > .bar {
      order: 3;
      position: sticky;
      bottom: 0;
      z-index: 2;
    }
    .bar button,
    .chip {
      min-height: 2.75rem;
    }
  }
  @container (max-width: 15rem) {
    .bar {
      position: static;
    }
    .stage > scl-wall {
      flex-basis: 100%;
    }
  }
`;
