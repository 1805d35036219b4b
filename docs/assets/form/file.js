// Write the values as a file: keys in the order of the models, rows below their key, lists of plain values on one line.
// A text is in double quotes, as in JSON, unless it begins with a letter and YAML cannot read it as anything else.

import { chooserOf, controlOf, fieldOf, fieldsOf, groupOf, rowsOf } from "./fields.js";

const PLAIN = /^(?:\d[\d-]*-)?\p{L}[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
const OTHER = /^(?:y|n|yes|no|on|off|true|false|null)$|: |:$| #/i;
const OTHER_IN_LIST = /[,[\]{}:?]/;
const UNSEEN = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g; // characters that JSON.stringify does not escape
const BARE = ["flag", "number", "day", "date"]; // controls whose values are never quoted

function scalar(text, isInList = false) {
  if (PLAIN.test(text) && !OTHER.test(text) && !(isInList && OTHER_IN_LIST.test(text))) return text;
  return JSON.stringify(text).replace(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Return the texts in a field, one or several. `written(kind, id)` returns the name of a page in the file. */
export function textsOf(field, written) {
  const { control, kind } = field.dataset;
  if (kind) return chooserOf(field).ids.map((id) => written(kind, id));
  if (control === "flag") return controlOf(field).checked ? ["true"] : [];
  const text = controlOf(field).value.trim(), lines = control === "lines" ? text.split("\n") : [text];
  return lines.map((line) => line.trim()).filter(Boolean);
}

function valueOf(field, written) {
  const { control, always } = field.dataset, texts = textsOf(field, written);
  if (!texts.length) return always === undefined ? "" : "[]";
  if (control === "names" || control === "lines") return `[${texts.map((text) => scalar(text, true)).join(", ")}]`;
  return BARE.includes(control) && controlOf(field).validity.valid ? texts[0] : scalar(texts[0]);
}

/** Yield the lines of the front matter of a form or row, without the keys in `omitted`. */
export function* frontMatter(place, written, omitted = [], indent = "") {
  const isIncluded = ({ dataset: { key, order } }) => order && !omitted.includes(key);
  for (const field of fieldsOf(place).filter(isIncluded).sort((a, b) => a.dataset.order - b.dataset.order)) {
    const { key, control } = field.dataset;
    if (control === "rows") yield* rows(field, written, indent);
    else if (control === "group") {
      const lines = [...frontMatter(groupOf(field), written, [], `${indent}  `)];
      if (lines.length) yield* [`${indent}${key}:`, ...lines];
    } else {
      const value = valueOf(field, written);
      if (value) yield `${indent}${key}: ${value}`;
    }
  }
}

function* rows(field, written, indent) {
  const { key, single } = field.dataset;
  const all = rowsOf(field).map((row) => [...frontMatter(row, written, [], `${indent}    `)]);
  const filled = all.filter((lines) => lines.length), only = filled.length === 1 ? filled[0].join("\n").trim() : "";
  if (single && only.startsWith(`${single}: `) && filled[0].length === 1) {
    yield `${indent}${key}: ${only.slice(single.length + 2)}`;
  } else if (filled.length) {
    yield `${indent}${key}:`;
    for (const [first, ...rest] of filled) yield* [`${indent}  - ${first.trimStart()}`, ...rest];
  }
}

/** Return the slug of a text: a few words in Latin letters, without stopwords if others remain. */
export function slug(text, { stopwords, max }) {
  const plain = text.normalize("NFKD").replace(/\p{M}|['’]|(?<=\d),(?=\d)/gu, "").toLowerCase();
  const all = plain.match(/[a-z0-9]+/g) || [], significant = all.filter((word) => !stopwords.includes(word));
  const words = significant.length ? significant : all;
  while (words.length > 1 && words.join("-").length > max) words.pop();
  return words.join("-").slice(0, max);
}

/** Return the id, folder and text of the file. The id is empty until there are a date and a name. */
export function fileOf(form, limits, written) {
  const [date, title, name, text] = ["date", "title", "slug", "text"].map((key) => controlOf(fieldOf(form, key)));
  const words = slug(name.value.trim() || title.value, limits);
  const id = date.value && date.validity.valid && words ? `${date.value}-${words}` : "";
  const front = [...frontMatter(form, written)].join("\n");
  return { id, folder: `entries/${id.slice(0, 4)}`, text: `---\n${front}\n---\n${text.value.trim()}\n` };
}
