// Find possible duplicates: entries of about the same date that share a body, an instrument or an address.

import { element } from "../search/result.js";

const DAY = 86_400_000; // ms
const SHARED = { regulators: "body", instruments: "instrument", addresses: "address" };
const DAYS_AFTER = { 4: 365, 7: 30, 10: 0 }; // by the length of the date (year, month or day): days from its first to its last

/** The entries of the years that were loaded. `load(path)` fetches a file of the site. */
export class Entries {
  loaded = new Map();

  constructor(load, years) {
    Object.assign(this, { load, years });
  }

  /** Load these years, unless they have no entries or are loaded. Resolves to whether any year was loaded. */
  async want(years) {
    const missing = [...new Set(years)].filter((year) => this.years.includes(year) && !this.loaded.has(year));
    await Promise.all(missing.map(async (year) => {
      this.loaded.set(year, { entries: [], taken: [] }); // so that no year is requested twice
      this.loaded.set(year, await this.load(`contribute/years/${year}.json`).catch(() => this.loaded.get(year)));
    }));
    return missing.length > 0;
  }

  /** Return all loaded entries, newest first. */
  all() {
    return [...this.loaded.values()].flatMap(({ entries }) => entries).sort((a, b) => (a.date < b.date ? 1 : -1));
  }

  /** Return whether an entry has, or had, this id. */
  isTaken(id) {
    return [...this.loaded.values()].some(({ taken }) => taken.includes(id));
  }
}

/** Return the first and the last day of a date, as days since 1970. */
function span(date) {
  const first = Date.parse(date) / DAY;
  return [first, first + DAYS_AFTER[date.length]];
}

/** Return the years in which the window around a date begins and ends. */
export const yearsAround = (date, window) => [-window, DAYS_AFTER[date.length] + window]
  .map((days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 4));

/** Normalise an address for comparison: drop the scheme, www., a final slash and the fragment. */
function plainAddress(text) {
  if (!URL.canParse(text)) return [];
  const { hostname, pathname, search } = new URL(text);
  return [`${hostname.replace(/^www\./, "")}${pathname.replace(/\/+$/, "")}?${search.slice(1)}`];
}

/** Return possible duplicates, each with the keys that it shares. The first argument is the result of `read`. */
export function possibleDuplicates({ date, related, regulators, instruments, sources }, entries, window) {
  const [first, last] = span(date);
  const own = {
    regulators,
    instruments: instruments.flatMap(({ id }) => id),
    addresses: sources.flatMap(({ url }) => plainAddress(url.trim())),
  };
  const near = entries.filter((entry) => {
    const [start, end] = span(entry.date);
    return start - last <= window && first - end <= window && !related.includes(entry.id);
  });
  const shared = (entry) => Object.keys(own).filter((key) => own[key].some((one) => entry[key].includes(one)));
  return near.map((entry) => ({ entry, keys: shared(entry) })).filter(({ keys }) => keys.length);
}

/** Return a row of the list of possible duplicates. `root` is the address of the site. */
export function duplicateRow({ entry: { id, title, date }, keys }, root) {
  const row = element("li"), link = element("a", "", title);
  Object.assign(link, { href: new URL(`entries/${id}/`, root), target: "_blank", rel: "noopener" });
  row.append(link, " ", element("span", "note", `${date}, same ${keys.map((key) => SHARED[key]).join(" and ")}`));
  return row;
}
