// The index, loaded when it is first asked and not before.

import { EVERY, bears, exactName, words } from "./query.js";

const FOLDER = new URL("../../pagefind/", import.meta.url);
const TERMS = ["instruments", "regulators", "topics"];
const RANKING = { metaWeights: { title: 6, parts: 10, names: 1, words: 1 } };
export const ONLY_TERMS = { kind: { any: TERMS } };
export const ONLY_ENTRIES = { none: TERMS.map((kind) => ({ kind })) };

const HAN = /\p{Script=Han}/u;
const LAST_HAN = "\u9fff";

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

const KINDS = ["Instrument", "Regulator", "Topic"];

/** What is in force before what it replaced, and instruments and bodies before subjects. */
const place = (item) => KINDS.indexOf(item.kind) + (item.status === "Superseded" ? 0.5 : 0);

/** Pages of which the text is exactly a name. The index also offers what is merely like it. */
async function named(text, filters) {
  const name = exactName(text);
  if (!name) return [];
  const { results } = await (await load()).search(name, { filters });
  const near = results.slice(0, 6);
  const items = await details(near);
  const owners = near.map((result, at) => ({ result, item: items[at] })).filter(({ item }) => (item.names || "").split(" ").includes(name));
  return owners.sort((one, other) => place(one.item) - place(other.item)).map(({ result }) => result);
}

/**
 * Whether the index knows a word. For one that it does not, Pagefind offers pages with whatever
 * beginning of it happens to be loaded; the best of them must bear at least the beginning.
 */
async function known(word) {
  const pagefind = await load();
  // Pagefind loads the piece of its index in which a word would stand, though longer words that
  // begin with it may run on into the next; this loads the piece in which they end.
  if (HAN.test(word)) await pagefind.search(word + LAST_HAN);
  const { results } = await pagefind.search(word);
  if (!results.length) return false;
  const { content, meta } = await results[0].data();
  return bears([content, ...Object.values(meta)].join(" "), word);
}

/** Those words of a query that no page has. They are left out of it. */
async function unknown(asked) {
  const found = await Promise.all(asked.map(known));
  return asked.filter((_, at) => !found[at]);
}

/**
 * Ask; an empty text asks for all developments. `facets` narrow, `byDate` sorts newest first;
 * `exact`: what bears just this name comes first. Returns the results, the counts of each facet's
 * values, the words that were asked, and those that no page has.
 */
export async function search(text, { facets = {}, byDate = false, exact = false } = {}) {
  const said = words(text);
  const absent = await unknown(said);
  const asked = said.filter((word) => !absent.includes(word));
  if (text.trim() && !asked.length) return { asked: said, absent, results: [], filters: {} };
  const options = { filters: facets, ...(byDate ? { sort: { date: "desc" } } : {}) };
  const answer = await (await load()).search(asked.length ? asked.join(" ") : EVERY, options);
  const first = exact ? await named(text, facets) : [];
  const ids = new Set(first.map((result) => result.id));
  const results = [...first, ...answer.results.filter((result) => !ids.has(result.id))];
  return { asked, absent, results, filters: answer.filters };
}

/** What to show of some results. */
export const details = (results) => Promise.all(results.map(async (result) => shown(await result.data())));

function shown(fragment) {
  const excerpt = new DOMParser().parseFromString(fragment.excerpt, "text/html").body;
  return { ...fragment.meta, url: fragment.url, excerpt: excerpt.textContent, facets: fragment.filters };
}
