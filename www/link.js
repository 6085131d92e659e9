// The address of the page as it stands: what the visitor chose in every section, in the bar and to take along.

const ADDRESS_MS = 300;

/** Lets the address follow what the visitor chooses. */
export function followInAddress(store) {
  let timer;
  store.addEventListener("change", ({ detail }) => {
    if (!detail.includes("settings") && !detail.includes("figures")) return;
    // A moving slider changes often, and browsers limit how often an address may change.
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = store.query();
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    }, ADDRESS_MS);
  });
}

/** Copies the link, to this page or to `home`, and calls `say` with what a button says of it, for a moment, then with nothing; and with the link, where only the visitor can copy it. */
export async function copyLink(store, home, say) {
  // Not location.href: the address follows a change only after a moment.
  const link = new URL(home ?? location.href);
  link.search = store.query();
  const done = await navigator.clipboard?.writeText(link.href).then(() => true, () => false);
  const { leftOut } = store;
  const without = leftOut.length ? `, without ${leftOut.join(" and ")}` : "";
  if (done) say(`Copied${without}`);
  else if (home) say(`To copy${without}:`, link.href);
  else say(`Copy it from the address bar${without}`);
  setTimeout(say, 2000);
}
