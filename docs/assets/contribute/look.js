// How an entry will look. Built of elements; nothing that was typed is ever read as markup.

import { element } from "../search/result.js";
import { long } from "./dates.js";
import { isAddress } from "./validate.js";

const INLINE = /\*\*(?<strong>[^*]+)\*\*|\*(?<em>[^*\n]+)\*|`(?<code>[^`]+)`|\[(?<words>[^\]]*)\]\((?<target>[^()\s]*)\)/u;
const HAN = /[\p{Script=Han}][\p{Script=Han}\p{N}，。、；：？！“”《》（）—·]*/gu;

function append(parent, text) {
  let end = 0;
  for (const run of text.matchAll(HAN)) {
    const chinese = element("span", "", run[0]);
    chinese.lang = "zh-Hans";
    parent.append(text.slice(end, run.index), chinese);
    end = run.index + run[0].length;
  }
  parent.append(text.slice(end));
}

function inline(parent, text, known) {
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    append(parent, rest.slice(0, match.index));
    const { strong, em, code, words, target } = match.groups;
    const made = strong ? element("strong") : em ? element("em") : code ? element("code") : element("a");
    append(made, strong || em || code || words || "");
    if (made.localName === "a" && isAddress(target, known)) Object.assign(made, { href: target, rel: "noopener", target: "_blank" });
    parent.append(made);
    rest = rest.slice(match.index + match[0].length);
  }
  append(parent, rest);
}

function* blocks(text, known) {
  for (const block of text.trim().split(/\n\s*\n/)) {
    const lines = block.split("\n");
    const marked = lines.every((line) => /^\s*(?:[-*+]|\d+[.)])\s/.test(line) || /^\s+\S/.test(line));
    if (!marked) {
      const paragraph = element("p");
      inline(paragraph, lines.join(" "), known);
      yield paragraph;
      continue;
    }
    const list = element(/^\s*\d/.test(lines[0]) ? "ol" : "ul");
    for (const line of lines) {
      const item = /^\s*(?:[-*+]|\d+[.)])\s/.test(line) || !list.lastChild ? element("li") : list.lastChild;
      inline(item, `${item.hasChildNodes() ? " " : ""}${line.replace(/^\s*(?:[-*+]|\d+[.)])?\s*/, "")}`, known);
      list.append(item);
    }
    yield list;
  }
}

/** The parts of the picture: kicker, title, chips, text, instruments, sources. `label(kind, id)` names a page, `word(key, value)` a word. */
export function look(values, body, known, { label, word }) {
  const kicker = element("p", "kicker");
  kicker.append(element("span", "type", values.type ? word("type", values.type) : ""), ` ${values.date ? long(values.date) : ""}`);
  if (values.highlight) kicker.append(" · ", element("span", "highlight", "Highlight"));
  const title = element("p", "look-title");
  append(title, values.title || "…");
  const chips = (kind) => {
    const line = element("p", "chips");
    for (const id of values[kind] || []) {
      const chip = element("span", "chip");
      append(chip, label(kind, id));
      line.append(chip, " ");
    }
    return line.hasChildNodes() ? [line] : [];
  };
  const list = (rows) => {
    const made = element("ul", "plain");
    for (const text of rows) {
      const item = element("li");
      append(item, text);
      made.append(item);
    }
    return rows.length ? [made] : [];
  };
  const steps = (values.instruments || []).map(({ id, stage, round }) => [id && label("instruments", id), stage && word("stage", stage), round].filter(Boolean).join(" · "));
  const sources = (values.sources || []).map(({ kind, publisher, title: own }) => [kind && word("kind", kind), publisher, own].filter(Boolean).join(" · "));
  const papers = (values.newsletters || []).map((id) => `Newsletter · ${label("newsletters", id)}`);
  return [kicker, title, ...chips("regulators"), ...(body.trim() ? blocks(body, known) : []), ...list(steps), ...list([...sources, ...papers]), ...chips("topics")];
}
