/** The page that all figures come from. */
export const HOME = new URL("../", import.meta.url);
