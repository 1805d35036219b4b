// The facets of the explore page: what is selected, and counts that follow the selection.

import { element } from "./result.js";

/** The facets of the page: name -> { label, values: value -> { box, count, label } }. */
export function facetsOf(form) {
  const facets = {};
  for (const set of form.querySelectorAll("[data-facet]")) {
    const values = new Map();
    for (const box of set.querySelectorAll("input")) {
      const item = box.closest("li");
      values.set(box.value, { box, item, count: item.querySelector(".count"), label: item.querySelector(".value").textContent });
    }
    facets[set.dataset.facet] = { label: set.querySelector("legend").textContent, values, implied: set.dataset.implied };
    const all = set.querySelector(".all-values");
    all?.addEventListener("click", () => {
      const open = set.classList.toggle("whole");
      all.setAttribute("aria-expanded", String(open));
      all.textContent = open ? "Fewer" : `All ${values.size}`;
    });
  }
  return facets;
}

/**
 * The filter for the selected values of a facet. The index leaves the implied value out: the entries
 * that have it are those that have no other.
 */
export function facetFilter({ values, implied }, name, selected) {
  if (!selected.includes(implied)) return { [name]: { any: selected } };
  const others = [...values.keys()].filter((value) => !selected.includes(value));
  return others.length ? { not: { any: others.map((value) => ({ [name]: value })) } } : {};
}

/** Counts with that of the implied value: the total less all others. */
export function withImplied({ implied }, counts = {}, total = 0) {
  if (!implied) return counts;
  return { ...counts, [implied]: total - Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

/** Show counts and selections. `counts` maps each facet to its values' counts. */
export function showFacets(facets, state, counts) {
  for (const [name, facet] of Object.entries(facets)) {
    for (const [value, { box, item, count }] of facet.values) {
      box.checked = Boolean(state.facets[name]?.includes(value));
      const number = counts[name]?.[value] || 0;
      count.textContent = number.toLocaleString("en");
      item.classList.toggle("empty", !number && !box.checked);
      item.classList.toggle("kept", box.checked);
    }
  }
}

const month = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" });

/** The selected values, as [facet, value, text]. */
export function selections(facets, state) {
  const found = [];
  for (const [name, values] of Object.entries(state.facets)) {
    for (const value of values) found.push([name, value, `${facets[name].label}: ${facets[name].values.get(value).label}`]);
  }
  if (state.month) found.push(["month", state.month, `Month: ${month.format(Date.parse(`${state.month}-01`))}`]);
  return found;
}

/** A button for one selected value or suggestion. */
export function chip(text, act) {
  const button = element("button", "chip", text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
