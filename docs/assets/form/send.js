// Send an entry to GitHub: to its page for a new file or a new issue, filled in through the address.

import { element } from "../search/result.js";
import { fieldOf } from "./fields.js";
import { frontMatter, textsOf } from "./file.js";

const MAX_LENGTH = 8000; // characters; GitHub refuses addresses longer than about 8,200

/** Return an address that fills in fields. If it is too long, the longest fields are left out, to be pasted by hand. */
function filledIn(page, fields) {
  const left = [...fields], pasted = [];
  const address = () => `${page}?${new URLSearchParams(left.map(({ id, text }) => [id, text]))}`;
  const length = ({ text }) => encodeURIComponent(text).length;
  while (address().length > MAX_LENGTH) {
    const [longest] = left.filter(({ label }) => label).sort((one, other) => length(other) - length(one));
    left.splice(left.indexOf(longest), 1);
    pasted.push(longest);
  }
  return { address: address(), pasted };
}

/** Return GitHub's page for a new file, with its name and text filled in. */
export function pullRequest(github, { id, folder, text }) {
  const fields = [{ id: "filename", text: `${id}.md` }, { id: "value", label: "the new file", text }];
  return filledIn(`${github.new_file}${folder}`, fields);
}

/** Return GitHub's page for a new issue with the entry and its new pages. Keys without a field of their own are YAML. */
export function issue(form, { github, issue: { template, fields } }, pages) {
  const written = (kind, id) => pages.written(kind, id);
  const lines = (key) => textsOf(fieldOf(form, key), written).join("\n");
  const own = fields.filter((field) => field.is_front_matter).map(({ key }) => key);
  const rest = [...frontMatter(form, written, [...own, "added"])].join("\n");
  const others = { rest, text: lines("text"), slug: lines("slug"), ...pages.described() };
  const filled = fields.map(({ id, label, key, is_front_matter: isOwn }) =>
    ({ id, label: `“${label}”`, text: isOwn ? lines(key) : others[key] }));
  const head = [{ id: "template", text: template }, { id: "title", text: lines("title") }];
  return filledIn(github.new_issue, [...head, ...filled.filter(({ text }) => text)]);
}

/** Copy a text. Resolves to the status message. */
export const copy = (text, said) => navigator.clipboard.writeText(text).then(
  () => said, () => "The browser does not allow it: select the text of the file, or download it.");

/** Return a row with a button that copies a field left out of the address. `say` shows a status message. */
export function pasteRow({ label, text }, say) {
  const row = element("li"), button = element("button", "", "Copy");
  Object.assign(button, { type: "button", value: text, ariaLabel: `Copy what belongs into ${label}` });
  button.addEventListener("click", async () => say(await copy(text, `Copied. Paste it into ${label}.`)));
  row.append(button, ` and paste it into ${label}`);
  return row;
}
