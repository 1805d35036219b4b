// The search in the header of every page: a dialog, answered as the reader types.

import { ONLY_ENTRIES, ONLY_TERMS, details, search } from "./engine.js";
import { dateOf, element, fill, styled } from "./result.js";

const TERMS_SHOWN = 4, ENTRIES_SHOWN = 3;
const PAUSE = 120; // ms without a key before the index is asked

const explore = new URL("../../explore/", import.meta.url);
let dialog, input, list, told, turn = 0, chosen = -1;

function build() {
  dialog = element("dialog", "search-dialog");
  dialog.setAttribute("aria-label", "Search");
  const head = element("div", "search-head");
  input = element("input");
  const traits = { type: "search", placeholder: document.querySelector("[data-search]").dataset.search, maxLength: 10000, autocomplete: "off", spellcheck: false };
  Object.assign(input, traits);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list", "aria-label": "Search developments, instruments, regulators and topics" })) input.setAttribute(name, value);
  const close = element("button", "search-close", "Close");
  close.type = "button";
  close.addEventListener("click", shut);
  head.append(input, close);
  told = element("p", "search-told note", "Type a name in any language, an abbreviation, a number, or words.");
  told.setAttribute("role", "status");
  list = element("ul", "search-results");
  list.id = "search-results";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Results");
  dialog.append(head, told, list);
  document.body.append(dialog);
  let pause;
  input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(answer, PAUSE); });
  input.addEventListener("keydown", steer);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) shut(); });
}

/** Close, and let go of the field: where focus stayed in it, "/" would be taken for typing. */
function shut() {
  input.blur();
  dialog.close();
}

const options = () => [...list.querySelectorAll("a")];

function choose(place) {
  const all = options();
  chosen = all.length ? (place + all.length) % all.length : -1;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}

function steer(event) {
  if (event.isComposing) return; // Enter and arrows belong to the input method
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) choose(chosen + steps[event.key]);
  else if (event.key === "Enter") open();
  else if (event.key === "Escape") shut(); // at once; a search field would only be emptied first
  else return;
  event.preventDefault();
}

async function open() {
  if (input.value.trim() && input.value !== list.dataset.for) await answer();
  options()[Math.max(chosen, 0)]?.click();
}

/** A line of the list; its link is what is chosen. A click beside the link counts for it. */
function option(content) {
  const made = element("li");
  made.setAttribute("role", "presentation");
  made.append(content);
  const link = made.querySelector("a");
  link.setAttribute("role", "option");
  link.tabIndex = -1;
  link.id = `search-option-${list.children.length}`;
  made.addEventListener("click", (event) => { if (!event.target.closest("a")) link.click(); });
  list.append(made);
}

function show(text, items, total, asked) {
  list.replaceChildren();
  list.dataset.for = text;
  for (const item of items) {
    const content = element("div", "search-option");
    const when = element("span", "row-date");
    when.append(item.day ? dateOf(item) : item.kind);
    const main = element("div");
    fill(main, item, asked);
    content.append(when, main);
    option(content);
  }
  if (text.trim()) {
    const all = element("a", "search-all", total ? `All ${total.toLocaleString("en")} ${total === 1 ? "result" : "results"}, with facets` : "Try on the explore page, which says what to loosen");
    all.href = `${explore}?${new URLSearchParams({ q: text.slice(0, 500) })}`;
    option(all);
  }
  input.setAttribute("aria-expanded", String(list.children.length > 0));
  choose(items.length ? 0 : list.children.length - 1);
}

async function answer() {
  const text = input.value;
  const mine = ++turn;
  if (!text.trim()) {
    told.textContent = "Type a name in any language, an abbreviation, a number, or words.";
    return show("", [], 0, []);
  }
  try {
    const terms = await search(text, { facets: ONLY_TERMS, exact: true });
    const entries = await search(text, { facets: ONLY_ENTRIES });
    const items = await details([...terms.results.slice(0, TERMS_SHOWN), ...entries.results.slice(0, ENTRIES_SHOWN)]);
    if (mine !== turn) return;
    const count = terms.results.length + entries.results.length;
    told.textContent = count ? `${count.toLocaleString("en")} ${count === 1 ? "result" : "results"}` : "Nothing found.";
    show(text, items, count, terms.asked);
  } catch {
    if (mine === turn) told.textContent = "The search could not be loaded. The menus lead to every page.";
  }
}

/** Open the dialog, which is made the first time. */
export async function openSearch() {
  if (!dialog) {
    build();
    await styled();
  }
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
  choose(list.children.length ? 0 : -1);
}
