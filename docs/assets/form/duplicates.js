// Entries of about the same date that share a body, an instrument or an address with what is typed.

import { element } from "../search/result.js";

const DAY = 86_400_000; // ms
const SHARED = { regulators: "body", instruments: "instrument", addresses: "address" };
const DAYS_AFTER = { 4: 365, 7: 30, 10: 0 }; // that a year, a month or a day may mean, by the length of the date

/** The entries of the years that were loaded. `load(path)` gives a file of the site. */
export class Entries {
  loaded = new Map();

  constructor(load, years) {
    Object.assign(this, { load, years });
  }

  /** Load these years, as far as they have entries and are not here. Resolves to whether there were any. */
  async want(years) {
    const missing = [...new Set(years)].filter((year) => this.years.includes(year) && !this.loaded.has(year));
    await Promise.all(missing.map(async (year) => {
      this.loaded.set(year, { entries: [], taken: [] }); // nothing is asked for twice
      this.loaded.set(year, await this.load(`contribute/years/${year}.json`).catch(() => this.loaded.get(year)));
    }));
    return missing.length > 0;
  }

  /** All that are here, the newest first. */
  all() {
    return [...this.loaded.values()].flatMap(({ entries }) => entries).sort((a, b) => (a.date < b.date ? 1 : -1));
  }

  /** Whether an entry has, or had, this id. */
  isTaken(id) {
    return [...this.loaded.values()].some(({ taken }) => taken.includes(id));
  }
}

/** The first and the last day that a date can mean, counted from 1970. */
function span(date) {
  const first = Date.parse(date) / DAY;
  return [first, first + DAYS_AFTER[date.length]];
}

/** The years of the days around a date. */
export const yearsAround = (date, window) => [-window, DAYS_AFTER[date.length] + window]
  .map((days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 4));

/** An address without what may differ where the page is the same. */
function plainAddress(text) {
  if (!URL.canParse(text)) return [];
  const { hostname, pathname, search } = new URL(text);
  return [`${hostname.replace(/^www\./, "")}${pathname.replace(/\/+$/, "")}?${search.slice(1)}`];
}

/** Entries that may report the same, each with what it shares. `typed` is what `read` gives of the form. */
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

/** A row of the list. `root` is the address of the site. */
export function duplicateRow({ entry: { id, title, date }, keys }, root) {
  const row = element("li"), link = element("a", "", title);
  Object.assign(link, { href: new URL(`entries/${id}/`, root), target: "_blank", rel: "noopener" });
  row.append(link, " ", element("span", "note", `${date}, same ${keys.map((key) => SHARED[key]).join(" and ")}`));
  return row;
}
