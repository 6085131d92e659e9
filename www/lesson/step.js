// One step: what it is about, the question, and once that is answered what the figure has to say.
import { html, nothing } from "../vendor/lit.js";
import { CHECKS } from "./checks.js";
import { marked } from "./term.js";

/** @import { LessonElement } from "./lesson.js" */

/** @param {LessonElement} page */
export function step(page) {
  const { step, answered, lesson } = page;
  return html`<article class=${answered ? "open" : "locked"} aria-labelledby="step-title">
    <div class="title">
      <h2 id="step-title" tabindex="-1" lang=${lesson.language}>${step.title}</h2>
      ${moves(page)}
    </div>
    ${answered ? outcome(page) : [about(page), question(page)]} ${page.key ? forTeacher(page) : nothing}
    <div class="place" data-figure=${step.figure}>${answered ? stage(page) : locked(page)}</div>
    ${answered ? end(page) : nothing}
  </article>`;
}

/** @param {LessonElement} page */
const about = ({ step, lesson }) =>
  html`<div class="text" lang=${lesson.language}>${step.text.map((text) => html`<p>${marked(text)}</p>`)}</div>`;

/** The figure has the room now. @param {LessonElement} page */
const again = (page) =>
  html`<details class="again">
    <summary>What this step was about</summary>
    ${about(page)}
    <p class="asked" lang=${page.lesson.language}>${marked(page.step.question.text)}</p>
  </details>`;

/** @param {LessonElement} page */
function question(page) {
  const { step, preview, choice, lesson } = page;
  const { text, options } = step.question;
  return html`<form
    class="ask ${preview ? "with-picture" : ""}"
    @submit=${(event) => {
      event.preventDefault();
      page.answer(page.choice);
    }}
  >
    ${
      preview
        ? html`<figure class="preview">
            <scl-picture
              smooth
              .pixels=${preview.pixels}
              .width=${preview.width}
              .height=${preview.height}
              .channels=${preview.channels}
              label="Test picture ${preview.picture}"
            ></scl-picture>
            <figcaption class="small muted">Test picture ${preview.picture}, as it is</figcaption>
          </figure>`
        : nothing
    }
    <fieldset class="bare" lang=${lesson.language}>
      <legend>${marked(text)}</legend>
      ${options.map(
        (option, i) =>
          html`<label class="option"
            ><input
              type="radio"
              name="option"
              value=${i}
              .checked=${choice === i}
              @change=${() => (page.choice = i)}
            /><span>${option}</span></label
          >`,
      )}
    </fieldset>
    <p class="row">
      <button class="primary" id="show" ?disabled=${choice === null}>Show me</button>
      <button type="button" id="skip" @click=${() => page.answer(null)}>Skip the question</button>
    </p>
  </form>`;
}

/** @param {LessonElement} page */
const locked = (page) =>
  html`<div class="lock">
    <p><strong>The figure unlocks when you answer</strong></p>
    ${page.present ? nothing : html`<p class="small">Nothing is computed before, and no answer is sent.</p>`}
  </div>`;

/** How a prediction came out: its name, a sign, and words. @param {LessonElement} page */
function comparison(page) {
  const { choice } = page.answered;
  const right = page.right();
  if (right === undefined) return ["open", "…", "The figure has not answered yet"];
  if (right === null) {
    const isFree = page.step.question.answer === null;
    return ["free", "○", isFree ? "There is no right answer here" : "None of the answers fits what happened"];
  }
  if (choice === null) return ["free", "○", "Now you know"];
  return right === choice ? ["same", "✓", "As you said"] : ["other", "≠", "Not what you said"];
}

