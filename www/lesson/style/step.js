// A step: its text, question, figure, and what happened.
import { css } from "../../vendor/lit.js";

export const step = css`
  article {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }
  h2 {
    font-size: var(--size-l);
    line-height: 1.2;
    text-wrap: balance;
  }
  h2:focus,
  h3:focus {
    outline: none;
  }
  .text {
    display: grid;
    gap: var(--space-2);
    max-width: 46rem;
    font-size: var(--size-m);
  }
  .ask {
    display: grid;
    gap: var(--space-3) var(--space-4);
    max-width: 60rem;
  }
  .ask.with-picture {
    grid-template: "picture options" auto "picture buttons" 1fr / minmax(0, 14rem) minmax(0, 1fr);
  }
  .with-picture .preview {
    grid-area: picture;
  }
  .preview figcaption {
    margin-top: var(--space-1);
    text-align: center;
  }
  fieldset {
    display: grid;
    gap: var(--space-2);
  }
  legend {
    padding: 0;
    margin-bottom: var(--space-2);
    font-size: var(--size-m);
    font-weight: 700;
  }
  .option {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: var(--space-2);
    align-items: center;
    min-height: 2.9rem;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-l);
    background: var(--surface);
    cursor: pointer;
  }
  .option:hover {
    background: var(--surface-2);
  }
  .option:has(:checked) {
    outline: 2px solid var(--ink);
    outline-offset: -1px;
    font-weight: 700;
  }
  .option:has(:focus-visible) {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .option input {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--ink);
    outline: none;
  }
  .lock {
    display: grid;
    align-content: center;
    min-height: 6rem;
    padding: var(--space-3);
    border: 2px dashed var(--line-strong);
    border-radius: var(--radius-l);
    background: repeating-linear-gradient(
      -45deg,
      var(--surface-2) 0 14px,
      color-mix(in srgb, var(--surface-2) 55%, var(--page)) 14px 28px
    );
    color: var(--ink-2);
    text-align: center;
  }
  .place {
    container-type: inline-size;
    min-width: 0;
  }
  .open .place {
    min-height: 24rem;
  }
  .outcome {
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-left: 5px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .outcome.same {
    border-left-color: var(--good-ink);
    background: var(--good-soft);
  }
  .outcome {
    display: grid;
    grid-template-columns: minmax(8rem, 1fr) minmax(0, 4fr);
    gap: var(--space-2) var(--space-3);
  }
  .outcome dl {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
    gap: var(--space-2) var(--space-3);
    margin: 0;
  }
  dt {
    color: var(--muted);
    font-size: var(--size-s);
  }
  .same dt {
    color: var(--ink-2);
  }
  dd {
    margin: 0;
  }
  #happened > * {
    display: block;
  }
  .again summary {
    min-height: 2.5rem;
    align-content: center;
    cursor: pointer;
    font-weight: 600;
  }
  .asked {
    margin-top: var(--space-2);
    font-weight: 700;
  }
  .explanation {
    grid-column: 1 / -1;
    max-width: 60rem;
    padding-top: var(--space-2);
    border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent);
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    justify-content: space-between;
    align-items: center;
  }
  .steps .title {
    display: block;
  }
  .key {
    padding: var(--space-2) var(--space-3);
    border: 2px solid var(--focus);
    border-radius: var(--radius);
  }
  .key ul,
  .cannot ul {
    margin: 0;
    padding-left: 1.2em;
  }
  @media (max-width: 40rem) {
    .outcome {
      grid-template-columns: minmax(0, 1fr);
    }
    .ask.with-picture {
      grid-template: "picture" "options" "buttons" / minmax(0, 1fr);
    }
    .preview scl-picture {
      width: min(100%, 10rem);
      margin: auto;
    }
    .outcome dl {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
