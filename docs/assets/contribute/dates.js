// Dates as sources give them: 2022-04-29, 2022-04 or 2022.

const FORM = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/;
const DAY = 86_400_000; // ms

/** The parts of a date, 0 where unknown; null where a text is none. */
export function parts(value) {
  const match = FORM.exec(String(value));
  return match && { year: Number(match[1]), month: Number(match[2] || 0), day: Number(match[3] || 0), given: match.filter(Boolean).length - 1 };
}

const length = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** What is wrong with a date, as the name of a sentence; "" where nothing is. `whole`: it must be a day. */
export function fault(value, [first, last], whole = false) {
  const found = typeof value === "boolean" ? null : parts(value);
  if (!found) return whole ? "day" : "date";
  if (found.year < first || found.year > last) return "year";
  if (found.given > 1 && (found.month < 1 || found.month > 12)) return "no_such_month";
  if (found.given > 2 && (found.day < 1 || found.day > length(found.year, found.month))) return "no_such_day";
  return whole && found.given < 3 ? "lacks_day" : "";
}

/** The first and the last day that a sound date can mean, counted from 1970. */
export function span(value) {
  const { year, month, day } = parts(value);
  const at = (m, d) => Date.UTC(year, m - 1, d) / DAY;
  return [at(month || 1, day || 1), at(month || 12, day || length(year, month || 12))];
}

const NAMES = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long" });

/** `29 April 2022`, as far as it is known. */
export function long(value) {
  const found = parts(value);
  if (!found) return String(value);
  const month = found.month ? NAMES.format(Date.UTC(found.year, found.month - 1, 1)) : "";
  return [found.day || "", month, found.year].filter(Boolean).join(" ");
}

/** Today where the site is at home. */
export const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
