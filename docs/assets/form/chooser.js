// A combobox for names of pages: type any spelling, choose with arrows and Enter, remove with Backspace.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import constants from "../constants.js";
import { element } from "../search/result.js";

const MAX_OPTIONS = { search: 8, all: 50 };
const BETWEEN = constants.BETWEEN_NAMES.map((pattern) => new RegExp(pattern));
let count = 0;

/** Normalise a name for comparison: drop spaces, punctuation, case, width, an article and a bracketed abbreviation. */
const folded = (name) => name.normalize("NFKC").toLowerCase().replace(/^the |\(.*\)$|[^\p{L}\p{N}]/gu, "");

/** Rank how well a name matches a text, from 0 for the whole name; -1 is no match. */
function rank(name, text) {
  const [whole, asked] = [folded(name), folded(text)];
  const isWord = ` ${name.toLowerCase()}`.includes(` ${text.toLowerCase()}`);
  return [whole === asked, whole.startsWith(asked), isWord, whole.includes(asked)].indexOf(true);
}

/** Return the pages that match a text, best first, or all pages for no text. `names`: id -> name, Chinese name, others. */
function matches(names, text) {
  const pages = Object.entries(names).map(([id, [name, chinese, ...others]]) => ({ id, name, chinese, others }));
  if (!folded(text)) return pages.slice(0, MAX_OPTIONS.all);
  const ranked = pages.flatMap((page) => {
    const spellings = [page.name, page.chinese, ...page.others, page.id].filter(Boolean);
    const found = spellings.map((via) => ({ ...page, via, rank: rank(via, text) })).filter((one) => one.rank >= 0);
    return found.sort((one, other) => one.rank - other.rank).slice(0, 1);
  });
  ranked.sort((one, other) => one.rank - other.rank || one.name.length - other.name.length);
  return ranked.slice(0, MAX_OPTIONS.search);
}

/** The chooser of a field. `tools` supply the names of its kind, and handle a new name. */
export class Chooser {
  ids = []; // the chosen pages
  options = []; // the pages in the list; `active` is the index of the one that Enter chooses

  constructor(field, tools) {
    Object.assign(this, { field, tools, kind: field.dataset.kind, isMany: field.dataset.control === "names" });
    [this.chips, this.input, this.list] = field.querySelector(".chooser").children;
    this.isRequired = this.input.required;
    this.about = element("p", "help"); // information on the chosen page
    if (!this.isMany) field.append(this.about);
    Object.assign(this.list, { id: `options-${++count}`, ariaLabel: this.input.labels[0].textContent });
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.onfocus = async () => { if (await tools.wanted(this.kind) && this.input.value) this.offer(); };
    this.input.addEventListener("input", () => this.offer());
    if (this.isMany) this.input.addEventListener("paste", (event) => this.paste(event));
    this.input.addEventListener("click", () => (this.list.hidden ? this.offer() : this.show(false)));
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  }

  /** The chosen ids, followed by any text that was typed after them. */
  get value() {
    return [...this.ids, this.input.value.trim()].filter(Boolean);
  }

  set value(ids) {
    this.ids = ids.filter((id) => this.tools.exists(this.kind, id));
    this.input.value = ids.filter((id) => !this.ids.includes(id)).join(" ");
    this.refresh();
  }

  refresh() {
    this.input.required = this.isRequired && !this.ids.length;
    this.input.setCustomValidity(this.input.value.trim() ? this.field.dataset.unknown : "");
    this.about.textContent = this.tools.about(this.kind, this.ids[0]);
    this.chips.replaceChildren(...this.ids.map((id) => {
      const chip = element("li", "chip", this.tools.label(this.kind, id)), button = element("button", "", "×");
      Object.assign(button, { type: "button", ariaLabel: `Remove ${this.tools.label(this.kind, id)}` });
      button.addEventListener("click", () => { this.remove(id); this.input.focus(); });
      chip.append(button);
      return chip;
    }));
  }

  keep(isKept) {
    if (this.ids.every(isKept)) return;
    this.ids = this.ids.filter(isKept);
    this.refresh();
  }

  remove(id) {
    this.keep((other) => other !== id);
    this.tools.changed(`${this.tools.label(this.kind, id)} removed.`);
  }

