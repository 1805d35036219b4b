// The search index, loaded on first use.

import constants from "../constants.js";
import { CHINESE, EVERY, containsWord, exactName, queryWords } from "./query.js";

const FOLDER = new URL(`../../${constants.INDEX}`, import.meta.url);
const TERMS = ["instruments", "regulators", "topics"];
const RANKING = { metaWeights: { title: 6, parts: 10, names: 1, words: 1 } };
export const ONLY_TERMS = { kind: { any: TERMS } };
export const ONLY_ENTRIES = { none: TERMS.map((kind) => ({ kind })) };

const LAST_CHINESE = "\u9fff";

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

const KINDS = ["Instrument", "Regulator", "Topic"];

/** Instruments first, then regulators, then topics; superseded instruments after the others. */
const rank = (item) => KINDS.indexOf(item.kind) + (item.status === "Superseded" ? 0.5 : 0);

/** Pages of which the text is exactly a name. The index also returns near matches. */
async function exactMatches(text, filters) {
  const name = exactName(text);
  if (!name) return [];
  const { results } = await (await load()).search(name, { filters });
  const owns = (item) => (item.names || "").split(" ").includes(name);
  const [best] = await details(results.slice(0, 1));
  if (!best || !owns(best)) return []; // no other result can match, so none is loaded
  const near = results.slice(0, 6);
  const items = await details(near);
  const owners = near.map((result, at) => ({ result, item: items[at] })).filter(({ item }) => owns(item));
  return owners.sort((one, other) => rank(one.item) - rank(other.item)).map(({ result }) => result);
}

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

/**
 * Search; an empty text finds all developments. `facets` filters, `byDate` sorts newest first, `exact`
 * puts pages with exactly this name first. Returns the results, the counts of each facet's values,
 * the words of the query, and those that occur nowhere (`absent`).
 */
export async function search(text, { facets = {}, byDate = false, exact = false } = {}) {
  const all = queryWords(text);
  if (text.trim() && !all.length) return { words: all, absent: [], results: [], filters: {} };
  await loadFollowingPart(all);
  const pagefind = await load();
  const options = { filters: facets, ...(byDate ? { sort: { date: "desc" } } : {}) };
  const query = (list) => pagefind.search(list.length ? list.join(" ") : EVERY, options);
  let answer = await query(all);
  const absent = await absentWords(all, answer.results);
  const found = all.filter((word) => !absent.includes(word));
  if (absent.length && !found.length) return { words: all, absent, results: [], filters: {} };
  if (absent.length) answer = await query(found);
  const first = exact ? await exactMatches(text, facets) : [];
  const ids = new Set(first.map((result) => result.id));
  const results = [...first, ...answer.results.filter((result) => !ids.has(result.id))];
  return { words: found, absent, results, filters: answer.filters };
}

/** The data of some results, as shown. */
export const details = (results) => Promise.all(results.map(async (result) => shown(await result.data())));

function shown(fragment) {
  const excerpt = new DOMParser().parseFromString(fragment.excerpt, "text/html").body;
  return { ...fragment.meta, url: fragment.url, excerpt: excerpt.textContent, facets: fragment.filters };
}
