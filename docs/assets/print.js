// Prints a page, or one year of it: the address of a year alone (#print-2022) works without this.
"use strict";

for (const control of document.querySelectorAll("[data-print]")) {
  control.hidden = false;
  control.addEventListener("click", () => {
    // First the link, then the print: the browser lays out the year alone when its address is set.
    if (control.hash) location.hash = control.hash;
    requestAnimationFrame(() => window.print());
  });
}
