// What must agree within an entry and with others: scripts/timeline/source/rules.py and agreement.py, as far
// as a form can break it. The text under the front matter: scripts/timeline/model/body.py.

import { span } from "./dates.js";
import { isAddress } from "./validate.js";
import { listed, quoted, say, shown } from "./wording.js";

/** Python's way to write a pattern -> a RegExp. */
const pattern = (text, flags = "gu") => new RegExp(text.replace("(?m)", "").replaceAll("(?P<", "(?<"), flags);

const stepsOf = ({ effective = [] }) => (Array.isArray(effective) ? effective : [{ date: effective }]);

/** The problems of sound values. `failed`: the keys that are not sound, of which no rule speaks. */
export function ruleProblems(values, id, known, failed) {
  const found = [];
  const told = (at, wording, filled, warning = false) => found.push({ at, message: say(known.wording, wording, filled), warning });
  const sound = (...keys) => keys.every((key) => !failed.has(key));
  const { date, added } = values;
  if (sound("date", "added") && span(date)[0] > span(added)[0]) told(["date"], "added", { date, added });
  if (sound("newsletters", "sources") && !values.newsletters && !values.sources) told([], "source");
  if (sound("related") && values.related?.includes(id)) told(["related", values.related.indexOf(id)], "itself");
  const idFault = id && faultOfId(id, known);
  if (idFault) told(["slug"], ...idFault);
  const owners = known.owners(id);
  if (owners.length) told(["slug"], "taken", { id: quoted(id), others: listed(owners) });
  if (sound("instruments")) for (const [place, step] of (values.instruments || []).entries()) ofStep(step, ["instruments", place]);
  return found;

  function ofStep(step, at) {
    const { stage, comments_close: close, id: instrument } = step;
    const steps = stepsOf(step), end = known.ends[instrument], called = quoted(known.called("instruments", instrument));
    if (steps.length && !known.effect.includes(stage)) {
      told([...at, "effective"], "effect", { found: stage ? `the stage ${quoted(stage)}` : "no stage", allowed: known.effect.join(", ") });
    }
    for (const [place, { date: day, instead_of: old }] of steps.entries()) {
      const where = [...at, "effective", place, "instead_of"];
      if (old && String(old) === String(day) && steps.filter((other) => String(other.instead_of) === String(old)).length === 1) told(where, "moved_to_itself", { day });
      if (old && sound("date") && span(old)[0] < span(date)[0]) told(where, "moved_too_late", { day: old, date });
    }
    if (close && stage !== known.comments) told([...at, "comments_close"], "comments");
    if (close && sound("date") && span(close)[0] < span(date)[0]) told([...at, "comments_close"], "comments_early", { day: close, date });
    const same = (other) => other.id === instrument && other.stage === stage && other.round === step.round;
    if (stage && values.instruments.findIndex(same) < at[1]) told(at, "stage_twice", { stage: quoted(stage), instrument: called });
    const rank = known.ranks[known.rankOf(instrument)];
    if (stage && rank && !rank.stages.includes(stage)) {
      told([...at, "stage"], "stage", { stage: quoted(stage), rank: rank.label.toLowerCase(), instrument: known.called("instruments", instrument), allowed: listed(rank.stages) });
    }
    if (failed.size) return;
    if (end && stage && String(date) > end[0]) told([...at, "stage"], "after_end", { stage: quoted(stage), instrument: called, entry: known.called("entries", end[1]) });
    const early = steps.find((one) => span(one.date)[0] < span(date)[0]);
    if (early && !values.date_note) told([...at, "effective"], "early_effect", { day: early.date, date }, true);
  }
}

function faultOfId(id, known) {
  if (id.length > known.most.id) return ["long_id", { count: id.length, most: known.most.id }];
  const sound = [known.patterns.entry_id, known.patterns.term_id].every((form) => pattern(`^${form}$`).test(id));
  return sound ? null : ["entry_id", { value: quoted(id) }];
}

const grouped = (number) => number.toLocaleString("en");

/** The problems of the text, as messages. */
export function textProblems(text, known) {
  const { wording, patterns, most } = known;
  if (!/[\p{L}\p{N}_]/u.test(text)) return [say(wording, "no_text")];
  for (const [count, limit, what] of [[[...text].length + 1, most.text, "characters"], [text.split("[").length - 1, most.brackets, "brackets"]]) {
    if (count > limit) return [say(wording, "long_text", { count: grouped(count), what, most: grouped(limit) })];
  }
  const found = [];
  for (const [match] of text.matchAll(pattern(patterns.html))) found.push(say(wording, "html", { found: quoted(match) }));
  if (pattern(patterns.nested, "gmu").test(text)) found.push(say(wording, "nested"));
  if (pattern(patterns.picture).test(text)) found.push(say(wording, "picture"));
  for (const { groups } of text.matchAll(pattern(patterns.link))) {
    const entry = pattern(`^(?:${patterns.entry})$`).exec(groups.target);
    const exists = entry && known.has("entries", entry.groups.id) && entry.groups.id.startsWith(entry.groups.year);
    if (!entry && !isAddress(groups.target, known)) found.push(say(wording, "dead_link", { target: shown(groups.target) }));
    else if (entry && !exists) found.push(say(wording, "link_to_nothing", { target: shown(groups.target) }));
  }
  return found;
}

/** The years of entries to which a text links. */
export const linkedYears = (text, known) => [...text.matchAll(pattern(known.patterns.entry))].map((match) => match.groups.year);

/** Characters in a text that show nothing or mislead. */
export function unseenProblems(text, known) {
  return [...text.matchAll(pattern(known.patterns.unseen))].map(([character]) => {
    const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    const name = code === "0000" ? "a NUL byte" : `U+${code} (${known.unseen[code] || "control character"})`;
    return say(known.wording, "unseen", { character: name });
  });
}
