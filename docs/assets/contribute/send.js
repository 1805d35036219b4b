// Where a finished entry goes: GitHub's page for a new file, or its issue form, filled in by the address.

import { frontMatter } from "./front_matter.js";

/** Servers refuse longer addresses: GitHub answers from about 8,200 characters on with an error. */
export const LONGEST = 8000;

/**
 * An address that fills fields in: { address, pasted }. What makes it too long is left out, the longest
 * first, and comes back to be pasted by hand. `fields`: [{ id, label, text }]; one without a label stays.
 */
export function filled(page, fields) {
  const left = [...fields], pasted = [];
  const address = () => `${page}?${new URLSearchParams(left.map(({ id, text }) => [id, text]))}`;
  const length = ({ text }) => encodeURIComponent(text).length;
  while (address().length > LONGEST) {
    const longest = left.filter(({ label }) => label).sort((one, other) => length(other) - length(one))[0];
    left.splice(left.indexOf(longest), 1);
    pasted.push(longest);
  }
  return { address: address(), pasted };
}

/** The page of a new file with name and content filled in; with a folder in the path GitHub makes it. */
export function pullRequest(github, path, text) {
  const [, folder, name] = /^(.*)\/([^/]+)$/.exec(path);
  return filled(`${github.new_file}${folder}`, [{ id: "filename", text: name }, { id: "value", label: "the new file", text }]);
}

/**
 * The issue form filled in with a whole entry and the pages that are new with it. What has no field of
 * its own goes as YAML. `pages`: kind -> text.
 */
export function issue({ github, issue: { template, fields } }, schema, { values, body, slug }, pages) {
  const own = new Set(fields.filter(({ front }) => front).map(({ key }) => key));
  const rest = Object.fromEntries(Object.entries(values).filter(([key]) => key !== "added" && !own.has(key)));
  const other = { text: body.trim(), slug, rest: frontMatter(rest, schema).trimEnd(), ...pages };
  const texts = fields.map(({ id, label, key, front }) => ({ id, label, text: front ? [values[key] ?? []].flat().join("\n") : other[key] }));
  return filled(github.new_issue, [{ id: "template", text: template }, { id: "title", text: values.title }, ...texts.filter(({ text }) => text)]);
}
