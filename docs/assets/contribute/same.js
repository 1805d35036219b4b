// Entries that may tell of the same: a small sister of scripts/timeline/contributing/duplicates.py, which compares
// texts too. Evidence is added up; the weights were tried on the pairs in tests/duplicates/.

import { span } from "./dates.js";

const WINDOW = 16; // days; reports come later than what they tell of
const LEAST = 0.36, MOST = 5, STEM = 6;

function* stems(text) {
  for (const word of text.toLowerCase().match(/[a-z0-9]+(?:[.,][0-9]+)*|[\u3400-\u9fff]+/g) || []) {
    if (word[0] < "\u3400") yield /^\d/.test(word) ? word.replace(/[.,]/g, "") : word.slice(0, STEM);
    else for (let place = 0; place < Math.max(1, word.length - 1); place++) yield word.slice(place, place + 2);
  }
}

/** An address without what may differ between two who mean the same page. */
function plainAddress(text) {
  try {
    const { hostname, pathname, search } = new URL(text);
    return `${hostname.replace(/^www\./, "")}${pathname.replace(/\/$/, "")}?${search.slice(1)}`;
  } catch {
    return "";
  }
}

/** What is compared of the values of a form. */
export function outline(values) {
  const steps = values.instruments || [];
  return {
    title: values.title || "",
    date: values.date,
    regulators: values.regulators || [],
    topics: values.topics || [],
    instruments: Object.fromEntries(steps.filter(({ id }) => id).map(({ id, stage }) => [id, stage || null])),
    addresses: (values.sources || []).map(({ url }) => url && plainAddress(url)).filter(Boolean),
  };
}

const common = (one, other) => one.filter((item) => other.includes(item));
const moved = ({ instruments }) => Object.keys(instruments).filter((id) => instruments[id]);

function* evidence(one, other, alike, called) {
  if (one.date !== undefined) {
    const [early, late] = [span(one.date), span(other.date)].sort((a, b) => a[0] - b[0]);
    const gap = Math.max(0, late[0] - early[1]);
    if (gap > WINDOW) yield [-1];
    else if (gap > 2) yield [gap > 7 ? 0 : 0.05, gap > 7 ? "" : `${gap} days apart`];
    else yield gap ? [0.15, `${gap} day${gap > 1 ? "s" : ""} apart`] : [0.2, String(one.date).length > 7 ? "the same day" : "the same month"];
  }
  const acting = Math.min(one.regulators.length, other.regulators.length);
  if (acting) yield common(one.regulators, other.regulators).length ? [0.2 * common(one.regulators, other.regulators).length / acting, "the same body"] : [-0.2];
  if (one.topics.length) yield [common(one.topics, other.topics).length ? 0.1 : -0.05];
  const both = common(moved(one), moved(other));
  const touched = common(Object.keys(one.instruments), Object.keys(other.instruments));
  if (both.length) yield both.some((id) => one.instruments[id] === other.instruments[id]) ? [0.35, `the same stage of ${called(both[0])}`] : [-0.2];
  else if (moved(one).length && moved(other).length) yield [-0.5];
  else if (touched.length) yield [0.15, `the same instrument, ${called(touched[0])}`];
  if (common(one.addresses, other.addresses).length) yield [0.5, "the same address"];
  yield [0.7 * alike, alike > 0.2 ? "the words of the title" : ""];
}

/** The likeliest of some entries: [{ entry, reasons }]. `said(entry)`: other words that tell what it is about; `called(id)` names an instrument. */
export function near(candidate, entries, said, bodies, called = (id) => id) {
  const named = new Set(bodies.flatMap((name) => [...stems(name)]));
  const own = new Set([...stems(candidate.title)].filter((stem) => !named.has(stem)));
  if (!own.size && !candidate.addresses.length) return [];
  const words = new Map(entries.map((entry) => [entry, new Set(stems(`${entry.title} ${said(entry)}`))]));
  const weight = (stem) => Math.log((1 + entries.length) / (1 + [...words.values()].filter((set) => set.has(stem)).length)) + 0.1;
  const weights = new Map([...own].map((stem) => [stem, weight(stem)]));
  const whole = [...weights.values()].reduce((sum, one) => sum + one, 0) || 1;
  const scored = entries.map((entry) => {
    const held = [...weights].filter(([stem]) => words.get(entry).has(stem)).reduce((sum, [, one]) => sum + one, 0);
    const found = [...evidence(candidate, entry, held / whole, called)];
    return { entry, score: found.reduce((sum, [one]) => sum + one, 0), reasons: found.filter(([one, why]) => one > 0 && why).map(([, why]) => why) };
  });
  return scored.filter(({ score }) => score >= LEAST).sort((a, b) => b.score - a.score).slice(0, MOST);
}

/** The years in which entries near a date stand. */
export function yearsNear(date) {
  const year = (day) => new Date(day * 86_400_000).getUTCFullYear();
  const [first, last] = span(date);
  return [...new Set([year(first - WINDOW), year(last + WINDOW), Number(String(date).slice(0, 4))])];
}
