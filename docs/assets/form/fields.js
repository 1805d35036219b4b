// The fields of the form: what was typed in them, and what is wrong with it. Data attributes say what a field is.

import { Chooser } from "./chooser.js";
import { dateProblem, isoDate } from "./dates.js";

const choosers = new WeakMap();
let count = 0;

const child = (field, selector) => field.querySelector(`:scope > ${selector}`);
const isEmpty = (value) => (typeof value === "object" ? Object.values(value).every(isEmpty) : !value);

/** The rows of a field that has any number of them. */
export const rowsOf = (field) => [...child(field, "[data-rows]").children];
/** The part of a field that holds a group of others. */
export const groupOf = (field) => child(field, ".row-fields");
/** The fields of a form or a row itself, not those of a row within. */
export const fieldsOf = (place) =>
  [...place.querySelectorAll("[data-key]")].filter((one) => one.parentElement.closest(".row-fields, form") === place);
/** The field of a key. */
export const fieldOf = (place, key) => fieldsOf(place).find((field) => field.dataset.key === key);
/** The input, text area or list of a field; null where it holds others. */
export const controlOf = (field) =>
  (["rows", "group"].includes(field.dataset.control) ? null : field.querySelector("input, textarea, select"));
/** The chooser of a field for names of pages. */
export const chooserOf = (field) => choosers.get(field);

/** Give the fields of a form or row their ids, choosers and buttons. `tools` are what choosers ask for. */
export function wire(place, tools) {
  for (const field of fieldsOf(place)) {
    const help = child(field, ".help"), problem = child(field, ".problem"), control = controlOf(field);
    [help.id, problem.id] = [`help-${++count}`, `problem-${count}`];
    const target = control || child(field, ".add") || groupOf(field);
    target.id = `field-${count}`;
    target.setAttribute("aria-describedby", `${help.id} ${problem.id}`);
    if (field.dataset.control === "group") wire(target, tools);
    else if (!control) {
      target.addEventListener("click", () => {
        addRow(field, tools).querySelector("input, select").focus();
        tools.changed();
      });
    } else {
      child(field, "label").htmlFor = control.id;
      if (field.dataset.kind) choosers.set(field, new Chooser(field, tools));
      else if (control.type !== "checkbox") control.onchange = () => { control.value = meant(field, control); };
    }
  }
}

const isDate = (field) => ["day", "date"].includes(field.dataset.control);

/** What was typed as the file has it: a date in words, a language or country by its name, an address with its beginning. */
function meant(field, control) {
  const text = control.value.trim(), isNamed = (option) => option.text.toLowerCase() === text.toLowerCase();
  if (isDate(field)) return isoDate(text);
  if (field.dataset.control === "address") return text.replace(/^<|>$/g, "").replace(/^www\./, "https://www.");
  return [...(control.list?.options || [])].find(isNamed)?.value || text;
}

/** Add a row. Returns it. */
export function addRow(field, tools) {
  const row = child(field, "template").content.cloneNode(true).firstElementChild;
  child(field, "[data-rows]").append(row);
  wire(row, tools);
  const number = () => rowsOf(field).forEach((one, place) => { one.ariaLabel = `${one.dataset.row} ${place + 1}`; });
  child(row, ".remove").addEventListener("click", () => {
    row.remove();
    number();
    (child(field, ".add") || field.previousElementSibling.querySelector("[role=combobox], .add")).focus();
    tools.changed();
  });
  number();
  return row;
}

/** What was typed: key -> text, list of names, list of rows, or what a group holds. */
export const read = (place) => Object.fromEntries(fieldsOf(place).map((field) => [field.dataset.key, valueOf(field)]));

function valueOf(field) {
  const { control } = field.dataset;
  if (control === "rows") return rowsOf(field).map(read);
  if (control === "group") return read(groupOf(field));
  if (chooserOf(field)) return chooserOf(field).value;
  return control === "flag" ? controlOf(field).checked : controlOf(field).value;
}

/** Put back what `read` gave, and open the part of the form in which it is. */
export function fill(place, values, tools) {
  for (const field of fieldsOf(place)) {
    const { key, control } = field.dataset, value = values?.[key] ?? "";
    if (control === "rows") {
      child(field, "[data-rows]").replaceChildren();
      for (const row of value) fill(addRow(field, tools), row, tools);
    } else if (control === "group") fill(groupOf(field), value, tools);
    else if (chooserOf(field)) chooserOf(field).value = [...value];
    else if (control === "flag") controlOf(field).checked = value;
    else controlOf(field).value = value;
    if (!isEmpty(value)) field.closest("details")?.setAttribute("open", "");
  }
}

/** Tell the browser which dates cannot stand. */
export function checkDates(form) {
  for (const field of [...form.querySelectorAll("[data-key]")].filter(isDate)) {
    const control = controlOf(field);
    control.setCustomValidity(dateProblem(meant(field, control), field.dataset.control === "date"));
  }
}

/** What needs attention: a field and a message each, in the order of the page. */
export const problemsIn = (form) =>
  [...form.querySelectorAll("[data-key]")].map((field) => ({ field, message: messageOf(field, form) }))
    .filter(({ message }) => message);

function messageOf(field, form) {
  const { missing, anyOf } = field.dataset, control = controlOf(field);
  if (anyOf) return anyOf.split(" ").every((key) => isEmpty(valueOf(fieldOf(form, key)))) ? missing : "";
  if (!control || control.validity.valid) return "";
  if (control.validity.valueMissing) return missing;
  return control.validity.patternMismatch ? control.title : control.validationMessage;
}

/** Show problems beside their fields. */
export function showProblems(form, problems) {
  const messages = new Map(problems.map(({ field, message }) => [field, message]));
  for (const field of form.querySelectorAll("[data-key]")) {
    const line = child(field, ".problem"), message = messages.get(field) || "";
    if (line.textContent !== message) line.textContent = message;
    line.hidden = !message;
    controlOf(field)?.setAttribute("aria-invalid", String(Boolean(message)));
  }
}

/** What gets the focus when a field needs attention. */
export const targetOf = (field) => controlOf(field) || child(field, ".add");

/** The words by which people know a field: its label, after that of the row in which it is. */
export function titleOf(field) {
  const row = field.parentElement.closest(".row-fields"), label = child(field, ":is(label, legend)").textContent;
  return row?.ariaLabel ? `${row.ariaLabel}, ${label.toLowerCase()}` : label;
}
