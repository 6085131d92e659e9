// Which class and which half each picture belongs to: told by the structure of all paths together.
import { INVISIBLE } from "../lib/archive/names.js";
import { areBothHalves, classesOfHalves, halfFolders } from "./halves.js";
import { counted } from "../lib/numbers.js";
import { LIMITS, refuse } from "./limits.js";

/** Folders that count years or parts; the classes are within. */
const NUMBERING =
  /^((19|20)\d\d([-_. ]\d+)*|(part|batch|fold|session|chunk|split|day|vol|volume|disc|disk)[-_ ]?\d+)$/i;
/** What cameras and programs begin names with. */
const CAMERAS =
  /^(img|image|dsc|dscn|dscf|photo|pic|picture|p|screenshot|file|frame|sample|scan|untitled|test|train|val|i|x)$/i;
/** Fewest pictures of a class that file names tell. */
const FEW = 2;
/** Names that a message has room for. */
const NAMED = 5;

const some = (names, all = names.length) => `${names.slice(0, NAMED).join(", ")}${all > NAMED ? ", …" : ""}`;
const foldersOf = (path) => path.split("/").slice(0, -1);

/** A name as it is shown: composed, without what cannot be seen. */
const shown = (name) => name.normalize("NFC").replace(INVISIBLE, "").replace(/\s+/gu, " ").trim();
/** What names that look alike have in common. */
const folded = (name) =>
  shown(name)
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase();

/** How many folders all lists begin with alike. */
function common(lists) {
  const [first = []] = lists;
  const differs = first.findIndex((folder, i) => lists.some((folders) => folders[i] !== folder));
  return differs < 0 ? first.length : differs;
}

/** `{ half, folders }` of each path: halves are told apart, and taken out; of "cat_train" the class stays. */
function halved(paths) {
  const lists = paths.map(foldersOf);
  const names = halfFolders(lists);
  const classes = classesOfHalves(lists, names);
  return lists.map((folders) => ({
    half: folders.map((folder, depth) => names.get(`${depth}/${folder}`)).find(Boolean) ?? null,
    folders: folders.flatMap((folder, depth) => {
      const key = `${depth}/${folder}`;
      return classes.get(key) ?? (names.has(key) ? [] : folder);
    }),
  }));
}

/** Takes off what all pictures of a half lie in, such as "images", where the other half knows nothing of it. */
function unwrap(places) {
  for (const half of ["train", "test"]) {
    const mine = places.filter((place) => place.half === half);
    const others = new Set(places.filter((place) => place.half !== half).map(({ folders }) => folders[0]));
    if (!mine.length || !others.size) continue;
    const [{ folders: first }] = mine;
    const isWrapper = (depth) =>
      !others.has(first[depth]) &&
      mine.every(({ folders }) => folders[depth] === first[depth] && folders.length > depth + 1);
    let depth = 0;
    while (isWrapper(depth)) depth++;
    for (const place of mine) place.folders = place.folders.slice(depth);
  }
}

/** The class that a file's name begins with, as in cat.0.png, or nothing. */
function prefixOf(path) {
  const stem = path
    .split("/")
    .at(-1)
    .replace(/\.[^.]*$/, "");
  const [, prefix] = /^(\p{L}(?:[\p{L}\p{M}\s_-]*[\p{L}\p{M}])?)[\s._-]*\(?\d+\)?$/u.exec(stem) ?? [];
  return prefix && !CAMERAS.test(prefix) ? prefix : null;
}

/** Classes by file names, where no folder tells them; nothing where those do not either. */
function byFileName(paths) {
  const counts = new Map();
  for (const path of paths) {
    const prefix = prefixOf(path);
    if (prefix) counts.set(folded(prefix), (counts.get(folded(prefix)) ?? 0) + 1);
  }
  const isSound =
    counts.size >= 2 && counts.size <= LIMITS.classes && [...counts.values()].every((count) => count >= FEW);
  return isSound ? prefixOf : null;
}

