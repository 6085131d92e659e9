// What stands around a step: the header, the list of steps, and what is said where there is no lesson.
import { css } from "../../vendor/lit.js";

export const frame = css`
  .bar {
    position: sticky;
    top: 0;
    z-index: 3;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-2) clamp(1rem, 2.2vw, 2rem);
    border-bottom: 1px solid var(--line);
    background: var(--page);
  }
  .name {
    margin: 0;
    font-size: var(--size-m);
    font-weight: 800;
    line-height: 1.3;
  }
  .name .what {
    color: var(--muted);
    font-weight: 400;
  }
  .about {
    flex: 1;
  }
  .tools,
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }
  a {
    color: var(--continuity);
    text-underline-offset: 0.15em;
  }
  .button,
  .file {
    display: inline-flex;
    align-items: center;
    min-height: 2.5rem;
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }
  .button:hover,
  .file:hover {
    background: var(--surface-2);
  }
  .file:focus-within {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .teachers {
    position: relative;
  }
  .teachers > summary {
    min-height: 2.5rem;
    padding: 0 var(--space-3);
    align-content: center;
    font-weight: 600;
    cursor: pointer;
  }
  .teachers > div {
    position: absolute;
    right: 0;
    top: calc(100% + var(--space-1));
    display: grid;
    gap: var(--space-2);
    width: min(22rem, 92vw);
    max-height: calc(100vh - 5rem);
    overflow-y: auto;
    padding: var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  .teachers button {
    height: auto;
    padding-block: var(--space-1);
  }
  .seed {
    display: grid;
    grid-template-columns: 1fr 7rem auto;
    gap: var(--space-2);
    align-items: center;
  }
  .said:not(:empty) {
    padding: var(--space-1) clamp(1rem, 2.2vw, 2rem);
    overflow-wrap: anywhere;
  }
  .columns {
    display: grid;
    grid-template-columns: 15rem minmax(0, 1fr);
    align-items: start;
    max-width: 120rem;
  }
  .steps {
    position: sticky;
    top: 3.6rem;
    padding: var(--space-3) var(--space-3) var(--space-3) clamp(1rem, 2.2vw, 2rem);
  }
  .steps ol {
    display: grid;
    gap: var(--space-1);
    margin: 0 0 var(--space-3);
    padding: 0;
    list-style: none;
  }
  .steps a {
    display: grid;
    grid-template-columns: 1.2em 1fr auto;
    gap: var(--space-2);
    align-items: center;
    min-height: 2.75rem;
    padding: var(--space-1) var(--space-2);
    border-radius: var(--radius);
    color: var(--ink);
    text-decoration: none;
    line-height: 1.3;
  }
  .steps a:hover {
    background: var(--surface-2);
  }
  .steps a[aria-current] {
    background: var(--ink);
    color: var(--page);
    font-weight: 700;
  }
  .steps .minutes {
    opacity: 0.85;
  }
  main {
    min-width: 0;
    padding: var(--space-3) clamp(1rem, 2.2vw, 2rem) var(--space-4) var(--space-4);
    border-left: 1px solid var(--line);
    min-height: calc(100vh - 4rem);
    scroll-margin-top: 3.6rem;
  }
  .cannot,
  .wait {
    max-width: 50rem;
    margin: 0 auto;
    padding: var(--space-4) clamp(1rem, 3vw, 2rem);
    border: 0;
  }
  .cannot {
    display: grid;
    gap: var(--space-3);
    align-content: start;
    overflow-wrap: anywhere;
  }
  .paper {
    display: none;
  }
  .dots {
    display: flex;
    gap: 0.4em;
  }
  .dot {
    width: 0.7em;
    height: 0.7em;
    border: 2px solid var(--line-strong);
    border-radius: 50%;
  }
  .dot.done {
    background: var(--line-strong);
  }
  .dot.here {
    border-color: var(--ink);
    background: var(--ink);
  }
  @media (max-width: 64rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .steps {
      position: static;
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1) var(--space-3);
      align-items: center;
      padding: var(--space-2) clamp(1rem, 3vw, 2rem) 0;
    }
    .steps ol {
      display: flex;
      margin: 0;
    }
    .about,
    .keys {
      display: none;
    }
    .steps a {
      grid-template-columns: 1fr;
      min-width: 2.75rem;
      text-align: center;
    }
    .steps .title,
    .steps .minutes {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    main {
      padding-left: clamp(1rem, 3vw, 2rem);
      border-left: 0;
    }
  }
  @media (max-width: 40rem) {
    .bar {
      position: relative;
    }
    .teachers {
      position: static;
    }
    .teachers > div {
      right: 1rem;
      left: 1rem;
      top: 100%;
      width: auto;
      max-height: none;
    }
  }
`;
