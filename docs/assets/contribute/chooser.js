// A field for names of pages: type any spelling, choose with arrows and Enter, Backspace takes back.
// The pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { element } from "../search/result.js";

let made = 0;

/** `find(text)` offers pages; `label(id)` names one; `describe(text)`, where given, begins a new page. */
export class Chooser {
  constructor(place, { many, find, label, describe, changed }) {
    Object.assign(this, { place, many, find, label, describe, changed, ids: [], at: -1, options: [] });
    [this.taken, this.list] = [place.querySelector(".taken"), place.querySelector(".offered")];
    this.input = place.querySelector("input");
    this.list.id = `offered-${++made}`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", () => this.offer());
    this.input.addEventListener("keydown", (event) => this.steer(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  }

  /** The chosen ids, and what was typed and means none. */
  get value() {
    const left = this.input.value.trim();
    return left ? [...this.ids, left] : [...this.ids];
  }

  set value(ids) {
    this.ids = [...ids];
    this.input.value = "";
    this.show();
  }

  show() {
    this.taken.replaceChildren(...this.ids.map((id) => {
      const chip = element("li", "chip", this.label(id));
      const button = element("button", "take-back", "×");
      button.type = "button";
      button.setAttribute("aria-label", `Remove ${this.label(id)}`);
      button.addEventListener("click", () => { this.drop(id); this.input.focus(); });
      chip.append(button);
      return chip;
    }));
  }

  drop(id) {
    this.ids = this.ids.filter((other) => other !== id);
    this.show();
    this.changed();
  }

  take(id) {
    this.ids = this.many ? [...new Set([...this.ids, id])] : [id];
    this.input.value = "";
    this.close();
    this.show();
    this.changed();
  }

  offer() {
    const text = this.input.value;
    const found = this.find(text).filter(({ id }) => !this.ids.includes(id));
    this.options = found.map(({ id, name, chinese, by }) => ({ act: () => this.take(id), name, chinese, by }));
    if (this.describe && text.trim() && !found[0]?.exact) this.options.push({ act: () => { const typed = text.trim(); this.describe(typed); this.take(typed); }, name: `“${text.trim()}” is not on the site yet: describe it` });
    this.list.replaceChildren(...this.options.map((option, place) => this.row(option, place)));
    this.open(this.options.length > 0);
    this.mark(found.length ? 0 : -1);
  }

  row({ act, name, chinese, by }, place) {
    const row = element("li", "", name);
    row.id = `${this.list.id}-${place}`;
    row.setAttribute("role", "option");
    if (chinese) {
      const zh = element("span", "zh", chinese);
      zh.lang = "zh-Hans";
      row.append(" ", zh);
    }
    if (by) row.append(" ", element("span", "note", by));
    row.addEventListener("click", act);
    return row;
  }

  open(whether) {
    this.list.hidden = !whether;
    this.input.setAttribute("aria-expanded", String(whether));
  }

  close() {
    this.open(false);
    this.mark(-1);
  }

  mark(place) {
    this.at = place;
    [...this.list.children].forEach((row, other) => row.setAttribute("aria-selected", String(other === place)));
    if (place < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
      this.list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  steer(event) {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.options.length;
    if (step && this.list.hidden) this.offer();
    else if (step && count) this.mark(this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count);
    else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) this.options[this.at].act();
    else if (event.key === "Enter") this.leave();
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Backspace" && !this.input.value && this.ids.length) this.drop(this.ids.at(-1));
    else return;
    event.preventDefault();
  }

  /** Somebody who typed a whole name and went on has chosen. */
  leave() {
    const [first, second] = this.input.value.trim() ? this.find(this.input.value) : [];
    if (first?.exact && !second?.exact) this.take(first.id);
    else this.close();
  }
}
