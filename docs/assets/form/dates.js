// A date as people write it -> as the file has it, where it can only mean one.

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FORMS = [
  /^(?<year>\d{4})[-/.年]\s*(?<month>\d{1,2})(?:[-/.月]\s*(?<day>\d{1,2})日?|月)?$/,
  /^(?<day>\d{1,2})\.\s*(?<month>\d{1,2})\.\s*(?<year>\d{4})$/,
  /^(?:the )?(?:(?<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?(?<name>[a-z]{3})[a-z]*\.?,? (?<year>\d{4})$/,
  /^(?<name>[a-z]{3})[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})$/,
];
const two = (number) => String(number).padStart(2, "0");

/** The date; the text itself where it is none, or could be two. */
export function isoDate(text) {
  const plain = text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
  for (const form of FORMS) {
    const { year, name, day, month = MONTHS.indexOf(name) + 1 } = plain.match(form)?.groups || {};
    if (year && month >= 1 && month <= 12) return [year, two(month), ...(day ? [two(day)] : [])].join("-");
  }
  return text.trim();
}
