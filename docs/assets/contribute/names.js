// Pages by any of their names: spaces, marks, case and width do not count.

/** A name without what varies in its spelling; as scripts/timeline/search/search_words.py has it. */
export const collapsed = (name) => name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

const BEST = ["exactly", "from the beginning", "from a word's beginning", "within"];

function placed(name, asked, text) {
  const whole = collapsed(name);
  if (whole === asked) return 0;
  if (whole.startsWith(asked)) return 1;
  if (` ${name.toLowerCase()}`.includes(` ${text.trim().toLowerCase()}`)) return 2;
  return whole.includes(asked) ? 3 : BEST.length;
}

/**
 * The pages that a text may mean, best first: [{ id, name, chinese, by, exact }]. `by` is the spelling
 * that was meant where it is neither of the two. `names`: id -> [name, Chinese name, others …].
 */
export function meant(names, text, most = 8) {
  const asked = collapsed(text);
  if (!asked) return [];
  const found = [];
  for (const [id, [name, chinese, ...others]] of Object.entries(names)) {
    let best = BEST.length, by = "";
    for (const spelling of [name, chinese, ...others, id]) {
      const place = spelling ? placed(spelling, asked, text) : BEST.length;
      if (place < best) [best, by] = [place, spelling];
    }
    if (best < BEST.length) found.push({ id, name, chinese, by: [name, chinese].includes(by) ? "" : by, exact: best === 0, best });
  }
  return found.sort((one, other) => one.best - other.best || one.name.length - other.name.length || (one.id < other.id ? -1 : 1)).slice(0, most);
}