/** What was said, and what happened. @param {LessonElement} page */
function outcome(page) {
  const { step, answered, lesson, present } = page;
  const { options, answer } = step.question;
  const { measured } = answered;
  const right = page.right();
  const { needs } = (answer !== null && typeof answer === "object" && CHECKS[answer.check]) || {};
  // A class said many things.
  const [name, sign, words] = present ? ["", "", "What happened"] : comparison(page);
  return html`<section class="outcome ${name}" aria-labelledby="outcome-title">
    <h3 id="outcome-title" tabindex="-1"><span aria-hidden="true">${sign}</span> ${words}</h3>
    <dl>
      ${present ? nothing : said(page)}
      <div>
        <dt class=${present ? "hidden" : ""}>What happened</dt>
        <dd>
          <div id="happened" role="status">
            ${right === undefined ? (needs ?? "It is being computed …") : nothing}
            ${typeof right === "number" ? html`<strong lang=${lesson.language}>${options[right]}</strong>` : nothing}
            ${measured ? html`<span class="small">${measured.says}</span>` : nothing}
            ${right === null && !measured ? "See for yourself." : nothing}
          </div>
        </dd>
      </div>
    </dl>
    ${present ? nothing : explanation(page)}
  </section>`;
}

/** @param {LessonElement} page */
const said = ({ answered: { choice }, step, lesson }) =>
  html`<div>
    <dt>You said</dt>
    <dd id="said" lang=${lesson.language}>
      ${choice === null ? html`<em>nothing: the question was skipped</em>` : step.question.options[choice]}
    </dd>
  </div>`;

/** It would give the answer away before the figure has. @param {LessonElement} page */
const explanation = (page) =>
  page.right() === undefined
    ? nothing
    : html`<p class="explanation" lang=${page.lesson.language}>${marked(page.step.question.explanation)}</p>`;

/** @param {LessonElement} page */
function stage(page) {
  const { stage } = page;
  if (stage?.problem)
    return html`<p class="notice" role="alert">
      ${stage.problem} <button id="retry" @click=${() => page.retry()}>Try again</button>
    </p>`;
  return html`${(stage?.notices ?? []).map((notice) => html`<p class="notice" role="status">${notice}</p>`)}
  ${stage?.element ?? html`<p class="muted" role="status">Loading the figure …</p>`}`;
}

/** The answer, for who teaches. @param {LessonElement} page */
function forTeacher({ step: { question }, lesson, answered }) {
  return html`<aside class="key" aria-label="For the teacher">
    <h3>For the teacher</h3>
    ${answerIn(question, answered)}
    ${answered ? nothing : html`<p lang=${lesson.language}>${marked(question.explanation)}</p>`}
  </aside>`;
}

/** The answer of a question in words; with what the figure found in this tab, once it has. */
export function answerIn({ answer, options }, answered) {
  if (answer === null) return html`<p>There is no right answer.</p>`;
  if (typeof answer === "number") return html`<p>Answer: <strong>${options[answer - 1]}</strong></p>`;
  const { about, outcomes } = CHECKS[answer.check];
  const here = answered?.measured;
  return html`<p>The figure decides. ${about}</p>
    <ul>
      ${outcomes.map((outcome) => {
        const option = answer.is[outcome];
        return html`<li>${outcome} → ${option === null ? "none of the answers" : options[option - 1]}</li>`;
      })}
    </ul>
    ${here ? html`<p>In this tab: ${here.outcome}. ${here.says}</p>` : nothing}`;
}

/** @param {LessonElement} page */
const moves = (page) =>
  html`<p class="moves row">
    <button id="back" ?disabled=${page.at === 0} @click=${() => page.back()}>← Back</button>
    <button
      id="next"
      class=${page.answered ? "primary" : ""}
      ?disabled=${page.isLast && !(page.present && !page.answered)}
      @click=${() => page.forward()}
    >
      ${page.present && !page.answered ? "Show →" : "Next →"}
    </button>
  </p>`;

/** Below the figure, which may be long. @param {LessonElement} page */
const end = (page) =>
  html`${page.present ? explanation(page) : again(page)}
    <p class="row">
      ${
        page.isLast
          ? html`That was the last step. <a href="./">Go on in the lab</a>`
          : html`<button class="primary" id="on" @click=${() => page.go(page.at + 1)}>
              Next: ${page.lesson.steps[page.at + 1].title} →
            </button>`
      }
    </p>`;
