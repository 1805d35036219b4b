// Search: first the names, then the full-text index, which is loaded on first use.

import constants from "../constants.js";
import { interpret, nearestWord } from "./names.js";
import { CHINESE, EVERY, containsWord, queryWords, segments } from "./query.js";

const FOLDER = new URL(`../../${constants.INDEX}`, import.meta.url);
export const TERMS_SHOWN = 4; // instruments, regulators, topics and pages that match a query
const TERMS = ["instruments", "regulators", "topics"];
const RANKING = { metaWeights: { title: 6, penalised: 6, words: 0.02 } }; // `words` are hidden, in every form, so count little
const PHRASE_BOOST = 1.2;
const ONLY_TERMS = { kind: { any: TERMS } };
export const ONLY_ENTRIES = { none: TERMS.map((kind) => ({ kind })) };

const LAST_CHINESE = "\u9fff";
const LAST_HEX_DIGIT = "f".charCodeAt(0);
const NUMBER = /^\d[\d,.]*$/;

let index;

/** Load the index. All callers share one promise; after a failure the next call tries again. */
export function load() {
  index ??= (async () => {
    const pagefind = await import(new URL("pagefind.js", FOLDER));
    // No worker, which would load the index a second time: a search takes milliseconds.
    const instance = pagefind.createInstance({ basePath: FOLDER.pathname, noWorker: true, ranking: RANKING });
    await instance.init?.();
    return instance;
  })();
  index.catch(() => { index = undefined; });
  return index;
}

/** Load the values of facets, so that every later search counts them. */
export const loadFacets = async (names) => (await load()).preload(EVERY, { filters: { any: names.map((name) => ({ [name]: "-" })) } });

const fullText = async (result) => {
  const { content, meta } = await result.data();
  return [content, ...Object.values(meta)].join(" ");
};

/**
 * Return the words of a query that occur nowhere. For such a word Pagefind returns pages that contain
 * a prefix of it. So check whether the first result contains each word, and search separately for
 * every word that it does not contain.
 */
async function absentWords(words, results) {
  const first = results.length ? await fullText(results[0]) : "";
  const pagefind = await load();
  const found = await Promise.all(words.map(async (word) => {
    if (containsWord(first, word)) return true;
    const alone = (await pagefind.search(word)).results;
    return alone.length > 0 && containsWord(await fullText(alone[0]), word);
  }));
  return words.filter((_, at) => !found[at]);
}

/**
 * Load the part of the index with the last of the words that begin with a Chinese word. Pagefind loads
 * only the part in which the word itself would be.
 */
async function loadFollowingPart(words) {
  const pagefind = await load();
  await Promise.all(words.filter((word) => CHINESE.test(word)).map((word) => pagefind.search(word + LAST_CHINESE)));
}

/** Return replacements for a word that occurs nowhere: the segments of Chinese, or the nearest spelling. */
async function replacementsOf(word) {
  if (CHINESE.test(word)) return segments(word).filter((segment) => segment !== word);
  return [await nearestWord(word)].filter(Boolean);
}

// The id of a result ends with its position in chronological order and a letter for its weight: see search_index.py.
const position = ({ id }) => Number.parseInt(id.split("/")[1], 16);
const weight = ({ id }) => 1 + (Math.max(id.charCodeAt(id.length - 1), LAST_HEX_DIGIT) - LAST_HEX_DIGIT) / 10;
const newestFirst = (results) => [...results].sort((one, other) => position(other) - position(one));

/** Sort results by score and weight, with a boost if they contain the words as a phrase. */
async function ranked(results, words = []) {
  const phrase = words.length > 1 ? (await (await load()).search(`"${words.join(" ")}"`)).results : [];
  const ids = new Set(phrase.map(({ id }) => id));
  const rank = new Map(results.map((result) => [result, result.score * weight(result) * (ids.has(result.id) ? PHRASE_BOOST : 1)]));
  return newestFirst(results).sort((one, other) => rank.get(other) - rank.get(one));
}

/**
 * Search the index; an empty text finds all developments. `facets` filters, `byDate` sorts newest first.
 * Returns the results, the counts of each facet's values, the words that were searched for, the words
 * that occur nowhere (`absent`) and their replacements (`instead`).
 */
export async function search(text, { facets = {}, byDate = false } = {}) {
  const all = queryWords(text);
  if (text.trim() && !all.length) return { words: all, absent: [], instead: [], results: [], filters: {} };
  await loadFollowingPart(all);
  const pagefind = await load();
  const options = { filters: facets };
  const isNumber = all.length === 1 && NUMBER.test(all[0]); // quoted, so that it does not find longer numbers
  const query = (list) => pagefind.search(isNumber ? `"${all[0]}"` : list.length ? list.join(" ") : EVERY, options);
  const ordered = ({ results }, list) => (byDate ? newestFirst(results) : ranked(results, list));
  let answer = await query(all), results = await ordered(answer, all);
  const absent = await absentWords(all, results);
  const proposed = new Map(await Promise.all(absent.map(async (word) => [word, await replacementsOf(word)])));
  const missing = proposed.size ? await absentWords([...proposed.values()].flat(), []) : [];
  const replaced = (word) => (proposed.get(word) ?? [word]).filter((one) => !missing.includes(one));
  const words = [...new Set(all.flatMap(replaced))];
  const instead = absent.flatMap(replaced);
  if (absent.length && !words.length) return { words: all, absent, instead: [], results: [], filters: {} };
  if (absent.length) {
    answer = await query(words);
    results = await ordered(answer, words);
  }
  return { words, absent, instead, results, filters: answer.filters };
}

/** Return developments that contain all words but one, for when none contains all of them. */
export async function searchSome(words) {
  const answers = await Promise.all(words.map(async (_, left) => (await search(words.filter((word) => word !== words[left]).join(" "), { facets: ONLY_ENTRIES })).results));
  const found = new Map(answers.flat().map((result) => [result.id, result]));
  return ranked([...found.values()]);
}

/** Load the data of some results for display. */
export const details = (results) => Promise.all(results.map(async (result) => shown(await result.data())));

function shown(fragment) {
  const excerpt = new DOMParser().parseFromString(fragment.excerpt, "text/html").body;
  return { ...fragment.meta, url: fragment.url, excerpt: excerpt.textContent, facets: fragment.filters };
}

const ROOT = new URL("../../", import.meta.url);

/**
 * Find what a query names: `items` are at most `limit` pages, instruments, regulators and topics for
 * display, best first; `words` are the words to highlight, `text` is the text to search developments for.
 */
export async function findNamed(text, limit) {
  const { pages, terms, text: searched } = await interpret(text);
  const items = [...pages, ...terms].slice(0, limit);
  const shownItems = items.map((item) => ({ ...item, status: item.about, excerpt: "", url: ROOT.pathname + item.url }));
  return { items: shownItems, words: queryWords(text), text: searched };
}

/** Return at most `limit` instruments, regulators and topics whose text contains the words. */
export async function searchTerms(text, limit) {
  return details((await search(text, { facets: ONLY_TERMS })).results.slice(0, limit));
}
