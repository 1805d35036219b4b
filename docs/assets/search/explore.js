// The explore page: search and facets together, with the whole state in the address.

import { ONLY_ENTRIES, ONLY_TERMS, details, load, search } from "./engine.js";
import { chip, chosen, completed, facetsOf, narrowing, showFacets } from "./facets.js";
import { picture } from "./picture.js";
import { words } from "./query.js";
import { element, row, styled } from "./result.js";
import { empty, isEmpty, read, toggled, without, write } from "./state.js";
import { MOST, download, table } from "./table.js";

const PAGE = 6, TERMS_SHOWN = 3, PAUSE = 150;
const form = document.getElementById("explore");
const place = (name) => form.querySelector(`[data-${name}]`);
const facets = facetsOf(form);
const field = form.elements.q, sort = form.elements.sort;
const root = new URL("../", document.baseURI);
let state = empty(), months = new Set(), found = { asked: [], results: [] }, shown = 0, turn = 0, typing = false;

/** What the index is asked for a state. It knows months only; a year is all of its months. */
function narrowed(asked) {
  const all = [ONLY_ENTRIES];
  for (const [name, values] of Object.entries(asked.facets)) if (name !== "year") all.push(narrowing(facets[name], name, values));
  const years = asked.facets.year || [];
  if (asked.month) all.push({ month: { any: [asked.month] } });
  else if (years.length) all.push({ month: { any: [...months].filter((month) => years.includes(month.slice(0, 4))) } });
  return { all };
}

const ask = (asked, byDate = false) => search(asked.q, { facets: narrowed(asked), byDate });

/** The counts of each facet; where a facet is narrowed, those that it would have were it not. */
async function countsOf(asked, answer) {
  const counts = {};
  const keep = (name, { filters, results }) => { counts[name] = completed(facets[name] || {}, filters[name], results.length); };
  for (const name of Object.keys(facets)) keep(name, answer);
  keep("month", answer);
  for (const name of [...Object.keys(asked.facets), ...(asked.month ? ["month"] : [])]) {
    keep(name === "year" ? "month" : name, await ask(without(asked, name)));
  }
  counts.year = {};
  for (const [month, count] of Object.entries(counts.month || {})) {
    counts.year[month.slice(0, 4)] = (counts.year[month.slice(0, 4)] || 0) + count;
  }
  return counts;
}

async function update() {
  const mine = ++turn, asked = state;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(asked, asked.sort === "date" || !asked.q.trim());
    const counts = await countsOf(asked, answer);
    const terms = asked.q.trim() ? await search(asked.q, { facets: ONLY_TERMS, exact: true }) : { asked: [], results: [] };
    const named = await details(terms.results.slice(0, TERMS_SHOWN));
    const first = await details(answer.results.slice(0, PAGE));
    if (mine !== turn) return;
    found = answer;
    showFacets(facets, asked, counts);
    showChosen(asked);
    showPicture(asked, counts.month || {});
    showTerms(named, terms.asked);
    place("results").replaceChildren(...first.map((item) => row(item, answer.asked)));
    shown = first.length;
    const { absent } = answer;
    place("absent").textContent = absent.length && answer.results.length ? `No page has ${absent.map((word) => `“${word}”`).join(", ")}; left out of the search.` : "";
    await showSummary(asked, mine);
  } catch {
    if (mine === turn) place("summary").textContent = "The search could not be loaded. The menus lead to every page.";
  }
  if (mine === turn) form.removeAttribute("aria-busy");
}

function showChosen(asked) {
  const chips = chosen(facets, asked).map(([name, value, text]) => {
    const made = chip(`${text} ×`, () => go(toggled(asked, name, value)));
    made.setAttribute("aria-label", `Remove ${text}`);
    return made;
  });
  if (!isEmpty(asked)) chips.push(chip("Clear all", () => { field.value = ""; go(empty()); field.focus(); }));
  place("chosen").replaceChildren(...chips);
}

function showPicture(asked, counts) {
  const box = place("picture");
  const drawn = picture(counts, { month: asked.month, years: asked.facets.year || [] }, (name, value) => location.pathname + write(toggled(asked, name, value)), (name, value) => go(toggled(asked, name, value)));
  box.querySelector("svg")?.remove();
  if (drawn) box.append(drawn);
  box.hidden = !drawn;
}

function showTerms(items, asked) {
  const list = element("ol", "rows terms");
  list.append(...items.map((item) => row(item, asked)));
  place("terms").replaceChildren(...(items.length ? [list] : []));
}

