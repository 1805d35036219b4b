// Convert dates as people write them to ISO format, if they are unambiguous.

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FORMS = [
  /^(?<year>\d{4})[-/.年]\s*(?<month>\d{1,2})(?:[-/.月]\s*(?<day>\d{1,2})日?|月)?$/,
  /^(?<day>\d{1,2})\.\s*(?<month>\d{1,2})\.\s*(?<year>\d{4})$/,
  /^(?:the )?(?:(?<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?(?<name>[a-z]{3})[a-z]*\.?,? (?<year>\d{4})$/,
  /^(?<name>[a-z]{3})[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})$/,
];
const two = (number) => String(number).padStart(2, "0");

/** Return today's date in the site's time zone, such as 2022-04-29. */
export function today() {
  const timeZone = document.querySelector("meta[name=time-zone]").content;
  return new Intl.DateTimeFormat("sv", { timeZone }).format();
}

/** Return why a date is not valid, or an empty text. A partial date records a past event, so it cannot be in the future. */
export function dateProblem(date, isPartial) {
  const day = /^\d{4}-\d\d-\d\d$/.test(date) && new Date(`${date}T00:00:00Z`);
  if (day && (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date)) return "There is no such day.";
  return isPartial && date > today() ? `This is after today, ${today()}.` : "";
}

/** Return the date in ISO format, or the text itself if it is not a date or is ambiguous. */
export function isoDate(text) {
  const plain = text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
  for (const form of FORMS) {
    const { year, name, day, month = MONTHS.indexOf(name) + 1 } = plain.match(form)?.groups || {};
    if (year && month >= 1 && month <= 12) return [year, two(month), ...(day ? [two(day)] : [])].join("-");
  }
  return text.trim();
}
