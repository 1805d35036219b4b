// Values against the generated schema, in the words of the check. The subset of JSON Schema that
// scripts/timeline/downloads/front_matter_schema.py writes, with its two keywords for numbers and the one for ids.

import { fault } from "./dates.js";
import { listed, say, shown } from "./wording.js";

/** A schema without the reference by which it is named. */
export function resolved(schema, root) {
  return schema.$ref ? { ...root.$defs[schema.$ref.split("/").pop()], ...schema } : schema;
}

/** Whether a text is an address on the web; as scripts/timeline/model/addresses.py has it. */
export function isAddress(text, { patterns }) {
  const match = new RegExp(`^${patterns.address}$`).test(text) && /^https?:\/\/([^/?#]*)/i.exec(text);
  if (!match || match[1].includes("@")) return false;
  const [host, port = "", ...more] = match[1].toLowerCase().split(":");
  return !more.length && /^\d*$/.test(port) && Number(port) < 65536 && new RegExp(`^${patterns.host}$`).test(host);
}

/** The problems of a value: [{ at, message }]. `known` tells the words, patterns and ids. */
export function schemaProblems(root, value, known) {
  const found = [];
  const told = (at, said) => found.push({ at, message: said });
  const name = (at) => at.findLast((part) => typeof part === "string");
  const wrong = (at, wording, values) => told(at, say(known.wording, "key", { key: name(at), said: say(known.wording, wording, values) }));
  const ofType = (at, kind, value) => wrong(at, "wrong_type", { expected: known.expected[kind], found: known.found[Array.isArray(value) ? "array" : typeof value] });

  function walk(given, value, at) {
    const schema = resolved(given, root);
    if (schema.oneOf?.[0].const) return word(schema, value, at);
    if (schema.anyOf?.at(-1).type === "array") return steps(schema.anyOf.at(-1), value, at);
    const kinds = [schema.type].flat();
    if (kinds[0] === "object") return object(schema, value, at);
    if (kinds[0] === "array") return array(schema, value, at);
    if (kinds[0] === "boolean") return void (typeof value === "boolean" || ofType(at, "boolean", value));
    if (kinds[0] === "integer" || kinds[0] === "number") return number(schema, value, at);
    if (kinds.includes("integer")) return date(value, at);
    if (typeof value !== "string") return ofType(at, "string", value);
    text(schema, value, at);
  }

  function word(schema, value, at) {
    const words = schema.oneOf.map((one) => one.const);
    if (!words.includes(value)) wrong(at, "not_one_of", { value: shown(value), allowed: listed(words) });
  }

  /** A list that may be written as its one item's one needed key. */
  function steps(schema, value, at) {
    const [key] = resolved(schema.items, root).required;
    walk(schema, Array.isArray(value) ? value : [{ [key]: value }], at);
  }

  function object(schema, value, at) {
    const before = found.length;
    const { properties, required = [], oneOf = [], dependentRequired = {} } = schema;
    for (const key of required) if (!(key in value)) told([...at, key], say(known.wording, "missing", { key }));
    for (const [key, inner] of Object.entries(value)) {
      if (key in properties) walk(properties[key], inner, [...at, key]);
      else told([...at, key], say(known.wording, "unknown_key", { key: shown(key) }));
    }
    if (found.length > before) return;
    if (oneOf.length && oneOf.filter((one) => one.required.every((key) => key in value)).length !== 1) wrong(at, "basis");
    for (const [key, needed] of Object.entries(dependentRequired)) {
      if (key in value && !needed.every((other) => other in value)) wrong(at, "currency");
    }
  }

  function array(schema, value, at) {
    if (!Array.isArray(value)) return ofType(at, "array", value);
    const before = found.length;
    value.forEach((item, place) => walk(schema.items, item, [...at, place]));
    if (found.length > before) return;
    if (value.length < (schema.minItems || 0)) return wrong(at, "empty_list");
    const twice = schema.uniqueItems ? value.filter((item, place) => value.indexOf(item) !== place).sort() : [];
    if (twice.length) wrong(at, "twice", { value: shown(twice[0]) });
  }

  function number(schema, value, at) {
    const whole = schema.type === "integer";
    if (typeof value !== "number" || !Number.isFinite(value)) return whole ? ofType(at, "integer", value) : wrong(at, "number");
    const [before, after = ""] = plain(value).replace("-", "").split(".");
    const [digits, decimals] = [schema["x-max-digits"], schema["x-decimal-places"]];
    if (whole && after) ofType(at, "integer", value);
    else if (digits && before.length + after.length > digits) wrong(at, "decimal_max_digits", { max_digits: digits, expected_plural: "s" });
    else if (decimals && after.length > decimals) wrong(at, "decimal_max_places", { decimal_places: decimals, expected_plural: "s" });
    else if (value < schema.minimum) wrong(at, "greater_than_equal", { ge: schema.minimum });
    else if (value > schema.maximum) wrong(at, "less_than_equal", { le: schema.maximum });
  }

  function date(value, at, whole = false) {
    const said = fault(value, known.range, whole);
    const [first, last] = known.range;
    if (said) wrong(at, said, { value: said === "date" || said === "day" ? shown(value) : value, first, last });
  }

  function text(schema, value, at) {
    const kind = schema["x-reference"], form = known.forms[name(at)];
    if (schema.format === "date") return date(value, at, true);
    if (kind) return known.has(kind, value) || wrong(at, kind === "entries" ? "no_entry" : "no_page", { kind, value: shown(value) });
    if (schema.format === "uri") return isAddress(value, known) || wrong(at, "address", { value: shown(value) });
    if (form) return new RegExp(schema.pattern).test(value) || wrong(at, "not_of_form", { value: shown(value), form });
    if (!value.trim()) wrong(at, "empty");
    else if (value.includes("\n")) wrong(at, "several_lines");
  }

  walk(root, value, []);
  return found;
}

/** A number without an exponent. */
const plain = (value) => value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
