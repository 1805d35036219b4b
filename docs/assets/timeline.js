// Conveniences for readers with JavaScript; every page also works without.
"use strict";

(() => {
  const DAY = 86400000, YEAR = 365;
  // A page built longer ago than this is treated as archived: it counts days from its own date, not from today.
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
      if (left < -YEAR) continue; // a larger number would tell readers little
      const size = Math.abs(left);
      const unit = size === 1 ? "day" : "days";
      place.textContent = left === 0 ? " today" : left > 0 ? ` in ${size} ${unit}` : ` ${size} ${unit} ago`;
    }
  }

  function showStatusOnDate() {
    const box = document.getElementById("status");
    const rows = [...document.querySelectorAll("[data-segments] tbody tr")].reverse(); // oldest first
    if (!box || !rows.length) return;
    const cell = (name) => box.querySelector(`[data-${name}]`);
    const built = { validity: cell("validity").cloneNode(true), pending: cell("pending").cloneNode(true) };
    const cited = [...document.querySelectorAll("[data-cited]")].map((place) => [place, place.textContent]);
    const address = document.querySelector("[data-cited-address]");
    const permalink = address?.href;
    const act = document.querySelector("[data-cited-text]");
    const currentText = act?.href;
    const label = document.createElement("label");
    label.className = "on-day note";
    label.textContent = "Show another date ";
    const input = document.createElement("input");
    input.type = "date";
    label.append(input);
    cell("picker").append(" ", label);

    const fill = (name, source) => cell(name).replaceChildren(...source.cloneNode(true).childNodes);
    function show(day) {
      const row = rows.filter((candidate) => candidate.dataset.from <= day).pop();
      if (row) {
        fill("validity", row.cells[1]);
        fill("pending", row.cells[2]);
      } else if (day < rows[0].dataset.from) {
        cell("validity").textContent = "Unknown: no entries go back that far";
        cell("pending").textContent = "";
      } else {
        fill("validity", built.validity);
        fill("pending", built.pending);
      }
      for (const part of box.querySelectorAll("[data-pending-row]")) part.hidden = !cell("pending").textContent.trim();
      for (const part of document.querySelectorAll("[data-applies-from], [data-applies-until]")) {
        const { appliesFrom, appliesUntil } = part.dataset;
        part.hidden = (appliesFrom && day < appliesFrom) || (appliesUntil && day > appliesUntil) || false;
      }
      for (const list of document.querySelectorAll(".duties")) list.closest("section").hidden = !list.querySelector("li:not([hidden])");
      const shown = document.createElement("time");
      shown.dateTime = day;
      shown.textContent = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }).format(Date.parse(day));
      cell("on").replaceChildren(shown);
      for (const part of document.querySelectorAll("[data-past]")) part.hidden = day === today;
      const past = [cell("validity"), cell("pending")].map((part) => part.textContent.trim()).filter(Boolean).join("; ");
      for (const [place, text] of cited) place.textContent = day === today ? text : `${shown.textContent}: ${past}`;
      if (address) address.textContent = address.href = day === today ? permalink : `${permalink}?on=${day}`;
      const official = box.querySelector("[data-official]:not([hidden]) a");
      if (act) act.textContent = act.href = official?.href || (day === today ? currentText : `${permalink}?on=${day}`);
      for (const part of box.querySelectorAll("[data-no-text]")) part.hidden = Boolean(official) || day === today;
      const isDraft = day !== today && cell("validity").querySelector(".validity-not-yet-adopted");
      for (const part of document.querySelectorAll("[data-adopted]")) part.hidden = Boolean(isDraft);
      input.value = day;
      if (day === today) showDayCounts();
      else box.querySelectorAll(".days").forEach((place) => place.remove());
    }
    const requested = () => new URL(location.href).searchParams.get("on");
    const readAddress = () => show(isDate(requested()) ? requested() : today);
    input.addEventListener("change", () => {
      if (!isDate(input.value)) return;
      const url = new URL(location.href);
      url.searchParams.set("on", input.value);
      history.pushState(null, "", url);
      show(input.value);
    });
    window.addEventListener("popstate", readAddress);
    readAddress();
  }

  // The address contains the filter, the checkbox and the order, so that readers can share a selection.
  function filterAndSort(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const folded = (text) => text.toLowerCase().replace(/[\s/]+/g, " ");
    const texts = new Map(rows.map((row) => [row, folded(`${row.textContent} ${row.dataset.words || ""}`)]));
    const field = document.createElement("input");
    field.type = "search";
    field.className = "filter";
    field.placeholder = table.dataset.filter;
    field.setAttribute("aria-label", table.dataset.filter);
    table.closest(".scroller").before(field);
    const inScope = document.createElement("input");
    inScope.type = "checkbox";
    if (table.dataset.outside && rows.some((row) => row.dataset.outside !== undefined)) {
      const label = document.createElement("label");
      label.className = "note";
      label.append(inScope, ` ${table.dataset.outside}`);
      field.after(label);
    }
    const shown = document.querySelector("[data-shown]");
    const { unit } = table.dataset;
    const heads = [...table.tHead.rows[0].cells];

    function filter() {
      const terms = folded(field.value).trim().split(" ").filter(Boolean);
      let count = 0;
      for (const row of rows) {
        row.hidden = !terms.every((term) => texts.get(row).includes(term)) || (inScope.checked && row.dataset.outside !== undefined);
        count += row.hidden ? 0 : 1;
      }
      if (shown) shown.textContent = `${count} ${unit}${count === 1 ? "" : "s"}`;
    }

    const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    function sort(column, descending) {
      for (const head of heads) head.removeAttribute("aria-sort");
      heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
      rows.sort((one, other) => {
        const [a, b] = [key(one, column), key(other, column)];
        if (!a || !b) return Number(!a) - Number(!b); // blanks last, in either order
        return a.localeCompare(b, "en", { numeric: true }) * (descending ? -1 : 1);
      });
      body.append(...rows);
    }

    function writeAddress() {
      const url = new URL(location.href);
      const sorted = heads.findIndex((head) => head.hasAttribute("aria-sort"));
      const order = sorted < 0 ? "" : `${heads[sorted].getAttribute("aria-sort") === "descending" ? "-" : ""}${sorted + 1}`;
      for (const [name, value] of [["q", field.value.trim()], ["scope", inScope.checked ? "in" : ""], ["sort", order]]) {
        if (value) url.searchParams.set(name, value);
        else url.searchParams.delete(name);
      }
      history.replaceState(null, "", url);
    }

    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const order = head.getAttribute("aria-sort");
        sort(column, order ? order === "ascending" : head.classList.contains("number")); // largest numbers first
        writeAddress();
      });
    });
    for (const input of [field, inScope]) input.addEventListener("input", () => { filter(); writeAddress(); });
    const requested = new URL(location.href).searchParams;
    field.value = requested.get("q") ?? "";
    inScope.checked = requested.get("scope") === "in";
    const column = Math.abs(Number(requested.get("sort"))) - 1;
    if (heads[column]) sort(column, Number(requested.get("sort")) < 0);
    if (field.value || inScope.checked) filter();
    if ((field.value || inScope.checked || heads[column]) && !location.hash) field.scrollIntoView();
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
    document.querySelector(".home-search input")?.addEventListener("focus", async ({ target }) => {
      (await import(new URL("suggest.js", root))).suggestBelow(target);
    }, { once: true });
    document.querySelector("[data-search]")?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // opens a new tab or window
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

  // The theme treats every link[rel=alternate] as a translation of the site and loads its large sitemap. A second link
  // type prevents this and makes no difference to feed readers.
  function markFeedLinks() {
    for (const link of document.querySelectorAll("link[rel=alternate][type]")) link.relList.add("feed");
  }

  markFeedLinks(); // before the theme reads the links, at DOMContentLoaded
  showDayCounts();
  showStatusOnDate();
  searchFromAnywhere();
  document.querySelectorAll("table[data-filter]").forEach(filterAndSort);
})();
