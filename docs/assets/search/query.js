// What a reader typed -> what the index is asked. The index has every name in pieces; see
// scripts/timeline/search/search_words.py, with which PIECE, END, EVERY and `exactName` agree.

const PIECE = 8;
const END = "zq";
export const EVERY = `every${END}`; // finds all developments: without a word Pagefind loads its whole index
const LONGEST = 200; // characters that are looked for; a longer text is no name
const SMALL = new Set("a an and at by for from in into of on or the to under with".split(" "));
const WORD = /[\p{L}\p{M}\p{N}]+(?:[/.'’–-]+[\p{L}\p{M}\p{N}]+)*/gu;
const HAN = /\p{Script=Han}/u;

const spelled = (text) => text.slice(0, 4 * LONGEST).normalize("NFKC").slice(0, LONGEST).toLowerCase();

/** The word that stands for exactly this name, or "" where a text has no letter. */
export function exactName(text) {
  const collapsed = spelled(text).replace(/[^\p{L}\p{N}]/gu, "");
  return collapsed && collapsed + END;
}

function* pieces(run) {
  for (let start = 0; start < run.length; start += PIECE) {
    yield run.slice(Math.max(0, Math.min(start, run.length - PIECE)), start + PIECE);
  }
}

/** The words to look for: small English words dropped, long Chinese cut into pieces. */
export function words(text) {
  const found = [];
  for (const word of spelled(text).match(WORD) || []) {
    if (!HAN.test(word)) found.push(word);
    else for (const run of word.match(/[\p{L}\p{M}\p{N}]+/gu)) found.push(...pieces(run));
  }
  const telling = found.filter((word) => !SMALL.has(word));
  return [...new Set(telling.length ? telling : found)];
}

const stem = (word) => word.replace(/(?:ies|es|s|ed|ing|['’]s)$/u, "");

const MOST_ENDING = 3; // letters by which forms of a word differ

/** Whether a text has a word, or another form of it. */
export function bears(text, word) {
  const there = text.normalize("NFKC").toLowerCase();
  if (HAN.test(word)) return there.includes(word);
  const beginning = stem(word).replace(/[^\p{L}\p{N}]/gu, "").slice(0, Math.max(3, word.length - MOST_ENDING));
  return there.split(/[^\p{L}\p{N}/.'’-]+/u).some((other) => other.replace(/[^\p{L}\p{N}]/gu, "").includes(beginning));
}

/** A test for the parts of a shown text that a query's words touch. */
function pattern(asked) {
  const parts = asked.flatMap((word) => {
    const safe = (piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\\\/|-/g, "[/\\s-]?");
    if (HAN.test(word)) return [safe(word)];
    const short = stem(word);
    return [`(?<![\\p{L}\\p{N}])${safe(short.length > 2 ? short : word)}[\\p{L}\\p{N}]*`];
  });
  return parts.length ? new RegExp(parts.join("|"), "giu") : null;
}

const HAN_RUN = /[\p{Script=Han}][\p{Script=Han}\p{N}，。、；：？！“”《》（）—·]*/gu;

function appendText(parent, text) {
  let end = 0;
  for (const run of text.matchAll(HAN_RUN)) {
    parent.append(text.slice(end, run.index));
    const chinese = document.createElement("span");
    chinese.lang = "zh-Hans";
    chinese.textContent = run[0];
    parent.append(chinese);
    end = run.index + run[0].length;
  }
  parent.append(text.slice(end));
}

/** An element's text, with the asked words marked and Chinese told apart. Never markup. */
export function markInto(parent, text, asked) {
  const sought = pattern(asked);
  let end = 0;
  for (const hit of sought ? text.matchAll(sought) : []) {
    if (!hit[0]) continue;
    appendText(parent, text.slice(end, hit.index));
    const mark = document.createElement("mark");
    appendText(mark, hit[0]);
    parent.append(mark);
    end = hit.index + hit[0].length;
  }
  appendText(parent, text.slice(end));
}
