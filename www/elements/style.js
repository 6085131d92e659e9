// Styles that every element shares. Colours, sizes and spaces come from the tokens in styles/tokens.css.
import { css } from "../vendor/lit.js";
import "./translation.js";

export const shared = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }
  h3 {
    font-size: var(--size-m);
    line-height: 1.3;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    min-height: 2.5rem;
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    cursor: pointer;
    font-weight: 600;
  }
  button:hover:not(:disabled) {
    background: var(--surface-2);
  }
  button:disabled {
    color: var(--muted);
    border-color: var(--line);
    cursor: not-allowed;
  }
  button.primary {
    background: var(--ink);
    color: var(--page);
    border-color: var(--ink);
  }
  button.primary:hover:not(:disabled) {
    background: var(--ink-2);
  }
  button.primary:disabled {
    background: var(--surface-2);
    color: var(--muted);
    border-color: var(--line);
  }
  select,
  input[type="number"] {
    min-height: 2.5rem;
    padding: 0 var(--space-2);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--page);
    min-width: 0;
  }
  input[type="range"] {
    width: 100%;
    min-height: 2rem;
    margin: 0;
    accent-color: var(--ink);
  }
  progress {
    width: 100%;
    height: 0.6rem;
    accent-color: var(--ink);
    display: block;
  }
  input[type="checkbox"] {
    width: 1.25rem;
    height: 1.25rem;
    accent-color: var(--ink);
  }
  button[aria-pressed="true"] {
    background: var(--ink);
    color: var(--page);
    border-color: var(--ink);
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--size-s);
  }
  .plain {
    --lane: var(--plain);
  }
  .continuity {
    --lane: var(--continuity);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    padding: var(--space-3);
  }
  fieldset.bare {
    border: 0;
    min-width: 0;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }
  .saves {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-2);
    align-items: center;
  }
  .saves button {
    min-height: 2rem;
    padding: 0 var(--space-2);
    font-size: var(--size-s);
  }
  .notice {
    border-left: 4px solid var(--warn);
    background: var(--warn-soft);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius);
  }
  .refused {
    color: var(--warn-ink);
  }
  /* Forced colours take a button's background, and with it what tells a pressed or disabled one from the others. */
  @media (forced-colors: active) {
    button[aria-pressed="true"] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
      border-color: Highlight;
    }
    button:disabled,
    button.primary:disabled {
      color: GrayText;
      border-color: GrayText;
    }
  }
  td .small.reason {
    display: inline;
    white-space: normal;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Controls on the left, or in a row, and what they make on the right; on a phone one above the other. */
export const lab = css`
  .controls {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
    gap: var(--space-3);
    align-items: end;
  }
  .figure {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
    align-items: start;
  }
  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }
  select,
  input[type="number"] {
    width: 100%;
  }
  label {
    font-weight: 600;
  }
  output {
    font-weight: 400;
  }
  summary {
    cursor: pointer;
    min-height: 2rem;
    align-content: center;
  }
  .stale {
    opacity: 0.6;
  }
  @container (max-width: 52.5rem) {
    .figure {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;

/** A table with a column for each model; on a phone each row becomes a list. */
export const modelTable = css`
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    padding: var(--space-2);
    text-align: left;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
    font-weight: 400;
  }
  thead th.plain,
  thead th.continuity {
    color: var(--lane);
    border-bottom: 3px solid var(--lane);
  }
  @container (max-width: 37.5rem) {
    thead {
      display: none;
    }
    table,
    tbody,
    tr,
    th,
    td {
      display: block;
      width: 100%;
      border: 0;
      padding: 0.1rem 0;
    }
    tr {
      border-bottom: 1px solid var(--line);
      padding: var(--space-2) 0;
    }
    td::before {
      content: attr(data-column) ": ";
      color: var(--muted);
    }
    td .small {
      display: inline-block;
    }
  }
`;
