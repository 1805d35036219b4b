// The entries that may tell of the same as the form, as rows that lead to them.

import { element } from "../search/result.js";
import { fault, long } from "./dates.js";
import { near, outline } from "./same.js";

/** Rows for the list of what is possibly the same. `root`: the address of the site. */
export function sameRows(values, known, root) {
  const candidate = outline(values);
  if (candidate.date !== undefined && fault(candidate.date, known.range)) candidate.date = undefined;
  const names = (kind, id) => known.names[kind][id] || [];
  const said = ({ instruments }) => Object.keys(instruments).flatMap((id) => names("instruments", id)).join(" ");
  const bodies = candidate.regulators.flatMap((id) => [id, ...names("regulators", id)]);
  const others = known.entries().filter(({ id }) => !values.related?.includes(id));
  return near(candidate, others, said, bodies, (id) => known.called("instruments", id)).map(({ entry, reasons }) => {
    const item = element("li"), link = element("a", "", entry.title);
    Object.assign(link, { href: new URL(`entries/${entry.id}/`, root), target: "_blank", rel: "noopener" });
    item.append(link, " ", element("span", "note", `${long(entry.date)} · ${reasons.join(", ")}`));
    return item;
  });
}
