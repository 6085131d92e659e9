// Starts the page of a lesson.
import { keepOffline } from "../app/offline.js";
import { registerLesson } from "./lesson.js";

const query = new URLSearchParams(location.search);
if (query.get("present") === "1") document.documentElement.dataset.present = "";

/** Where a teacher chooses what a figure shows, in place of a lesson. */
async function build() {
  const { registerBuilder } = await import("./builder.js");
  registerBuilder();
  document.title = "A figure for a lesson · Semantic Continuity Lab";
  document.querySelector("#lesson").append(document.createElement("scl-lesson-builder"));
}

async function teach() {
  registerLesson();
  const lesson = /** @type {import("./lesson.js").LessonElement} */ (document.createElement("scl-lesson"));
  document.querySelector("#lesson").append(lesson);
  await lesson.open();
}

// Once the page has what it needs itself. Without it the page works as well, with a network.
(query.get("build") === "1" ? build() : teach()).then(
  () => (globalThis.requestIdleCallback ?? setTimeout)(() => keepOffline()),
  (error) => {
    const notice = document.createElement("p");
    Object.assign(notice, { className: "notice", textContent: `This page cannot start: ${error.message}.` });
    document.querySelector("#lesson").replaceChildren(notice);
  },
);
