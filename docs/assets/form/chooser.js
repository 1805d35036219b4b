// A field for names of pages: type any spelling, choose with arrows and Enter, remove with Backspace.
// The pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import constants from "../constants.js";
import { element } from "../search/result.js";

const SHOWN = { search: 8, all: 50 }; // options at most
const BETWEEN = constants.BETWEEN_NAMES.map((pattern) => new RegExp(pattern));
let count = 0;

/** A name without what varies in its spelling: spaces, punctuation, case, width, an article, an abbreviation behind it. */
const folded = (name) => name.normalize("NFKC").toLowerCase().replace(/^the |\(.*\)$|[^\p{L}\p{N}]/gu, "");

/** How well a name matches: 0 is the whole name, -1 is not at all. */
function rank(name, text) {
  const [whole, asked] = [folded(name), folded(text)];
  const isWord = ` ${name.toLowerCase()}`.includes(` ${text.toLowerCase()}`);
  return [whole === asked, whole.startsWith(asked), isWord, whole.includes(asked)].indexOf(true);
}

/** The pages that a text may mean, the best first; all of them for none. `names`: id -> name, Chinese name, others. */
function matches(names, text) {
  const pages = Object.entries(names).map(([id, [name, chinese, ...others]]) => ({ id, name, chinese, others }));
  if (!folded(text)) return pages.slice(0, SHOWN.all);
  const ranked = pages.flatMap((page) => {
    const spellings = [page.name, page.chinese, ...page.others, page.id].filter(Boolean);
    const found = spellings.map((via) => ({ ...page, via, rank: rank(via, text) })).filter((one) => one.rank >= 0);
    return found.sort((one, other) => one.rank - other.rank).slice(0, 1);
  });
  ranked.sort((one, other) => one.rank - other.rank || one.name.length - other.name.length);
  return ranked.slice(0, SHOWN.search);
}

/** The chooser of a field. `tools` give the names of its kind, and what to do with one that is new. */
export class Chooser {
  ids = []; // what is chosen
  options = []; // what the list offers; `marked` is what Enter would choose

  constructor(field, tools) {
    Object.assign(this, { field, tools, kind: field.dataset.kind, isMany: field.dataset.control === "names" });
    [this.chips, this.input, this.list] = field.querySelector(".chooser").children;
    this.isRequired = this.input.required;
    this.about = element("p", "help"); // what the site has of a page that is chosen
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

  /** What is chosen, and what was typed after it. */
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
    if (isNew) this.tools.describe(this.kind, id); // further down: the reader stays at this field
    this.tools.changed(`${this.tools.label(this.kind, id)} chosen${isNew ? "; describe it below" : ""}.`);
  }

  take(ids, rest = []) {
    this.ids = this.isMany ? [...new Set([...this.ids, ...ids])] : ids;
    this.input.value = rest.join("; ");
    this.show(false);
    this.refresh();
  }

  /** The pages that a text names, and what of it names none. */
  named(text, level = 0) {
    const [first, second] = text ? matches(this.tools.names(this.kind), text) : [];
    if (first?.rank === 0 && second?.rank !== 0) return { ids: [first.id], rest: [] };
    const parts = this.isMany && level < BETWEEN.length ? text.split(BETWEEN[level]).map((part) => part.trim()).filter(Boolean) : [];
    const found = parts.map((part) => this.named(part, level + 1));
    const ids = found.flatMap((one) => one.ids), rest = found.flatMap((one) => one.rest);
    const isSeveral = ids.length && (level < BETWEEN.length - 1 || !rest.length); // a space is in most names
    return isSeveral ? { ids, rest } : { ids: [], rest: [text] };
  }

  /** A line of the field would lose the breaks between the lines of a list. */
  paste(event) {
    const text = event.clipboardData.getData("text").trim();
    if (!text.includes("\n")) return;
    event.preventDefault();
    this.input.setRangeText(text.replace(/\s*\n\s*/g, "; "), this.input.selectionStart, this.input.selectionEnd, "end");
    this.leave();
  }

  /** Offer what the text may mean; where it is no name, a new page too. */
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

  /** Show or hide the list, with one option marked. */
  show(isOpen, place = -1) {
    const row = this.list.children[place];
    this.marked = place;
    this.list.hidden = !isOpen;
    this.input.ariaExpanded = isOpen;
    this.input.setAttribute("aria-activedescendant", row?.id || "");
    for (const one of this.list.children) one.ariaSelected = one === row;
    row?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], isOpen = !this.list.hidden, total = this.options.length;
    if (step && !isOpen) this.offer();
    else if (step) this.show(true, this.marked < 0 && step < 0 ? total - 1 : (this.marked + step + total) % total);
    else if (event.key === "Enter" && isOpen && this.marked >= 0) this.choose(this.options[this.marked]);
    else if (event.key === "Enter") this.leave();
    else if (event.key === "Escape" && isOpen) this.show(false);
    else if (event.key === "Backspace" && !this.input.value && this.ids.length) this.remove(this.ids.at(-1));
    else return;
    event.preventDefault();
  }

  /** Whole names that were typed are chosen when the field is left. */
  leave() {
    const { ids, rest } = this.named(this.input.value.trim());
    if (!ids.length) return this.show(false);
    this.take(ids, rest);
    this.tools.changed(`${ids.map((id) => this.tools.label(this.kind, id)).join(", ")} chosen.`);
  }
}
