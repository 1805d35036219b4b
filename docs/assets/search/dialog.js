// The search dialog of every page.

import { element, loadStyles } from "./result.js";
import { HINT, suggest } from "./suggest.js";

let dialog, input, list, select;

function build() {
  dialog = element("dialog", "search-dialog");
  dialog.setAttribute("aria-label", "Search");
  const head = element("div", "search-head");
  input = element("input");
  const properties = { type: "search", placeholder: document.querySelector("[data-search]").dataset.search, maxLength: 10000, autocomplete: "off", spellcheck: false };
  Object.assign(input, properties);
  input.setAttribute("aria-label", "Search developments, instruments, regulators and topics");
  const closeButton = element("button", "search-close", "Close");
  closeButton.type = "button";
  closeButton.addEventListener("click", close);
  head.append(input, closeButton);
  const statusLine = element("p", "search-told note", HINT);
  list = element("ul", "search-results");
  list.id = "search-results";
  dialog.append(head, statusLine, list);
  document.body.append(dialog);
  select = suggest(input, list, statusLine, close, true);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
}

/** Close the dialog and remove the focus from the field, since a focused field would take "/" as text. */
function close() {
  input.blur();
  dialog.close();
}

/** Open the dialog; the first call builds it. */
export async function openSearch() {
  if (!dialog) {
    build();
    await loadStyles();
  }
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
  select(list.children.length ? 0 : null);
}
