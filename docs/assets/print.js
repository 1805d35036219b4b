// Prints a page, or one year of it. The address of one year (#print-2022) works without this.
"use strict";

for (const control of document.querySelectorAll("[data-print]")) {
  control.hidden = false;
  control.addEventListener("click", () => {
    // The address first: it is what hides the other years from print.
    if (control.hash) location.hash = control.hash;
    requestAnimationFrame(() => window.print());
  });
}
