// Names of files in archives as they were meant: in UTF-8, or in the code page of who packed them, which no archive
// tells.

/** Code page 850, that of western Windows; the letters of 437, the format's own, stand in it at the same places. */
const WESTERN =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
  "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";

/** Decoders by encoding: making one takes longer than what it does. */
const decoders = new Map();

/** @throws a TypeError where bytes are not in this encoding */
function decoded(encoding, bytes) {
  if (!decoders.has(encoding)) decoders.set(encoding, new TextDecoder(encoding, { fatal: true, ignoreBOM: true }));
  return decoders.get(encoding).decode(bytes);
}

const fromWestern = (bytes) => Array.from(bytes, (b) => (b < 128 ? String.fromCharCode(b) : WESTERN[b - 128])).join("");

const within = (value, from, to) => value >= from && value <= to;

/**
 * Double-byte encodings: which pairs of bytes are characters in common use. `language` decides between equals, and
 * after it this order.
 */
const DOUBLE = [
  {
    encoding: "shift_jis",
    language: "ja",
    isSingle: (b) => within(b, 0xa1, 0xdf),
    isCommon: (a, b) =>
      within(a, 0x88, 0x97) || (a === 0x82 && b >= 0x9f) || (a === 0x83 && b <= 0x96) || (a === 0x81 && b === 0x5b),
  },
  { encoding: "gbk", language: "zh", isCommon: (a, b) => within(a, 0xb0, 0xd7) && b >= 0xa1 },
  { encoding: "big5", language: "zh", isCommon: (a) => within(a, 0xa4, 0xc6) },
  { encoding: "euc-kr", language: "ko", isCommon: (a, b) => within(a, 0xb0, 0xc8) && b >= 0xa1 },
];

/** Encodings of a byte a letter: the letters that their words are made of beside those of ASCII, or instead. */
const SINGLE = [
  { encoding: "windows-1251", language: "ru", letters: /[Ѐ-ӿ]/u, alone: true },
  { encoding: "ibm866", language: "ru", letters: /[Ѐ-ӿ]/u, alone: true },
  { encoding: "western", language: "de", letters: /[À-ÖØ-öø-ÿı]/u },
  { encoding: "windows-1252", language: "de", letters: /[À-ÖØ-öø-ÿŒœŠšŽžŸ]/u },
];

/** Names that an encoding is guessed from. */
const SAMPLE = 500;

const isAscii = (bytes) => bytes.every((b) => b < 128);

/**
 * How likely a name is one of this double-byte encoding, from −1 to 1: its characters are common ones, apart from
 * ASCII.
 */
function likelyDouble({ encoding, isSingle, isCommon }, bytes) {
  decoded(encoding, bytes);
  let good = 0;
  let all = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 128) continue;
    all++;
    const isPair = !isSingle?.(bytes[i]);
    const before = i > 0 && within(bytes[i - 1] | 32, 97, 122);
    if (isPair) i++;
    const after = within(bytes[i + 1] | 32, 97, 122);
    if (isPair && isCommon(bytes[i - 1], bytes[i])) good += before && after ? 0 : 1;
    else good -= isPair ? 0.2 : 0.6;
  }
  return good / all;
}

/** The same for an encoding of a byte a letter: its words are of letters, of one script, with capitals in front. */
function likelySingle({ encoding, letters, alone }, bytes) {
  const name = encoding === "western" ? fromWestern(bytes) : decoded(encoding, bytes);
  let good = 0;
  let all = 0;
  // eslint-disable-next-line no-control-regex -- all ASCII but letters parts words
  for (const word of name.match(/[^\u0000-\u0040\u005b-\u0060\u007b-\u007f]+/gu) ?? []) {
    const foreign = [...word].filter((character) => character > "\u007f");
    if (!foreign.length) continue;
    all += foreign.length;
    const right = foreign.filter((character) => letters.test(character)).length;
    const isMixed = alone
      ? foreign.length < [...word].length
      : foreign.length > [...word].length / 2 && foreign.length > 1;
    const isOdd = /\p{Ll}\p{Lu}/u.test(word);
    good += 2 * right - foreign.length - (isMixed ? foreign.length : 0) - (isOdd ? foreign.length / 2 : 0);
  }
  return all ? good / all : 0;
}

/** The function that decodes names which are not marked as UTF-8, found from all of an archive together. */
function legacyDecoder(names) {
  // Some of them tell; there may be thousands.
  const all = names.filter((bytes) => !isAscii(bytes));
  const foreign = all.filter((_, i) => i % Math.ceil(all.length / SAMPLE) === 0);
  const { languages = [] } = globalThis.navigator ?? {};
  const letters = foreign.reduce((sum, bytes) => sum + bytes.filter((b) => b > 127).length, 0);
  // The more characters are all Hangul, the less likely that is by chance.
  const rank = ({ language }) =>
    (languages.some((tag) => tag.startsWith(language)) ? 0.15 : 0) + (language === "ko" && letters > 9 ? 0.05 : 0);
  const mean = (likely) => foreign.reduce((sum, bytes) => sum + likely(bytes), 0) / foreign.length;
  let best = { score: 0, encoding: "western" };
  const weigh = (candidate, likely) => {
    try {
      const score = mean((bytes) => likely(candidate, bytes)) + rank(candidate);
      if (score > best.score + 1e-9) best = { score, encoding: candidate.encoding };
    } catch {
      // Not all names can be in it.
    }
  };
  for (const candidate of DOUBLE) weigh(candidate, likelyDouble);
  for (const candidate of SINGLE) weigh(candidate, likelySingle);
  return (bytes) => {
    try {
      return best.encoding === "western" ? fromWestern(bytes) : decoded(best.encoding, bytes);
    } catch {
      return fromWestern(bytes);
    }
  };
}

/**
 * The names of an archive's files.
 * @param entries `{ name, isUtf8, unicode }` each: bytes, whether they are marked as UTF-8, and a name in UTF-8 beside
 */
export function decodeNames(entries) {
  const utf8 = (bytes) => {
    try {
      return decoded("utf-8", bytes);
    } catch {
      return null;
    }
  };
  const marked = entries.map(({ name, isUtf8, unicode }) => (unicode && utf8(unicode)) || (isUtf8 ? utf8(name) : null));
  const open = entries.filter((_, i) => marked[i] === null).map(({ name }) => name);
  // Many write UTF-8 and do not say so; by chance nothing else reads as it.
  const decode = open.every((name) => utf8(name) !== null) ? utf8 : legacyDecoder(open);
  return entries.map(({ name }, i) => marked[i] ?? decode(name));
}

/** What cannot be seen and does nothing, or turns text around; joiners, which scripts need, are not among it. */
export const INVISIBLE = /[\p{Cc}\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A name as a path below the archive: parts with "/" between them, none of which leads elsewhere. */
export function safePath(name) {
  const visible = name.replace(/^[a-z]:(?=[\\/])/i, "").replace(INVISIBLE, "");
  return visible
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .join("/");
}
