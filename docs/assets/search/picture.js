// Developments by month, drawn from the counts of the present result.

const SVG = "http://www.w3.org/2000/svg";
const BAR = 6, GAP = 2, HEIGHT = 96, YEAR = 12 * (BAR + GAP);
const name = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" });

function node(kind, traits, text) {
  const made = document.createElementNS(SVG, kind);
  for (const [trait, value] of Object.entries(traits)) made.setAttribute(trait, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function link(href, label, classes, choose) {
  const made = node("a", { href, class: classes });
  made.append(node("title", {}, label));
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose();
  });
  return made;
}

/** An SVG of links. `counts` maps `2022-04` to a number; `href` and `choose` take a facet and a value. */
export function picture(counts, { month, years }, href, choose) {
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
      const tall = Math.max(2, Math.round((HEIGHT * counts[key]) / highest));
      const shown = month ? month === key : !years.length || years.includes(String(year));
      const bar = link(href("month", key), `${name.format(Date.parse(`${key}-01`))}: ${counts[key]}`, shown ? "" : "beside", () => choose("month", key));
      bar.append(node("rect", { x: left + (at - 1) * (BAR + GAP), y: HEIGHT - tall, width: BAR, height: tall }));
      svg.append(bar);
    }
    const total = Object.keys(counts).filter((key) => key.startsWith(`${year}`)).reduce((sum, key) => sum + counts[key], 0);
    if (!total) continue;
    const tick = link(href("year", String(year)), `${year}: ${total}`, "tick-link", () => choose("year", String(year)));
    tick.append(node("text", { x: left, y: HEIGHT + 20, class: "tick" }, String(year)));
    svg.append(tick);
  }
  rove(svg);
  return svg;
}

/** One stop of the Tab key for the whole picture; arrows go from bar to bar. */
function rove(svg) {
  const bars = [...svg.querySelectorAll("a")];
  bars.forEach((bar, place) => bar.setAttribute("tabindex", place ? "-1" : "0"));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    bars[(bars.indexOf(document.activeElement) + step + bars.length) % bars.length].focus();
  });
}
