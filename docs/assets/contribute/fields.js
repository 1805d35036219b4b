// The form's fields and what stands in them. What a field is, the page says in data attributes.

import { Chooser } from "./chooser.js";

const PARENT = ".row-fields, form";
const choosers = new WeakMap();
let count = 0;

/** The fields that belong to a form or a row itself, not to a row within. */
export const own = (place) => [...place.querySelectorAll("[data-key]")].filter((field) => field.parentElement.closest(PARENT) === place);

const control = (field) => field.querySelector("input, textarea, select");
const rowsIn = (field) => [...field.querySelector(":scope > [data-rows]").children];
const isRows = (field) => field.dataset.control === "rows";
const inner = (field) => field.querySelector(":scope > .row-fields");

/** Give every field of a form or row its ids, its chooser and its buttons. `tools` are the choosers'. */
export function wire(place, tools) {
  for (const field of own(place)) {
    const problem = field.querySelector(":scope > .problem"), help = field.querySelector(":scope > .help");
    problem.id = `problem-${++count}`;
    help.id = `help-${count}`;
    if (isRows(field)) wireRows(field, tools);
    else if (field.dataset.control === "group") wire(inner(field), tools);
    else {
      const filled = control(field);
      filled.id = `field-${count}`;
      filled.autocomplete = "off";
      field.querySelector("label").htmlFor = filled.id;
      filled.setAttribute("aria-describedby", `${help.id} ${problem.id}`);
      if ("required" in field.dataset) filled.setAttribute("aria-required", "true");
      const { kind, control: way } = field.dataset;
      if (kind) choosers.set(field, new Chooser(field, { many: way === "names", changed: () => tools.changed(field), find: (text) => tools.find(kind, text), label: (id) => tools.label(kind, id), describe: tools.describes(kind) && ((text) => tools.describe(kind, text)) }));
    }
  }
}

function wireRows(field, tools) {
  field.querySelector(":scope > .add")?.addEventListener("click", () => {
    control(addRow(field, tools)).focus();
    tools.changed(field);
  });
}

/** One row more. Returns it. */
export function addRow(field, tools) {
  const row = field.querySelector(":scope > template").content.cloneNode(true).firstElementChild;
  field.querySelector(":scope > [data-rows]").append(row);
  wire(row, tools);
  row.querySelector(":scope > .remove").addEventListener("click", () => {
    row.remove();
    (field.querySelector(":scope > .add") || field).focus();
    tools.changed(field);
  });
  return row;
}

/** The fields in which pages of a kind are named, with the ids that stand there: [{ field, ids }]. */
export const naming = (place, kind) => [...place.querySelectorAll(`[data-kind="${kind}"]`)].map((field) => ({ field, ids: choosers.get(field).value }));

/** What stands in the fields: texts, lists of ids, lists of rows. */
export const read = (place) => Object.fromEntries(own(place).map((field) => [field.dataset.key, readField(field)]));

function readField(field) {
  const { control: way } = field.dataset;
  if (way === "rows") return rowsIn(field).map(read);
  if (way === "group") return read(inner(field));
  if (way === "names") return choosers.get(field).value;
  if (way === "name") return choosers.get(field).value.at(-1) || "";
  if (way === "flag") return control(field).checked;
  return control(field).value;
}

/** Put back what `read` gave. */
export function fill(place, raw, tools) {
  for (const field of own(place)) {
    const value = raw?.[field.dataset.key], { control: way } = field.dataset;
    if (way === "rows") {
      field.querySelector(":scope > [data-rows]").replaceChildren();
      for (const row of value || []) fill(addRow(field, tools), row, tools);
    } else if (way === "group") fill(inner(field), value, tools);
    else if (way === "names" || way === "name") choosers.get(field).value = [value || []].flat();
    else if (way === "flag") control(field).checked = Boolean(value);
    else control(field).value = value || "";
  }
}

/** The field of a location such as ["sources", 0, "url"], or the nearest around it. */
export function fieldAt(form, at, values) {
  let place = form, field = null, inside = values;
  for (const part of at.length ? at : ["sources"]) {
    if (typeof part === "string") {
      const found = own(place).find((one) => one.dataset.key === part);
      if (!found) return field;
      [field, inside] = [found, inside?.[part]];
      place = field.dataset.control === "group" ? inner(field) : field;
    } else if (field && isRows(field)) {
      const row = rowsIn(field)[inside?.rows ? inside.rows[part] : part];
      if (!row) return field;
      [place, inside] = [row, inside?.[part]];
    } else return field;
  }
  return field;
}

/** Where the focus goes to mend a field. */
export const target = (field) => (isRows(field) ? field.querySelector(":scope > .add") : control(field));

/** The words by which readers know a field: its label, with that of what it stands in. */
export function title(field) {
  const around = field.parentElement.closest("fieldset");
  const label = field.querySelector(":scope > label, :scope > legend").textContent;
  return around ? `${around.querySelector("legend").textContent}, ${label.toLowerCase()}` : label;
}

/** Show the problems beside their fields; a Map of field -> messages. */
export function showProblems(form, found) {
  for (const place of form.querySelectorAll(".problem")) {
    const field = place.parentElement, messages = found.get(field) || [];
    const text = messages.join("; ");
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !messages.length;
    const filled = isRows(field) || field.dataset.control === "group" ? null : control(field);
    if (messages.length) filled?.setAttribute("aria-invalid", "true");
    else filled?.removeAttribute("aria-invalid");
  }
}