/** The level of the class folders below what all share: the first, unless it only counts years or parts. */
function levelOf(lists) {
  const firsts = new Map();
  for (const [first, second] of lists) {
    if (first !== undefined) firsts.set(first, (firsts.get(first) ?? new Set()).add(second));
  }
  const isCounting =
    firsts.size > 1 &&
    [...firsts.keys()].every((name) => NUMBERING.test(name)) &&
    [...firsts.values()].every((seconds) => !seconds.has(undefined)) &&
    ![...firsts.values()].some((seconds) => [...seconds].every((name) => NUMBERING.test(name)));
  return isCounting ? 1 : 0;
}

/** Would-be classes that hold the other classes again: copies of the set, each with the names that it repeats. */
function copiesIn(lists) {
  const within = new Map();
  for (const [name, ...rest] of lists) {
    if (name === undefined) continue;
    if (!within.has(name)) within.set(name, []);
    within.get(name).push(rest);
  }
  const copies = new Map();
  for (const [name, inner] of within) {
    const shared = common(inner);
    const repeated = [...new Set(inner.map((folders) => folders[shared]))];
    const isCopy = repeated.length > 1 && repeated.every((folder) => folder !== name && within.has(folder));
    if (isCopy) copies.set(name, repeated.sort());
  }
  return copies;
}

/** Names that look alike are one class: `{ names, classOf, said }`. */
function classesOf(found) {
  const spellings = new Map();
  for (const name of found) {
    const counts = spellings.get(folded(name)) ?? new Map();
    spellings.set(folded(name), counts.set(name, (counts.get(name) ?? 0) + 1));
  }
  const said = [];
  const classes = [...spellings].map(([key, counts]) => {
    const [[most]] = [...counts].sort((a, b) => b[1] - a[1]);
    const visible = [...new Set([...counts.keys()].map(shown))].sort();
    if (counts.size > 1) {
      const how =
        visible.length > 1
          ? `are written ${visible.map((name) => `“${name}”`).join(" and ")}`
          : "are written in two ways that look alike";
      said.push(`Folders of “${shown(most)}” ${how}: they were taken as one class.`);
    }
    return { key, name: shown(most) };
  });
  classes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const index = new Map(classes.map(({ key }, i) => [key, i]));
  return { names: classes.map(({ name }) => name), classOf: (name) => index.get(folded(name)), said };
}

/**
 * Class and half of each picture.
 * @param paths of all pictures
 * @returns `{ names, places, said }`: the classes; `{ label, half }` or `{ why }` it is left out for each path;
 * sentences for the visitor. No picture has a half unless all that are used have one, and both halves are there.
 * @throws `{ code: "invalid-data", message }`
 */
