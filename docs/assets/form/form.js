// The form at /contribute/: turns the values into a file, shows the file and passes it on to GitHub.

import { element, loadStyles } from "../search/result.js";
import { download } from "../search/table.js";
import { today } from "./dates.js";
import { Entries, duplicateRow, possibleDuplicates, yearsAround } from "./duplicates.js";
import { checkDates, controlOf, fieldOf, fill, problemsIn, read, showProblems, targetOf, titleOf, wire } from "./fields.js";
import { fileOf, slug } from "./file.js";
import { NewPages } from "./new_pages.js";
import { copy, issue, pasteRow, pullRequest } from "./send.js";

const PAUSE = 150; // ms; lets a click that left a field finish before a message moves the elements below
const STORED = "contribute";
const root = new URL("../../", import.meta.url);
const form = document.getElementById("contribute");
const part = (name) => form.querySelector(`[data-${name}]`);
const control = (key) => controlOf(fieldOf(form, key));
const visited = new WeakSet(); // fields that have lost the focus at least once
let data, entries, pages, file, hasTried = false;

const tools = {
  names: (kind) => (kind === "entries"
    ? Object.fromEntries(entries.all().map(({ id, title, date }) => [id, [title, "", date]])) : data.names[kind]),
  label: (kind, id) => tools.names(kind)[id]?.[0] || id,
  exists: (kind, id) => Object.hasOwn(tools.names(kind), id) || Boolean(pages.row(kind, id)),
  wanted: async (kind) => kind === "entries" && entries.want(data.years),
  about: (kind, id) => {
    const stages = kind === "instruments" && id in data.names[kind] && (data.stages[id] || ["none"]);
    return stages ? `Stages so far: ${stages.join("; ")}` : "";
  },
  canDescribe: (kind) => pages.sets.has(kind),
  describe: (kind, text) => pages.add(kind, text),
  changed: (said = "") => { say(said); update(); },
};

/** Show a status message, which screen readers announce. */
function say(text, name = "done") {
  if (part(name).textContent !== text) part(name).textContent = text;
}

async function load(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Show the file, the problems and possible duplicates. Returns the problems. */
function update() {
  pages.prune();
  checkDates(form);
  const typed = read(form), hasDate = control("date").validity.valid && !Number.isNaN(Date.parse(typed.date));
  try { localStorage.setItem(STORED, JSON.stringify({ ...typed, new: pages.read() })); } catch { /* not allowed */ }
  file = fileOf(form, data.slug, (kind, id) => pages.written(kind, id));
  const title = control("title").value.trim(), name = control("slug");
  name.required = Boolean(title) && !slug(title, data.slug);
  name.setCustomValidity(entries.isTaken(file.id) ? form.dataset.taken : "");
  const problems = problemsIn(form), words = typed.text.split(/\s+/).filter(Boolean).length;
  showProblems(form, problems.filter(({ field }) => hasTried || visited.has(field)));
  showList("fixes", hasTried ? problems.map(problemRow) : []);
  part("words").textContent = `${words} ${words === 1 ? "word" : "words"}`;
  part("path").textContent = file.id ? `${file.folder}/${file.id}.md` : "The file is named after its date and title.";
  part("file").textContent = file.text;
  const found = hasDate ? possibleDuplicates(typed, entries.all(), data.window) : [];
  showList("duplicates", found.map((one) => duplicateRow(one, root)));
  say(found.length ? `${found.length} possible ${found.length === 1 ? "duplicate" : "duplicates"}` : "", "announced");
  part("announced").hidden = found.length === 0;
  if (hasDate) entries.want(yearsAround(typed.date, data.window)).then((hasMore) => hasMore && update());
  if (part("submit")) showDestination(problems.length);
  return problems;
}

/** Show rows in a part of the page. An unchanged list is not replaced, since one of its links may be being clicked. */
function showList(name, rows) {
  const list = part(name).querySelector("ul"), html = rows.map((row) => row.outerHTML).join("");
  part(name).hidden = !rows.length;
  if (list.innerHTML !== html) list.replaceChildren(...rows);
}

function problemRow({ field, message }) {
  const row = element("li"), link = element("a", "", `${titleOf(field)}: ${message}`);
  link.href = `#${targetOf(field).id}`;
  link.addEventListener("click", (event) => { event.preventDefault(); goTo(field); });
  row.append(link);
  return row;
}

function goTo(field) {
  field.closest("details")?.setAttribute("open", "");
  targetOf(field).focus();
}

/** Set where the main button leads, and list what must be pasted there. */
function showDestination(problems) {
  const isIssue = Object.values(pages.described()).some(Boolean), button = part("submit");
  const { address, pasted } = isIssue ? issue(form, data, pages) : pullRequest(data.github, file);
  button.textContent = isIssue ? "Open an issue" : "Open a pull request";
  button.href = problems ? "#fixes" : address;
  const { pull, issue: both, long } = part("destination").dataset;
  part("destination").textContent = `${isIssue ? both : pull} ${pasted.length ? long : ""}`;
  showList("pasted", pasted.map((one) => pasteRow(one, say)));
}

function submit(event) {
  hasTried = true;
  const problems = update();
  if (!problems.length) return;
  event.preventDefault();
  goTo(problems[0].field);
  say(problems.length === 1 ? "1 field needs attention." : `${problems.length} fields need attention.`);
}

/** Restore the values that were stored before the page was reloaded. */
async function restore(stored) {
  await entries.want((stored.related || []).map((id) => id.slice(0, 4)));
  pages.fill(stored.new);
  fill(form, stored, tools);
  control("added").value = today();
  tools.changed();
}

function clear() {
  if (!confirm("Clear everything that was typed?")) return;
  hasTried = false;
  form.querySelectorAll("[data-key]").forEach((field) => visited.delete(field));
  restore({});
}

function listen() {
  form.addEventListener("input", () => tools.changed());
  form.addEventListener("focusout", ({ target, relatedTarget }) => {
    const field = target.closest("[data-key]");
    if (field && !field.contains(relatedTarget)) visited.add(field);
    setTimeout(update, PAUSE);
  });
  part("submit")?.addEventListener("click", submit);
  part("copy").addEventListener("click", async () => {
    say(await copy(file.text, file.id ? `Copied. The file belongs at ${file.folder}/${file.id}.md.` : "Copied."));
  });
  part("download").addEventListener("click", () =>
    download(file.text, `${file.id || "entry"}.md`, "text/markdown;charset=utf-8"));
  part("clear").addEventListener("click", clear);
}

async function start() {
  try {
    [data] = await Promise.all([load("contribute/form.json"), loadStyles(new URL("form.css", import.meta.url))]);
  } catch {
    document.querySelector("[data-failed]").hidden = false;
    return;
  }
  entries = new Entries(load, data.years);
  pages = new NewPages(form, tools);
  wire(form, tools);
  try {
    await restore(JSON.parse(localStorage.getItem(STORED)) || {});
  } catch { await restore({}); } // the form works without stored values
  listen();
  form.hidden = false;
}

start();
