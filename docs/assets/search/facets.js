// The facets of the explore page: selected values, and counts that follow the selection.

import constants from "../constants.js";
import { element } from "./result.js";

const SHOWN = constants.VALUES_SHOWN; // values of a facet until the reader opens all

/** Return the facets of the page: name -> { set, all, label, values: value -> { box, item, count, label }, implied }. */
export function facetsOf(form) {
  const facets = {};
  for (const set of form.querySelectorAll("[data-facet]")) {
    const values = new Map();
    for (const box of set.querySelectorAll("input")) {
      const item = box.closest("li");
      values.set(box.value, { box, item, count: item.querySelector(".count"), label: item.querySelector(".value").textContent });
    }
    const all = set.querySelector(".all-values");
    const facet = { set, all, label: set.querySelector("summary").textContent, values, implied: set.dataset.implied };
    facets[set.dataset.facet] = facet;
    all.addEventListener("click", () => {
      all.setAttribute("aria-expanded", String(set.classList.toggle("whole")));
      labelAll(facet);
    });
  }
  return facets;
}

function labelAll({ set, all, values }) {
  const count = [...values.values()].filter(({ item }) => !item.hidden).length;
  all.hidden = count <= SHOWN;
  all.textContent = set.classList.contains("whole") ? "Fewer" : `All ${count}`;
}

/**
 * Return the filter for the selected values of a facet. The implied value is not in the index: it is
 * the value of all entries without another one.
 */
export function facetFilter({ values, implied }, name, selected) {
  if (!selected.includes(implied)) return { [name]: { any: selected } };
  const others = [...values.keys()].filter((value) => !selected.includes(value));
  return others.length ? { not: { any: others.map((value) => ({ [name]: value })) } } : {};
}

/** Return the counts with that of the implied value, which is the total less all others. */
export function withImplied({ implied }, counts = {}, total = 0) {
  if (!implied) return counts;
  return { ...counts, [implied]: total - Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

/** Show the selection, and every value with results and their number. `counts` maps each loaded facet to counts. */
export function showFacets(facets, state, counts) {
  for (const [name, facet] of Object.entries(facets)) {
    let shown = 0;
    facet.set.hidden = false;
    if (!counts[name]) continue;
    for (const [value, { box, item, count }] of facet.values) {
      box.checked = Boolean(state.facets[name]?.includes(value));
      const number = counts[name]?.[value] || 0;
      count.textContent = number.toLocaleString("en");
      item.hidden = !number && !box.checked;
      item.classList.toggle("rest", shown >= SHOWN && !box.checked);
      if (!item.hidden) shown += 1;
    }
    facet.set.hidden = !shown;
    if (state.facets[name]) facet.set.open = true;
    labelAll(facet);
  }
}

const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" });
const monthName = (month) => format.format(Date.parse(`${month}-01`));

function period({ from, to }) {
  if (from === to) return `Month: ${monthName(from)}`;
  if (from && to) return `${monthName(from)} to ${monthName(to)}`;
  return from ? `From ${monthName(from)}` : `To ${monthName(to)}`;
}

/** Return the selected values as [facet, value, text], with the dates as one value. */
export function selections(facets, state) {
  const found = [];
  for (const [name, values] of Object.entries(state.facets)) {
    for (const value of values) found.push([name, value, `${facets[name].label}: ${facets[name].values.get(value).label}`]);
  }
  if (state.from || state.to) found.push(["month", "", period(state)]);
  return found;
}

/** Return a button for a selected value or a suggestion. */
export function chip(text, act) {
  const button = element("button", "chip", text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
