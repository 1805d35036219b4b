// A bar chart of the results by month.

const SVG = "http://www.w3.org/2000/svg";
const BAR = 6, GAP = 2, HEIGHT = 96, YEAR = 12 * (BAR + GAP);
const name = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" });

function node(kind, attributes, text) {
  const element = document.createElementNS(SVG, kind);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function link(href, label, classes, select) {
  const element = node("a", { href, class: classes });
  element.append(node("title", {}, label));
  element.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select();
  });
  return element;
}

/**
 * Return the chart as an SVG of links, or null without results. `counts` maps months such as `2022-04` to
 * numbers; `isShown` takes a month, `href` and `select` take a facet and a value.
 */
export function monthChart(counts, isShown, href, select) {
  const all = Object.keys(counts).filter((key) => counts[key]).map((key) => Number(key.slice(0, 4)));
  if (!all.length) return null;
  const first = Math.min(...all), last = Math.max(...all);
  const width = (last - first + 1) * YEAR;
  const svg = node("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT + 26}`, role: "group", "aria-label": "Developments by month" });
  svg.style.maxWidth = `${width}px`;
  const highest = Math.max(...Object.values(counts));
  for (let year = first; year <= last; year += 1) {
    const left = (year - first) * YEAR;
    for (let at = 1; at <= 12; at += 1) {
      const key = `${year}-${String(at).padStart(2, "0")}`;
      if (!counts[key]) continue;
      const height = Math.max(2, Math.round((HEIGHT * counts[key]) / highest));
      const bar = link(href("month", key), `${name.format(Date.parse(`${key}-01`))}: ${counts[key]}`, isShown(key) ? "" : "beside", () => select("month", key));
      bar.append(node("rect", { x: left + (at - 1) * (BAR + GAP), y: HEIGHT - height, width: BAR, height }));
      svg.append(bar);
    }
    const total = Object.keys(counts).filter((key) => key.startsWith(`${year}`)).reduce((sum, key) => sum + counts[key], 0);
    if (!total) continue;
    const tick = link(href("year", String(year)), `${year}: ${total}`, "tick-link", () => select("year", String(year)));
    tick.append(node("text", { x: left, y: HEIGHT + 20, class: "tick" }, String(year)));
    svg.append(tick);
  }
  useRovingTabIndex(svg);
  return svg;
}

/** Make the chart a single Tab stop, in which the arrow keys move between bars. */
function useRovingTabIndex(svg) {
  const bars = [...svg.querySelectorAll("a")];
  bars.forEach((bar, index) => bar.setAttribute("tabindex", index ? "-1" : "0"));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    bars[(bars.indexOf(document.activeElement) + step + bars.length) % bars.length].focus();
  });
}
