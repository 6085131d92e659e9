// The header: which step is in view, and a menu that goes when it has done its work.

/** A step begins where its link leads, and ends where the next one's does. */
function showWhere() {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll("header .bar > nav a");
  const steps = [...links];
  const begins = (step) => document.querySelector(step.hash);
  const sections = [...document.querySelectorAll("main > section")];
  const isIn = (section, step) => sections.indexOf(section) >= sections.indexOf(begins(step));
  const observer = new IntersectionObserver(
    (entries) => {
      const here = entries.find((entry) => entry.isIntersecting)?.target;
      if (!here) return;
      const now = steps.findLast((step) => isIn(here, step));
      for (const step of steps) {
        if (step === now) step.setAttribute("aria-current", "location");
        else step.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-25% 0px -74%" }, // a line a quarter down the window
  );
  for (const section of sections) observer.observe(section);
}

function closeMenu() {
  /** @type {HTMLDetailsElement} */
  const menu = document.querySelector("header .more");
  menu.addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest("a")) menu.open = false;
  });
  addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(/** @type {Element} */ (target))) menu.open = false;
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

export function startHeader() {
  showWhere();
  closeMenu();
}
