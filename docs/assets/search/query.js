// What a reader typed -> the query that the index is asked. scripts/timeline/site/search.py writes the index.

import constants from "../constants.js";

export const { PIECE, END, EVERY } = constants;
export const CHINESE = new RegExp(`[${constants.CHINESE}]`, "u");
const MAX_LENGTH = 200; // characters; nothing that is searched for is longer
const STOPWORDS = new Set("a an and at by for from in into of on or the to under with".split(" "));
const WORD = /[\p{L}\p{M}\p{N}]+(?:[/.'’–-]+[\p{L}\p{M}\p{N}]+)*/gu;

const normalized = (text) => text.slice(0, 4 * MAX_LENGTH).normalize("NFKC").slice(0, MAX_LENGTH).toLowerCase();

/** The index's word for exactly this name, or "" for a text without letters. */
export function exactName(text) {
  const collapsed = normalized(text).replace(/[^\p{L}\p{N}]/gu, "");
  return collapsed && collapsed + END;
}

function* pieces(run) {
  for (let start = 0; start < run.length; start += PIECE) {
    yield run.slice(Math.max(0, Math.min(start, run.length - PIECE)), start + PIECE);
  }
}

/** The words to search for: English stopwords dropped, long Chinese runs cut into pieces. */
export function queryWords(text) {
  const found = [];
  for (const word of normalized(text).match(WORD) || []) {
    if (!CHINESE.test(word)) found.push(word);
    else for (const run of word.match(/[\p{L}\p{M}\p{N}]+/gu)) found.push(...pieces(run));
  }
  const significant = found.filter((word) => !STOPWORDS.has(word));
  return [...new Set(significant.length ? significant : found)];
}

const stem = (word) => word.replace(/(?:ies|es|s|ed|ing|['’]s)$/u, "");

const MAX_ENDING = 3; // letters in which forms of a word differ

/** Whether a text contains a word or another form of it. */
export function containsWord(text, word) {
  const normal = text.normalize("NFKC").toLowerCase();
  if (CHINESE.test(word)) return normal.includes(word);
  const beginning = stem(word).replace(/[^\p{L}\p{N}]/gu, "").slice(0, Math.max(3, word.length - MAX_ENDING));
  return normal.split(/[^\p{L}\p{N}/.'’-]+/u).some((other) => other.replace(/[^\p{L}\p{N}]/gu, "").includes(beginning));
}

/** A pattern for the parts of a text that match a query's words, or null. */
function highlightPattern(terms) {
  const parts = terms.flatMap((word) => {
    const safe = (piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\\\/|-/g, "[/\\s-]?");
    if (CHINESE.test(word)) return [safe(word)];
    const short = stem(word);
    return [`(?<![\\p{L}\\p{N}])${safe(short.length > 2 ? short : word)}[\\p{L}\\p{N}]*`];
  });
  return parts.length ? new RegExp(parts.join("|"), "giu") : null;
}

const CHINESE_RUN = new RegExp(constants.CHINESE_RUN, "gu");

function appendText(parent, text) {
  let end = 0;
  for (const run of text.matchAll(CHINESE_RUN)) {
    parent.append(text.slice(end, run.index));
    const chinese = document.createElement("span");
    chinese.lang = "zh-Hans";
    chinese.textContent = run[0];
    parent.append(chinese);
    end = run.index + run[0].length;
  }
  parent.append(text.slice(end));
}

/** Append a text, as text and never as markup, with the query's words in <mark> and Chinese in <span lang>. */
export function appendHighlighted(parent, text, terms) {
  const pattern = highlightPattern(terms);
  let end = 0;
  for (const hit of pattern ? text.matchAll(pattern) : []) {
    if (!hit[0]) continue;
    appendText(parent, text.slice(end, hit.index));
    const mark = document.createElement("mark");
    appendText(mark, hit[0]);
    parent.append(mark);
    end = hit.index + hit[0].length;
  }
  appendText(parent, text.slice(end));
}
