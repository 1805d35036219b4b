// Values -> a file as the house writes it (scripts/timeline/contributing/writing.py): keys in the schema's order,
// lists of plain values in a line, quotes only where YAML 1.1 or 1.2 would read something else.

import { resolved } from "./validate.js";

// What YAML takes for something else than text, as PyYAML does: https://yaml.org/type/
const OTHER = /^(?:y|n|yes|no|true|false|on|off|null|~|=|<<|[-+]?(?:0b[01_]+|0x[0-9a-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9_]+(?:e[-+]?[0-9]+)?|\.inf)|\.nan|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?)$/i;
const SPECIAL = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[\n\u2028\u2029]/u;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Whether a text may stand without quotes; `flow`: within brackets. */
function bare(text, flow) {
  if (!text || text !== text.trim() || OTHER.test(text) || SPECIAL.test(text)) return false;
  if (/^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[-?:](?:\s|$)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !flow || !/[,?[\]{}:]|^-/.test(text);
}

function scalar(value, flow) {
  if (typeof value !== "string") return String(value);
  return DAY.test(value) || bare(value, flow) ? value : JSON.stringify(value);
}

const isGroup = (value) => typeof value === "object" && !Array.isArray(value);

function* lines(values, given, root, indent) {
  const schema = resolved(given, root);
  for (const [key, inner] of Object.entries(schema.properties)) {
    const value = values[key];
    if (value === undefined) continue;
    if (isGroup(value)) {
      yield `${indent}${key}:`;
      yield* lines(value, inner, root, `${indent}  `);
    } else if (Array.isArray(value) && value.some(isGroup)) {
      yield `${indent}${key}:`;
      const { items } = resolved(inner, root).items ? resolved(inner, root) : inner.anyOf.at(-1);
      for (const item of value) {
        const [first, ...rest] = lines(item, items, root, `${indent}    `);
        yield `${indent}  - ${first.trimStart()}`;
        yield* rest;
      }
    } else if (Array.isArray(value)) yield `${indent}${key}: [${value.map((one) => scalar(one, true)).join(", ")}]`;
    else yield `${indent}${key}: ${scalar(value, false)}`;
  }
}

/** The front matter between its marks, the marks left out. */
export const frontMatter = (values, schema) => `${[...lines(values, schema, schema, "")].join("\n")}\n`;

/** The whole file. */
export const fileText = (values, body, schema) => `---\n${frontMatter(values, schema)}---\n${body.trim()}\n`;
