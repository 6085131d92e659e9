// Which half a folder or a file is: to learn from, or to test on. Told by whole words of its name.

const TRAIN = /^(train|training|trn|learn|learning)$/;
const TEST = /^(test|testing|tst|t10k|val|valid|validation|eval|evaluation|dev|holdout)$/;
/** Words that say nothing of which half it is. */
const FILLERS =
  /^(set|sets|data|dataset|image|images|img|imgs|picture|pictures|photos|split|samples|folder|x|the|new|full|\d+)$/;
/** What sets for recognition are tested on, beside a half to learn from. */
const ASKED = /^(query|gallery|probe)$/i;
/** Words glued to the one that tells: "trainset", "testimages". */
const GLUED = /(set|sets|data|dataset|images?|imgs?|labels?)$/;

const OTHER = { train: "test", test: "train" };
const NONE = { half: null, rest: "" };

/** A quick look, before a name is taken apart into words. */
const MAYBE = /tr|learn|te?st|t10k|val|dev|holdout|query|gallery|probe/i;

const wordsOf = (name) =>
  name
    .normalize("NFKC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

const halfOfWord = (word) => {
  const bare = TRAIN.test(word) || TEST.test(word) ? word : word.replace(GLUED, "");
  const plain = bare.replace(/\d+$/, "");
  return TRAIN.test(plain) ? "train" : TEST.test(plain) ? "test" : null;
};

/**
 * `{ half, rest }` of a folder's name: the half that its words name, if one alone, and the other words that say
 * something.
 */
function parse(folder) {
  const words = wordsOf(folder);
  const halves = new Set(words.map(halfOfWord).filter(Boolean));
  const rest = words.filter((word) => !halfOfWord(word) && !FILLERS.test(word)).join(" ");
  return { half: halves.size === 1 ? [...halves][0] : null, rest };
}

/** The half that a name begins with or is, where what stands beside it leaves no doubt. */
const leading = (folder) => (ASKED.test(folder) ? "test" : halfOfWord(wordsOf(folder)[0] ?? ""));

const overlap = (a, b) => [...a].some((name) => name !== undefined && b.has(name));

/**
 * Which folders name a half, of lists of folders: a map from `${depth}/${name}`. A name does where its counterpart
 * ("seg_test" to "seg_train") stands at the same depth. Without one it is the name of something else ("ml-training", or
 * "valid" beside "invalid"), unless all folders at that depth name halves and nothing more. A name that begins with a
 * half ("test_final") does beside the other half ("train"), where both hold the same folders or nothing else is there.
 */
export function halfFolders(lists) {
  const levels = [];
  for (const folders of lists) {
    folders.forEach((folder, depth) => {
      const level = (levels[depth] ??= new Map());
      if (!level.has(folder)) level.set(folder, { ...(MAYBE.test(folder) ? parse(folder) : NONE), inside: new Set() });
      level.get(folder).inside.add(folders[depth + 1]);
    });
  }
  const halves = new Map();
  for (const [depth, level] of levels.entries()) {
    const all = [...level.values()];
    const named = new Set(all.map(({ half, rest }) => `${half} ${rest}`));
    const areHalves = all.every(({ half, rest }) => half && !rest);
    const bare = all.filter(({ half, rest }) => half && !rest);
    const areLed = bare.length > 0 && [...level.keys()].every(leading);
    const found = new Map();
    for (const [folder, { half, rest, inside }] of level) {
      const led = MAYBE.test(folder) ? leading(folder) : null;
      const beside = bare.filter((other) => other.half === OTHER[led]);
      const isLed = rest || !half ? beside.some((other) => areLed || overlap(inside, other.inside)) : false;
      if (half && (areHalves || named.has(`${OTHER[half]} ${rest}`))) found.set(folder, half);
      else if (isLed) found.set(folder, led);
    }
    // What stands beside a half that was found so is the other one.
    const there = new Set(found.values());
    for (const [folder, { half, rest }] of level) if (half && !rest && there.has(OTHER[half])) found.set(folder, half);
    for (const folder of level.keys()) if (found.has(folder)) halves.set(`${depth}/${folder}`, found.get(folder));
  }
  return halves;
}

/**
 * The classes that names of halves tell with them, as "cat_train" and "dog_train" do: a map from `${depth}/${name}`.
 * Where such folders hold folders of the same names, these are the classes.
 */
export function classesOfHalves(lists, halves) {
  const classes = new Map();
  const depths = Math.max(0, ...new Set(lists.map((folders) => folders.length)));
  for (let depth = 0; depth < depths; depth++) {
    const inside = new Map();
    for (const folders of lists) {
      const rest = halves.has(`${depth}/${folders[depth]}`) ? parse(folders[depth]).rest : null;
      if (rest !== null) inside.set(rest, (inside.get(rest) ?? new Set()).add(folders[depth + 1]));
    }
    const names = new Set([...inside.values()].flatMap((found) => [...found]).filter((name) => name !== undefined));
    const sets = [...inside.values()];
    const isRepeated = names.size > 1 && sets.some((a, i) => sets.slice(i + 1).some((b) => overlap(a, b)));
    if (inside.size < 2 || inside.has("") || isRepeated) continue;
    for (const folders of lists) {
      const key = `${depth}/${folders[depth]}`;
      if (halves.has(key)) classes.set(key, parse(folders[depth]).rest);
    }
  }
  return classes;
}

/** Whether names are those of both halves of a set, whatever else they say. */
export const areBothHalves = (names) => {
  const halves = names.map((name) => parse(name).half ?? leading(name));
  return halves.every(Boolean) && new Set(halves).size === 2;
};

/** The half that a file names, or else the innermost of its folders that does. */
export function halfOfFile(path) {
  const [file, ...folders] = path.split("/").reverse();
  const named = new Set(wordsOf(file).map(halfOfWord).filter(Boolean));
  if (named.size === 1) return [...named][0];
  for (const { half, rest } of folders.map(parse)) if (half && !rest) return half;
  return null;
}
