// The only state of the page, and its form in the address: a version and what differs from the defaults.

import { nearest, pairs, parse, tracks, written } from "./address.js";
import { isOwn } from "../user-data/own.js";
import { settings as schema } from "../catalogue/library.js";
import { SECTIONS } from "./sections.js";

/** @import { Lane as LaneName } from "semantic-continuity-lab/engine" */
/** @import { Settings } from "../engine/client.js" */
/** @import { RunState } from "../training/run.js" */
/** @import { Entry } from "../training/runs.js" */
/** @import { Left } from "../training/under-way.js" */
/** @import { Own } from "../user-data/own.js" */
/** @import { OwnPicture } from "../user-data/picture.js" */

/** So many unknown names of a link are named, each by so many characters; the others are counted. */
const NAMED = 5;
const LONGEST = 60;

const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

/** Before this version every section had a picture of its own. */
const ALIKE_SINCE = 3;
/** What a section that is not pinned shares with the others. */
const shares = (controls) => Object.keys(controls).filter((key) => controls[key].shared);
/** Every section that is not pinned shows the subject. */
const alike = (figures) =>
  mapValues(figures, (chosen, section) => {
    const other = shares(SECTIONS[section]).filter((key) => chosen[key] !== figures.subject[key]);
    return chosen.pinned || !other.length ? chosen : { ...chosen, ...pick(figures.subject, other) };
  });
const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

/**
 * A lane by its names; `words` is the label within a sentence.
 * @typedef {{ id: LaneName, label: string, words: string }} LaneLabel
 */

/**
 * @typedef {object} State
 * @property {Settings} settings
 * @property {boolean} seedIsChosen by a link, a kept run or the visitor; otherwise each run has a seed of its own
 * @property {Record<string, any>} figures what is chosen in each section: section → key → value
 * @property {string[]} notices
 * @property {RunState} run
 * @property {Own | null} own the visitor's pictures
 * @property {OwnPicture | null} ownPicture one picture of the visitor's
 * @property {{ kept: Entry[], left: Left[], lasting: boolean | undefined, trouble: string | null }} [runs]
 */

export class Store extends EventTarget {
  /** @type {State} */
  #state;

  /** What the library says of the settings of a run. */
  schema = schema;
  /** Of each setting, by its name. */
  controls = new Map(schema.controls.map((control) => [control.key, control]));
  defaults = /** @type {Settings} */ (
    Object.fromEntries(schema.controls.map((control) => [control.key, control.default]))
  );
  /** What can be chosen in each section besides: section → key → control. */
  sections = SECTIONS;
  /** Of which sections the link that was read last says something. @type {string[]} */
  named = [];

