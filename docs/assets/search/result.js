// A result as a reader sees it: date, title, type, regulators, instrument and status, and the text.

import { markInto } from "./query.js";

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A style sheet, the search's own if no other, which other pages need not load. Resolves when it applies, or failed. */
export function styled(address = new URL("search.css", import.meta.url)) {
  const sheet = element("link");
  sheet.rel = "stylesheet";
  sheet.href = address;
  return new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
}

function facts(item) {
  return [item.type, item.regulators, item.instruments, item.status].filter(Boolean).join(" · ");
}

const HAN = /\p{Script=Han}/u;

/** Names that bear an asked word which nothing else of the result shows: other spellings, Chinese names. */
function bearers(item, asked) {
  const shown = [item.title, item.zh, item.date, item.day, facts(item), item.excerpt].join(" ").toLowerCase();
  const hidden = `${item.words || ""} ${item.parts || ""}`.split(" ");
  const bearing = asked.filter((word) => !shown.includes(word)).map((word) => {
    if (HAN.test(word)) return hidden.find((name) => name.includes(word));
    return hidden.find((name) => name.toLowerCase() === word);
  });
  return [...new Set(bearing.filter(Boolean))];
}

/** The link of a result, and the lines under it. */
export function fill(parent, item, asked) {
  const link = element("a", "row-title");
  link.href = item.url;
  markInto(link, item.title, asked);
  parent.append(link);
  if (item.zh) {
    const chinese = element("span", "zh");
    chinese.lang = "zh-Hans";
    markInto(chinese, item.zh, asked);
    parent.append(" ", chinese);
  }
  const line = element("p", "row-facts");
  markInto(line, [facts(item), ...bearers(item, asked)].filter(Boolean).join(" · "), asked);
  parent.append(line);
}

/** The text of a result without its title, with which it begins. */
export function summary(item) {
  const text = item.excerpt.startsWith(item.title) ? item.excerpt.slice(item.title.length).replace(/^[.\s]+/, "") : item.excerpt;
  return text && `${text.replace(/[.…\s]+$/, "")} …`;
}

/** `29 Apr 2022`, `Apr 2022` or `2022`, as the date is known. */
export function dateOf(item) {
  const time = element("time", "", item.date.replace(/\p{L}+/u, (month) => month.slice(0, 3)));
  time.dateTime = item.day;
  return time;
}

/** A row of the list of results. */
export function row(item, asked) {
  const made = element("li", "row");
  const when = element("span", "row-date");
  if (item.day) when.append(dateOf(item));
  else when.textContent = item.kind;
  const main = element("div", "row-main");
  fill(main, item, asked);
  const text = summary(item);
  if (asked.length && text && item.day) {
    const line = element("p", "row-summary");
    markInto(line, text, asked);
    main.append(line);
  }
  made.append(when, main);
  return made;
}
