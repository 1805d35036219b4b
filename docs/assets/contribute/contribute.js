// The form at /contribute/: what is typed becomes a file, checked in the words of the check.

import { download } from "../search/table.js";
import { element, styled } from "../search/result.js";
import { knowledge, problems, shortName } from "./check.js";
import { fault, today } from "./dates.js";
import { fieldAt, fill, read, showProblems, target, title, wire } from "./fields.js";
import { fileText } from "./front_matter.js";
import { forget, keep, kept } from "./kept.js";
import { look } from "./look.js";
import { meant } from "./names.js";
import { Described } from "./described.js";
import { linkedYears } from "./rules.js";
import { yearsNear } from "./same.js";
import { sameRows } from "./same_rows.js";
import { valuesOf } from "./values.js";
import { way } from "./way.js";
import { say } from "./wording.js";

const PAUSE = 150; // ms without a key before the form looks at itself
const root = new URL("../../", import.meta.url);
const form = document.getElementById("contribute"), told = document.getElementById("contribute-told");
const place = (name) => form.querySelector(`[data-${name}]`);
const added = today(document.querySelector("meta[name=time-zone]").content);
const years = new Map(), touched = new WeakSet();
let data, schema, known, described, pause, waiting = false, tried = false, state = null;

async function load(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

const label = (kind, id) => (kind === "entries" ? known.entries().find((entry) => entry.id === id)?.title : data.names[kind][id]?.[0]) || id;
const word = (_, value) => Object.values(schema.$defs).flatMap(({ oneOf = [] }) => oneOf).find((one) => one.const === value)?.title || value;
const namesOf = (kind) => (kind === "entries" ? Object.fromEntries(known.entries().map(({ id, title: name, date }) => [id, [name, "", date]])) : data.names[kind]);

const tools = {
  find: (kind, text) => meant(namesOf(kind), text),
  label,
  describes: (kind) => Boolean(data.github) && form.querySelector(`[data-new="${kind}"]`) !== null,
  describe: (kind, text) => described.add(kind, text),
  changed: () => later(0),
};

function later(wait = PAUSE) {
  clearTimeout(pause);
  waiting = true;
  pause = setTimeout(() => review(), wait);
}

const missing = (wanted) => [...new Set(wanted.map(String))].filter((year) => data.years.includes(year) && !years.has(year));

/** Have the entries of these years, as far as there are any. Returns whether more came. */
async function have(wanted) {
  const asked = missing(wanted);
  const loaded = await Promise.all(asked.map((year) => load(`contribute/years/${year}.json`).catch(() => null)));
  loaded.forEach((found, at) => { if (found) years.set(asked[at], found); });
  return loaded.some(Boolean);
}

/** Look at the form as it stands now; `whole`: with all the years that it touches. Returns what was found. */
async function review(whole = false) {
  const raw = read(form);
  described.prune(JSON.stringify(raw));
  keep({ ...raw, new: described.raw() });
  const values = valuesOf(raw, schema, added), body = raw.body.replace(/\p{Surrogate}/gu, "\ufffd");
  const dated = values.date !== undefined && !fault(values.date, data.range);
  const name = shortName(raw.slug || values.title || "", data);
  const id = dated && name ? `${values.date}-${name}` : "";
  const wanted = [...(dated ? yearsNear(values.date) : []), ...linkedYears(body, data), ...(values.related || []).map((other) => other.slice(0, 4))];
  const mine = { raw, values, body, id, path: `entries/${id.slice(0, 4)}/${id}.md`, text: fileText(values, body, schema) };
  state = mine;
  if (whole) await have(wanted);
  waiting = missing(wanted).length > 0;
  mine.problems = await found(mine);
  if (state === mine) show();
  if (await have(wanted)) later(0);
  return mine;
}

/** All problems, each with its field: [{ field, message, warning }]. */
async function found({ values, body, id, raw }) {
  const own = problems(values, body, id, schema, known).map((one) => ({ ...one, field: fieldAt(form, one.at, values) }));
  if (!id && values.title && !shortName(raw.slug || values.title, data)) own.push({ field: fieldAt(form, ["slug"]), message: say(data.wording, "no_name") });
  return [...own, ...(await described.problems(load, known))];
}

function faultLink({ field, message }) {
  const item = element("li"), link = element("a", "", `${title(field)}: ${message}`);
  link.href = `#${target(field).id}`;
  link.addEventListener("click", (event) => { event.preventDefault(); mend(field); });
  item.append(link);
  return item;
}

function show() {
  const errors = state.problems.filter(({ warning }) => !warning);
  const beside = new Map();
  for (const { field, message } of state.problems) if (tried || touched.has(field)) beside.set(field, [...(beside.get(field) || []), message]);
  showProblems(form, beside);
  place("faults").querySelector("[data-list]").replaceChildren(...errors.map(faultLink));
  place("faults").hidden = !tried || !errors.length;
  const count = state.body.split(/\s+/).filter(Boolean).length;
  place("words").textContent = `${count} ${count === 1 ? "word" : "words"}`;
  place("look").replaceChildren(...look(state.values, state.body, data, { label, word }));
  place("path").textContent = state.id ? state.path : "The name of the file comes from date and title.";
  place("file").textContent = state.text;
  showSame();
  showWay(errors.length);
}

function showSame() {
  const rows = sameRows(state.values, known, root);
  const list = place("same").querySelector("[data-list]");
  if (list.textContent !== rows.map((row) => row.textContent).join("")) list.replaceChildren(...rows);
  place("same").hidden = !rows.length;
}

/** The main button: where it leads, or that it cannot lead anywhere yet. */
function showWay(errors) {
  const send = place("send"), pages = described.pages(), sound = !errors && data.github;
  const { address, said } = sound ? way(state, pages, data, word) : { address: "#faults", said: errors ? `${errors} ${errors === 1 ? "thing is" : "things are"} still to be filled in or mended.` : "" };
  send.hidden = !data.github;
  send.textContent = Object.values(pages).some((some) => some.length) ? "Open an issue" : "Open a pull request";
  send.toggleAttribute("data-blocked", errors > 0);
  send.href = address;
  if (place("way").textContent !== said) place("way").textContent = said;
}

function mend(field) {
  field.closest("details")?.setAttribute("open", "");
  target(field).focus();
}

/** Whether the file may leave; else what is wrong is shown, and the first of it has the focus. */
async function ready() {
  clearTimeout(pause);
  tried = true;
  const { problems: all } = await review(true);
  const first = all.find(({ warning }) => !warning);
  if (first) mend(first.field);
  return !first;
}

function buttons() {
  place("send").addEventListener("click", async (event) => {
    const send = event.currentTarget;
    if (!waiting && !("blocked" in send.dataset)) return;
    event.preventDefault(); // what was typed last has not been looked at, or something is wrong
    if (await ready()) window.open(send.href, "_blank", "noopener");
  });
  place("copy").addEventListener("click", async () => {
    if (!await ready()) return;
    const copied = await navigator.clipboard.writeText(state.text).then(() => true, () => false);
    place("done").textContent = copied ? `Copied. The file belongs at ${state.path}.` : "The browser does not allow it: select the text below, or download the file.";
  });
  place("download").addEventListener("click", async () => { if (await ready()) download(state.text, `${state.id}.md`, "text/markdown;charset=utf-8"); });
  place("clear").addEventListener("click", () => {
    if (!confirm("Clear everything that was typed?")) return;
    forget();
    tried = false;
    described.clear();
    fill(form, {}, tools);
    form.querySelectorAll("[data-key]").forEach((field) => touched.delete(field));
    later(0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { place("done").textContent = ""; later(); });
  form.addEventListener("change", () => later());
  form.addEventListener("focusout", ({ target: left, relatedTarget }) => {
    const field = left.closest("[data-key]");
    if (!field || field.contains(relatedTarget)) return;
    touched.add(field);
    later();
  });
}

async function start() {
  try {
    [data, schema] = await Promise.all([load("contribute/known.json"), load("schema/entry.schema.json"), styled(new URL("contribute.css", import.meta.url))]);
  } catch {
    told.textContent = "The form could not be loaded. Reload the page, or take one of the other two ways.";
    told.hidden = false;
    return;
  }
  described = new Described(form, tools, data);
  known = knowledge(data, years, (kind) => described.pages()[kind] || []);
  wire(form, tools);
  form.hidden = false;
  const before = kept();
  if (before) {
    await have((before.related || []).map((id) => String(id).slice(0, 4)));
    described.fill(before.new);
    fill(form, before, tools);
    for (const field of form.querySelectorAll(".rare [data-key]")) if (field.querySelector("input:checked") || [...field.querySelectorAll("input:not([type=checkbox]), textarea, select")].some(({ value }) => value)) field.closest("details").open = true;
  }
  buttons();
  await review();
}

start();
