// Expert mode: the sections that a first visit does without, and what leads to them.

/** Where the address leads. */
const target = () => document.getElementById(location.hash.slice(1));
const isExpert = (place) => Boolean(place?.closest("[data-expert]"));

/**
 * Follows the store, which has not read the address yet.
 * @param {import("./store.js").Store} store
 * @param {() => Promise<void>} place puts the figures into their places; once is enough
 */
export function startExpert(store, place) {
  /** @type {HTMLInputElement} */
  const box = document.querySelector("#expert");
  let isShown = false;
  let placed;
  const isOn = () => store.state.figures.page.expert;
  const turn = (expert) => store.choose("page", { expert });

  async function fill() {
    try {
      await (placed ??= place());
    } catch ({ message }) {
      placed = undefined;
      turn(false);
      const why = `What Expert shows cannot be loaded: ${message}. Turn it on again to try again.`;
      store.set({ notices: [...store.state.notices, why] });
    }
  }

  function show() {
    box.checked = isShown = isOn();
    document.documentElement.classList.toggle("expert", isShown);
    if (isShown) fill();
    // A link to what was put away would bring it again.
    else if (isExpert(target())) history.replaceState(history.state, "", location.pathname + location.search);
  }

  /** Nobody finds what is hidden: a link that speaks of it brings it. */
  function reveal() {
    const figures = store.named.map((section) => document.querySelector(`[data-figure="${section}"]`));
    if ([target(), ...figures].some(isExpert)) turn(true);
  }

  store.addEventListener("change", (event) => {
    const { detail } = /** @type {CustomEvent<string[]>} */ (event);
    if (detail.includes("notices") && !isOn()) reveal();
    if (isOn() !== isShown) show();
  });
  box.addEventListener("change", () => turn(box.checked));
  addEventListener("hashchange", () => {
    if (isShown || !isExpert(target())) return;
    turn(true);
    target().scrollIntoView();
  });
}
