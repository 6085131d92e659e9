// How the first figure stands: picture, answers, and a slider that a phone keeps in view.
import { css } from "../../vendor/lit.js";

export const figure = css`
  .figure {
    display: grid;
    gap: var(--space-3) var(--space-4);
    grid-template:
      "look answers" auto
      "look dock" 1fr
      "views more" auto / minmax(0, clamp(23rem, 33cqw, 31rem)) minmax(0, 1fr);
  }
  .look {
    grid-area: look;
  }
  .views {
    grid-area: views;
    display: grid;
    gap: var(--space-2);
    align-content: start;
  }
  .views .row {
    gap: var(--space-1);
  }
  .look scl-picture {
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
  }
  .answers {
    grid-area: answers;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-3);
  }
  .dock {
    grid-area: dock;
    overflow: hidden;
    padding: 2px; /* for the ring around what has the focus */
    margin: -2px;
  }
  .more {
    grid-area: more;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
    align-content: start;
  }
  button.small {
    padding: 0 0.55rem;
  }
  .model {
    border-top: 4px solid var(--lane);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
    gap: var(--space-2);
    align-content: start;
  }
  .model h2 {
    color: var(--lane);
    font-size: var(--size-m);
    line-height: 1.3;
  }
  .says {
    font-size: 1.9rem;
    font-weight: 800;
    line-height: 1.15;
    min-height: 1.15em;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .bars {
    display: grid;
    grid-template-columns: minmax(0, 6.5em) minmax(0, 1fr) 3.2em;
    gap: 0.2rem var(--space-2);
    align-items: center;
    font-size: var(--size-s);
    min-height: 6.4em;
    align-content: start;
  }
  .bars > span:first-child,
  .name {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .bar {
    display: block;
    width: 100%;
    height: 0.8rem;
    border-radius: 3px;
    background: var(--surface-2);
  }
  .bar rect {
    fill: var(--lane);
  }
  .share {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .others {
    grid-column: 1 / -1;
  }
  label {
    font-weight: 700;
  }
  select {
    max-width: 100%;
  }
  .track {
    --thumb: 1.5rem;
    position: relative;
    padding-top: 1.7rem;
  }
  .flag {
    position: absolute;
    top: 0;
    bottom: 0.4rem;
    left: calc(var(--thumb) / 2 + (100% - var(--thumb)) * var(--at));
    border-left: 3px solid var(--lane);
    padding-left: 0.35em;
    color: var(--lane);
    font-size: var(--size-s);
    font-weight: 700;
    line-height: 1.2;
    white-space: nowrap;
    pointer-events: none;
  }
  .flag.late {
    border-left: 0;
    border-right: 3px solid var(--lane);
    left: auto;
    right: calc(var(--thumb) / 2 + (100% - var(--thumb)) * (1 - var(--at)));
    padding: 0 0.35em 0 0;
  }
  .flag.second {
    padding-top: 1.1em;
  }
  .track.two {
    padding-top: 2.8rem;
  }
  input[type="range"] {
    position: relative;
    min-height: 2.75rem;
  }
  .ends {
    display: flex;
    justify-content: space-between;
  }
  .sentence {
    font-size: var(--size-m);
    min-height: 1.5em;
  }
  .lines {
    min-height: 3em;
  }
  .typical strong {
    color: var(--lane);
  }
  @container (max-width: 52.5rem) {
    .figure {
      grid-template: "look" "answers" "dock" "more" "views" / minmax(0, 1fr);
    }
    .look scl-picture {
      width: min(100%, 17rem);
      margin: auto;
    }
    .dock {
      position: sticky;
      bottom: 0;
      z-index: 1;
      background: var(--page);
    }
  }
  @container (max-width: 33rem) {
    .who {
      display: none;
    }
    .answers {
      gap: var(--space-2);
    }
    .says {
      font-size: 1.35rem;
    }
    .model {
      padding: var(--space-2);
    }
    .look scl-picture {
      width: min(100%, 14rem);
    }
    .bars {
      display: none;
    }
  }
`;
