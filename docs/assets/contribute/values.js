// What was typed -> the values of front matter: trimmed, typed, without what was left empty.

import { resolved } from "./validate.js";

const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");
const tidy = (text) => wellFormed(text).trim();

function number(text) {
  const value = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) && Number(value.toPrecision(15)) === value ? value : text;
}

function scalar(schema, raw) {
  if (typeof raw === "boolean") return raw || undefined;
  const text = tidy(raw);
  if (!text) return undefined;
  const kinds = [schema.type].flat();
  if (kinds.includes("number") || schema.type === "integer") return number(text);
  return kinds.includes("integer") && /^\d{4}$/.test(text) ? Number(text) : text;
}

/** Rows that hold something. Where each stood is kept in `rows`, by which problems find their way. */
function rows(schema, raw, root) {
  const all = raw.map((row) => (typeof row === "string" ? scalar(schema.items, row) : group(schema.items, row, root)));
  const places = [...all.keys()].filter((place) => all[place] !== undefined);
  const made = places.map((place) => all[place]);
  Object.defineProperty(made, "rows", { value: places });
  return made;
}

function group(given, raw, root) {
  const made = {};
  const { properties } = resolved(given, root);
  for (const [key, inner] of Object.entries(properties)) {
    const value = key in raw ? one(inner, raw[key], root) : undefined;
    if (value !== undefined) made[key] = value;
  }
  return Object.keys(made).length ? made : undefined;
}

function one(given, raw, root) {
  const schema = resolved(given, root);
  const list = schema.type === "array" ? schema : schema.anyOf?.at(-1);
  if (list) {
    const made = rows(list, typeof raw === "string" ? raw.split("\n") : raw, root);
    const [only] = made, [key] = resolved(list.items, root).required || [];
    if (schema.anyOf && made.length === 1 && Object.keys(only).join() === key) return only[key];
    return made.length ? made : undefined;
  }
  return schema.properties ? group(schema, raw, root) : scalar(schema, raw);
}

/** The values of an entry. A needed list that nothing was put into is there and empty where that is allowed. */
export function valuesOf(raw, schema, added) {
  const made = group(schema, raw, schema) || {};
  for (const key of schema.required) {
    const { type, minItems } = schema.properties[key];
    if (type === "array" && !minItems) made[key] ??= [];
  }
  return { ...made, added };
}
