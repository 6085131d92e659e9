// Says so when the page cannot start because one of its scripts does not load or run: nobody else could.

const places = document.querySelectorAll("main .loading");

function tell(why) {
  // Once a figure stands, whatever fails says so itself.
  if (![...places].every((place) => place.isConnected)) return;
  places.forEach((place) => place.remove());
  const notice = Object.assign(document.createElement("p"), {
    textContent: `The page cannot start: ${why}`,
    className: "notice",
  });
  notice.setAttribute("role", "alert");
  document.querySelector("#notices").replaceChildren(notice);
}

document
  .querySelector('script[src="app/main.js"]')
  .addEventListener("error", () => tell("one of its scripts did not load. Reload to try again."));
addEventListener(
  "error",
  ({ message }) =>
    message &&
    tell(
      /trusted|policy/i.test(message)
        ? `its server’s policy must list what it needs: trusted-types lit-html semantic-continuity-lab. (${message})`
        : `${message}. Reload to try again, or try another browser.`,
    ),
);
