// The form's verdict: all that check.py would say of the file, with the place in the form.

import { frontMatter } from "./front_matter.js";
import { ruleProblems, textProblems, unseenProblems } from "./rules.js";
import { schemaProblems } from "./validate.js";
import { say } from "./wording.js";

/** What a form needs to know of all that exists, from known.json and what is loaded of the years. */
export function knowledge(data, years = new Map(), described = () => []) {
  const entries = () => [...years.values()].flatMap((year) => year.entries);
  return {
    ...data,
    entries,
    owners: (id) => [...years.values()].flatMap((year) => year.taken).filter((other) => other === id).map((other) => `entries/${other.slice(0, 4)}/${other}.md`),
    has: (kind, id) => (kind === "entries" ? [...years.values()].some((year) => year.taken.includes(id)) : Object.hasOwn(data.names[kind], id) || described(kind).some((page) => page.id === id)),
    rankOf: (id) => data.rank[id] || described("instruments").find((one) => one.id === id)?.page.rank,
    called: (_, id) => id, // what an id is called in a sentence: the check names ids, the form names
  };
}

function* texts(value, at) {
  if (typeof value === "string") yield [value, at];
  else if (typeof value === "object") for (const [key, inner] of Object.entries(value)) yield* texts(inner, [...at, Array.isArray(value) ? Number(key) : key]);
}

/** Problems of an entry: [{ at, message, warning }], with the text's at "body" and the name's at "slug". */
export function problems(values, body, id, schema, others) {
  const known = { ...others, has: (kind, name) => (kind === "entries" && name === id) || others.has(kind, name) };
  const found = schemaProblems(schema, values, known);
  const failed = new Set(found.map(({ at }) => at[0]));
  found.push(...ruleProblems(values, id, known, failed));
  for (const [text, at] of texts(values, [])) found.push(...unseenProblems(text, known).map((message) => ({ at, message })));
  for (const message of [...textProblems(body, known), ...unseenProblems(body, known)]) found.push({ at: ["body"], message });
  const size = [...frontMatter(values, schema)].length + 1;
  if (size > known.most.front) found.push({ at: [], message: say(known.wording, "front", { count: size.toLocaleString("en"), most: known.most.front.toLocaleString("en") }) });
  return found;
}

/** A title as part of an address, as scripts/timeline/contributing/drafting.py makes it of Latin letters. */
export function shortName(title, { small, most }) {
  const plain = title.normalize("NFKD").replace(/\p{M}|['’]/gu, "").toLowerCase();
  let name = "";
  for (const word of plain.match(/[a-z0-9]+/g) || []) {
    if (small.includes(word)) continue;
    if (name && name.length + 1 + word.length > most.slug) break;
    name += (name && "-") + word.slice(0, most.slug);
  }
  return name;
}
