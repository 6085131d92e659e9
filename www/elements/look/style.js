// How the figure about explanations stands: two large pictures, controls beside or below them.
import { css } from "../../vendor/lit.js";

export const figure = css`
  .figure {
    display: grid;
    gap: var(--space-2) var(--space-3);
    grid-template:
      "legend legend" auto
      "maps play" auto
      "maps panel" 1fr
      "told told" auto
      "about about" auto / minmax(0, 1fr) 17rem;
    max-width: 90rem;
  }
  .legend {
    grid-area: legend;
  }
  .swatch {
    width: 0.9em;
    height: 0.9em;
    vertical-align: -0.1em;
    border-radius: 2px;
  }
  .swatch.for {
    fill: var(--for);
  }
  .swatch.against {
    fill: var(--against);
  }
  .maps {
    grid-area: maps;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 var(--space-3);
    align-content: start;
  }
  .model {
    border-top: 4px solid var(--lane);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    /* Both pictures at one height, however many lines stand above one of them. */
    grid-row: span 5;
    grid-template-rows: subgrid;
    gap: 0.4rem;
    align-content: start;
    padding: var(--space-1) 0.75rem 0.6rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-2);
    justify-content: space-between;
    align-items: baseline;
    align-content: start;
    min-height: 1.6em;
  }
  .model h3 {
    color: var(--lane);
  }
  .kept {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-2);
    align-items: center;
    min-height: 1.5em;
    font-variant-numeric: tabular-nums;
  }
  .bar,
  .scale svg {
    display: block;
    width: 100%;
    height: 0.6rem;
    border-radius: 3px;
    background: var(--surface-2);
  }
  .bar rect {
    fill: var(--lane);
  }
  .bar .range {
    fill: var(--ink);
  }
  .scale {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: var(--space-2);
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  .scale svg {
    background: var(--page);
  }
  .scale .for {
    stop-color: var(--for);
  }
  .scale .against {
    stop-color: var(--against);
  }
  .told {
    grid-area: told;
    display: grid;
    gap: var(--space-1);
    align-content: start;
  }
  .sentence {
    font-size: var(--size-m);
    min-height: 1.5em;
  }
  .reading {
    min-height: 1.5em;
  }
  .play {
    grid-area: play;
  }
  .panel {
    grid-area: panel;
  }
  .play,
  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.75rem;
    align-content: start;
  }
  .panel h3,
  label {
    font-size: 1rem;
    font-weight: 700;
  }
  .group {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-1);
  }
  .group .row {
    gap: var(--space-1);
  }
  .group button.small,
  .group select {
    padding: 0 0.4rem;
    font-size: 0.8125rem;
  }
  .panel select {
    width: 100%;
  }
  .row > select {
    flex: 1 1 4rem;
    width: 0;
  }
  .noise {
    min-height: 3em;
  }
  .two {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-2);
  }
  @media (pointer: coarse) {
    button,
    select,
    input[type="range"],
    summary {
      min-height: 2.75rem;
    }
  }
  .notice a {
    color: inherit;
  }
  .about > p {
    align-self: center;
  }
  .about {
    grid-area: about;
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: end;
  }
  .measured {
    flex: 1 1 100%;
    max-width: 46rem;
  }
  summary {
    cursor: pointer;
    min-height: 2rem;
    align-content: center;
  }
  .measured p {
    margin-top: var(--space-1);
  }
  .stale {
    opacity: 0.6;
  }
  @container (max-width: 58rem) {
    .figure {
      grid-template: "legend" "maps" "play" "told" "panel" "about" / minmax(0, 1fr);
    }
    .noise {
      min-height: 0;
    }
    .play,
    .panel {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
      gap: var(--space-3);
    }
  }
  @container (max-width: 33rem) {
    .maps {
      gap: var(--space-2);
    }
    .model {
      padding: var(--space-1) 0.375rem 0.5rem;
    }
    .scale {
      grid-template-columns: 1fr auto;
      gap: 0 var(--space-1);
    }
    .scale svg {
      grid-area: 1 / 1 / auto / span 2;
    }
    .kept {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
      min-height: 3em;
      align-content: start;
    }
  }
  /* Letters so large that two maps side by side would be too small for them. */
  @container (max-width: 18rem) {
    .maps {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
