// Which half a folder or a file is: to learn from, or to test on. Told by whole words of its name.

const TRAIN = /^(train|training|trn|learn|learning)$/;
const TEST = /^(test|testing|tst|t10k|val|valid|validation|eval|evaluation|dev|holdout)$/;
/** Words that say nothing of which half it is. */
const FILLERS =
  /^(set|sets|data|dataset|image|images|img|imgs|picture|pictures|photos|split|samples|folder|x|the|new|full|\d+)$/;
/** Words glued to the one that tells: "trainset", "testimages". */
const GLUED = /(set|sets|data|dataset|images?|imgs?|labels?)$/;

const OTHER = { train: "test", test: "train" };
const NONE = { half: null, rest: "" };

/** A quick look, before a name is taken apart into words. */
const MAYBE = /tr|learn|te?st|t10k|val|dev|holdout/i;

const wordsOf = (name) =>
  name
    .normalize("NFKC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

const halfOfWord = (word) => {
  const bare = TRAIN.test(word) || TEST.test(word) ? word : word.replace(GLUED, "");
  return TRAIN.test(bare) ? "train" : TEST.test(bare) ? "test" : null;
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

/**
 * Which folders name a half, of lists of folders: a map from `${depth}/${name}`. A name does where its counterpart
 * ("seg_test" to "seg_train") stands at the same depth. Without one it is the name of something else ("ml-training", or
 * "valid" beside "invalid"), unless all folders at that depth name halves and nothing more.
 */
export function halfFolders(lists) {
  const levels = [];
  for (const folders of lists) {
    folders.forEach((folder, depth) => {
      const level = (levels[depth] ??= new Map());
      if (!level.has(folder)) level.set(folder, MAYBE.test(folder) ? parse(folder) : NONE);
    });
  }
  const halves = new Map();
  for (const [depth, level] of levels.entries()) {
    const all = [...level.values()];
    const named = new Set(all.map(({ half, rest }) => `${half} ${rest}`));
    const areHalves = all.every(({ half, rest }) => half && !rest);
    for (const [folder, { half, rest }] of level) {
      if (half && (areHalves || named.has(`${OTHER[half]} ${rest}`))) halves.set(`${depth}/${folder}`, half);
    }
  }
  return halves;
}

/** The half that a file names, or else the innermost of its folders that does. */
export function halfOfFile(path) {
  const [file, ...folders] = path.split("/").reverse();
  const named = new Set(wordsOf(file).map(halfOfWord).filter(Boolean));
  if (named.size === 1) return [...named][0];
  for (const { half, rest } of folders.map(parse)) if (half && !rest) return half;
  return null;
}
