// Beside each heading and row that has an address of its own, a link to it, seen when the pointer or the keyboard is
// there. Rows and headings have their addresses without this.
"use strict";

(() => {
  const ROWS = "li.row, ul.links > li, ul.plain > li, ol.history > li, tr, dt";

  for (const place of document.querySelectorAll(`.md-content :is(h2, h3, h4, ${ROWS})[id]`)) {
    if (place.closest("form")) continue; // its parts come and go
    const link = document.createElement("a");
    link.className = "here";
    link.href = `#${encodeURIComponent(place.id)}`;
    link.setAttribute("aria-label", "Link to this place");
    const host = place.cells?.[0] ?? place.querySelector(":scope > div") ?? place; // a row's words stand in a div
    const below = host.querySelector(":scope > :is(.row-summary, .row-facts)");
    // Without a space before it, so that it never stands on a line alone.
    const last = below ? below.previousSibling : host.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) last.data = last.data.trimEnd();
    host.insertBefore(link, below);
  }
})();
