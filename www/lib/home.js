/** The folder that all files of the page come from: also in a built page, where a module may lie in another folder. */
export const HOME = new URL("../", import.meta.url);
