// The index, loaded when it is first asked and not before.

import { EVERY, exactName, words } from "./query.js";

const FOLDER = new URL("../../pagefind/", import.meta.url);
const TERMS = ["instruments", "regulators", "topics"];
const RANKING = { metaWeights: { title: 6, parts: 10, names: 1, words: 1 } };
export const ONLY_TERMS = { kind: { any: TERMS } };
export const ONLY_ENTRIES = { none: TERMS.map((kind) => ({ kind })) };

let index;

/** The index. A second caller waits for the same one; after a failure the next tries anew. */
export function load() {
  index ??= (async () => {
    const pagefind = await import(new URL("pagefind.js", FOLDER));
    // On the page's own thread: a worker would be loaded twice over, and a search takes milliseconds.
    const made = pagefind.createInstance({ basePath: FOLDER.pathname, noWorker: true, ranking: RANKING });
    await made.init?.();
    return made;
  })();
  index.catch(() => { index = undefined; });
  return index;
}

/** Pages of which the text is exactly a name. The index also offers what is merely like it. */
async function named(text, filters) {
  const name = exactName(text);
  if (!name) return [];
  const { results } = await (await load()).search(name, { filters });
  const near = results.slice(0, 3);
  const items = await details(near);
  return near.filter((_, place) => (items[place].names || "").split(" ").includes(name));
}

/** Those words of several that no page has; the index leaves them out of a query of its own accord. */
export async function missing(asked) {
  if (asked.length < 2) return [];
  const pagefind = await load();
  const counts = await Promise.all(asked.map(async (word) => (await pagefind.search(word)).results.length));
  return asked.filter((_, place) => !counts[place]);
}

/**
 * Ask; an empty text asks for all developments. `facets` narrow, `byDate` sorts newest first; `exact`: what bears just this name comes first.
 * Returns the results, the counts of each facet's values, and the words that were asked.
 */
export async function search(text, { facets = {}, byDate = false, exact = false } = {}) {
  const asked = words(text);
  if (text.trim() && !asked.length) return { asked, results: [], filters: {} };
  const options = { filters: facets, ...(byDate ? { sort: { date: "desc" } } : {}) };
  const answer = await (await load()).search(asked.length ? asked.join(" ") : EVERY, options);
  const first = exact ? await named(text, facets) : [];
  const ids = new Set(first.map((result) => result.id));
  const results = [...first, ...answer.results.filter((result) => !ids.has(result.id))];
  return { asked, results, filters: answer.filters };
}

/** What to show of some results. */
export const details = (results) => Promise.all(results.map(async (result) => shown(await result.data())));

function shown(fragment) {
  const excerpt = new DOMParser().parseFromString(fragment.excerpt, "text/html").body;
  return { ...fragment.meta, url: fragment.url, excerpt: excerpt.textContent, facets: fragment.filters };
}