export function layout(paths) {
  const places = halved(paths);
  const said = [];
  const named = new Set(places.map(({ half }) => half));
  // Beside folders for both halves lies what is of neither.
  const isBeside = ({ half }) => named.has("train") && named.has("test") && !half;
  const inHalves = places.filter((place) => !isBeside(place));
  unwrap(inHalves);
  const shared = common(inHalves.map(({ folders }) => folders));
  const inside = places.map((place) => (isBeside(place) ? [] : place.folders.slice(shared)));
  const level = levelOf(inside);
  const copies = copiesIn(inside.map((folders) => folders.slice(level)));
  const copyOf = (i) => (copies.has(inside[i][level]) ? inside[i][level] : null);
  for (const [name, repeated] of copies) {
    const count = inside.filter((folders) => folders[level] === name).length;
    said.push(
      `The folder “${shown(name)}” holds the folders ${some(repeated.map(shown))} again, as a copy of the set does: ` +
        `${count === 1 ? "its picture was" : `its ${count} pictures were`} left out.`,
    );
  }
  const inFolders = inside.map((folders, i) => (copyOf(i) === null ? folders[level] : undefined));
  const isLabelled = inFolders.some((name) => name !== undefined);
  const byName = isLabelled ? null : byFileName(paths);
  const found = inFolders.map((name, i) => name ?? (isBeside(places[i]) ? null : byName?.(paths[i])));
  if (byName)
    said.push(
      `No folder tells the classes, but the file names do, as ${paths[found.findIndex(Boolean)].split("/").at(-1)}.`,
    );
  if (level)
    said.push(
      `The folders ${some([...new Set(inside.map(([first]) => first))])} only count; ` +
        "the classes are the folders in them.",
    );

  const { names, classOf, said: merged } = classesOf(found.filter((name) => name !== undefined && name !== null));
  if (!names.length) refuseOne(paths, places);
  if (names.length > 1 && areBothHalves(names)) {
    refuse(
      `The folders ${some(names)} are called like the halves of a set, to learn from and to test on, and not like ` +
        "classes. Put a folder for each class into each of them, or call them as what their pictures show.",
    );
  }
  if (names.length < 2 || names.length > LIMITS.classes) {
    refuse(
      `${counted(names.length, "class folder")} (${some(names)}); allowed are 2 to ${LIMITS.classes}. ` +
        "Choose the folder that holds the class folders, one for each class.",
    );
  }
  said.push(...merged);

  const used = places.filter((_, i) => found[i]);
  const halves = new Set(used.map(({ half }) => half));
  const isHalved = halves.has("train") && halves.has("test");
  const missing = ["train", "test"].find((half) => !halves.has(half) && places.some((place) => place.half === half));
  if (missing) {
    const unnamed = paths.filter((_, i) => places[i].half === missing && !found[i]);
    const [belong, are, were] = unnamed.length === 1 ? ["belongs", "it is", "was"] : ["belong", "they are", "were"];
    said.push(
      `${counted(unnamed.length, "picture")} in “${foldersOf(unnamed[0]).join("/")}” ${belong} to no class, ` +
        `so ${are} no use to ${missing === "test" ? "test on" : "learn from"} and ${were} left out. ` +
        "To use them, sort them into a folder for each class.",
    );
  }
  return {
    names,
    said,
    places: places.map(({ half }, i) => {
      if (isBeside({ half })) return { why: "it lies in neither half, train nor test" };
      if (copyOf(i) !== null) return { why: `it lies in “${shown(copyOf(i))}”, a copy of the set` };
      if (!found[i]) return { why: byName ? "its name tells no class" : "it lies in no class folder" };
      return { label: classOf(found[i]), half: isHalved ? half : null };
    }),
  };
}

/** No two folders differ: there is one class, or none. */
function refuseOne(paths, places) {
  const [folder] = new Set(places.map(({ folders }) => folders.at(-1)));
  const inHalves = paths.map(foldersOf).filter((folders, i) => places[i].half && folders.at(-1) !== folder);
  if (inHalves.length) {
    const names = [...new Set(inHalves.map((folders) => folders.join("/")))];
    const [lie, are, them] =
      names.length > 1 ? ["themselves", "are called like halves", "them"] : ["itself", "is called like a half", "it"];
    const above = folder === undefined ? "" : ` If “${shown(folder)}” is a class, choose the folder above it.`;
    refuse(
      `Pictures lie in ${some(names)} ${lie}, which ${are} of a set; neither folders in ${them} nor the names of the ` +
        `files tell classes. In each half, put the pictures of each class into a folder with its name.${above}`,
    );
  }
  if (folder !== undefined) {
    refuse(
      `1 class folder (${shown(folder)}); allowed are 2 to ${LIMITS.classes}. ` +
        "Choose the folder above it, with a folder for each class.",
    );
  }
  const others = paths.length > 1 ? ` and ${counted(paths.length - 1, "more picture")} lie` : " lies";
  refuse(
    `${paths[0]}${others} in no folder that tells a class. ` +
      "Put the pictures of each class into a folder with its name, and choose the folder above them.",
  );
}
