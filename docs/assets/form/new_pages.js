// Vocabulary pages that the site does not have yet, described together with an entry that names them.

import { addRow, chooserOf, fieldOf, fieldsOf, fill, read, rowsOf } from "./fields.js";
import { textsOf } from "./file.js";

/** The parts of the form that describe new pages. A row stores the name used in the chooser in `data-called`. */
export class NewPages {
  constructor(form, tools) {
    Object.assign(this, { form, tools });
    this.sets = new Map([...form.querySelectorAll("[data-new]")].map((set) => [set.dataset.new, set]));
  }

  /** Return the rows of a kind, or none if pages of this kind cannot be described. */
  rows(kind) {
    return this.sets.has(kind) ? rowsOf(this.sets.get(kind)) : [];
  }

  row(kind, called) {
    return this.rows(kind).find((row) => row.dataset.called === called);
  }

  /** Add a row for a page with the name that was typed, unless there is one. Returns the row. */
  add(kind, called) {
    const before = this.row(kind, called), key = /\p{Script=Han}/u.test(called) ? "name_zh" : "name";
    const row = before || addRow(this.sets.get(kind), this.tools);
    if (!before) fill(row, { [key]: called }, this.tools);
    row.dataset.called = called;
    this.sets.get(kind).hidden = false;
    return row;
  }

  /** Remove the pages that no field names any more, then those that only the removed pages named. */
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

  /** Return the values to store: kind -> name -> values of the page. */
  read() {
    const pages = (kind) => Object.fromEntries(this.rows(kind).map((row) => [row.dataset.called, read(row)]));
    return Object.fromEntries([...this.sets.keys()].map((kind) => [kind, pages(kind)]));
  }

  /** Fill in values in the format of `read`. All rows are added first, since one page may name another. */
  fill(stored = {}) {
    const pages = [...this.sets.keys()].flatMap((kind) =>
      Object.entries(stored[kind] || {}).map(([called, values]) => [this.add(kind, called), values]));
    for (const [row, values] of pages) fill(row, values, this.tools);
  }

  /** Return how the file names a page: by its id, or by the name of a new page. */
  written(kind, id) {
    const row = this.row(kind, id);
    return (row && textsOf(fieldOf(row, "name"))[0]) || id;
  }

  /** Return the new pages by kind in the format of the issue form: lines `key: value`, a blank line between pages. */
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
