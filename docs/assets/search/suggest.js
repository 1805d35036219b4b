// Suggestions below a search field: names that match, the first developments, and a link to all results.

import constants from "../constants.js";
import { ONLY_ENTRIES, TERMS_SHOWN, details, findNamed, search, searchSome, searchTerms } from "./engine.js";
import { appendResult, counted, dateOf, element, loadStyles } from "./result.js";

const ENTRIES_SHOWN = 3;
const DEBOUNCE = 120; // ms
export const HINT = "Type a name in any language, an abbreviation, a number, or words.";

const explore = new URL(`../../${constants.EXPLORE}`, import.meta.url);

/**
 * Show suggestions in `list` while the reader types into `input`, and a message in `statusLine`. Escape
 * calls `close`. With `selectsFirst` the first suggestion is selected; otherwise only the arrow keys
 * select one. Enter opens the selected suggestion. Returns a function that selects a suggestion by index.
 */
export function suggest(input, list, statusLine, close, selectsFirst) {
  let latest = 0, selected = -1, pause;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Results");
  statusLine.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  const options = () => [...list.querySelectorAll("a")];

  function select(index) { // null for none
    const all = options();
    selected = all.length && index !== null ? (index + all.length) % all.length : -1;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === selected)));
    if (selected < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[selected].id);
    all[selected].scrollIntoView({ block: "nearest" });
  }

  /** Append an option. Its link has the role; a click outside the link counts as a click on it. */
  function append(content) {
    const item = element("li");
    item.setAttribute("role", "presentation");
    item.append(content);
    const link = item.querySelector("a");
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    link.id = `${list.id}-${list.children.length}`;
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
      append(content);
    }
    if (text.trim()) {
      const all = element("a", "search-all", total ? `All ${counted(total)}, with filters` : "Refine this search on the Explore page");
      all.href = `${explore}?${new URLSearchParams({ q: text.slice(0, 500) })}`;
      append(all);
    }
    input.setAttribute("aria-expanded", String(list.children.length > 0));
    if (selectsFirst) select(items.length ? 0 : list.children.length - 1);
    else select(selected < 0 ? null : Math.min(selected, list.children.length - 1)); // may have changed during the search
  }

  async function answer() {
    const text = input.value;
    const current = ++latest;
    if (!text.trim()) {
      statusLine.textContent = HINT;
      return show("", [], 0, []);
    }
    try {
      const named = await findNamed(text, TERMS_SHOWN);
      const entries = await search(named.text, { facets: ONLY_ENTRIES });
      const others = named.items.length ? [] : await searchTerms(named.text, TERMS_SHOWN);
      const count = entries.results.length;
      const some = count || entries.words.length < 2 ? [] : await searchSome(entries.words);
      const items = [...named.items, ...await details([...entries.results, ...some].slice(0, ENTRIES_SHOWN)), ...others];
      if (current !== latest) return;
      const corrected = entries.instead.length ? `; searched for “${entries.words.join(" ")}”` : "";
      const none = some.length ? "No development has all of these words; some have a few." : items.length ? "No developments." : "No results.";
      statusLine.textContent = count ? `${counted(count)}${corrected}` : none;
      show(text, items, count, [...named.words, ...entries.words]);
    } catch {
      if (current === latest) statusLine.textContent = "Search failed to load. Every page can be reached from the menus.";
    }
  }

  async function open() {
    if (input.value.trim() && input.value !== list.dataset.for) await answer();
    options()[Math.max(selected, 0)]?.click();
  }

  input.addEventListener("input", () => {
    if (!selectsFirst) select(null);
    clearTimeout(pause);
    pause = setTimeout(answer, DEBOUNCE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the input method uses Enter and the arrow keys
    if (event.key === "ArrowDown") select(selected + 1);
    else if (event.key === "ArrowUp") select(selected < 0 ? -1 : selected - 1);
    else if (event.key === "Enter" && (selectsFirst || selected >= 0)) open();
    else if (event.key === "Escape") close(); // by default the first Escape only clears a search field
    else return;
    event.preventDefault();
  });
  return select;
}

/** Show suggestions in a box below a field of a page while one of them has the focus. */
export async function suggestBelow(input) {
  const form = input.form;
  const box = element("div", "suggestions");
  const statusLine = element("p", "search-told note", HINT);
  const list = element("ul", "search-results");
  list.id = "suggestions";
  box.append(statusLine, list);
  box.hidden = true;
  form.append(box);
  const close = () => { box.hidden = true; input.setAttribute("aria-expanded", "false"); };
  suggest(input, list, statusLine, close, false);
  input.addEventListener("input", () => { box.hidden = !input.value.trim(); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  await loadStyles();
  input.dispatchEvent(new Event("input")); // for text that the reader has typed already
}
