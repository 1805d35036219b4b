// Pages that the site does not know yet, described with the entry that names them first.

import { addRow, fieldAt, fill, own, read } from "./fields.js";
import { schemaProblems } from "./validate.js";
import { say } from "./wording.js";
import { valuesOf } from "./values.js";

const schemas = {};

/** The rows of the form that describe new pages. `called` is what the entry's field calls one. */
export class Described {
  constructor(form, tools, data) {
    Object.assign(this, { tools, data });
    this.sets = Object.fromEntries([...form.querySelectorAll("[data-new]")].map((set) => [set.dataset.new, set]));
  }

  rows(kind) {
    return [...this.sets[kind].querySelector("[data-rows]").children];
  }

  /** Begin a page; its name is what was typed. */
  add(kind, called, raw = { [/\p{Script=Han}/u.test(called) ? "name_zh" : "name"]: called }) {
    if (this.rows(kind).some((row) => row.dataset.called === called)) return;
    const row = addRow(this.sets[kind], this.tools);
    row.dataset.called = called;
    fill(row, raw, this.tools);
    this.sets[kind].hidden = false;
  }

  /** Take away what no field of the entry names any more. */
  prune(said) {
    for (const [kind, set] of Object.entries(this.sets)) {
      for (const row of this.rows(kind)) if (!said.includes(JSON.stringify(row.dataset.called))) row.remove();
      set.hidden = !this.rows(kind).length;
    }
  }

  clear() {
    this.prune("");
  }

  raw() {
    return Object.fromEntries(Object.keys(this.sets).map((kind) => [kind, this.rows(kind).map((row) => ({ called: row.dataset.called, ...read(row) }))]));
  }

  fill(raw = {}) {
    for (const kind of Object.keys(this.sets)) for (const { called, ...row } of raw[kind] || []) this.add(kind, called, row);
  }

  /** Kind -> pages, without what was left empty. */
  pages() {
    return Object.fromEntries(Object.entries(this.raw()).map(([kind, rows]) => [kind, rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, tidy(key, value)]).filter(([, value]) => value?.length || value === true)))]));
  }

  /** What the check would say of the pages. */
  async problems(load, known) {
    const found = [];
    for (const [kind, pages] of Object.entries(this.pages())) {
      if (!pages.length) continue;
      const schema = (schemas[kind] ??= await load(this.data.schemas[kind]));
      const asked = { ...schema, required: schema.required.filter((key) => key !== "added") };
      pages.forEach(({ called: _, text, ...page }, place) => {
        const row = this.rows(kind)[place];
        const { added: __, ...values } = valuesOf(page, asked);
        for (const { at, message } of schemaProblems(asked, values, known)) found.push({ field: fieldAt(row, at, values) || own(row)[0], message });
        if (!text) found.push({ field: own(row).find((field) => field.dataset.key === "text"), message: say(known.wording, "no_text") });
      });
    }
    return found;
  }
}

const LISTS = ["aliases", "former_titles"];

function tidy(key, value) {
  if (typeof value !== "string") return value;
  return LISTS.includes(key) ? value.split("\n").map((line) => line.trim()).filter(Boolean) : value.trim();
}
