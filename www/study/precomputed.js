// Results that come with the page, so that each figure makes its point before anybody presses a button. They are what
// the figures compute here with the default settings: `cargo xtask figures` has a browser compute them again, and a
// test compares both.

import { HOME } from "../lib/home.js";

/** The result `name`, or null where it cannot be had: what it shows can also be computed. */
export async function precomputed(name) {
  try {
    const response = await fetch(new URL(`data/figures/${name}.json`, HOME));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
