// Conveniences for readers with JavaScript; every page can be read without.
"use strict";

(() => {
  const DAY = 86400000;
  // A page built longer ago than this is an archive: it counts from its own date, not from the reader's.
  const ARCHIVE_DAYS = 60;

  const zone = document.querySelector("meta[name='time-zone']")?.content || "UTC";
  const todayInZone = () =>
    new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
  const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);
  const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text || "") && !Number.isNaN(Date.parse(text));

  const asOf = document.querySelector("meta[name='as-of']")?.content;
  const fresh = isDate(asOf) && daysBetween(asOf, todayInZone()) >= 0 && daysBetween(asOf, todayInZone()) <= ARCHIVE_DAYS;
  const today = fresh ? todayInZone() : asOf;

  function showDayCounts() {
    for (const place of document.querySelectorAll(".days[data-day]")) {
      const left = daysBetween(today, place.dataset.day);
      const size = Math.abs(left);
      const unit = size === 1 ? "day" : "days";
      place.textContent = left === 0 ? " today" : left > 0 ? ` in ${size} ${unit}` : ` ${size} ${unit} ago`;
    }
  }

  function showStatusOnDate() {
    const box = document.getElementById("status");
    const rows = [...document.querySelectorAll("[data-segments] tbody tr")];
    if (!box || !rows.length) return;
    const built = { validity: box.querySelector("[data-validity]").cloneNode(true), pending: box.querySelector("[data-pending]").cloneNode(true) };
    const label = document.createElement("label");
    label.className = "on-day note";
    label.textContent = "Status on ";
    const input = document.createElement("input");
    input.type = "date";
    label.append(input);
    box.append(label);

    const copy = (name, source) => box.querySelector(`[data-${name}]`).replaceChildren(...[...source.cloneNode(true).childNodes]);
    function show(day) {
      const row = rows.filter((candidate) => candidate.dataset.from <= day).pop();
      if (row) {
        copy("validity", row.cells[1]);
        copy("pending", row.cells[2]);
      } else if (day < rows[0].dataset.from) {
        box.querySelector("[data-validity]").textContent = "Unknown: no entries go back that far";
        box.querySelector("[data-pending]").textContent = "Nothing recorded";
      } else {
        copy("validity", built.validity);
        copy("pending", built.pending);
      }
      const shown = document.createElement("time");
      shown.dateTime = day;
      shown.textContent = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }).format(Date.parse(day));
      box.querySelector("[data-on]").replaceChildren(shown);
      input.value = day;
      if (day === today) showDayCounts();
      else box.querySelectorAll(".days").forEach((place) => place.remove());
    }
    const requested = () => new URL(location.href).searchParams.get("on");
    const fromAddress = () => show(isDate(requested()) ? requested() : today);
    input.addEventListener("change", () => {
      if (!isDate(input.value)) return;
      const url = new URL(location.href);
      url.searchParams.set("on", input.value);
      history.pushState(null, "", url);
      show(input.value);
    });
    window.addEventListener("popstate", fromAddress);
    fromAddress();
  }

  function filterAndSort(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const texts = rows.map((row) => `${row.textContent} ${row.dataset.words || ""}`.toLowerCase().replace(/[\s/]+/g, " "));
    const field = document.createElement("input");
    field.type = "search";
    field.className = "filter";
    field.placeholder = table.dataset.filter;
    field.setAttribute("aria-label", table.dataset.filter);
    table.closest(".scroller").before(field);
    const shown = document.querySelector("[data-shown]");
    const unit = table.dataset.unit;
    field.addEventListener("input", () => {
      const terms = field.value.toLowerCase().replace(/[\s/]+/g, " ").trim().split(" ").filter(Boolean);
      let count = 0;
      rows.forEach((row, index) => {
        row.hidden = !terms.every((word) => texts[index].includes(word));
        count += row.hidden ? 0 : 1;
      });
      if (shown) shown.textContent = `${count} ${unit}${count === 1 ? "" : "s"}`;
    });
    const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort((a, b) => key(a, column).localeCompare(key(b, column), "en", { numeric: true }) * (down ? -1 : 1));
        body.append(...rows);
      });
    });
  }

  const root = new URL("search/", document.currentScript.src);
  const onExplore = () => document.querySelector("#explore:not([hidden]) input[type='search']");

  async function openSearch() {
    const field = onExplore();
    if (field) return field.focus();
    try {
      (await import(new URL("dialog.js", root))).openSearch();
    } catch {
      location.href = document.querySelector("[data-search]").href;
    }
  }

  function searchFromAnywhere() {
    const examples = document.querySelector("[data-search]")?.dataset.search;
    for (const field of document.querySelectorAll("input[data-examples]")) field.placeholder = examples;
    document.querySelector("[data-search]")?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the reader wants a new tab
      event.preventDefault();
      openSearch();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key !== "/" && event.key !== "s") return;
      event.preventDefault();
      openSearch();
    });
  }

  // The theme takes every link[rel=alternate] for a translation of the site and loads its sitemap, which is large. A
  // second link type keeps it away and changes nothing for feed readers.
  function markFeedLinks() {
    for (const link of document.querySelectorAll("link[rel=alternate][type]")) link.relList.add("feed");
  }

  markFeedLinks(); // before the theme reads them, at DOMContentLoaded
  showDayCounts();
  showStatusOnDate();
  searchFromAnywhere();
  document.querySelectorAll("table[data-filter]").forEach(filterAndSort);
})();
