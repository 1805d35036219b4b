// Cite and share: buttons beside the files, and the reader's day as the day of access.
"use strict";

(() => {
  const section = document.querySelector("[data-cite]");
  if (!section) return;
  const memo = section.querySelector("[data-memo]");
  const address = document.querySelector("link[rel='canonical']")?.href || location.href.split(/[?#]/)[0];
  const now = new Date();
  const today = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
  const [year, month, day] = today.split("-");

  // In each format the day of access has a place of its own.
  const READ = {
    "BibTeX": (text) => text.replace(/^(\turldate = \{)[^}\n]*/m, `$1${today}`),
    "RIS": (text) => text.replace(/^(Y2  - ).*$/m, `$1${year}/${month}/${day}/`),
    "CSL-JSON": (text) => {
      const items = JSON.parse(text);
      for (const item of items) item.accessed = { "date-parts": [[Number(year), Number(month), Number(day)]] };
      return `${JSON.stringify(items)}\n`;
    },
  };

  for (const place of memo.querySelectorAll("[data-day]")) {
    place.dateTime = today;
    place.textContent = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(now);
  }

  const said = document.createElement("p");
  said.className = "note";
  said.setAttribute("role", "status");
  section.append(said);
  const say = (text) => {
    said.textContent = "";
    setTimeout(() => { said.textContent = text; }, 50); // else the same words twice are read once
  };

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "md-button";
    made.textContent = label;
    made.addEventListener("click", async () => {
      try {
        await act();
      } catch (error) {
        if (error.name !== "AbortError") say("That did not work; select the text or open the file instead.");
      }
    });
    return made;
  }

  function memoInBothForms() {
    const copy = memo.cloneNode(true);
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    const html = `<p>${copy.innerHTML.trim()}</p>`;
    return new ClipboardItem({
      "text/html": new Blob([html], { type: "text/html" }),
      "text/plain": new Blob([text], { type: "text/plain" }),
    });
  }

  // Each file stands in the address of its link.
  for (const link of section.querySelectorAll("[data-format]")) {
    const name = link.dataset.format;
    const bytes = Uint8Array.from(atob(link.href.split(",")[1]), (character) => character.charCodeAt(0));
    const text = READ[name](new TextDecoder().decode(bytes));
    link.href = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
    if (navigator.clipboard) {
      const copy = button("Copy", async () => {
        await navigator.clipboard.writeText(text);
        say(`${name} copied.`);
      });
      copy.setAttribute("aria-label", `Copy ${name}`);
      link.after(" ", copy);
    }
  }

  const row = document.createElement("p");
  row.className = "share";
  if (navigator.clipboard) {
    row.append(button("Copy link", async () => {
      await navigator.clipboard.writeText(address);
      say("Link copied.");
    }));
    if (window.ClipboardItem) {
      row.append(button("Copy as a note", async () => {
        await navigator.clipboard.write([memoInBothForms()]);
        say("Note copied.");
      }));
    }
  }
  if (navigator.share) {
    row.append(button("Share…", () => navigator.share({ title: document.querySelector("h1").textContent, url: address })));
  }
  if (row.childNodes.length) memo.after(row);
})();
