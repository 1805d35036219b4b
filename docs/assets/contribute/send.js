// Where a finished entry goes: GitHub's page for a new file, its issue form, or the reader's own disk.

/** Servers refuse longer addresses: GitHub answers from about 8,200 characters on with an error. */
export const LONGEST = 8000;

/** The page of a new file with name and content filled in; with a folder in the path GitHub makes it. */
export function pullRequest(github, path, text) {
  const [, folder, name] = /^(.*)\/([^/]+)$/.exec(path);
  return `${github.new_file}${folder}?${new URLSearchParams({ filename: name, value: text })}`;
}

const PARTS = { Source: "sources", Step: "instruments", Penalty: "penalties" };

/** A page that the site does not know yet, as the issue form takes it: a line `key: value` each. */
function described({ called: _, text, ...page }) {
  const lines = Object.entries(page).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join("; ") : value}`);
  return [...lines, ...(text ? [`text: ${text.replace(/\s+/g, " ")}`] : [])].join("\n");
}

/**
 * The issue form filled in, and the keys that it cannot take: { address, left }. `pages`: kind -> new
 * pages; `word(key, value)` is the label of a word, by which GitHub's lists go.
 */
export function issue(known, values, body, pages, word) {
  const fined = values.penalties && values.type === known.issue_type.enforcement;
  const template = fined ? "enforcement" : "development";
  const named = new Map(Object.values(pages).flat().map((page) => [page.called, page.name || page.called]));
  const left = new Set(Object.keys(values).filter((key) => key !== "added" && !(key === "type" && known.issue_type[template])));
  const rest = Object.fromEntries(Object.values(PARTS).map((key) => [key, new Set(Object.keys(values[key]?.[0] || {}))]));
  const asked = new URLSearchParams({ template: `${template}.yml` });
  for (const { id, model, key, words } of known.issue[template]) {
    const part = PARTS[model];
    let value = part ? values[part]?.[0]?.[key] : model ? values[key] : key === "text" ? body.trim() : (pages[key] || []).map(described).join("\n\n");
    if (value === undefined || value === "" || typeof value[0] === "object") continue;
    if (part) rest[part].delete(key);
    else left.delete(model ? key : "");
    if (Array.isArray(value)) value = value.map((one) => named.get(one) || one).join("\n");
    asked.set(id, words ? word(key, value) : named.get(value) || value);
  }
  for (const [key, keys] of Object.entries(rest)) if (!keys.size && values[key]?.length === 1) left.delete(key);
  return { address: `${known.github.new_issue}?${asked}`, left: [...left].filter((key) => values[key]?.length !== 0) };
}
