// All claims on one screen: a mark for each measurement, one number, the best baseline, the verdict; what a row stands
// for is folded below it.
import { html, nothing } from "../../vendor/lit.js";
import { trainsWith } from "../../catalogue/conditions.js";
import { counted, differenceIn, inUnit } from "../../lib/numbers.js";
import { groupName, headline, laneName, matched, measurements, rival, strictest, tally, telling } from "./summary.js";
import { VERDICTS, mark, verdictWord } from "./verdict.js";

/** @import { Message } from "../../engine/client.js" */

/** What most claims are about; the head of the column says it once. */
const SUBJECT = "The constraint ";

/** An end of the interval of a difference: not the unit again. */
export const endIn = (unit) => (x) => differenceIn(unit)(x).split("\u00a0")[0];

/** `+20.5 points (+18.8 to +22.2)` */
function differenceText({ difference, unit, undefined: why }) {
  if (!difference) return `no value: ${why}`;
  const end = endIn(unit);
  return `${differenceIn(unit)(difference.value)} (${end(difference.low)} to ${end(difference.high)})`;
}

const nameOf = (row) => `${VERDICTS[row.verdict][0]}: ${row.label}, ${groupName(row.group)}: ${differenceText(row)}`;

/** `3 mixed, 2 inconclusive`, of all verdicts but those in `without`. */
function others(judged, ...without) {
  const counts = tally(judged);
  const kinds = Object.keys(VERDICTS).filter((id) => counts[id] && !without.includes(id));
  return kinds.map((id) => `${counts[id]} ${VERDICTS[id][0]}`).join(", ");
}

/** What all of it comes to, and how to read a mark. @param {Message} table */
export function summary({ claims }) {
  const rows = measurements(claims);
  const counts = tally(rows);
  const kinds = Object.keys(VERDICTS).filter((id) => counts[id]);
  const rest = others(claims, "supported");
  return html`<div class="summary">
    <p id="headline"><strong>${headline(claims)}</strong>${rest ? html`; ${rest}.` : "."}</p>
    <p class="small" id="legend">
      ${kinds.map((id) => html`<span class="kind">${mark(id)} ${counts[id]} ${VERDICTS[id][0]}</span>`)}
    </p>
  </div>`;
}

/** A claim in its own words, the first part of them larger; where the column's head is in view, without its subject. */
function claimText(text) {
  const isAbout = text.startsWith(SUBJECT);
  const [main, ...more] = (isAbout ? text.slice(SUBJECT.length) : text).split(": ");
  return html`<span class="main"
      >${
        isAbout ? html`<span class="subject">${SUBJECT}</span><span class="dots" aria-hidden="true">… </span>` : nothing
      }${main}${more.length ? ":" : nothing}</span
    >${more.length ? html` <span class="small muted">${more.join(": ")}</span>` : nothing}`;
}

function oneNumber(row) {
  const { difference, threshold, unit, label, group, undefined: why } = row;
  const number = inUnit(unit);
  const shown = (mean) => html`<strong>${mean ? number(mean.value) : "–"}</strong>`;
  const interval = () => `${endIn(unit)(difference.low)}\u00a0to\u00a0${differenceIn(unit)(difference.high)}`;
  return html`<span class="number"
      >${shown(row.plain_mean)}${
        threshold === null
          ? html`<strong> → </strong>${shown(row.continuity_mean)}`
          : html` <span class="small muted">threshold ${number(threshold)}</span>`
      }
      ${
        difference
          ? html`<span class="small muted interval">${interval()}</span>`
          : html`<span class="small muted">no value: ${why}</span>`
      }</span
    >
    <span class="small muted what">${label}, ${groupName(group)}</span>`;
}

function bestBaseline(row) {
  const best = rival(row);
  if (!best) return html`–`;
  const words = html`${laneName(best.lane)} <span class="number">${inUnit(row.unit)(best.value)}</span>`;
  return best.doesAsWell ? words : html`<span class="muted">– ${words} is worse</span>`;
}

