// The display of a search result: date, title, type, regulators, instrument and status, excerpt.

import { CHINESE, appendHighlighted } from "./query.js";

export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export const counted = (count) => `${count.toLocaleString("en")} ${count === 1 ? "development" : "developments"}`;

/** Load a style sheet, by default that of the search. The promise resolves even if loading fails. */
export function loadStyles(address = new URL("search.css", import.meta.url)) {
  const sheet = element("link");
  sheet.rel = "stylesheet";
  sheet.href = address;
  return new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
}

function facts(item) {
  return [item.regulators, item.instruments, item.status].filter(Boolean).join(" · ");
}

/** Return hidden Chinese names and numbers that match a query word, if the result does not show that word already. */
function matchingNames(item, terms) {
  const shown = [item.title, item.zh, item.date, item.day, item.type, facts(item), item.excerpt].join(" ").toLowerCase();
  const hidden = (item.words || "").split(" ");
  const matches = terms.filter((word) => !shown.includes(word)).map((word) => {
    if (CHINESE.test(word)) return hidden.find((name) => name.includes(word));
    return /\d/.test(word) && hidden.find((name) => name.toLowerCase() === word);
  });
  return [...new Set(matches.filter(Boolean))];
}

/** Append the link of a result and the lines below it. */
export function appendResult(parent, item, terms) {
  const link = element("a", "row-title");
  link.href = item.url;
  appendHighlighted(link, item.title, terms);
  parent.append(link);
  if (item.zh) {
    const chinese = element("span", "zh");
    chinese.lang = "zh-Hans";
    appendHighlighted(chinese, item.zh, terms);
    parent.append(" ", chinese);
  }
  const line = element("p", "row-facts");
  const more = [facts(item), ...matchingNames(item, terms)].filter(Boolean).join(" · ");
  if (item.type) line.append(element("span", `type type-${item.tone ?? "term"}`, item.type), more && " · ");
  appendHighlighted(line, more, terms);
  parent.append(line);
}

/** Return the excerpt of a result, without the title at its beginning. */
export function summary(item) {
  const text = item.excerpt.startsWith(item.title) ? item.excerpt.slice(item.title.length).replace(/^[.\s]+/, "") : item.excerpt;
  return text && `${text.replace(/[.…\s]+$/, "")} …`;
}

/** Return `29 Apr 2022`, `Apr 2022` or `2022`, depending on the precision of the date. */
export function dateOf(item) {
  const time = element("time", "", item.date.replace(/\p{L}+/u, (month) => month.slice(0, 3)));
  time.dateTime = item.day;
  return time;
}

/** Return a row of the result list. */
export function row(item, terms) {
  const line = element("li", "row");
  const when = element("span", "row-date");
  if (item.day) when.append(dateOf(item));
  else when.textContent = item.kind;
  const main = element("div", "row-main");
  appendResult(main, item, terms);
  const text = summary(item);
  if (terms.length && text && item.day) {
    const excerpt = element("p", "row-summary");
    appendHighlighted(excerpt, text, terms);
    main.append(excerpt);
  }
  line.append(when, main);
  return line;
}
