// The search dialog of every page; results follow as the reader types.

import constants from "../constants.js";
import { ONLY_ENTRIES, details, holding, named, search } from "./engine.js";
import { appendResult, dateOf, element, loadStyles } from "./result.js";

const TERMS_SHOWN = 4, ENTRIES_SHOWN = 3;
const DEBOUNCE = 120; // ms

const explore = new URL(`../../${constants.EXPLORE}`, import.meta.url);
let dialog, input, list, statusLine, latest = 0, selected = -1;

function build() {
  dialog = element("dialog", "search-dialog");
  dialog.setAttribute("aria-label", "Search");
  const head = element("div", "search-head");
  input = element("input");
  const properties = { type: "search", placeholder: document.querySelector("[data-search]").dataset.search, maxLength: 10000, autocomplete: "off", spellcheck: false };
  Object.assign(input, properties);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list", "aria-label": "Search developments, instruments, regulators and topics" })) input.setAttribute(name, value);
  const closeButton = element("button", "search-close", "Close");
  closeButton.type = "button";
  closeButton.addEventListener("click", close);
  head.append(input, closeButton);
  statusLine = element("p", "search-told note", "Type a name in any language, an abbreviation, a number, or words.");
  statusLine.setAttribute("role", "status");
  list = element("ul", "search-results");
  list.id = "search-results";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Results");
  dialog.append(head, statusLine, list);
  document.body.append(dialog);
  let pause;
  input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(answer, DEBOUNCE); });
  input.addEventListener("keydown", onKey);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
}

/** Close, and take the focus off the field: while it has the focus, "/" is a typed character. */
function close() {
  input.blur();
  dialog.close();
}

const options = () => [...list.querySelectorAll("a")];

function select(index) {
  const all = options();
  selected = all.length ? (index + all.length) % all.length : -1;
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === selected)));
  if (selected < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", all[selected].id);
  all[selected].scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.isComposing) return; // the input method uses Enter and the arrow keys
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) select(selected + steps[event.key]);
  else if (event.key === "Enter") open();
  else if (event.key === "Escape") close(); // otherwise the first Escape only empties a search field
  else return;
  event.preventDefault();
}

async function open() {
  if (input.value.trim() && input.value !== list.dataset.for) await answer();
  options()[Math.max(selected, 0)]?.click();
}

/** Append an option to the list. Its link is the option; a click beside the link counts as a click on it. */
function appendOption(content) {
  const item = element("li");
  item.setAttribute("role", "presentation");
  item.append(content);
  const link = item.querySelector("a");
  link.setAttribute("role", "option");
  link.tabIndex = -1;
  link.id = `search-option-${list.children.length}`;
  item.addEventListener("click", (event) => { if (!event.target.closest("a")) link.click(); });
  list.append(item);
}

function show(text, items, total, terms) {
  list.replaceChildren();
  list.dataset.for = text;
  for (const item of items) {
    const content = element("div", "search-option");
    const when = element("span", "row-date");
    when.append(item.day ? dateOf(item) : item.kind);
    const main = element("div");
    appendResult(main, item, terms);
    content.append(when, main);
    appendOption(content);
  }
  if (text.trim()) {
    const all = element("a", "search-all", total ? `All ${counted(total)}, with filters` : "Refine this search on the Explore page");
    all.href = `${explore}?${new URLSearchParams({ q: text.slice(0, 500) })}`;
    appendOption(all);
  }
  input.setAttribute("aria-expanded", String(list.children.length > 0));
  select(items.length ? 0 : list.children.length - 1);
}

const counted = (count) => `${count.toLocaleString("en")} ${count === 1 ? "development" : "developments"}`;

async function answer() {
  const text = input.value;
  const current = ++latest;
  if (!text.trim()) {
    statusLine.textContent = "Type a name in any language, an abbreviation, a number, or words.";
    return show("", [], 0, []);
  }
  try {
    const meant = await named(text, TERMS_SHOWN);
    const entries = await search(meant.text, { facets: ONLY_ENTRIES });
    const others = meant.items.length ? [] : await holding(meant.text, TERMS_SHOWN);
    const items = [...meant.items, ...await details(entries.results.slice(0, ENTRIES_SHOWN)), ...others];
    if (current !== latest) return;
    const count = entries.results.length;
    const corrected = entries.instead.length ? `; searched for “${entries.words.join(" ")}”` : "";
    statusLine.textContent = count ? `${counted(count)}${corrected}` : items.length ? "No developments." : "No results.";
    show(text, items, count, [...meant.words, ...entries.words]);
  } catch {
    if (current === latest) statusLine.textContent = "Search failed to load. Every page can be reached from the menus.";
  }
}

/** Open the dialog; the first call builds it. */
export async function openSearch() {
  if (!dialog) {
    build();
    await loadStyles();
  }
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
  select(list.children.length ? 0 : -1);
}
