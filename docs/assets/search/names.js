// The interpretation of a query by the names of instruments, regulators, topics and pages.

import constants from "../constants.js";
import { CHINESE, collapsed, dateIn, folded, number, segments } from "./query.js";

const ROOT = new URL("../../", import.meta.url);
const KINDS = { instruments: "Instrument", regulators: "Regulator", topics: "Topic" };
const FACETS = { regulators: "regulator", topics: "topic" };
// Classes of matches, best first; matches of one class are in the order of the file.
const EXACT = 0, PHRASE = 1, ALL_WORDS = 2, NONE = 9;
const PINYIN = 0.5; // added to the class of a match by Pinyin
const MAX_WITH_PARTIAL = 4; // terms; partial matches are left out if they make more
const MIN_PINYIN = 6, MIN_NUMBER = 4, MIN_NAME = 3; // characters

let loading;

/** Load the names once; after a failure the next call tries again. */
export function loadNames() {
  loading ??= fetch(new URL(constants.NAMES, ROOT)).then((answer) => answer.json()).then(prepared);
  loading.catch(() => { loading = undefined; });
  return loading;
}

function prepared({ terms, pages, pinyin, spellings, words }) {
  const respelled = (text) => text.replace(/[a-z]+/g, (word) => (Object.hasOwn(spellings, word) ? spellings[word] : word));
  const readings = {};
  for (const [reading, characters] of Object.entries(pinyin)) for (const one of characters) (readings[one] ??= []).push(reading);
  const read = (name) => [...name].filter((one) => Object.hasOwn(readings, one));
  const known = terms.map(([url, title, zh, about, others]) => {
    const names = [title, zh, ...others].filter(Boolean).map((name) => respelled(folded(name)));
    const chinese = names.filter((name) => CHINESE.test(name)).map(read);
    const inPinyin = chinese.map((characters) => ({ characters, syllables: characters.map((one) => readings[one]) }));
    return { url, title, zh, about, names, all: names.map(spaced).join(""), keys: names.map(collapsed), inPinyin, kind: KINDS[url.split("/")[0]] };
  });
  return {
    respelled,
    terms: known,
    words: [...new Set([...known.flatMap(({ all }) => all.match(/[a-z]{4,}/g) || []), ...words])],
    pages: pages.map(([title, url, others]) => ({ title, url, kind: "Page", names: [title, ...others].map(folded) })),
  };
}

const hasWord = (term, word) => term.all.includes(CHINESE.test(word) ? word : ` ${word}`);
const spaced = (text) => ` ${text.replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;

function classOf(term, { key, phrase, words }) {
  if (term.keys.includes(key)) return EXACT;
  if (CHINESE.test(key) && term.keys.some((own) => own.includes(key))) return PHRASE;
  if (/\d/.test(key) && key.length >= MIN_NUMBER && term.keys.some((own) => own.startsWith(key))) return PHRASE;
  if (term.all.includes(phrase)) return PHRASE;
  return words.length > 1 && words.every((word) => hasWord(term, word)) ? ALL_WORDS : NONE;
}

/**
 * Return the number of syllables from `start` on of which a text is the Pinyin, or 0 if it is not. Each
 * syllable is a list of readings; the last in the text may be incomplete.
 */
function countSyllables(syllables, start, key) {
  for (const reading of syllables[start] || []) {
    if (reading.startsWith(key)) return 1;
    const more = key.startsWith(reading) && countSyllables(syllables, start + 1, key.slice(reading.length));
    if (more) return more + 1;
  }
  return 0;
}

/** Return the characters of a Chinese name of which a text is the Pinyin, or "". */
function charactersOf({ characters, syllables }, key) {
  for (let start = 0; start < syllables.length; start += 1) {
    const count = countSyllables(syllables, start, key);
    if (count) return characters.slice(start, start + count).join("");
  }
  return "";
}

function matches({ terms, respelled }, text) {
  const plain = respelled(folded(text));
  const words = plain.match(/[\p{L}\p{N}]+/gu) || [];
  const phrase = spaced(plain); // the last word may be incomplete, unless the text is very short
  const query = { key: collapsed(plain), phrase: phrase.length > 4 ? phrase.slice(0, -1) : phrase, words };
  if (!query.key) return [];
  const isPinyin = /^[a-z]+$/.test(query.key) && query.key.length >= MIN_PINYIN;
  return terms.map((term) => {
    const rank = classOf(term, query);
    for (const name of isPinyin && rank > PHRASE ? term.inPinyin : []) {
      const chinese = charactersOf(name, query.key);
      if (chinese) return { term, rank: (chinese.length === name.characters.length ? EXACT : PHRASE) + PINYIN, chinese };
    }
    return { term, rank };
  }).filter(({ rank }) => rank < NONE).sort((one, other) => one.rank - other.rank);
}

/** Return every run of `size` words. */
const runs = (words, size) => words.slice(size - 1).map((_, start) => words.slice(start, start + size).join(" "));

/**
 * Return the other terms that share most with some words, if it is at least half. Words are weighted by
 * inverse document frequency: a word counts more if fewer terms have it.
 */
function partialMatches({ terms }, words, found) {
  const having = words.map((word) => new Set(terms.filter((term) => hasWord(term, word))));
  const weights = having.map(({ size }) => Math.log((terms.length + 1) / (size + 1)));
  const scoreOf = (term) => having.reduce((sum, some, at) => sum + (some.has(term) ? weights[at] : 0), 0);
  const others = terms.filter((term) => !found.some((one) => one.term === term)).map((term) => ({ term, score: scoreOf(term) }));
  const best = Math.max(...others.map(({ score }) => score));
  return best * 2 < weights.reduce((sum, weight) => sum + weight, 0) ? [] : others.filter(({ score }) => score === best);
}

/**
 * Return the terms that a text names; if there are none, those that the text with corrected spelling
 * names, or else its longest part; then partial matches, if they are few.
 */
async function termsIn(known, text) {
  const exact = (word) => matches(known, word).filter(({ rank }) => rank === EXACT);
  let found = matches(known, text);
  const words = await corrected(text);
  if (!found.length) found = matches(known, words.join(" "));
  for (let size = words.length - 1; size > 0 && !found.length; size -= 1) {
    found = runs(words, size).filter((run) => run.length >= MIN_NAME).flatMap(exact);
  }
  found = [...new Map(found.map((one) => [one.term, one])).values()];
  const partial = words.length > 2 ? partialMatches(known, words, found) : [];
  return found.length + partial.length > MAX_WITH_PARTIAL ? found : [...found, ...partial];
}

const explore = (values) => `${constants.EXPLORE}?${new URLSearchParams(values)}`;
const ARTICLE = /\bart(?:icles?|s)?\b\.?\s*(\d+)|第([\d〇零一二三四五六七八九十百]+)条/u;

/** Return the article of an instrument that a text cites, or null; `rest` is the text without the article. */
function articleIn(known, text) {
  const found = ARTICLE.exec(folded(text));
  if (!found) return null;
  const rest = folded(text).replace(found[0], " ");
  const [best] = matches(known, rest).filter(({ term }) => term.kind === "Instrument");
  const name = found[1] || String(number(found[2]));
  return best && { kind: "Article", title: `${best.term.title}, Art. ${name}`, url: `${best.term.url}#art-${name}`, rest };
}

