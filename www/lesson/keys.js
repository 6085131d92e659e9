// The keyboard of a lesson: arrows go through its steps, numbers mark an answer. Remote controls for presenters send
// the keys of pages, which elsewhere scroll.

/** @import { LessonElement } from "./lesson.js" */

/** What takes these keys for itself. */
const FIELDS =
  "input:not([type=radio]), select, textarea, [role=slider], canvas[tabindex], [tabindex='0'][role=region]";

/**
 * Does what a key asks for, unless something else on the page takes it.
 * @param {LessonElement} page
 * @param {KeyboardEvent} event
 */
export function pressed(page, event) {
  const { key, altKey, ctrlKey, metaKey, defaultPrevented } = event;
  const target = /** @type {Element} */ (event.composedPath()[0]);
  if (!page.loaded?.lesson || altKey || ctrlKey || metaKey || defaultPrevented || target.matches?.(FIELDS)) return;
  const isRadio = target.matches?.("input[type=radio]");
  const number = Number(key);
  if (/^[1-9]$/.test(key) && !page.answered && number <= page.step.question.options.length) page.choice = number - 1;
  else if ((key === "PageDown" && page.present) || (key === "ArrowRight" && !isRadio)) page.forward();
  else if ((key === "PageUp" && page.present) || (key === "ArrowLeft" && !isRadio)) page.back();
  else return;
  event.preventDefault();
}
