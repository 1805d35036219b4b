// The fields of the form: their values, and the problems with them. Data attributes describe each field.

import { Chooser } from "./chooser.js";
import { dateProblem, isoDate } from "./dates.js";

const choosers = new WeakMap();
let count = 0;

const child = (field, selector) => field.querySelector(`:scope > ${selector}`);
const isEmpty = (value) => (typeof value === "object" ? Object.values(value).every(isEmpty) : !value);

/** Return the rows of a field whose control is `rows`. */
export const rowsOf = (field) => [...child(field, "[data-rows]").children];
/** Return the element with the fields of a group. */
export const groupOf = (field) => child(field, ".row-fields");
/** Return the fields directly in a form, row or group, without those nested deeper. */
export const fieldsOf = (place) =>
  [...place.querySelectorAll("[data-key]")].filter((one) => one.parentElement.closest(".row-fields, form") === place);
/** Return the field of a key. */
export const fieldOf = (place, key) => fieldsOf(place).find((field) => field.dataset.key === key);
/** Return the input, text area or list of a field, or null for rows and groups. */
export const controlOf = (field) =>
  (["rows", "group"].includes(field.dataset.control) ? null : field.querySelector("input, textarea, select"));
/** Return the chooser of a field for names of pages. */
export const chooserOf = (field) => choosers.get(field);

/** Give the fields of a form or row their ids, choosers and buttons. `tools` are passed to the choosers. */
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
      else if (control.type !== "checkbox") control.onchange = () => { control.value = normalised(field, control); };
    }
  }
}

const isDate = (field) => ["day", "date"].includes(field.dataset.control);

/** Normalise a value: a date in words to ISO format, the name of a language or country to its code, www. to https://www. */
function normalised(field, control) {
  const text = control.value.trim(), isNamed = (option) => option.text.toLowerCase() === text.toLowerCase();
  if (isDate(field)) return isoDate(text);
  if (field.dataset.control === "address") return text.replace(/^<|>$/g, "").replace(/^www\./, "https://www.");
  return [...(control.list?.options || [])].find(isNamed)?.value || text;
}

/** Add a row to a field, and return the row. */
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

/** Return the values of a form or row: key -> text, flag, list of names, list of rows, or values of a group. */
export const read = (place) => Object.fromEntries(fieldsOf(place).map((field) => [field.dataset.key, valueOf(field)]));

function valueOf(field) {
  const { control } = field.dataset;
  if (control === "rows") return rowsOf(field).map(read);
  if (control === "group") return read(groupOf(field));
  if (chooserOf(field)) return chooserOf(field).value;
  return control === "flag" ? controlOf(field).checked : controlOf(field).value;
}

/** Fill in values in the format of `read`, and open the parts of the form that contain them. */
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

/** Mark the dates that are not valid, for the browser's validation. */
export function checkDates(form) {
  for (const field of [...form.querySelectorAll("[data-key]")].filter(isDate)) {
    const control = controlOf(field);
    control.setCustomValidity(dateProblem(normalised(field, control), field.dataset.control === "date"));
  }
}

/** Return the problems, each a field and a message, in the order of the page. */
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

/** Show each problem at its field. */
export function showProblems(form, problems) {
  const messages = new Map(problems.map(({ field, message }) => [field, message]));
  for (const field of form.querySelectorAll("[data-key]")) {
    const line = child(field, ".problem"), message = messages.get(field) || "";
    if (line.textContent !== message) line.textContent = message;
    line.hidden = !message;
    controlOf(field)?.setAttribute("aria-invalid", String(Boolean(message)));
  }
}

/** Return the element to focus when a field has a problem. */
export const targetOf = (field) => controlOf(field) || child(field, ".add");

/** Return the title of a field: its label, preceded by that of its row, if any. */
export function titleOf(field) {
  const row = field.parentElement.closest(".row-fields"), label = child(field, ":is(label, legend)").textContent;
  return row?.ariaLabel ? `${row.ariaLabel}, ${label.toLowerCase()}` : label;
}
