// Names of instruments, regulators, topics and pages: what a reader may mean, before texts are searched.

import constants from "../constants.js";
import { CHINESE, collapsed, dateIn, folded, number, segments } from "./query.js";

const ROOT = new URL("../../", import.meta.url);
const KINDS = { instruments: "Instrument", regulators: "Regulator", topics: "Topic" };
const FACETS = { regulators: "regulator", topics: "topic" };
// How well a name matches; within a class the order of the file decides.
const EXACT = 0, PHRASE = 1, ALL_WORDS = 2, NONE = 9;
const PINYIN = 0.5; // behind names that match as well
const PARTS_UP_TO = 4; // terms, of which some have only a part of a text
const MIN_PINYIN = 6, MIN_NUMBER = 4, MIN_NAME = 3; // characters

let loading;

/** The names, loaded once; after a failure the next call tries again. */
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

/** How many syllables, each of several readings, a text is the Pinyin of; the last may be unfinished. 0 for none. */
function syllablesRead(syllables, start, key) {
  for (const reading of syllables[start] || []) {
    if (reading.startsWith(key)) return 1;
    const more = key.startsWith(reading) && syllablesRead(syllables, start + 1, key.slice(reading.length));
    if (more) return more + 1;
  }
  return 0;
}

/** The characters of a Chinese name of which a text is the Pinyin, or "". */
function readIn({ characters, syllables }, key) {
  for (let start = 0; start < syllables.length; start += 1) {
    const count = syllablesRead(syllables, start, key);
    if (count) return characters.slice(start, start + count).join("");
  }
  return "";
}

function matches({ terms, respelled }, text) {
  const plain = respelled(folded(text));
  const words = plain.match(/[\p{L}\p{N}]+/gu) || [];
  const phrase = spaced(plain); // the last word may be unfinished, if it is long enough to say anything
  const query = { key: collapsed(plain), phrase: phrase.length > 4 ? phrase.slice(0, -1) : phrase, words };
  if (!query.key) return [];
  const isPinyin = /^[a-z]+$/.test(query.key) && query.key.length >= MIN_PINYIN;
  return terms.map((term, order) => {
    const place = classOf(term, query);
    for (const name of isPinyin && place > PHRASE ? term.inPinyin : []) {
      const chinese = readIn(name, query.key);
      if (chinese) return { term, place: (chinese.length === name.characters.length ? EXACT : PHRASE) + PINYIN, order, chinese };
    }
    return { term, place, order };
  }).filter(({ place }) => place < NONE).sort((one, other) => one.place - other.place || one.order - other.order);
}

/** Each run of so many words of a text. */
const runs = (words, size) => words.slice(size - 1).map((_, start) => words.slice(start, start + size).join(" "));

/** The other terms whose names have most of what some words say, half at least; a word says more the fewer names have it. */
function partMatches({ terms }, words, found) {
  const having = words.map((word) => new Set(terms.filter((term) => hasWord(term, word))));
  const worth = having.map(({ size }) => Math.log((terms.length + 1) / (size + 1)));
  const share = (term) => having.reduce((sum, some, at) => sum + (some.has(term) ? worth[at] : 0), 0);
  const others = terms.filter((term) => !found.some((one) => one.term === term)).map((term) => ({ term, share: share(term) }));
  const most = Math.max(...others.map((one) => one.share));
  return most * 2 < worth.reduce((sum, one) => sum + one, 0) ? [] : others.filter((one) => one.share === most);
}

/** The terms that a text names, once its spelling is corrected if need be, or that its longest part names; then those that have most of it, if few have. */
async function termsIn(known, text) {
  const exact = (word) => matches(known, word).filter(({ place }) => place === EXACT);
  let found = matches(known, text);
  const words = await corrected(text);
  if (!found.length) found = matches(known, words.join(" "));
  for (let size = words.length - 1; size > 0 && !found.length; size -= 1) {
    found = runs(words, size).filter((run) => run.length >= MIN_NAME).flatMap(exact);
  }
  found = [...new Map(found.map((one) => [one.term, one])).values()];
  const parts = words.length > 2 ? partMatches(known, words, found) : [];
  return found.length + parts.length > PARTS_UP_TO ? found : [...found, ...parts];
}

