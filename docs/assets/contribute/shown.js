// The form's answer to what stands in it: problems, the picture, the file, what may be the same, the way on.

import { element } from "../search/result.js";
import { showProblems, target, title } from "./fields.js";
import { look } from "./look.js";
import { sameRows } from "./same_rows.js";
import { way } from "./way.js";

const place = (form, name) => form.querySelector(`[data-${name}]`);

/** Say something in a live region, once. */
function tell(region, said) {
  if (region.textContent !== said) region.textContent = said;
}

/** Go to a field that is to be mended. */
export function mend(field) {
  field.closest("details")?.setAttribute("open", "");
  target(field).focus();
}

function faultLink({ field, message }) {
  const item = element("li"), link = element("a", "", `${title(field)}: ${message}`);
  link.href = `#${target(field).id}`;
  link.addEventListener("click", (event) => { event.preventDefault(); mend(field); });
  item.append(link);
  return item;
}

/** What is shown of a review. `tried`: whether all problems are; `touched`: the fields whose are in any case; `last`: the one changed last. */
export function show(form, review, { tried, touched, last }) {
  const { state, data } = review;
  const errors = state.problems.filter(({ warning }) => !warning);
  const beside = new Map();
  for (const { field, message } of state.problems) if (tried || touched.has(field)) beside.set(field, [...(beside.get(field) || []), message]);
  showProblems(form, beside);
  place(form, "faults").querySelector("[data-list]").replaceChildren(...errors.map(faultLink));
  place(form, "faults").hidden = !tried || !errors.length;
  const count = state.body.split(/\s+/).filter(Boolean).length;
  place(form, "words").textContent = `${count} ${count === 1 ? "word" : "words"}`;
  const word = (_, value) => Object.values(review.schema.$defs).flatMap(({ oneOf = [] }) => oneOf).find((one) => one.const === value)?.title || value;
  place(form, "look").replaceChildren(...look(state.values, state.body, data, { label: (kind, id) => review.label(kind, id), word }));
  place(form, "path").textContent = state.id ? state.path : "The name of the file comes from date and title.";
  place(form, "file").textContent = state.text;
  showSame(form, review, last);
  showWay(form, review, errors.length);
}

/** Beside the form where there is room; where it stands below, a line after the field that was changed last leads to it. */
function showSame(form, { state, known }, last) {
  const rows = sameRows(state.values, known, new URL("../../", import.meta.url));
  const list = place(form, "same").querySelector("[data-list]"), line = place(form, "same-line");
  place(form, "same").hidden = line.hidden = !rows.length;
  if (list.textContent === rows.map((row) => row.textContent).join("")) return;
  list.replaceChildren(...rows);
  const said = rows.length ? `${rows.length} ${rows.length === 1 ? "entry" : "entries"} may tell of the same` : "";
  tell(line.querySelector("a"), said);
  tell(place(form, "same-said"), said);
  if (rows.length) last?.after(line);
}

/** The main button: where it leads, or that it cannot lead anywhere yet. */
function showWay(form, { state, described, data, schema }, errors) {
  const send = place(form, "send"), pages = described.told();
  const left = `${errors} ${errors === 1 ? "thing is" : "things are"} still to be filled in or mended.`;
  const { address, said, pasted } = !errors && data.github ? way(state, pages, data, schema) : { address: "#faults", said: errors ? left : "", pasted: [] };
  send.hidden = !data.github;
  send.textContent = Object.values(pages).some(Boolean) ? "Open an issue" : "Open a pull request";
  send.toggleAttribute("data-blocked", errors > 0);
  send.href = address;
  tell(place(form, "way"), said);
  showPasted(place(form, "pasted"), pasted);
}

/** What the address had no room for: a button for each, which copies it. */
function showPasted(list, pasted) {
  list.hidden = !pasted.length;
  list.replaceChildren(...pasted.map(({ label, text }) => {
    const item = element("li"), button = element("button", "", "Copy");
    Object.assign(button, { type: "button", value: text });
    button.dataset.paste = label;
    button.setAttribute("aria-label", `Copy what belongs into ${label}`);
    item.append(button, ` and paste it into ${label}`);
    return item;
  }));
}