/** Return whether a text is a name of a page, or contains all words of a name with several words. */
function namesPage({ names }, text) {
  const words = new Set(folded(text).match(/[\p{L}\p{N}]+/gu));
  return names.some((name) => collapsed(name) === collapsed(text) || (name.includes(" ") && name.split(" ").every((word) => words.has(word))));
}

/** Yield links to the developments of a year or month, also for the regulator or topic that the text names. */
function* periods(known, { year, month, day, rest }) {
  if (!year || day) return;
  if (Number(year) > new Date().getFullYear()) return yield known.pages.find(({ url }) => url === constants.DEADLINES);
  const period = month ? { month: `${year}-${month}` } : { year };
  const [name] = Object.values(period);
  if (!rest.trim()) yield { kind: "Period", title: `Developments of ${name}`, url: explore(period) };
  for (const { term, rank } of matches(known, rest).slice(0, 1)) {
    const [folder, id] = term.url.split("/");
    if (rank === EXACT && folder in FACETS) yield { kind: "Selection", title: `${term.title}: ${name}`, url: explore({ [FACETS[folder]]: id, ...period }) };
  }
}

/**
 * Interpret a query: return `pages` of the site and `terms` whose names match, best first, and the `text`
 * to search developments for, with Pinyin as Chinese characters and a day as the word in the index.
 */
export async function interpret(text) {
  const known = await loadNames();
  const date = dateIn(text), article = articleIn(known, text);
  const found = await termsIn(known, article?.rest ?? (date.word ? date.rest : text));
  return {
    pages: [...known.pages.filter((page) => namesPage(page, text)), ...(article ? [article] : []), ...periods(known, date)],
    terms: found.map(({ term }) => term),
    text: found[0]?.chinese || article?.rest || (date.word ? `${date.word} ${date.rest}` : text),
  };
}

/** Return whether two words differ by at most `limit` letters added, removed, changed or swapped (Damerau–Levenshtein). */
function isNear(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) return false;
  let before = [], row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length] <= limit;
}

const MIN_CORRECTED = 5, MIN_TWO_TYPOS = 9; // letters of a word in which one or two typos are corrected

/** Return the most similar word in the names, or "" if none is similar enough. */
export async function nearestWord(word) {
  if (word.length < MIN_CORRECTED || !/^[a-z]+$/.test(word)) return "";
  const { words } = await loadNames();
  const within = (limit) => words.find((other) => isNear(word, other, limit));
  return within(1) || (word.length >= MIN_TWO_TYPOS && within(2)) || "";
}

/** Return the words of a text: Chinese is segmented, and each unknown word is replaced by the most similar known one. */
async function corrected(text) {
  const known = await loadNames();
  const words = (folded(text).match(/[\p{L}\p{N}]+/gu) || []).flatMap((word) => (CHINESE.test(word) ? segments(word) : [word]));
  return Promise.all(words.map(async (word) => (known.words.includes(word) || CHINESE.test(word) ? word : await nearestWord(word) || word)));
}
