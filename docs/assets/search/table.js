// Results as a table to download.

import { details } from "./engine.js";

export const MOST = 1000; // rows; each is a small request
const AT_ONCE = 50;
const COLUMNS = ["day", "title", "type", "regulators", "instruments"];

/** A cell that a spreadsheet takes for text, never for a formula. */
function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

/** Results -> CSV after RFC 4180, with the mark by which Excel knows UTF-8. */
export async function table(results) {
  const site = document.querySelector("link[rel='canonical']")?.href || location.href;
  const rows = [[...COLUMNS, "url"].map(cell).join(",")];
  for (let start = 0; start < results.length; start += AT_ONCE) {
    for (const item of await details(results.slice(start, start + AT_ONCE))) {
      const cells = [...COLUMNS.map((name) => item[name] || ""), new URL(item.url, site).href];
      rows.push(cells.map(cell).join(","));
    }
  }
  return `\ufeff${rows.join("\r\n")}\r\n`;
}

/** Hand a text to the reader as a file. */
export function download(text, name, kind) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
