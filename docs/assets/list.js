// Filters a long list by words and chips. The address contains the selection, so that readers can share it.

import { folded } from "./search/query.js";

const list = document.querySelector("[data-list]");
const form = list.querySelector("[data-narrow]");
const field = form.elements.q;
const groups = [...form.querySelectorAll("[data-chips]")].map((set) => ({ set, name: set.dataset.chips, chips: [...set.querySelectorAll("button")] }));
const spaced = (text) => folded(text).replace(/[\s/]+/g, " ");
const rows = [...list.querySelectorAll("section li")].map((item) => {
  const { rank } = item.closest("section").dataset;
  const { status, topic, words } = item.dataset;
  const title = item.closest("section").querySelector("h2").firstChild.data;
  return { item, text: [item.textContent, words, title].map(spaced).join(" "), values: { rank: [rank], status: [status], topic: topic.split(" ") } };
});

const isPressed = (chip) => chip.getAttribute("aria-pressed") === "true";
const press = (chip, on) => chip.setAttribute("aria-pressed", String(on));
const selected = ({ chips }) => chips.filter(isPressed).map((chip) => chip.value);
const matches = (row, { name }, values) => !values.length || values.some((value) => row.values[name].includes(value));

/** Show the matching rows, and on each chip the number of rows that match it and the selection in all other groups. */
function filter() {
  const terms = spaced(field.value).trim().split(" ");
  const selection = groups.map((group) => [group, selected(group)]);
  const found = rows.filter(({ text }) => terms.every((term) => text.includes(term)));
  const shown = new Set(found.filter((row) => selection.every(([group, values]) => matches(row, group, values))));
  for (const row of rows) row.item.hidden = !shown.has(row);
  for (const [group, values] of selection) {
    const candidates = found.filter((row) => selection.every(([other, own]) => other === group || matches(row, other, own)));
    for (const chip of group.chips) {
      const count = candidates.filter((row) => row.values[group.name].includes(chip.value)).length;
      chip.querySelector(".count").textContent = count;
      chip.hidden = !count && !values.includes(chip.value);
    }
  }
  for (const section of list.querySelectorAll("section")) {
    const count = section.querySelectorAll("li:not([hidden])").length;
    section.hidden = !count;
    section.querySelector(".count").textContent = count;
  }
  list.querySelector("[data-shown]").textContent = `${shown.size} ${list.dataset.list}${shown.size === 1 ? "" : "s"}`;
}

function writeAddress() {
  const params = new URLSearchParams(field.value.trim() ? { q: field.value.trim() } : {});
  for (const group of groups) for (const value of selected(group)) params.append(group.name, value);
  const query = params.toString();
  history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
}

function readAddress() {
  const params = new URLSearchParams(location.search);
  field.value = params.get("q") ?? "";
  for (const { set, name, chips } of groups) {
    for (const chip of chips) press(chip, params.getAll(name).includes(chip.value));
    if (params.has(name)) set.open = true;
  }
  filter();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => { filter(); writeAddress(); });
form.addEventListener("click", ({ target }) => {
  const chip = target.closest("button");
  if (!chip) return;
  press(chip, !isPressed(chip));
  filter();
  writeAddress();
});
readAddress();
form.hidden = false;
