// The check's own sentences, filled in. They come with known.json from scripts/timeline/model/wording.py.

/** A sentence with its places filled. */
export const say = (wording, name, values = {}) => wording[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

const ESCAPES = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A value as the check writes it: in single quotes, unless it holds one. */
export function quoted(value) {
  if (typeof value !== "string") return String(value);
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  const inner = value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found]);
  return mark + (mark === "'" ? inner.replace(/'/g, "\\'") : inner) + mark;
}

/** The same, cut where it is long. */
export function shown(value, most = 80) {
  const text = quoted(value);
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")}…${text[0]}`;
}

export const listed = (words, most = 20) => words.slice(0, most).join(", ") + (words.length > most ? ` and ${words.length - most} more` : "");