  choose({ id, isNew }) {
    this.take([id]);
    if (isNew) this.tools.describe(this.kind, id); // in a section below; the focus stays in this field
    this.tools.changed(`${this.tools.label(this.kind, id)} chosen${isNew ? "; describe it below" : ""}.`);
  }

  take(ids, rest = []) {
    this.ids = this.isMany ? [...new Set([...this.ids, ...ids])] : ids;
    this.input.value = rest.join("; ");
    this.show(false);
    this.refresh();
  }

  /** Return the ids of the pages that a text names, and the rest of the text. */
  named(text, level = 0) {
    const [first, second] = text ? matches(this.tools.names(this.kind), text) : [];
    if (first?.rank === 0 && second?.rank !== 0) return { ids: [first.id], rest: [] };
    const parts = this.isMany && level < BETWEEN.length ? text.split(BETWEEN[level]).map((part) => part.trim()).filter(Boolean) : [];
    const found = parts.map((part) => this.named(part, level + 1));
    const ids = found.flatMap((one) => one.ids), rest = found.flatMap((one) => one.rest);
    const isList = ids.length && (level < BETWEEN.length - 1 || !rest.length); // most names contain spaces
    return isList ? { ids, rest } : { ids: [], rest: [text] };
  }

  /** Paste a list: turn its line breaks, which the input would drop, into semicolons. */
  paste(event) {
    const text = event.clipboardData.getData("text").trim();
    if (!text.includes("\n")) return;
    event.preventDefault();
    this.input.setRangeText(text.replace(/\s*\n\s*/g, "; "), this.input.selectionStart, this.input.selectionEnd, "end");
    this.leave();
  }

  /** Offer the pages that match the text, and a new page if the text names none. */
  offer() {
    const text = this.input.value.trim(), found = matches(this.tools.names(this.kind), text);
    this.options = found.filter(({ id }) => !this.ids.includes(id));
    if (text && found[0]?.rank !== 0 && !this.named(text).ids.length && this.tools.canDescribe(this.kind)) {
      this.options.push({ id: text, name: `“${text}” is not on the site yet: describe it`, isNew: true });
    }
    this.list.replaceChildren(...this.options.map((option, place) => this.row(option, place)));
    this.refresh();
    this.show(this.options.length > 0, text ? 0 : -1);
  }

  row(option, place) {
    const { name, chinese, via } = option, row = element("li", "", name), zh = element("span", "zh", chinese);
    [row.id, row.role, zh.lang] = [`${this.list.id}-${place}`, "option", "zh-Hans"];
    if (chinese) row.append(" ", zh);
    if (via && via !== name && via !== chinese) row.append(" ", element("span", "note", via));
    row.addEventListener("click", () => this.choose(option));
    return row;
  }

  /** Show or hide the list, with one option active. */
  show(isOpen, place = -1) {
    const row = this.list.children[place];
    this.active = place;
    this.list.hidden = !isOpen;
    this.input.ariaExpanded = isOpen;
    this.input.setAttribute("aria-activedescendant", row?.id || "");
    for (const one of this.list.children) one.ariaSelected = one === row;
    row?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (event.isComposing) return; // the input method handles Enter and arrows
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], isOpen = !this.list.hidden, total = this.options.length;
    if (step && !isOpen) this.offer();
    else if (step) this.show(true, this.active < 0 && step < 0 ? total - 1 : (this.active + step + total) % total);
    else if (event.key === "Enter" && isOpen && this.active >= 0) this.choose(this.options[this.active]);
    else if (event.key === "Enter") this.leave();
    else if (event.key === "Escape" && isOpen) this.show(false);
    else if (event.key === "Backspace" && !this.input.value && this.ids.length) this.remove(this.ids.at(-1));
    else return;
    event.preventDefault();
  }

  /** Choose the names that were typed in full, when the field loses the focus. */
  leave() {
    const { ids, rest } = this.named(this.input.value.trim());
    if (!ids.length) return this.show(false);
    this.take(ids, rest);
    this.tools.changed(`${ids.map((id) => this.tools.label(this.kind, id)).join(", ")} chosen.`);
  }
}
