// How the claims stand: a table, and on a phone a card for each.
import { css } from "../../vendor/lit.js";

export const layout = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: baseline;
    gap: 0 var(--space-4);
  }
  #headline {
    font-size: var(--size-m);
  }
  #legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75em;
  }
  .kind {
    white-space: nowrap;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: var(--size-s);
  }
  th,
  td {
    padding: 0.3rem 0.6rem 0.3rem 0;
    text-align: right;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
    font-weight: 400;
  }
  th:first-child,
  td:last-child,
  th:last-child {
    text-align: left;
  }
  td {
    white-space: nowrap;
  }
  thead th {
    color: var(--muted);
  }
  .claims {
    table-layout: fixed;
  }
  .claims > thead th,
  .claim > :is(th, td) {
    padding: 0.1rem 0.75rem 0.1rem 0;
    text-align: left;
    vertical-align: middle;
    white-space: normal;
    line-height: 1.25;
  }
  .claims > thead th:nth-child(1) {
    width: 31%;
  }
  .claims > thead th:nth-child(2) {
    width: 13.6%;
  }
  .claims > thead th:nth-child(4) {
    width: 12.9%;
  }
  .claims > thead th:nth-child(5) {
    width: 6.2rem;
  }
  .claim > td:last-child {
    padding-right: 0;
  }
  .claim {
    cursor: pointer;
  }
  .claim:hover {
    background: var(--surface);
  }
  .claim button {
    display: flex;
    gap: 0.4rem;
    align-items: center;
    width: 100%;
    min-height: 2.5rem;
    padding: 0;
    border: 0;
    background: none;
    text-align: left;
    line-height: 1.25;
    font-weight: 400;
    font-size: 0.9375rem;
  }
  .claim button > span {
    min-width: 0;
  }
  .fold {
    flex: none;
    width: 0.7rem;
    height: 0.7rem;
    fill: none;
    stroke: var(--muted);
    stroke-width: 1.8;
  }
  [aria-expanded="true"] .fold {
    transform: rotate(90deg);
  }
  [aria-expanded="true"] .main {
    font-weight: 700;
  }
  .subject {
    position: absolute;
    clip-path: inset(50%);
    width: 1px;
    height: 1px;
    overflow: hidden;
    white-space: nowrap;
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 0.15rem;
    list-style: none;
  }
  .marks li {
    display: flex;
  }
  .interval {
    margin-left: 0.3em;
  }
  .claim .small {
    font-size: 0.8125rem;
  }
  .what {
    display: block;
  }
  .detail > td {
    padding: var(--space-2) 0 var(--space-3) var(--space-3);
    text-align: left;
    white-space: normal;
    background: var(--surface);
    scroll-margin-top: 5rem; /* its row stays in view */
  }
  .detail .scroll th[scope="row"] {
    min-width: 13em;
  }
  /* A shade where a wide table goes on, behind a cover that moves with its end. */
  .scroll {
    --cover: var(--page);
    overflow-x: auto;
    background:
      linear-gradient(to right, var(--cover) 1rem, transparent) left / 2rem 100% no-repeat local,
      linear-gradient(to left, var(--cover) 1rem, transparent) right / 2rem 100% no-repeat local,
      linear-gradient(to right, var(--line), transparent) left / 0.75rem 100% no-repeat,
      linear-gradient(to left, var(--line), transparent) right / 0.75rem 100% no-repeat;
  }
  .detail .scroll {
    --cover: var(--surface);
  }
  .judged {
    white-space: nowrap;
  }
  .explorations :is(th, td) {
    color: var(--muted);
  }
  a {
    color: inherit;
    text-decoration-color: var(--line-strong);
    text-underline-offset: 0.2em;
  }
  .sceptic {
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-left: 4px solid var(--warn);
    border-radius: var(--radius-l);
    background: var(--surface);
    line-height: 1.4;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .ways > * {
    min-height: 2.75rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  a.button {
    display: inline-flex;
    align-items: center;
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    font-weight: 600;
    text-decoration: none;
  }
  a.button:hover {
    background: var(--surface-2);
  }
  summary {
    cursor: pointer;
    min-height: 2.75rem;
    align-content: center;
    font-weight: 600;
  }
  details > * + * {
    margin-top: var(--space-2);
  }
  details details {
    margin-left: var(--space-3);
  }
  @media (pointer: coarse) {
    .claim button {
      min-height: 2.75rem;
    }
  }
  @container (max-width: 52.5rem) {
    .claims > thead {
      display: none;
    }
    .claims,
    .claims > tbody,
    .detail:not([hidden]),
    .detail > td,
    .claim > :is(th, td) {
      display: block;
      width: 100%;
    }
    .claim {
      display: grid;
      grid-template: "claim claim" "marks verdict" "number number" "rival rival" / minmax(0, 1fr) auto;
      gap: var(--space-1) var(--space-2);
      align-items: center;
      margin-top: var(--space-2);
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius-l);
      background: var(--surface);
    }
    .claim > :is(th, td) {
      padding: 0;
      border: 0;
    }
    .claim > th {
      grid-area: claim;
    }
    .claim > td:nth-child(2) {
      grid-area: marks;
    }
    .claim > td:nth-child(3) {
      grid-area: number;
    }
    .claim > td:nth-child(4) {
      grid-area: rival;
    }
    .claim > td:nth-child(5) {
      grid-area: verdict;
    }
    .claim > :is(td:nth-child(3), td:nth-child(4))::before {
      content: attr(data-column) ": ";
      color: var(--muted);
      font-size: var(--size-s);
    }
    .interval {
      display: block;
      margin: 0;
    }
    .interval::before {
      content: "difference, 95 % interval: ";
    }
    .main {
      font-weight: 700;
    }
    .subject {
      position: static;
      clip-path: none;
      white-space: normal;
    }
    .ways > * {
      padding: 0 var(--space-2);
    }
    .dots {
      display: none;
    }
    .detail > td {
      padding: var(--space-2) 0;
      background: none;
      border: 0;
    }
    .detail .scroll {
      --cover: var(--page);
    }
  }
`;
