// Adds a permalink to each heading and row with an id, visible on hover and focus. The ids work without this script.
"use strict";

(() => {
  const ROWS = "li.row, ul.links > li, ul.plain > li, ol.history > li, tr, dt";

  for (const target of document.querySelectorAll(`.md-content :is(h2, h3, h4, ${ROWS})[id]`)) {
    if (target.closest("form")) continue; // the contents of a form change
    const link = document.createElement("a");
    link.className = "here";
    link.href = `#${encodeURIComponent(target.id)}`;
    link.setAttribute("aria-label", "Permalink");
    // Keeps the link out of the heading's accessible name.
    if (/^H\d$/.test(target.tagName)) target.setAttribute("aria-label", target.textContent.trim().replace(/\s+/g, " "));
    const host = target.cells?.[0] ?? target.querySelector(":scope > div") ?? target; // a row's text is in a div
    const below = host.querySelector(":scope > :is(.row-summary, .row-facts)");
    // No space before the link, so that it never wraps to a line of its own.
    const last = below ? below.previousSibling : host.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) last.data = last.data.trimEnd();
    host.insertBefore(link, below);
  }
})();
