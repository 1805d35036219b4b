// The conversion of a reader's text into a query. scripts/timeline/site/search.py writes the index.

import constants from "../constants.js";

export const { PIECE, EVERY } = constants;
export const CHINESE = new RegExp(`[${constants.CHINESE}]`, "u");
const MAX_LENGTH = 200; // characters; longer than anything worth searching for
const STOPWORDS = new Set("a an and at by for from in into of on or the to under with".split(" "));
const WORD = /[\p{L}\p{M}\p{N}]+(?:(?:[/.'’–-]+|(?<=\d),(?=\d))[\p{L}\p{M}\p{N}]+)*/gu;
const SIMPLIFIED = new Map([...constants.TRADITIONAL].map((old, at) => [old, [...constants.SIMPLIFIED][at]]));

/** Normalise a text for comparison: fold width, case, accents and traditional characters. */
export function folded(text) {
  const plain = text.slice(0, 4 * MAX_LENGTH).normalize("NFKC").slice(0, MAX_LENGTH).toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return [...plain].map((character) => SIMPLIFIED.get(character) ?? character).join("");
}

/** Return a folded name without spaces and punctuation: `gbt352732020` for `GB/T 35273-2020`. */
export const collapsed = (text) => folded(text).replace(/[^\p{L}\p{N}]/gu, "");

const DIGITS = "〇一二三四五六七八九";

/** Parse a number of at most three digits, which may be in Chinese numerals: 38 for `三十八`. */
export function number(text) {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = /^(?:(.?)百)?零?(?:(.?)十)?(.?)$/u.exec(text);
  const digit = (character, other) => (character ? Math.max(0, DIGITS.indexOf(character)) : other);
  if (!parts) return 0;
  const [, hundreds, tens, ones] = parts;
  return (hundreds === undefined ? 0 : 100 * digit(hundreds, 1)) + (tens === undefined ? 0 : 10 * digit(tens, 1)) + digit(ones, 0);
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const NAMED = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
// Each names the groups `year`, `month` (or `name`, in English) and `day`, as far as the pattern has them.
const DATES = [
  /(?<year>(?:19|20)\d\d)\s*年(?:\s*(?<month>\d{1,2})\s*月(?:\s*(?<day>\d{1,2})\s*[日号])?)?/u,
  /\b(?<year>(?:19|20)\d\d)[-/.](?<month>\d{1,2})(?:[-/.](?<day>\d{1,2}))?\b/u,
  new RegExp(`\\b(?:(?<day>\\d{1,2})\\s+)?(?<name>${NAMED})\\.?,?\\s+(?<year>(?:19|20)\\d\\d)\\b`, "u"),
  new RegExp(`\\b(?<name>${NAMED})\\.?\\s+(?<day>\\d{1,2}),?\\s+(?<year>(?:19|20)\\d\\d)\\b`, "u"),
  /(?<![\p{L}\p{N}/.-])(?<year>20\d\d)(?![\p{L}\p{N}/-])/u,
];

/** Return the date in a text: year, month and day as far as given, the `word` of a day in the index, and the `rest`. */
export function dateIn(text) {
  const plain = folded(text);
  for (const pattern of DATES) {
    const found = pattern.exec(plain);
    if (!found) continue;
    const { year, month, name, day } = found.groups;
    const two = (part) => part && String(part).padStart(2, "0");
    const digits = two(month) ?? (name && two(MONTHS.indexOf(name.slice(0, 3)) + 1));
    return { year, month: digits, day: two(day), word: day ? `d${year}${digits}${two(day)}` : "", rest: plain.replace(found[0], " ") };
  }
  return { rest: plain };
}

function* pieces(run) {
  for (let start = 0; start < run.length; start += PIECE) {
    yield run.slice(Math.max(0, Math.min(start, run.length - PIECE)), start + PIECE);
  }
}

/** Return the words to search for: without English stopwords, and with long runs of Chinese cut into pieces. */
export function queryWords(text) {
  const found = [];
  for (const word of folded(text).match(WORD) || []) {
    if (!CHINESE.test(word)) found.push(word);
    else for (const run of word.match(/[\p{L}\p{M}\p{N}]+/gu)) found.push(...pieces(run));
  }
  const significant = found.filter((word) => !STOPWORDS.has(word));
  return [...new Set(significant.length ? significant : found)];
}

/** Return the words of two or more characters in a run of Chinese. */
export function segments(run) {
  if (!Intl.Segmenter) return run.match(/../gu) || [];
  const found = [...new Intl.Segmenter("zh", { granularity: "word" }).segment(run)];
  return found.map(({ segment }) => segment).filter((segment) => segment.length > 1);
}

const stem = (word) => word.replace(/(?:ies|es|s|ed|ing|['’]s)$/u, "");

const MAX_ENDING = 3; // letters by which the forms of a word differ

/** Return whether a text contains a word or another form of it. */
export function containsWord(text, word) {
  const normal = text.normalize("NFKC").toLowerCase();
  if (CHINESE.test(word)) return normal.includes(word);
  const beginning = stem(word).replace(/[^\p{L}\p{N}]/gu, "").slice(0, Math.max(3, word.length - MAX_ENDING));
  return normal.split(/[^\p{L}\p{N}/.,'’-]+/u).some((other) => other.replace(/[^\p{L}\p{N}]/gu, "").includes(beginning));
}

/** Return a pattern for the parts of a text that match the words of a query, or null. */
function highlightPattern(terms) {
  const parts = terms.flatMap((word) => {
    const safe = (piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\\\/|-/g, "[/\\s-]?");
    if (CHINESE.test(word)) return [safe(word)];
    const short = stem(word);
    return [`(?<![\\p{L}\\p{N}])${safe(short.length > 2 ? short : word)}[\\p{L}\\p{N}]*`];
  });
  return parts.length ? new RegExp(parts.join("|"), "giu") : null;
}

const CHINESE_RUN = new RegExp(constants.CHINESE_RUN, "gu");

function appendText(parent, text) {
  let end = 0;
  for (const run of text.matchAll(CHINESE_RUN)) {
    parent.append(text.slice(end, run.index));
    const chinese = document.createElement("span");
    chinese.lang = "zh-Hans";
    chinese.textContent = run[0];
    parent.append(chinese);
    end = run.index + run[0].length;
  }
  parent.append(text.slice(end));
}

/** Append a text, never as markup, with the words of the query in <mark> and Chinese in <span lang>. */
export function appendHighlighted(parent, text, terms) {
  const pattern = highlightPattern(terms);
  let end = 0;
  for (const hit of pattern ? text.matchAll(pattern) : []) {
    if (!hit[0]) continue;
    appendText(parent, text.slice(end, hit.index));
    const mark = document.createElement("mark");
    appendText(mark, hit[0]);
    parent.append(mark);
    end = hit.index + hit[0].length;
  }
  appendText(parent, text.slice(end));
}