async function showSummary(asked, mine) {
  const count = found.results.length;
  place("summary").textContent = count ? `${count.toLocaleString("en")} ${count === 1 ? "development" : "developments"}` : "No development found.";
  place("more").hidden = shown >= count;
  showTake(asked, count);
  if (count) return;
  const loosened = [];
  for (const [name, , text] of chosen(facets, asked)) loosened.push([`without ${text}`, without(asked, name)]);
  const all = words(asked.q);
  if (all.length > 1) for (const word of all) loosened.push([`without “${word}”`, { ...asked, q: all.filter((other) => other !== word).join(" ") }]);
  const offers = [];
  for (const [text, looser] of loosened.slice(0, 8)) {
    const results = (await ask(looser)).results.length;
    if (results) offers.push(chip(`${text}: ${results.toLocaleString("en")}`, () => { field.value = looser.q; go(looser); }));
  }
  if (mine !== turn) return;
  const hint = element("li", "loosen");
  const advice = offers.length ? "To loosen: " : "Try fewer words, another spelling, or part of a name.";
  hint.append(element("span", "", advice), ...offers);
  place("results").replaceChildren(hint);
}

/** Downloads and feeds of the present result. */
function showTake(asked, count) {
  const parts = [];
  if (count && count <= MOST) {
    const button = chip(`Download these ${count.toLocaleString("en")} as CSV`, async () => {
      button.disabled = true;
      download(await table(found.results), "developments.csv", "text/csv;charset=utf-8");
      button.disabled = false;
    });
    parts.push(button);
  } else if (count) {
    const whole = element("a", "", `More than ${MOST.toLocaleString("en")}: take the whole table`);
    whole.href = new URL("data/entries.csv", root);
    parts.push(whole);
  }
  const at = feedOf(asked);
  if (at !== null) {
    parts.push(element("span", "", "Subscribe to these:"));
    for (const [text, file] of [["Atom", "feed.atom"], ["JSON Feed", "feed.json"], ["Calendar", "calendar.ics"]]) {
      const link = element("a", "", text);
      link.href = new URL(at + file, root);
      parts.push(link);
    }
  }
  place("take").replaceChildren(...parts);
}

/** Where the feed of just this selection stands: everything, one regulator or one topic. Else null. */
function feedOf(asked) {
  if (isEmpty(asked)) return "";
  const names = Object.keys(asked.facets);
  const single = names.length === 1 && asked.facets[names[0]].length === 1 && !asked.q.trim() && !asked.month;
  const folder = { regulator: "regulators", topic: "topics" }[names[0]];
  return single && folder ? `${folder}/${asked.facets[names[0]][0]}/` : null;
}

async function showMore() {
  const from = shown;
  shown = Math.min(shown + PAGE, found.results.length);
  const present = found;
  const items = await details(found.results.slice(from, shown));
  if (present !== found) return;
  place("results").append(...items.map((item) => row(item, found.asked)));
  place("more").hidden = shown >= found.results.length;
}

/** Take a new state: into the address, and onto the page. Typing makes one step of the history. */
function go(next, byTyping = false) {
  state = next;
  const address = location.pathname + write(next);
  history[byTyping && typing ? "replaceState" : "pushState"](null, "", address);
  typing = byTyping;
  place("notice").hidden = true;
  update();
}

function fromAddress() {
  const known = Object.fromEntries(Object.entries(facets).map(([name, facet]) => [name, facet.values]));
  const { state: asked, dropped } = read(location.search, known, months);
  state = asked;
  typing = false;
  field.value = asked.q;
  sort.value = asked.sort;
  const notice = place("notice");
  notice.hidden = !dropped.length;
  notice.textContent = dropped.length ? `Left out, since the site does not know it: ${dropped.join(", ").slice(0, 300)}` : "";
  update();
}

function listen() {
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => go({ ...state, q: field.value }, true), PAUSE);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target === sort) go({ ...state, sort: sort.value });
    else if (event.target.type === "checkbox") go(toggled(state, event.target.name, event.target.value));
  });
  place("more").addEventListener("click", showMore);
  window.addEventListener("popstate", fromAddress);
}

async function start() {
  await styled();
  form.hidden = false;
  if (matchMedia("(max-width: 60em)").matches) form.querySelector(".facets").open = false;
  field.focus({ preventScroll: true });
  listen();
  try {
    months = new Set(Object.keys((await (await load()).filters()).month || {}));
  } catch {
    place("summary").textContent = "The search could not be loaded. The menus lead to every page.";
    return;
  }
  const early = field.value; // typed before the index was there
  fromAddress();
  if (early && !state.q) {
    field.value = early;
    go({ ...state, q: early }, true);
  }
}

start();