const explore = (values) => `${constants.EXPLORE}?${new URLSearchParams(values)}`;
const ARTICLE = /\bart(?:icles?|s)?\b\.?\s*(\d+)|第([\d〇零一二三四五六七八九十百]+)条/u;

/** The article of an instrument that a text names, or null; `rest` is the text without it. */
function articleIn(known, text) {
  const found = ARTICLE.exec(folded(text));
  if (!found) return null;
  const rest = folded(text).replace(found[0], " ");
  const [best] = matches(known, rest).filter(({ term }) => term.kind === "Instrument");
  const name = found[1] || String(number(found[2]));
  return best && { kind: "Article", title: `${best.term.title}, Art. ${name}`, url: `${best.term.url}#art-${name}`, rest };
}

/** Whether a text asks for a page: by a name of it alone, or by all words of a name that has several, with others. */
function asksFor({ names }, text) {
  const words = new Set(folded(text).match(/[\p{L}\p{N}]+/gu));
  return names.some((name) => collapsed(name) === collapsed(text) || (name.includes(" ") && name.split(" ").every((word) => words.has(word))));
}

/** The developments of a year or month, of one body or subject where the text names one. */
function* periods(known, { year, month, day, rest }) {
  if (!year || day) return;
  if (Number(year) > new Date().getFullYear()) return yield known.pages.find(({ url }) => url === constants.DEADLINES);
  const period = month ? { month: `${year}-${month}` } : { year };
  const [named] = Object.values(period);
  if (!rest.trim()) yield { kind: "Period", title: `Developments of ${named}`, url: explore(period) };
  for (const { term, place } of matches(known, rest).slice(0, 1)) {
    const [folder, id] = term.url.split("/");
    if (place === EXACT && folder in FACETS) yield { kind: "Selection", title: `${term.title}: ${named}`, url: explore({ [FACETS[folder]]: id, ...period }) };
  }
}

/**
 * What a text means, best first: `pages` of the site, `terms` whose names match. `text` is what to
 * search the developments for: Pinyin in Chinese, a day as the index has it.
 */
export async function lookUp(text) {
  const known = await loadNames();
  const date = dateIn(text), article = articleIn(known, text);
  const found = await termsIn(known, article?.rest ?? (date.word ? date.rest : text));
  return {
    pages: [...known.pages.filter((page) => asksFor(page, text)), ...(article ? [article] : []), ...periods(known, date)],
    terms: found.map(({ term }) => term),
    text: found[0]?.chinese || article?.rest || (date.word ? `${date.word} ${date.rest}` : text),
  };
}

/** Whether two words differ by at most so many letters added, left out, changed or swapped. */
export function isNear(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  let before = [], row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length] <= most;
}

const MIN_CORRECTED = 5, MIN_TWO_FAULTS = 9; // letters of a word that one or two faults may be in

/** The word of a name that a word was meant to be, or "". */
export async function nearestWord(word) {
  if (word.length < MIN_CORRECTED || !/^[a-z]+$/.test(word)) return "";
  const { words } = await loadNames();
  const within = (most) => words.find((other) => isNear(word, other, most));
  return within(1) || (word.length >= MIN_TWO_FAULTS && within(2)) || "";
}

/** The words of a text: Chinese cut into words, and those that no name has replaced by the nearest that one has. */
async function corrected(text) {
  const known = await loadNames();
  const words = (folded(text).match(/[\p{L}\p{N}]+/gu) || []).flatMap((word) => (CHINESE.test(word) ? segments(word) : [word]));
  return Promise.all(words.map(async (word) => (known.words.includes(word) || CHINESE.test(word) ? word : await nearestWord(word) || word)));
}
