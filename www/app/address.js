// How a choice stands in the address: what its text stands for, and its name.
import { MOST, split } from "../catalogue/perturbations.js";

/** Why `text` is no perturbation of this control, or nothing. */
function perturbationProblem(text, control) {
  const parts = split(text);
  const most = control.most ?? MOST;
  if (parts.length > most) return `has more than ${most} component${most > 1 ? "s" : ""}`;
  for (const [kind, strength, ...rest] of parts) {
    const index = control.choices.findIndex((choice) => choice.id === kind);
    if (index < 0) return `names an unknown perturbation ${JSON.stringify(kind)}`;
    const max = control.strengths[index].max;
    const number = Number(strength);
    // As the library reads it: a JSON number, one strength a kind.
    const written = !rest.length && /^(0|[1-9]\d*)(\.\d+)?(e-?\d+)?$/i.test(strength ?? "");
    if (!written || !(number >= 0 && number <= max)) return `has a strength outside 0 to ${max}`;
  }
}

/** The value that `text` stands for, or why it stands for none: `{ value }` or `{ problem }`. */
export function parse(text, control) {
  const allowed = (list) => ({ problem: `allowed is ${list}` });
  switch (control.kind) {
    case "number": {
      const { min, max, integer } = control;
      const value = Number(text);
      const bad = text.trim() === "" || !(value >= min && value <= max) || (integer && !Number.isInteger(value));
      return bad ? allowed(`${min} to ${max}${integer ? ", whole numbers" : ""}`) : { value };
    }
    case "choice": {
      const known = control.choices.map(({ id }) => id);
      return known.includes(text) ? { value: text } : allowed(known.join(", "));
    }
    case "list": {
      const known = control.choices.map(({ id }) => id);
      const fits = text.split(",").every((name) => known.includes(name));
      return fits ? { value: text } : allowed(`${known.join(", ")}, with commas between them`);
    }
    case "switch":
      return text === "true" || text === "false" ? { value: text === "true" } : allowed("true or false");
    case "flag":
      return text === "1" || text === "0" ? { value: text === "1" } : allowed("1 or 0");
    case "perturbation": {
      const problem = perturbationProblem(text, control);
      return problem ? { problem: `it ${problem}` } : { value: text };
    }
    case "name":
      return /^[\p{L}\p{N} .:×-]{1,60}$/u.test(text) ? { value: text } : allowed("a name");
  }
}

/** How a value stands there. */
export const written = (value, control) => (control.kind === "flag" ? String(Number(value)) : String(value));

/** `text` without the escapes that some program on its way put over those of a link; no value has a "%" of its own. */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names and texts of a query, also of one that was escaped twice, or copied out of the source of a page. */
export function pairs(query) {
  const plain = query.replace(/^\?/, "").replaceAll("&amp;", "&");
  // "+" joins perturbations here and never stands for a space.
  const once = (/^[^=&]+%3D/i.test(plain) ? unescaped(plain) : plain).replaceAll("+", "%2B");
  return Array.from(new URLSearchParams(once), ([name, text]) => [name, unescaped(text)]);
}

/**
 * Names of what newsletters, advertisements, social networks and counters of visits append to any link: the families by
 * how they begin, then single ones.
 */
const FAMILIES = new RegExp(
  "^(?:(?:utm|mtm|matomo|pk|piwik|mc|hsa|at|fb|ga|gad|ml|mkt|oly|vero|wt|sc|trk|itm|sms|bsft|dm|et|vgo|" +
    "gs|gtm|cn)[_-]|__hs|__s$|_hs|_ga|_gl|_ke|_kx|_bta|_bhlid)",
);
const SINGLE = new Set(
  (
    "fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid ymclid igshid igsh ttclid twclid li_fat_id epik " +
    "rdt_cid scid sccid irclickid srsltid dicbo wickedid rb_clickid s_cid s_kwcid ef_id sscid cjevent ref ref_src " +
    "ref_url referrer source src campaign cmpid cid spm share si feature ncid ocid mibextid guccounter guce_referrer " +
    "guce_referrer_sig elqtrackid elqtrack hsctatracking _openstat _branch_match_id bbeml ck_subscriber_id " +
    "nr_email_referer iclid zanpid icid xtor amp usg ved trk s t fs " +
    "sfmc_id campaign_id ad_id adset_id adgroupid placement tblci syclid mbid cmp pp ttad sh_kit mkwid pcrid " +
    "matchtype itok ceneo_spo _branch_referrer"
  ).split(" "),
);

/** Whether a parameter follows the visitor, and is no choice of anyone. */
export function tracks(name) {
  const low = name.toLowerCase();
  return SINGLE.has(low) || FAMILIES.test(low);
}

/** How many letters are left out, put in, exchanged or swapped with the next one between `a` and `b`. */
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above, beside] = [rows[i - 1][j] + 1, rows[i][j - 1] + 1];
      const crossed = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = crossed ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i][j] = Math.min(above, beside, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), swapped);
    }
  }
  return rows[a.length][b.length];
}

/** The name among `known` that `name` was most likely meant to be, or nothing. */
export function nearest(name, known) {
  const meant = name.toLowerCase().slice(0, 60);
  const most = meant.length < 5 ? 1 : 2;
  const off = (other) => {
    const shorter = meant.length < other.length ? meant : other;
    const begins = shorter.length > 2 && meant.startsWith(shorter) && other.startsWith(shorter);
    return Math.min(distance(meant, other), begins ? most : Infinity);
  };
  const [best] = known.map((other) => [off(other), other]).sort(([a], [b]) => a - b);
  return best && best[0] <= most ? best[1] : undefined;
}
