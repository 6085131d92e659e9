// What a visitor chose or dropped, as `{ path, file }` each.

/** All files below a dropped folder. */
async function below(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const reader = entry.createReader();
  const found = [];
  // A folder is read in parts, until one is empty.
  for (let part; (part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;)
    found.push(...part);
  return (await Promise.all(found.map(below))).flat();
}

/** What was dropped. Call it in the event itself: afterwards the browser forgets. */
export function dropped({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? Promise.all(entries.map(below)).then((all) => all.flat()) : Promise.resolve(chosen(files));
}

/** What was chosen, as files or as a folder. */
export const chosen = (files) => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** A name without the ending of an archive. */
export const bare = (name) => name.replace(/\.(zip|tgz|tar|(tar\.)?gz)$/i, "");
/** A name without what browsers and systems add to a second one: "(1)", "copy". */
export const original = (name) => name.replace(/[-_. ]?\(\d+\)|(?<![ -])[ -]+copy( \d+)?(?=\.|$)/gi, "");
/** The same without the number that Safari adds: "-2". Parts of a set have such numbers, too. */
export const unnumbered = (name) => original(name).replace(/-\d+(?=\.|$)/, "");
/** What the parts and the copies of one download have in common. */
export const stem = (name) => original(bare(name)).replace(/[-_. ]?(part)?\d+$/i, "");

/** What a set is called: as its folder, or its archive. `files` are `{ path }` each. */
export function nameOf(files) {
  const [first] = files;
  const [folder] = first.path.split("/").slice(0, -1);
  return (folder || (files.length > 1 && stem(first.path)) || bare(first.path)).slice(0, 40);
}
