// The lessons that come with the page, by the names of their files.
export const LESSONS = { "robust-or-lucky": "Robust, or just lucky?", "where-does-it-look": "Where does it look?" };
