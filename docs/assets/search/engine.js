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
  const owns = (item) => (item.names || "").split(" ").includes(name);
  const [best] = await details(results.slice(0, 1));
  if (!best || !owns(best)) return []; // the rest is less like it still, and need not be loaded
  const near = results.slice(0, 6);
  const items = await details(near);
  const owners = near.map((result, at) => ({ result, item: items[at] })).filter(({ item }) => owns(item));
  return owners.sort((one, other) => place(one.item) - place(other.item)).map(({ result }) => result);
}

const told = async (result) => {
  const { content, meta } = await result.data();
  return [content, ...Object.values(meta)].join(" ");
};

/**
 * Those words of a query that no page has. For such a word Pagefind offers pages with whatever
 * beginning of it happens to be loaded. So the first result must bear each word; where it does not,
 * the word is asked for alone.
 */
async function unknown(asked, results) {
  const first = results.length ? await told(results[0]) : "";
  const pagefind = await load();
  const found = await Promise.all(asked.map(async (word) => {
    if (bears(first, word)) return true;
    const alone = (await pagefind.search(word)).results;
    return alone.length > 0 && bears(await told(alone[0]), word);
  }));
  return asked.filter((_, at) => !found[at]);
}

/**
 * Pagefind loads the piece of its index in which a word would stand, though longer words that begin
 * with it may run on into the next. This loads the piece in which they end.
 */
async function loadToTheEnd(asked) {
  const pagefind = await load();
  await Promise.all(asked.filter((word) => HAN.test(word)).map((word) => pagefind.search(word + LAST_HAN)));
}

/**
 * Ask; an empty text asks for all developments. `facets` narrow, `byDate` sorts newest first;
 * `exact`: what bears just this name comes first. Returns the results, the counts of each facet's
 * values, the words that were asked, and those that no page has.
 */
export async function search(text, { facets = {}, byDate = false, exact = false } = {}) {
  const said = words(text);
  if (text.trim() && !said.length) return { asked: said, absent: [], results: [], filters: {} };
  await loadToTheEnd(said);
  const pagefind = await load();
  const options = { filters: facets, ...(byDate ? { sort: { date: "desc" } } : {}) };
  const ask = (list) => pagefind.search(list.length ? list.join(" ") : EVERY, options);
  let answer = await ask(said);
  const absent = await unknown(said, answer.results);
  const asked = said.filter((word) => !absent.includes(word));
  if (absent.length && !asked.length) return { asked: said, absent, results: [], filters: {} };
  if (absent.length) answer = await ask(asked);
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