/**
 * @param {Message} table
 * @param {Set<string>} open claims whose measurements are shown
 * @param {(id: string) => void} toggle
 * @param {(claim: Message) => unknown} detail
 */
export function overview({ claims, seeds }, open, toggle, detail) {
  const row = (claim) => {
    const { id, text, rows, verdict } = claim;
    const first = telling(claim);
    const isOpen = open.has(id);
    // Nothing is selected by a press on a button; whoever marks text to copy it means no press.
    const press = (event) => event.target.closest("button") || String(document.getSelection()) || toggle(id);
    return html`<tr class="claim" data-claim=${id} @click=${press}>
        <th scope="row">
          <button aria-expanded=${isOpen} aria-controls="claim-${id}" @click=${() => toggle(id)}>
            <svg class="fold" viewBox="0 0 10 10" aria-hidden="true"><path d="M3 1 7 5 3 9" /></svg>
            <span>${claimText(text)}</span>
          </button>
        </th>
        <td data-column="Measurements">
          <ul class="marks" role="list" aria-label=${others(rows)}>
            ${rows.map((row) => html`<li>${mark(row.verdict, nameOf(row))}</li>`)}
          </ul>
        </td>
        <td data-column="First measurement, ${counted(seeds.length, "seed")}">${oneNumber(first)}</td>
        <td class="small" data-column="Best baseline, if it does as well">${bestBaseline(first)}</td>
        <td data-column="Verdict">${verdictWord(verdict)}</td>
      </tr>
      <tr class="detail" ?hidden=${!isOpen}>
        <td colspan="5" id="claim-${id}">${detail(claim)}</td>
      </tr>`;
  };
  return html`<table class="claims">
    <thead>
      <tr>
        <th scope="col">${SUBJECT}…</th>
        <th scope="col">Measurements, a mark each</th>
        <th scope="col">
          First measurement, ${counted(seeds.length, "seed")}: plain → constraint, 95&nbsp;% interval of the difference
        </th>
        <th scope="col">Best baseline, if it does as well</th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      ${claims.map(row)}
    </tbody>
  </table>`;
}

/** How a reference was trained, where its attack counts. */
const attackSteps = (settings) =>
  settings && trainsWith("adversary_steps", settings) && settings.adversary_steps
    ? `, with ${counted(settings.adversary_steps, "attack step")} for each step of training,`
    : "";

function told({ difference, isBetter, doesAsWell }, unit) {
  const [low, high] = [difference.low, difference.high].map(endIn(unit));
  const words = `${differenceIn(unit)(difference.value)}, ${low} to ${high}`;
  if (isBetter) return `${words}, in the baseline’s favour`;
  return doesAsWell ? `${words}: ${counted(difference.n, "seed")} cannot tell them apart` : words;
}

/** The strongest objections that the numbers themselves raise. @param {Message} table */
export function sceptic(table) {
  const { asWell, of } = matched(table.claims);
  const met = strictest(table);
  const number = met && inUnit(met.row.unit);
  return html`<aside class="sceptic small" aria-label="The sceptic’s corner">
    <p>
      <strong>The sceptic’s corner.</strong>
      ${
        of
          ? html`In <strong>${asWell} of ${of}</strong> supported measurements with baselines of like cost, the best one
              does as well as the constraint.`
          : nothing
      }
      ${
        met
          ? html`${met.row.label}, ${groupName(met.row.group)}: ${laneName(met.rival.lane)}
              <strong>${number(met.rival.value)}</strong>, the constraint
              <strong>${number(met.row.continuity_mean.value)}</strong> (${told(met.rival, met.row.unit)})${
                met.reference
                  ? html`; ${laneName(met.reference.lane)}${attackSteps(met.reference.settings)}
                      <strong>${number(met.reference.value)}</strong>`
                  : nothing
              }.`
          : nothing
      }
      Small networks, small pictures: a mechanism, not ImageNet.
    </p>
  </aside>`;
}
