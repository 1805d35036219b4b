// Prints a page or one year of it. The address of a year (#print-2022) works without this script.
"use strict";

for (const control of document.querySelectorAll("[data-print]")) {
  control.hidden = false;
  control.addEventListener("click", () => {
    // The style sheet hides all other years by the address, so set it first.
    if (control.hash) location.hash = control.hash;
    requestAnimationFrame(() => window.print());
  });
}
