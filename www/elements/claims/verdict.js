// Verdicts on rows and claims: each with a word, a shape and a colour of its own.
import { css, html, svg } from "../../vendor/lit.js";

/** Word, and what it says of a claim. */
export const VERDICTS = {
  supported: ["supported", "every measurement with a value is"],
  mixed: ["mixed", "measurements with a value are not all the same"],
  inconclusive: ["inconclusive", "no measurement can be told from chance"],
  contradicted: ["contradicted", "every measurement with a value goes the other way"],
  undefined: ["undefined", "no measurement has a value"],
};

/** Without colours the shape says the same. */
const SHAPES = {
  supported: svg`<rect x="1" y="1" width="14" height="14" rx="3" />`,
  inconclusive: svg`<path d="M8 .5 15.5 8 8 15.5 .5 8Z" />`,
  contradicted: svg`<path d="M8 1 15.7 15H.3Z" />`,
  undefined: svg`<circle cx="8" cy="8" r="6" />`,
};

/** The mark of a row, named for who points at it and for who hears it; without a name it stands beside a word. */
export const mark = (verdict, name = "") =>
  name
    ? html`<svg class="mark ${verdict}" viewBox="0 0 16 16" role="img">
        ${svg`<title>${name}</title>`}${SHAPES[verdict]}
      </svg>`
    : html`<svg class="mark ${verdict}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[verdict]}</svg>`;

export const verdictWord = (id) => html`<span class="verdict ${id}" title=${VERDICTS[id][1]}>${VERDICTS[id][0]}</span>`;

export const verdictStyle = css`
  .verdict {
    font-weight: 700;
    white-space: nowrap;
    color: var(--muted);
  }
  .verdict.supported {
    color: var(--good-ink);
  }
  .verdict.contradicted {
    color: var(--warn-ink);
  }
  .mark {
    width: 1.05rem;
    height: 1.05rem;
    vertical-align: -0.17em;
    fill: var(--line-strong);
  }
  .mark.supported {
    fill: var(--good-ink);
  }
  .mark.contradicted {
    fill: var(--warn);
  }
  .mark.undefined {
    fill: none;
    stroke: var(--line-strong);
    stroke-width: 2;
  }
`;
