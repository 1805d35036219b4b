// The explore page: search and facets, with the whole state in the address.

import constants from "../constants.js";
import { ONLY_ENTRIES, TERMS_SHOWN, details, findNamed, loadFacets, search, searchTerms } from "./engine.js";
import { chip, facetFilter, facetsOf, selections, showFacets, withImplied } from "./facets.js";
import { monthChart } from "./month_chart.js";
import { queryWords } from "./query.js";
import { counted, element, loadStyles, row } from "./result.js";
import { between, empty, isEmpty, isWithin, read, toggled, without, write } from "./state.js";
import { MAX_ROWS, download, table } from "./table.js";

const PAGE = 20, DEBOUNCE = 150; // ms
const form = document.getElementById("explore");
const part = (name) => form.querySelector(`[data-${name}]`);
const facets = facetsOf(form);
const field = form.elements.q, sort = form.elements.sort, from = form.elements.from, to = form.elements.to;
from.placeholder = to.placeholder = "YYYY-MM"; // shown by browsers without a month picker
const root = new URL("../", document.baseURI);
let state = empty(), found = null, shown = 0, latest = 0, typing = false;

// The values of `month` in the index: months, and years for dates without a month.
const months = [...facets.year.values.keys()].flatMap((year) => [year, ...Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, "0")}`)]);

/** Return the filter for a state. */
function filterFor(selection) {
  const all = [ONLY_ENTRIES];
  for (const [name, values] of Object.entries(selection.facets)) if (name !== "year") all.push(facetFilter(facets[name], name, values));
  if (selection.from || selection.to || selection.facets.year) {
    const within = months.filter((month) => isWithin(month, selection));
    all.push({ month: { any: within.length ? within : ["none"] } });
  }
  return { all };
}

const ask = (selection, byDate = false) => search(selection.q, { facets: filterFor(selection), byDate });

/** Return the counts of each facet. A facet with a selection is counted without it, since readers can add values. */
async function countsOf(selection, answer) {
  const counts = {};
  const add = (name, { filters, results }) => { if (filters[name]) counts[name] = withImplied(facets[name] || {}, filters[name], results.length); };
  for (const name of [...Object.keys(facets), "month"]) add(name, answer);
  for (const name of [...Object.keys(selection.facets), ...(selection.from || selection.to ? ["month"] : [])]) {
    add(name === "year" ? "month" : name, await ask(without(selection, name)));
  }
  counts.year = {};
  for (const [month, count] of Object.entries(counts.month || {})) {
    counts.year[month.slice(0, 4)] = (counts.year[month.slice(0, 4)] || 0) + count;
  }
  return counts;
}

/** Return whether the counts of a facet are loaded; those of a closed facet are loaded when the reader opens it. */
const isCounted = (name) => name === "year" || !found || Boolean(found.filters[name]);

/** Show the content of the page itself, which is all developments; the index is loaded on the first selection. */
function showBuilt() {
  const total = Number(form.dataset.total);
  showChart(state, JSON.parse(form.dataset.months));
  shown = part("results").children.length;
  part("more").hidden = shown >= total;
  showDownloads(state, total);
  form.removeAttribute("aria-busy");
}

async function update() {
  const current = ++latest, selection = state;
  form.setAttribute("aria-busy", "true");
  try {
    const named = selection.q.trim() ? await findNamed(selection.q, TERMS_SHOWN) : { items: [], words: [], text: "" };
    const searched = { ...selection, q: named.text };
    await loadFacets(["month", ...Object.keys(facets).filter((name) => facets[name].set.open)]);
    const answer = await ask(searched, selection.sort === "date" || !selection.q.trim());
    const isFound = named.items.length || answer.results.length || !named.text;
    const terms = isFound ? named.items : await searchTerms(named.text, TERMS_SHOWN);
    const counts = await countsOf(searched, answer);
    const first = await details(answer.results.slice(0, PAGE));
    if (current !== latest) return;
    found = answer;
    showFacets(facets, selection, counts);
    showSelection(selection);
    showChart(selection, counts.month || {});
    showTerms(terms, named.words);
    part("results").replaceChildren(...first.map((item) => row(item, answer.words)));
    shown = first.length;
    part("absent").textContent = answer.results.length ? ignored(answer) : "";
    await showSummary(selection, current);
  } catch {
    if (current === latest) part("summary").textContent = "Search failed to load. Every page can be reached from the menus.";
  }
  if (current === latest) form.removeAttribute("aria-busy");
}

/** Return a note on words that occur nowhere and on their replacements. */
function ignored({ absent, instead, words }) {
  if (!absent.length) return "";
  const quoted = absent.map((word) => `“${word}”`).join(", ");
  return instead.length ? `No results for ${quoted}; these are for “${words.join(" ")}”.` : `No results for ${quoted}; ignored.`;
}

function showSelection(selection) {
  const chips = selections(facets, selection).map(([name, value, text]) => {
    const button = chip(`${text} ×`, () => go(value ? toggled(selection, name, value) : without(selection, name)));
    button.setAttribute("aria-label", `Remove ${text}`);
    return button;
  });
  if (!isEmpty(selection)) chips.push(chip("Clear all", () => { field.value = ""; go(empty()); field.focus(); }));
  part("chosen").replaceChildren(...chips);
}

function showChart(selection, counts) {
  const box = part("picture");
  const chart = monthChart(counts, (month) => isWithin(month, selection), (name, value) => location.pathname + write(toggled(selection, name, value)), (name, value) => go(toggled(selection, name, value)));
  box.querySelector("svg")?.remove();
  if (chart) box.append(chart);
  box.hidden = !chart;
}

function showTerms(items, words) {
  const list = element("ol", "rows terms");
  list.append(...items.map((item) => row(item, words)));
  part("terms").replaceChildren(...(items.length ? [list] : []));
}

async function showSummary(selection, current) {
  const count = found.results.length;
  part("summary").textContent = count ? counted(count) : "No developments found.";
  part("more").hidden = shown >= count;
  showDownloads(selection, count);
  if (count) return;
  const alternatives = [];
  for (const [name, , text] of selections(facets, selection)) alternatives.push([text, without(selection, name)]);
  const all = queryWords(selection.q);
  if (all.length > 1) for (const word of all) alternatives.push([`“${word}”`, { ...selection, q: all.filter((other) => other !== word).join(" ") }]);
  const suggestions = [];
  for (const [text, wider] of alternatives.slice(0, 8)) {
    const results = (await ask(wider)).results.length;
    if (results) suggestions.push(chip(`${text} (${results.toLocaleString("en")})`, () => { field.value = wider.q; go(wider); }));
  }
  if (current !== latest) return;
  const hint = element("li", "loosen");
  const advice = suggestions.length ? "Try removing: " : "Try fewer words, another spelling, or part of a name.";
  hint.append(element("span", "", advice), ...suggestions);
  part("results").replaceChildren(hint);
}

/** Show downloads and feeds of the current results. */
function showDownloads(selection, count) {
  const parts = [];
  if (count && count <= MAX_ROWS) {
    const button = chip(`Download these ${count.toLocaleString("en")} as CSV`, async () => {
      button.disabled = true;
      if (!found) await update();
      if (found) download(await table(found.results), "developments.csv", "text/csv;charset=utf-8");
      button.disabled = false;
    });
    parts.push(button);
  } else if (count) {
    const whole = element("a", "", `More than ${MAX_ROWS.toLocaleString("en")} results: download the full table`);
    whole.href = new URL(constants.ENTRIES_TABLE, root);
    parts.push(whole);
  }
  const at = feedOf(selection);
  if (at !== null) {
    parts.push(element("span", "", "Subscribe to this selection:"));
    for (const [text, file] of constants.FEEDS) {
      const link = element("a", "", text);
      link.href = new URL(at + file, root);
      parts.push(link);
    }
  }
  part("take").replaceChildren(...parts);
}

/** Return the folder of the feed for exactly this selection (everything, one regulator or one topic), or null. */
function feedOf(selection) {
  if (isEmpty(selection)) return "";
  const names = Object.keys(selection.facets);
  const single = names.length === 1 && selection.facets[names[0]].length === 1 && !selection.q.trim() && !selection.from && !selection.to;
  const folder = { regulator: "regulators", topic: "topics" }[names[0]];
  return single && folder ? `${folder}/${selection.facets[names[0]][0]}/` : null;
}

async function showMore() {
  if (!found) await update();
  if (!found) return;
  const from = shown;
  shown = Math.min(shown + PAGE, found.results.length);
  const current = found;
  const items = await details(found.results.slice(from, shown));
  if (current !== found) return;
  part("results").append(...items.map((item) => row(item, found.words)));
  part("more").hidden = shown >= found.results.length;
}

/** Show a new state and write it to the address. Continuous typing is one step in the browser's history. */
function go(next, byTyping = false) {
  state = next;
  const address = location.pathname + write(next);
  history[byTyping && typing ? "replaceState" : "pushState"](null, "", address);
  typing = byTyping;
  part("notice").hidden = true;
  showFields();
  update();
}

/** Show the dates and the order of the state, but do not change the text that the reader is typing. */
function showFields() {
  from.value = state.from;
  to.value = state.to;
  sort.value = state.sort;
}

/** Return the month in a field. Without a month picker readers may type a year; `ofYear` is its first or last month. */
function monthIn(input, ofYear) {
  const text = input.value.trim();
  return /^\d{4}$/.test(text) ? `${text}-${ofYear}` : /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text) ? text : "";
}

async function copyLink() {
  await navigator.clipboard.writeText(location.href);
  part("copied").textContent = "Link copied.";
  setTimeout(() => { part("copied").textContent = ""; }, 4000);
}

function readAddress() {
  const known = Object.fromEntries(Object.entries(facets).map(([name, facet]) => [name, facet.values]));
  const { state: selection, ignored } = read(location.search, known);
  state = selection;
  typing = false;
  field.value = selection.q;
  showFields();
  const notice = part("notice");
  notice.hidden = !ignored.length;
  notice.textContent = ignored.length ? `Ignored unknown filter: ${ignored.join(", ").slice(0, 300)}` : "";
  if (found || !isEmpty(state)) update();
  else showBuilt();
}

function listen() {
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => go({ ...state, q: field.value }, true), DEBOUNCE);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target === sort) go({ ...state, sort: sort.value });
    else if (event.target === from || event.target === to) go(between(state, monthIn(from, "01"), monthIn(to, "12")));
    else if (event.target.type === "checkbox") go(toggled(state, event.target.name, event.target.value));
  });
  for (const [name, { set }] of Object.entries(facets)) {
    set.addEventListener("toggle", () => { if (set.open && !isCounted(name)) update(); });
  }
  part("more").addEventListener("click", showMore);
  part("copy").hidden = !navigator.clipboard;
  part("copy").addEventListener("click", copyLink);
  window.addEventListener("popstate", readAddress);
}

async function start() {
  await loadStyles();
  const isNarrow = matchMedia("(max-width: 60em)").matches;
  form.querySelector(".facets").open = !isNarrow;
  listen();
  readAddress();
  form.hidden = false;
  if (!isNarrow) field.focus({ preventScroll: true });
}

start();
