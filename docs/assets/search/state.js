// The state of the explore page, which is the query part of its address.

const MONTH = /^\d{4}-\d\d$/;

export const empty = () => ({ q: "", sort: "", month: "", facets: {} });

export const isEmpty = (state) => !state.q.trim() && !state.month && !Object.values(state.facets).some((values) => values.length);

/** Address -> state. `known` maps each facet to its values; unknown values are returned as `ignored`. */
export function read(search, known, months) {
  const state = empty();
  const ignored = [];
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === "q") state.q = value;
    else if (name === "sort") state.sort = value === "date" ? "date" : "";
    else if (name === "month" && MONTH.test(value) && months.has(value)) state.month = value;
    else if (Object.hasOwn(known, name) && known[name].has(value)) add(state, name, value);
    else if (name === "month" || Object.hasOwn(known, name)) ignored.push(`${name}=${value}`);
  }
  if (state.month) delete state.facets.year;
  return { state, ignored };
}

/** State -> the query part of an address, always in the same order. */
export function write(state) {
  const params = new URLSearchParams();
  if (state.q.trim()) params.set("q", state.q.slice(0, 500));
  for (const name of Object.keys(state.facets).sort()) {
    for (const value of [...state.facets[name]].sort()) params.append(name, value);
  }
  if (state.month) params.set("month", state.month);
  if (state.sort) params.set("sort", state.sort);
  const text = params.toString();
  return text && `?${text}`;
}

function add(state, name, value) {
  const values = (state.facets[name] ??= []);
  if (!values.includes(value)) values.push(value);
}

const copy = (state) => ({ ...state, facets: Object.fromEntries(Object.entries(state.facets).map(([name, values]) => [name, [...values]])) });

/** The state with one value switched on or off. A month and years exclude one another. */
export function toggled(state, name, value) {
  const next = copy(state);
  if (name === "month") {
    next.month = state.month === value ? "" : value;
    delete next.facets.year;
    return next;
  }
  if (name === "year") next.month = "";
  const values = next.facets[name] || [];
  if (values.includes(value)) next.facets[name] = values.filter((other) => other !== value);
  else add(next, name, value);
  if (!next.facets[name].length) delete next.facets[name];
  return next;
}

/** The state without a facet; "month" is one. */
export function without(state, name) {
  const next = copy(state);
  delete next.facets[name];
  if (name === "month" || name === "year") {
    next.month = "";
    delete next.facets.year;
  }
  return next;
}
