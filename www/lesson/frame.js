// What stands around a step: the header, the list of steps, and what is said where there is no lesson.
import { html, nothing } from "../vendor/lit.js";
import { counted } from "../lib/numbers.js";
import { keepLesson, megabytesOf } from "./keep.js";
import { LESSONS } from "./shipped.js";

/** @import { LessonElement } from "./lesson.js" */
/** @import { Loaded } from "./load.js" */

/** @param {LessonElement} page */
export async function copyClassLink(page) {
  const link = page.classLink;
  if (!link) {
    page.said = "No link leads to a file that was opened: put it on the server of the lab, and share its address.";
    return;
  }
  const done = await navigator.clipboard?.writeText(link).then(
    () => true,
    () => false,
  );
  page.said = done ? `Copied: ${link}` : `Copy this link: ${link}`;
}

/** A button that opens a lesson from a file. @param {LessonElement} page */
const opener = (page) =>
  html`<label class="file"
    >Open a lesson file …<input
      id="file"
      class="hidden"
      type="file"
      accept="application/json,.json"
      @change=${({ target }) => {
        const [file] = target.files;
        if (file) page.openFile(file);
        target.value = "";
      }}
  /></label>`;

/** The lesson, or the first one where it is the reader's own. */
const fileOf = ({ id }) => (Object.hasOwn(LESSONS, id) ? id : Object.keys(LESSONS)[0]);

const others = (id) => Object.entries(LESSONS).filter(([name]) => name !== id);

/** @param {LessonElement} page */
const forTeachers = (page) =>
  html`<details
    class="teachers"
    @keydown=${({ key, currentTarget }) => {
      if (key !== "Escape" || !currentTarget.open) return;
      currentTarget.open = false;
      currentTarget.querySelector("summary").focus();
    }}
  >
    <summary>For teachers</summary>
    <div>
      <button id="copy" @click=${() => copyClassLink(page)}>Copy the class link</button>
      <a class="button" id="answers" href=${page.address({ key: page.key ? null : 1 })}
        >${page.key ? "Hide the answers" : "Show the answers"}</a
      >
      <form
        class="seed"
        @submit=${(event) => {
          event.preventDefault();
          const seed = new FormData(event.target).get("seed");
          location.assign(page.address({ seed: seed === "" ? null : seed }));
        }}
      >
        <label for="seed">Seed of the class</label>
        <input id="seed" name="seed" type="number" min="0" max="4294967295" .value=${page.seed ?? ""} />
        <button>Set</button>
      </form>
      <p class="small muted">
        With one seed everybody gets the same numbers on the CPU engine. Give each group its own to talk about luck.
      </p>
      <button id="keep" @click=${() => keepLesson(page.lesson, (words) => (page.said = words))}>
        Keep it for a room without a network (${megabytesOf(page.lesson).toFixed(1)} MB)
      </button>
      ${others(page.lesson.id).map(
        ([name, title]) => html`<a class="button" href="lesson.html?lesson=${name}">Lesson “${title}”</a>`,
      )}
      ${opener(page)}
      <a class="button" href="lesson.html?build=1">Choose which controls stay …</a>
      <p class="small muted">
        A lesson is one JSON file:
        <a href="lesson/lessons/${fileOf(page.lesson)}.json" download>take this one</a>, change it, and drop it on this
        page, or put it on your server beside the lab.
      </p>
    </div>
  </details>`;

/** @param {LessonElement} page */
export function header(page) {
  const { lesson, key, present } = page;
  const { length } = lesson.steps;
  if (present)
    return html`<header class="bar">
      <p class="name" lang=${lesson.language}>${lesson.title}</p>
      <p class="where">Step ${page.at + 1} of ${length}</p>
      <p class="dots" aria-hidden="true">${dots(page)}</p>
      <a class="button" id="leave-present" href=${page.address({ present: null, step: page.at + 1 })}
        >Leave presenter view</a
      >
    </header>`;
  return html`<header class="bar">
    <h1 class="name"><span class="what">Lesson</span> <span lang=${lesson.language}>${lesson.title}</span></h1>
    <p class="about small muted">
      about ${lesson.minutes} min · ${counted(length, "step")}${page.seed === null ? nothing : ` · seed ${page.seed}`}
    </p>
    <div class="tools">
      <button id="print" @click=${() => print()}>${key ? "Print answer sheet" : "Print worksheet"}</button>
      <a class="button" id="present" href=${page.address({ present: 1, step: page.at + 1 })}>Presenter</a>
      ${forTeachers(page)}
      <a class="button" id="leave" href="./">Leave</a>
    </div>
  </header>`;
}

/** @param {LessonElement} page */
const dots = (page) =>
  page.lesson.steps.map(
    (_, i) => html`<span class="dot ${i === page.at ? "here" : page.answers.of(i) ? "done" : ""}"></span>`,
  );

/** @param {LessonElement} page */
export function stepList(page) {
  if (page.present) return nothing;
  const { steps, language } = page.lesson;
  const state = (i) => (page.answers.of(i) ? ["✓", "answered"] : i === page.at ? ["●", ""] : ["○", ""]);
  return html`<nav class="steps" aria-label="Steps">
    <ol lang=${language}>
      ${steps.map(({ title, minutes }, i) => {
        const [sign, words] = state(i);
        return html`<li>
          <a
            href=${page.address({ step: i + 1 })}
            aria-current=${i === page.at ? "step" : nothing}
            @click=${(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              page.go(i);
            }}
            ><span class="sign" aria-hidden="true">${sign}</span>
            <span class="title">${title}</span>
            ${words ? html`<span class="hidden">(${words})</span>` : nothing}
            <span class="minutes small" aria-label="${counted(minutes, "minute")}">${minutes}′</span></a
          >
        </li>`;
      })}
    </ol>
    <p class="small muted count">Step ${page.at + 1} of ${steps.length} · ${counted(page.answers.count, "answer")}</p>
    <p class="small muted keys">Answers stay in this tab.</p>
    <p class="small muted keys">Keys: ← → steps, 1–${page.step.question.options.length} answers</p>
    ${
      page.answers.count
        ? html`<button class="small" id="restart" @click=${() => page.restart()}>Start again</button>`
        : nothing
    }
  </nav>`;
}

/**
 * What is wrong with a lesson, and ways on.
 * @param {LessonElement} page
 * @param {Loaded} loaded
 */
export const refusal = (page, { name, problems }) =>
  html`<main class="cannot">
    <h1>This lesson cannot be shown</h1>
    <p><strong>${name}</strong> has ${counted(problems.length, "problem")}:</p>
    <div role="alert">
      <ul id="problems">
        ${problems.map((problem) => html`<li>${problem}</li>`)}
      </ul>
    </div>
    <p>Correct the file and open it again, or take one of these:</p>
    <p class="row">
      ${opener(page)}
      ${others().map(([name, title]) => html`<a class="button" href="lesson.html?lesson=${name}">${title}</a>`)}
      <a class="button" href="./">To the lab</a>
    </p>
  </main>`;
