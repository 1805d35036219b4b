// The state of the explore page, as in the query string of its address.

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

export const empty = () => ({ q: "", sort: "", from: "", to: "", facets: {} });

export const isEmpty = (state) => !state.q.trim() && !state.from && !state.to && !Object.values(state.facets).some((values) => values.length);

/** Parse a query string into a state. `known` maps each facet to its values; `ignored` lists unknown values. */
export function read(search, known) {
  const state = empty();
  const ignored = [];
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === "q") state.q = value;
    else if (name === "sort") state.sort = value === "date" ? "date" : "";
    else if (name === "month" && MONTH.test(value)) state.from = state.to = value;
    else if ((name === "from" || name === "to") && MONTH.test(value)) state[name] = value;
    else if (Object.hasOwn(known, name) && known[name].has(value)) add(state, name, value);
    else if (["month", "from", "to"].includes(name) || Object.hasOwn(known, name)) ignored.push(`${name}=${value}`);
  }
  if (state.from || state.to) delete state.facets.year;
  return { state, ignored };
}

/** Return a state as a query string, always in the same order. */
export function write(state) {
  const params = new URLSearchParams();
  if (state.q.trim()) params.set("q", state.q.slice(0, 500));
  for (const name of Object.keys(state.facets).sort()) {
    for (const value of [...state.facets[name]].sort()) params.append(name, value);
  }
  if (state.from && state.from === state.to) params.set("month", state.from);
  else for (const name of ["from", "to"]) if (state[name]) params.set(name, state[name]);
  if (state.sort) params.set("sort", state.sort);
  const text = params.toString();
  return text && `?${text}`;
}

function add(state, name, value) {
  const values = (state.facets[name] ??= []);
  if (!values.includes(value)) values.push(value);
}

const copy = (state) => ({ ...state, facets: Object.fromEntries(Object.entries(state.facets).map(([name, values]) => [name, [...values]])) });

/** Return the state with a range of months, open at an empty end; a range replaces selected years. */
export function between(state, from, to) {
  const next = { ...copy(state), from, to };
  if (from || to) delete next.facets.year;
  return next;
}

/** Return the state with one value switched on or off. */
export function toggled(state, name, value) {
  if (name === "month") return state.from === value && state.to === value ? between(state, "", "") : between(state, value, value);
  const next = name === "year" ? between(state, "", "") : copy(state);
  const values = next.facets[name] || [];
  if (values.includes(value)) next.facets[name] = values.filter((other) => other !== value);
  else add(next, name, value);
  if (!next.facets[name].length) delete next.facets[name];
  return next;
}

/** Return the state without a facet; "month" includes the range and the years. */
export function without(state, name) {
  const next = name === "month" || name === "year" ? between(state, "", "") : copy(state);
  delete next.facets[name];
  if (name === "month") delete next.facets.year;
  return next;
}

/** Return whether a month, or a year for dates without a month, lies within the dates of a state. */
export function isWithin(month, { from, to, facets }) {
  const [first, last] = month.length > 4 ? [month, month] : [`${month}-01`, `${month}-12`];
  if (facets.year && !facets.year.includes(month.slice(0, 4))) return false;
  return (!from || from <= first) && (!to || last <= to);
}
