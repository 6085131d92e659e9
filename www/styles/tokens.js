// The tokens for who is not the page: as sheets that a widget adopts, and the light ones by name.

import { HOME } from "../lib/home.js";

const SYSTEM = "(prefers-color-scheme: dark)";

/** @type {CSSStyleSheet} */
let light;
let loading;

async function text(name) {
  const address = new URL(`styles/${name}.css`, HOME);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${name}.css: the server answered ${response.status}`);
  return response.text();
}

function sheet(rules, options) {
  const made = new CSSStyleSheet(options);
  made.replaceSync(rules);
  return made;
}

/** Sheets of each theme, `{ light, dark, system }`; fetched once, since a host's policy seldom allows links to them. */
export function themes() {
  loading ??= Promise.all(["tokens", "dark"].map(text)).then(([tokens, dark]) => {
    light = sheet(tokens);
    return { light: [light], dark: [light, sheet(dark)], system: [light, sheet(dark, { media: SYSTEM })] };
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

/** A token of the light theme, whatever the theme of the page. */
export function lightToken(name) {
  /** @type {HTMLLinkElement} */
  const link = document.querySelector("link[data-tokens]");
  const [rule] = (light ?? link.sheet).cssRules;
  return /** @type {CSSStyleRule} */ (rule).style.getPropertyValue(name);
}
