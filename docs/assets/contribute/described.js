// Pages that the site does not know yet, described with the entry that names them first.

import { shortName } from "./check.js";
import { fault, span } from "./dates.js";
import { addRow, fieldAt, fill, naming, own, read } from "./fields.js";
import { resolved, schemaProblems } from "./validate.js";
import { valuesOf } from "./values.js";
import { quoted, say } from "./wording.js";

const ASCII = /^[\x20-\x7e]+$/;
const schemas = {};

/** The rows of the form that describe new pages. `called` is what the field that named one first calls it. */
export class Described {
  constructor(form, tools, data) {
    Object.assign(this, { form, tools, data });
    this.sets = Object.fromEntries([...form.querySelectorAll("[data-new]")].map((set) => [set.dataset.new, set]));
  }

  rows(kind) {
    return [...(this.sets[kind]?.querySelector("[data-rows]").children || [])];
  }

  /** Begin a page; its name is what was typed. Returns its row. */
  add(kind, called, raw = { [/\p{Script=Han}/u.test(called) ? "name_zh" : "name"]: called }) {
    const before = this.rows(kind).find((row) => row.dataset.called === called);
    if (before) return before;
    const row = addRow(this.sets[kind], this.tools);
    row.dataset.called = called;
    fill(row, raw, this.tools);
    this.sets[kind].hidden = false;
    return row;
  }

  /** Take away what no field names any more; and what only that named. */
  prune() {
    const unnamed = (kind, row) => !naming(this.form, kind).some(({ field, ids }) => !row.contains(field) && ids.includes(row.dataset.called));
    const kinds = Object.keys(this.sets);
    for (let left = true; left;) {
      const gone = kinds.flatMap((kind) => this.rows(kind).filter((row) => unnamed(kind, row)));
      gone.forEach((row) => row.remove());
      left = gone.length > 0;
    }
    for (const kind of kinds) this.sets[kind].hidden = !this.rows(kind).length;
  }

  clear() {
    for (const kind of Object.keys(this.sets)) for (const row of this.rows(kind)) row.remove();
  }

  raw() {
    return Object.fromEntries(Object.keys(this.sets).map((kind) => [kind, this.rows(kind).map((row) => ({ called: row.dataset.called, ...read(row) }))]));
  }

  fill(raw = {}) {
    for (const kind of Object.keys(this.sets)) for (const { called, ...row } of raw[kind] || []) this.add(kind, called, row);
  }

  /** The id that a page will have; its name where that is not of Latin letters; what is not described stays. */
  id(kind, called) {
    const row = this.rows(kind).find((one) => one.dataset.called === called);
    if (!row) return called;
    const { abbreviation, short, name } = read(row);
    const words = [abbreviation, short, name].map((text) => text?.trim()).find(Boolean) || called;
    return (ASCII.test(words) && shortName(words, this.data)) || words;
  }

  /** The name of the page that will have an id, if one is described. */
  label(kind, id) {
    const row = this.rows(kind).find((one) => this.id(kind, one.dataset.called) === id);
    return row && (read(row).name.trim() || row.dataset.called);
  }

  /** Values with the ids that the pages will have, wherever one is named. */
  settled(value, given, root = given) {
    const schema = resolved(given, root), kind = schema["x-reference"];
    if (kind) return this.id(kind, value);
    if (Array.isArray(value)) return value.map((item) => this.settled(item, (schema.items ? schema : schema.anyOf.at(-1)).items, root));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.settled(inner, schema.properties[key], root)]));
  }

  /** The pages of a kind: [{ id, page, row }], the page without what was left empty. */
  pages(kind) {
    return this.rows(kind).map((row) => {
      const fields = own(row), raw = read(row);
      const said = fields.map(({ dataset: { key, control, kind: other } }) => [key, tidy(control, raw[key], (called) => this.id(other, called))]);
      return { id: this.id(kind, row.dataset.called), row, page: Object.fromEntries(said.filter(([, value]) => value === true || value.length)) };
    });
  }

  /** Kind -> its pages as the issue form takes them: a line `key: value` each, blank lines between. */
  told() {
    return Object.fromEntries(Object.keys(this.sets).map((kind) => [kind, this.pages(kind).map(({ page }) => lines(page)).join("\n\n")]));
  }

  /** What the check would say of the pages. */
  async problems(load, known) {
    const found = [];
    for (const kind of Object.keys(this.sets)) {
      for (const { id, page: { text, ...page }, row } of this.pages(kind)) {
        const schema = (schemas[kind] ??= await load(this.data.schemas[kind]));
        const asked = { ...schema, required: schema.required.filter((key) => key !== "added") };
        const { added: _, ...values } = valuesOf(page, asked);
        for (const { at, message } of schemaProblems(asked, values, known)) found.push({ field: fieldAt(row, at, values) || own(row)[0], message });
        for (const { key, message } of periodProblems(values, this.data)) found.push({ field: fieldAt(row, [key], values), message });
        if (Object.hasOwn(this.data.names[kind], id)) found.push({ field: own(row)[0], message: say(known.wording, "taken", { id: quoted(id), others: `docs/${kind}/${id}.md` }) });
        if (id === "index" || (ASCII.test(id) && !shortName(id, this.data))) found.push({ field: own(row)[0], message: say(known.wording, "no_page_name", { name: quoted(id) }) });
        if (!text) found.push({ field: own(row).find((field) => field.dataset.key === "text"), message: say(known.wording, "no_text") });
      }
    }
    return found;
  }
}

/** Only campaigns have a period, and none ends before it starts: scripts/timeline/source/rules.py. */
function* periodProblems({ rank, start, end }, { wording, campaign }) {
  for (const [key, day] of Object.entries({ start, end })) if (day && rank !== campaign) yield { key, message: say(wording, "period", { key, rank: campaign }) };
  if (start && end && !fault(start, [0, 9999]) && !fault(end, [0, 9999]) && span(end)[1] < span(start)[0]) yield { key: "end", message: say(wording, "ends_early", { end, start }) };
}

function tidy(control, value, settled) {
  if (control === "lines") return value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (control === "names") return value.map(settled);
  if (control === "name") return settled(value);
  return typeof value === "string" ? value.trim() : value;
}

function lines({ text, ...page }) {
  const said = Object.entries(page).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join("; ") : value}`);
  return [...said, ...(text ? [`text: ${text.replace(/\s+/g, " ")}`] : [])].join("\n");
}
