// What stands in the form: its values, the file that they make, and what the check would say of it.

import { knowledge, problems, shortName } from "./check.js";
import { fault } from "./dates.js";
import { Described } from "./described.js";
import { fieldAt, read } from "./fields.js";
import { fileText } from "./front_matter.js";
import { linkedYears } from "./rules.js";
import { yearsNear } from "./same.js";
import { valuesOf } from "./values.js";
import { say } from "./wording.js";

/** The form beside what is known. `load(path)` gives a file of the site; `added` is today. */
export class Review {
  constructor(form, { data, schema, load, added, tools }) {
    Object.assign(this, { form, data, schema, load, added, years: new Map(), state: null });
    this.described = new Described(form, tools, data);
    this.known = { ...knowledge(data, this.years, (kind) => this.described.pages(kind)), called: (kind, id) => this.label(kind, id) };
  }

  /** The name of a page or entry, where it is known. */
  label(kind, id) {
    return this.described.label(kind, id) || (kind === "entries" ? this.known.entries().find((entry) => entry.id === id)?.title : this.data.names[kind][id]?.[0]) || id;
  }

  /** Id -> names, of a kind of page or of entries. */
  names(kind) {
    return kind === "entries" ? Object.fromEntries(this.known.entries().map(({ id, title, date }) => [id, [title, "", date]])) : this.data.names[kind];
  }

  missing(wanted) {
    return [...new Set(wanted.map(String))].filter((year) => this.data.years.includes(year) && !this.years.has(year));
  }

  /** Have the entries of these years, as far as there are any. Returns whether more came. */
  async have(wanted) {
    const asked = this.missing(wanted);
    const loaded = await Promise.all(asked.map((year) => this.load(`contribute/years/${year}.json`).catch(() => null)));
    loaded.forEach((found, at) => { if (found) this.years.set(asked[at], found); });
    return loaded.some(Boolean);
  }

  /** Look at the form as it is now; `whole`: with all the years that it touches. `state` is then what was seen last. */
  async look(whole = false) {
    const raw = read(this.form);
    this.described.prune();
    const typed = valuesOf(raw, this.schema, this.added), values = this.described.settled(typed, this.schema);
    const body = raw.body.replace(/\p{Surrogate}/gu, "\ufffd"), slug = raw.slug.trim();
    const dated = values.date !== undefined && !fault(values.date, this.data.range);
    const name = shortName(slug || values.title || "", this.data);
    const id = dated && name ? `${values.date}-${name}` : "";
    const wanted = [...(dated ? yearsNear(values.date) : []), ...linkedYears(body, this.data), ...(values.related || []).map((other) => other.slice(0, 4))];
    const state = { raw, typed, values, body, slug, id, wanted, path: `entries/${id.slice(0, 4)}/${id}.md`, text: fileText(values, body, this.schema) };
    this.state = state;
    if (whole) await this.have(wanted);
    state.waiting = this.missing(wanted).length > 0;
    state.problems = await this.problems(state, Boolean(name));
    return state;
  }

  /** All problems, each with its field: [{ field, message, warning }]. */
  async problems({ typed, values, body, id }, named) {
    const found = problems(values, body, id, this.schema, this.known).map((one) => ({ ...one, field: fieldAt(this.form, one.at, typed) }));
    if (values.title && !named) found.push({ field: fieldAt(this.form, ["slug"]), message: say(this.data.wording, "no_name") });
    return [...found, ...(await this.described.problems(this.load, this.known))];
  }
}
