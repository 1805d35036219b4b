// Search: names first, then the index of texts, which is loaded on first use.

import constants from "../constants.js";
import { lookUp, nearestWord } from "./names.js";
import { CHINESE, EVERY, containsWord, queryWords, segments } from "./query.js";

const FOLDER = new URL(`../../${constants.INDEX}`, import.meta.url);
export const TERMS_SHOWN = 4; // instruments, regulators, topics and pages that a text may mean
const TERMS = ["instruments", "regulators", "topics"];
const RANKING = { metaWeights: { title: 6, penalised: 6, words: 0.02 } }; // of the words a page hides, each form counts
const PHRASE = 1.2; // how much more words count that follow one another
const ONLY_TERMS = { kind: { any: TERMS } };
export const ONLY_ENTRIES = { none: TERMS.map((kind) => ({ kind })) };

const LAST_CHINESE = "\u9fff";
const BEFORE_LETTERS = "f".charCodeAt(0); // the last figure of the place
const NUMBER = /^\d[\d,.]*$/;

let index;

/** The index. Callers share one promise; after a failure the next call tries again. */
export function load() {
  index ??= (async () => {
    const pagefind = await import(new URL("pagefind.js", FOLDER));
    // On the page's own thread: a worker would be loaded twice over, and a search takes milliseconds.
    const instance = pagefind.createInstance({ basePath: FOLDER.pathname, noWorker: true, ranking: RANKING });
    await instance.init?.();
    return instance;
  })();
  index.catch(() => { index = undefined; });
  return index;
}

/** Load the values of facets, so that every search from then on counts them. */
export const loadFacets = async (names) => (await load()).preload(EVERY, { filters: { any: names.map((name) => ({ [name]: "-" })) } });

const fullText = async (result) => {
  const { content, meta } = await result.data();
  return [content, ...Object.values(meta)].join(" ");
};

/**
 * The words of a query that occur nowhere. For such a word Pagefind returns pages that contain some
 * beginning of it, so each word is looked for in the first result and, where it is not there, asked
 * for alone.
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
 * Pagefind loads the part of its index in which a word would be, but longer words that begin with it
 * may continue in the next part. This loads the part in which they end.
 */
async function loadFollowingPart(words) {
  const pagefind = await load();
  await Promise.all(words.filter((word) => CHINESE.test(word)).map((word) => pagefind.search(word + LAST_CHINESE)));
}

/** What to ask for in place of a word that occurs nowhere: the words of Chinese, or the nearest spelling. */
async function insteadOf(word) {
  if (CHINESE.test(word)) return segments(word).filter((segment) => segment !== word);
  return [await nearestWord(word)].filter(Boolean);
}

/** The id of a result ends with its place in the order of time and a letter for its weight: see search_index.py. */
const place = ({ id }) => Number.parseInt(id.split("/")[1], 16);
const weight = ({ id }) => 1 + (Math.max(id.charCodeAt(id.length - 1), BEFORE_LETTERS) - BEFORE_LETTERS) / 10;
const newestFirst = (results) => [...results].sort((one, other) => place(other) - place(one));

/** Results by score and weight, and more where they hold the words as a phrase. */
async function ranked(results, words = []) {
  const phrase = words.length > 1 ? (await (await load()).search(`"${words.join(" ")}"`)).results : [];
  const ids = new Set(phrase.map(({ id }) => id));
  const rank = new Map(results.map((result) => [result, result.score * weight(result) * (ids.has(result.id) ? PHRASE : 1)]));
  return newestFirst(results).sort((one, other) => rank.get(other) - rank.get(one));
}

/**
 * Search; an empty text finds all developments. `facets` filters, `byDate` sorts newest first. Returns
 * the results, the counts of each facet's values, the words that were searched for, those that occur
 * nowhere (`absent`) and those that took their place (`instead`).
 */
export async function search(text, { facets = {}, byDate = false } = {}) {
  const all = queryWords(text);
  if (text.trim() && !all.length) return { words: all, absent: [], instead: [], results: [], filters: {} };
  await loadFollowingPart(all);
  const pagefind = await load();
  const options = { filters: facets };
  const isNumber = all.length === 1 && NUMBER.test(all[0]); // longer ones begin with it, and are not meant
  const query = (list) => pagefind.search(isNumber ? `"${all[0]}"` : list.length ? list.join(" ") : EVERY, options);
  const ordered = ({ results }, list) => (byDate ? newestFirst(results) : ranked(results, list));
  let answer = await query(all), results = await ordered(answer, all);
  const absent = await absentWords(all, results);
  const proposed = new Map(await Promise.all(absent.map(async (word) => [word, await insteadOf(word)])));
  const missing = proposed.size ? await absentWords([...proposed.values()].flat(), []) : [];
  const kept = (word) => (proposed.get(word) ?? [word]).filter((one) => !missing.includes(one));
  const words = [...new Set(all.flatMap(kept))];
  const instead = absent.flatMap(kept);
  if (absent.length && !words.length) return { words: all, absent, instead: [], results: [], filters: {} };
  if (absent.length) {
    answer = await query(words);
    results = await ordered(answer, words);
  }
  return { words, absent, instead, results, filters: answer.filters };
}

/** Developments with some of the words, for a text of which none has all. */
export async function searchSome(words) {
  const answers = await Promise.all(words.map(async (_, left) => (await search(words.filter((word) => word !== words[left]).join(" "), { facets: ONLY_ENTRIES })).results));
  const found = new Map(answers.flat().map((result) => [result.id, result]));
  return ranked([...found.values()]);
}

/** The data of some results, as shown. */
export const details = (results) => Promise.all(results.map(async (result) => shown(await result.data())));

function shown(fragment) {
  const excerpt = new DOMParser().parseFromString(fragment.excerpt, "text/html").body;
  return { ...fragment.meta, url: fragment.url, excerpt: excerpt.textContent, facets: fragment.filters };
}

const ROOT = new URL("../../", import.meta.url);

/**
 * What a text means: at most `limit` pages, instruments, regulators and topics of its names, best
 * first, as shown; `words` to mark, and `text` to search the developments for.
 */
export async function named(text, limit) {
  const { pages, terms, text: searched } = await lookUp(text);
  const items = [...pages, ...terms].slice(0, limit);
  const shownItems = items.map((item) => ({ ...item, status: item.about, excerpt: "", url: ROOT.pathname + item.url }));
  return { items: shownItems, words: queryWords(text), text: searched };
}

/** At most `limit` instruments, regulators and topics whose text holds the words. */
export async function holding(text, limit) {
  return details((await search(text, { facets: ONLY_TERMS })).results.slice(0, limit));
}
