// The address of the page as it stands: what the visitor chose in every section, in the bar, in the history, and to
// take along. Links of the page to itself are followed in place: nothing that the visitor made is lost.
import { isOwn } from "../user-data/own.js";

/** @import { Store } from "./store.js" */

/** Browsers limit how often an address may change, and a moving slider changes often. */
const PAUSE_MS = 500;
const LOCKED =
  "The settings of this link are not taken over while a run is under way. Reset the run, or let it finish, " +
  "and follow the link again.";

/** The link of the page to itself, with settings or to a section, that a click wants to follow here, if it wants to. */
function linkOf(event) {
  const { defaultPrevented, button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (defaultPrevented || button || ctrlKey || metaKey || shiftKey || altKey) return null;
  const link = event.composedPath().find((node) => node.localName === "a");
  return /^[?#]/.test(link?.getAttribute("href")) && !link.target ? link : null;
}

/** Lets the address follow what the visitor chooses, and the page the address, back and forward through the history. */
export function followInAddress(store) {
  /**
   * Entries of the history remember what they showed: no address holds own pictures and models, which end with a visit.
   */
  const visit = performance.timeOrigin;
  let timer = null;
  let writtenAt = -Infinity;
  let search = location.search;
  let { trained } = store.state.run;

  /** The entry of the history where the page stands says what is chosen. */
  function write() {
    clearTimeout(timer);
    timer = null;
    writtenAt = performance.now();
    const { settings, seedIsChosen, figures } = store.state;
    const query = store.query();
    const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    try {
      history.replaceState({ visit, settings, seedIsChosen, figures }, "", address);
    } catch {
      return; // A browser that refuses, as Safari does after many changes, has an older address; the page goes on.
    }
    ({ search } = location);
  }

  const flush = () => timer === null || write();

  store.addEventListener("change", ({ detail }) => {
    const models = store.state.run.trained;
    if (!detail.includes("settings") && !detail.includes("figures") && models === trained) return;
    trained = models;
    const wait = writtenAt + PAUSE_MS - performance.now();
    if (wait <= 0) write();
    else timer ??= setTimeout(write, wait);
  });

  /** Whether what an entry of the history remembers is still there. */
  const isHere = ({ settings, figures }) =>
    (!isOwn(settings) || store.state.own?.dataset === settings.dataset) &&
    (trained || Object.values(figures).every(({ models }) => models !== "own"));

  addEventListener("popstate", ({ state }) => {
    if (state?.visit === visit && isHere(state)) store.restore(state);
    else if (location.search !== search) store.readQuery(location.search);
    // A new entry is as the one before it; where the page does not do as an old one says, the bar says what it shows.
    write();
  });

  addEventListener("click", flush, { capture: true });
  addEventListener("pagehide", flush);
  addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link) return;
    event.preventDefault();
    const { hash } = link;
    // Left to itself Firefox may take the address that the page was opened with for the present one, and load it anew.
    if (link.getAttribute("href").startsWith("#")) return location.assign(hash);
    if (store.isLocked) {
      location.hash = hash;
      store.set({ notices: [LOCKED] });
      return;
    }
    try {
      history.pushState(null, "", link.href);
    } catch {
      // Then there is no way back to where the visitor was; the link is followed all the same.
    }
    store.readQuery(link.search, "link", store.state.figures);
    write();
    // As the browser goes there, with the keyboard and all.
    if (hash) location.replace(hash);
  });

  write();
}

/**
 * Copies the link.
 * `say` is called with what a button says of it, for a moment, then with nothing; and with the link to a fragment,
 * where only the visitor can copy it.
 * @param {Store} store
 * @param {(words?: string, link?: string) => void} say
 * @param {{ home?: URL, fragment?: string }} [where] `home` is the page it leads to, if not this one, `fragment` the
 *   section
 */
export async function copyLink(store, say, { home, fragment } = {}) {
  // Not location.href: the address may follow a change only after a moment.
  const link = new URL(home ?? location.href);
  link.search = store.query();
  if (fragment) link.hash = fragment;
  const done = await navigator.clipboard?.writeText(link.href).then(
    () => true,
    () => false,
  );
  const { leftOut } = store;
  const without = leftOut.length ? `, without ${leftOut.join(" and ")}` : "";
  if (done) say(`Copied${without}`);
  else if (fragment) say(`To copy${without}:`, link.href);
  else say(`Copy it from the address bar${without}`);
  setTimeout(say, 2000);
}
