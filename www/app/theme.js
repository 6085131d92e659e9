// The theme: as the system says, or as the visitor does. Dark colours are a style sheet of their own, which counts or
// not.

const KEY = "theme";
const SYSTEM = "(prefers-color-scheme: dark)";
const MEDIA = { system: SYSTEM, light: "not all", dark: "all" };

/** @type {HTMLLinkElement} */
const sheet = document.querySelector("link[data-theme]");

/** Storage may be forbidden, as in a sandbox; the choice then lasts as long as the page. */
function storage(use) {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}

/** `system`, `light` or `dark`. Whoever draws on a canvas hears `scl-theme` at the window and asks the system. */
export function setTheme(theme) {
  sheet.media = MEDIA[theme] ?? SYSTEM;
  storage((store) => (theme === "system" ? store.removeItem(KEY) : store.setItem(KEY, theme)));
  dispatchEvent(new Event("scl-theme"));
}

/** @type {HTMLSelectElement} */
const select = document.querySelector("#theme");
const kept = storage((store) => store.getItem(KEY));
if (MEDIA[kept]) {
  select.value = kept;
  setTheme(kept);
}
select.addEventListener("change", () => setTheme(select.value));
