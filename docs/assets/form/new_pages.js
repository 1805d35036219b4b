// Pages that the site does not have yet, described together with the entry that names them first.

import { addRow, chooserOf, fieldOf, fieldsOf, fill, read, rowsOf } from "./fields.js";
import { textsOf } from "./file.js";

/** The parts of the form in which new pages are described. A row keeps, as `called`, what the chooser calls it. */
export class NewPages {
  constructor(form, tools) {
    Object.assign(this, { form, tools });
    this.sets = new Map([...form.querySelectorAll("[data-new]")].map((set) => [set.dataset.new, set]));
  }

  /** The rows of a kind, none where none can be described. */
  rows(kind) {
    return this.sets.has(kind) ? rowsOf(this.sets.get(kind)) : [];
  }

  row(kind, called) {
    return this.rows(kind).find((row) => row.dataset.called === called);
  }

  /** Begin a page by the name that was typed. Returns its row. */
  add(kind, called) {
    const before = this.row(kind, called), key = /\p{Script=Han}/u.test(called) ? "name_zh" : "name";
    const row = before || addRow(this.sets.get(kind), this.tools);
    if (!before) fill(row, { [key]: called }, this.tools);
    row.dataset.called = called;
    this.sets.get(kind).hidden = false;
    return row;
  }

  /** Remove the pages that no field names any more, then those that only they named. */
  prune() {
    for (const [kind, set] of this.sets) {
      const fields = [...this.form.querySelectorAll(`[data-kind="${kind}"]`)];
      const names = (field, row) => !row.contains(field) && chooserOf(field).ids.includes(row.dataset.called);
      const gone = this.rows(kind).filter((row) => !fields.some((field) => names(field, row)));
      gone.forEach((row) => row.remove());
      fields.forEach((field) => chooserOf(field).keep((id) => this.tools.exists(kind, id)));
      set.hidden = !this.rows(kind).length;
      if (gone.length) this.prune();
    }
  }

  /** What was typed, to be kept: kind -> name -> what describes the page. */
  read() {
    const pages = (kind) => Object.fromEntries(this.rows(kind).map((row) => [row.dataset.called, read(row)]));
    return Object.fromEntries([...this.sets.keys()].map((kind) => [kind, pages(kind)]));
  }

  /** Put back what `read` gave: first all rows, since one may name another. */
  fill(kept = {}) {
    const pages = [...this.sets.keys()].flatMap((kind) =>
      Object.entries(kept[kind] || {}).map(([called, values]) => [this.add(kind, called), values]));
    for (const [row, values] of pages) fill(row, values, this.tools);
  }

  /** How a page is named in the file: by its id, or by the name that a new one will have. */
  written(kind, id) {
    const row = this.row(kind, id);
    return (row && textsOf(fieldOf(row, "name"))[0]) || id;
  }

  /** Kind -> its pages as the issue form takes them: lines `key: value`, a blank line between pages. */
  described() {
    const line = (field) => {
      const texts = textsOf(field, (kind, id) => this.written(kind, id));
      const isText = field.dataset.control === "text", text = texts.join("; ");
      return texts.length ? [`${field.dataset.key}: ${isText ? text : text.replace(/\s+/g, " ")}`] : [];
    };
    const pages = (kind) => this.rows(kind).map((row) => fieldsOf(row).flatMap(line).join("\n")).join("\n\n");
    return Object.fromEntries([...this.sets.keys()].map((kind) => [kind, pages(kind)]));
  }
}