  constructor() {
    super();
    this.#state = {
      settings: { ...this.defaults },
      seedIsChosen: false,
      figures: this.#untouched,
      notices: [],
      run: { phase: "idle", lanes: [], serial: 0 },
      own: null,
      ownPicture: null,
    };
  }

  get #untouched() {
    return mapValues(this.sections, (controls) => mapValues(controls, (control) => control.default));
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /**
   * Merges `patch` into the state and tells everyone.
   * @param {Partial<State>} patch
   */
  set(patch) {
    this.#state = { ...this.#state, ...patch };
    this.dispatchEvent(new CustomEvent("change", { detail: Object.keys(patch) }));
  }

  /** Whether a run is under way: its settings stay as they are. */
  get isLocked() {
    return !["idle", "done"].includes(this.#state.run.phase);
  }

  /** Takes over all that can be chosen, of a link or of an entry of the history, but for what is locked. */
  restore({ settings, seedIsChosen = false, figures, notices = [] }) {
    this.set({ ...(this.isLocked ? {} : { settings, seedIsChosen }), figures, notices });
  }

  setSettings(patch) {
    const settings = { ...this.#state.settings, ...patch };
    this.set({ settings, ...("seed" in patch ? { seedIsChosen: true } : {}) });
  }

  /** Leaves the seed to the runs, each of which draws its own. */
  freeSeed() {
    this.set({ settings: { ...this.#state.settings, seed: this.defaults.seed }, seedIsChosen: false });
  }

  /** Takes over what was chosen in a section; what it shares with others becomes the subject of all, unless pinned. */
  choose(section, patch) {
    const { figures } = this.#state;
    if (Object.entries(patch).every(([key, value]) => figures[section][key] === value)) return;
    const chosen = { ...figures[section], ...patch };
    const shared = shares(this.sections[section]).filter((key) => key in patch && !chosen.pinned);
    const subject = { ...figures.subject, ...pick(patch, shared) };
    this.set({ figures: alike({ ...figures, subject, [section]: chosen }) });
  }

  /** Lets every section that shows models show these, unless it is pinned. */
  chooseModels(models) {
    this.set({
      figures: mapValues(this.#state.figures, (chosen) =>
        chosen.models === undefined || chosen.pinned ? chosen : { ...chosen, models },
      ),
    });
  }

  /** The run whose numbers are shown: the present one, or before it began the one that comes with the page. */
  get shownRun() {
    const { run } = this.#state;
    return run.phase === "idle" && run.example ? run.example : run;
  }

  /**
   * Both lanes of a run with these settings, the second one named after what it adds to the cross-entropy; `words` is
   * the label within a sentence.
   * @returns {LaneLabel[]}
   */
  lanes(settings) {
    const constraint = this.defaults.regularizer;
    const added = settings?.regularizer ?? constraint;
    const { label } = this.controls.get("regularizer").choices.find(({ id }) => id === added);
    const second =
      added === constraint ? { label: "With the constraint", words: "with the constraint" } : { label, words: label };
    return [
      { id: "plain", label: "Plain", words: "plain" },
      { id: "continuity", ...second },
    ];
  }

  /** Checks one typed value of a control: `{ value }` or `{ problem }`. */
  check(key, text) {
    return parse(String(text), this.controls.get(key));
  }

  /** What a link to the present state cannot hold, in words. */
  get leftOut() {
    const { settings, figures, ownPicture } = this.#state;
    return [
      ...(isOwn(settings) || ownPicture ? ["your pictures"] : []),
      ...(Object.values(figures).some(({ models }) => models === "own") ? ["your models"] : []),
    ];
  }

  /**
   * The query part of a link to the present state, or to other settings and sections.
   * @param {Pick<State, "settings"> & Partial<State>} state
   */
  query({ settings, figures = {}, run, seedIsChosen } = this.#state) {
    const query = new URLSearchParams();
    // Own pictures stay on this machine, so no link can lead to them.
    const shared = isOwn(settings)
      ? { ...settings, dataset: this.defaults.dataset, start: this.defaults.start }
      : settings;
    for (const [key, value] of Object.entries(shared))
      if (!equal(value, this.defaults[key])) query.set(key, String(value));
    // One that a run drew leads to that run, one that was chosen is named even where it is the default.
    if (seedIsChosen) query.set("seed", String(settings.seed));
    else if (run?.settings) query.set("seed", String(run.settings.seed));
    for (const [section, chosen] of Object.entries(figures)) {
      for (const [key, control] of Object.entries(this.sections[section])) {
        // Nor to models that were trained here: what ships for the same pictures comes nearest.
        const value = key === "models" && chosen.models === "own" ? run?.trained?.settings.dataset : chosen[key];
        const otherwise = control.shared ? (chosen.pinned ? figures.subject?.[key] : value) : control.default;
        const text = written(value, control);
        if (!equal(value, otherwise) && parse(text, control).value !== undefined) query.set(control.address, text);
      }
    }
    if ([...query].length) query.set("v", String(this.schema.version));
    return query.toString().replaceAll("%3A", ":").replaceAll("%2B", "+");
  }

  /**
   * Takes over a link, or what `source` names; what cannot be read keeps its default and leaves a notice.
   * @param kept what is chosen in the sections where the link says nothing
   */
  readQuery(text, source = "link", kept = this.#untouched) {
    const query = pairs(text);
    const notices = [];
    const settings = { ...this.defaults };
    let seedIsChosen = false;
    let figures = mapValues(kept, (chosen) => ({ ...chosen }));
    const version = query.findLast(([name]) => name === "v")?.[1] ?? null;
    const { version: present } = this.schema;
    const isKnown = version === null || (/^[1-9]\d*$/.test(version) && Number(version) <= present);
    if (!isKnown) {
      const versions = `version ${version} of the page; this is version ${present}`;
      notices.push(`This ${source} was made for ${versions}. What is known was taken over.`);
    }
    const refuse = ({ label, address }, text, problem) => {
      const name = `${label}${address?.includes(".") ? ` (${address})` : ""}`;
      notices.push(`${name} in the ${source} is ${JSON.stringify(text)}; ${problem}. The default is used.`);
    };
    /** Sections of which the link says something, and what. */
    const named = mapValues(this.sections, () => new Set());
    /** Address → control, and where its value goes. */
    const known = new Map();
    for (const control of this.schema.controls) {
      for (const name of [control.key, control.former ?? []].flat()) known.set(name, [control, settings, control.key]);
    }
    const now = (name) => this.schema.controls.find(({ former }) => former === name)?.key ?? name;
    const choices = Object.entries(this.sections).flatMap(([section, controls]) =>
      Object.entries(controls).map(([key, control]) => [control, figures[section], key, named[section]]),
    );
    for (const choice of choices) known.set(choice[0].address, choice);
    const unknown = [];
    for (const [address, text] of new Map(/** @type {[string, string][]} */ (query))) {
      if (address === "v" || tracks(address)) continue;
      if (!known.has(address)) {
        unknown.push(address);
        continue;
      }
      const [control, values, key, about] = known.get(address);
      const { value, problem } = parse(text, control);
      if (problem) {
        refuse(control, text, problem);
        continue;
      }
      values[key] = value;
      about?.add(key);
      if (key === "seed" && values === settings) seedIsChosen = true;
    }
    for (const address of unknown.slice(0, NAMED)) {
      const meant = nearest(address, [...known.keys()]);
      const hint = meant ? ` Did you mean ${JSON.stringify(now(meant))}?` : "";
      const shown = JSON.stringify(address.slice(0, LONGEST));
      notices.push(`The ${source} sets ${shown}, which this page does not know; it is left out.${hint}`);
    }
    if (unknown.length > NAMED) notices.push(`${unknown.length - NAMED} more names in the ${source} are left out.`);
    for (const [control, values, key] of choices) {
      const problem = control.unfit?.(values[key], values);
      if (!problem) continue;
      refuse(control, String(values[key]), problem);
      values[key] = control.default;
    }
    const isOld = version !== null && isKnown && Number(version) < ALIKE_SINCE;
    for (const [section, keys] of Object.entries(named)) {
      const shared = shares(this.sections[section]);
      const chosen = figures[section];
      // A link that names a picture or models of a section keeps them there; one from before the subject always does.
      if (shared.length && keys.size) chosen.pinned ||= isOld || shared.some((key) => keys.has(key));
      if (!chosen.pinned || kept[section].pinned) continue;
      for (const key of shared) {
        if (!keys.has(key)) chosen[key] = isOld ? this.sections[section][key].former : figures.subject[key];
      }
    }
    figures = alike(figures);
    this.named = Object.keys(named).filter((section) => named[section].size);
    this.restore({ settings, seedIsChosen, figures, notices });
  }
}
