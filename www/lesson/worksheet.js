// The lesson on paper: its questions with boxes and lines, on two pages at most; with the answers for who teaches.
import { html, svg, nothing } from "../vendor/lit.js";
import { answerIn } from "./step.js";
import { plainText } from "./markup.js";

/** @import { LessonElement } from "./lesson.js" */

/** Lines to write on are left out where the steps alone fill the pages. */
const ROOMY = 8;

const qr = ({ path, side }) =>
  svg`<svg class="code" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path d=${path} /></svg>`;

/** A question or a claim ends its own sentence. */
const ended = (title) => (/[.?!…]$/u.test(title) ? title : `${title}.`);

/** @param {LessonElement} page */
export function worksheet(page) {
  const { lesson, key, seed } = page;
  const lines = lesson.steps.length <= ROOMY;
  return html`<section class="paper" aria-hidden="true" lang=${lesson.language}>
    <div class="head">
      <div>
        <p class="title">${lesson.title}${key ? ": answers" : ""}</p>
        <p>${lesson.about}</p>
        <p class="link">${page.classLink ?? nothing}</p>
      </div>
      ${page.code ? qr(page.code) : nothing}
    </div>
    ${key ? nothing : html`<p class="who">Name <span></span> Date <span></span> Seed <span>${seed ?? ""}</span></p>`}
    <ol>
      ${lesson.steps.map(
        ({ title, question }, i) =>
          html`<li>
            <p><strong>${ended(title)}</strong> ${plainText(question.text)}</p>
            ${
              key
                ? html`<div class="answer">
                    ${answerIn(question, page.answers.of(i))}
                    <p>${plainText(question.explanation)}</p>
                  </div>`
                : html`<p class="options">
                      ${question.options.map((option) => html`<span><span class="box"></span>${option}</span>`)}
                    </p>
                    ${
                      lines
                        ? html`<p class="line">What happened, and why?</p>
                            <p class="line"></p>`
                        : nothing
                    }`
            }
          </li>`,
      )}
    </ol>
  </section>`;
}
