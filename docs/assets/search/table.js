// The download of results as a CSV file.

import constants from "../constants.js";
import { details } from "./engine.js";

export const MAX_ROWS = 1000; // each row is a small request
const BATCH = 50;
const COLUMNS = ["day", "title", "type", "regulators", "instruments"];

/** Return a quoted cell that a spreadsheet does not interpret as a formula. */
function cell(text) {
  const safe = text && constants.FORMULA_STARTS.includes(text[0]) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

/** Return results as CSV (RFC 4180), with a byte order mark so that Excel recognises UTF-8. */
export async function table(results) {
  const site = document.querySelector("link[rel='canonical']")?.href || location.href;
  const rows = [[...COLUMNS, "url"].map(cell).join(",")];
  for (let start = 0; start < results.length; start += BATCH) {
    for (const item of await details(results.slice(start, start + BATCH))) {
      const cells = [...COLUMNS.map((name) => item[name] || ""), new URL(item.url, site).href];
      rows.push(cells.map(cell).join(","));
    }
  }
  return `\ufeff${rows.join("\r\n")}\r\n`;
}

/** Save a text as a file. */
export function download(text, name, kind) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
