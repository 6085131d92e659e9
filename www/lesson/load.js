// A lesson from its file: one that comes with the page, one that lies on the same server, or one that a teacher opens.
import { HOME } from "../lib/home.js";
import { problemsOf } from "./format.js";
import { LESSONS } from "./shipped.js";
import { glossary } from "./terms.js";

/** @import { Lesson } from "./format.js" */

/** Bytes of a file that is read at all. */
const MOST = 200_000;

/**
 * @typedef {object} Loaded
 * @property {string} name what the file is called
 * @property {Lesson | null} lesson
 * @property {string[]} problems why there is none
 */

/**
 * @param {string} name
 * @param {string} text
 * @returns {Promise<Loaded>}
 */
export async function readLesson(name, text) {
  if (text.length > MOST) {
    const allowed = `It has ${text.length} characters; allowed are ${MOST}.`;
    return { name, lesson: null, problems: [allowed] };
  }
  let lesson;
  try {
    lesson = JSON.parse(text);
  } catch (error) {
    return { name, lesson: null, problems: [`It is no JSON: ${error.message}.`] };
  }
  const problems = problemsOf(lesson, await glossary());
  return { name, lesson: problems.length ? null : lesson, problems };
}

/** @returns {Promise<Loaded>} */
async function fetchLesson(name, url) {
  const failed = (why) => ({ name, lesson: null, problems: [why] });
  try {
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) return failed(`The server answered ${response.status} for ${url}.`);
    return await readLesson(name, await response.text());
  } catch {
    return failed(`${url} cannot be loaded. Check the connection, then reload.`);
  }
}

/**
 * The lesson of an address.
 * @param {string} wanted the name of one that comes with the page, or the address of a file on the same server
 * @returns {Promise<Loaded>}
 */
export async function loadLesson(wanted) {
  if (Object.hasOwn(LESSONS, wanted)) return fetchLesson(wanted, new URL(`lesson/lessons/${wanted}.json`, HOME));
  const failed = (why) => ({ name: wanted, lesson: null, problems: [why] });
  const known = Object.keys(LESSONS).join(", ");
  if (/^[a-z0-9-]*$/.test(wanted)) return failed(`There is no lesson “${wanted}”; there are ${known}.`);
  const url = URL.parse(wanted, document.baseURI);
  if (!url) return failed(`“${wanted}” is no address; allowed is one on this server, or ${known}.`);
  if (url.origin !== location.origin)
    return failed(
      `The address leads to ${url.origin}; allowed is this server, ${location.origin}. ` +
        "Save the file there, or on this computer and open it here.",
    );
  return fetchLesson(wanted, url);
}
