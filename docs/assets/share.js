// Cite and share: adds copy buttons to the citation files, and today's date as the date of access.
"use strict";

(() => {
  const section = document.querySelector(".cite");
  if (!section) return;
  const address = document.querySelector("link[rel='canonical']")?.href || location.href.split(/[?#]/)[0];
  const now = new Date();
  const timeZone = document.querySelector("meta[name='time-zone']")?.content || "UTC"; // the same as for the status
  const today = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
  const [year, month, day] = today.split("-");

  // Functions that set the date of access in a citation file.
  const WITH_ACCESS_DATE = {
    "BibTeX": (text) => text.replace(/^(\turldate = \{)[^}\n]*/m, `$1${today}`),
    "RIS": (text) => text.replace(/^(Y2  - ).*$/m, `$1${year}/${month}/${day}/`),
    "CSL-JSON": (text) => {
      const items = JSON.parse(text);
      for (const item of items) item.accessed = { "date-parts": [[Number(year), Number(month), Number(day)]] };
      return `${JSON.stringify(items)}\n`;
    },
  };

  for (const time of section.querySelectorAll("[data-day]")) {
    time.dateTime = today;
    time.textContent = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" }).format(now);
  }

  const status = document.createElement("p");
  status.className = "note";
  status.setAttribute("role", "status");
  section.append(status);
  const announce = (text) => {
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50); // otherwise a screen reader skips a repeated message
  };

  function button(label, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "md-button";
    element.textContent = label;
    element.addEventListener("click", async () => {
      try {
        await act();
      } catch (error) {
        if (error.name !== "AbortError") announce("That did not work; select the text or open the file instead.");
      }
    });
    return element;
  }

  function asClipboardItem(memo) {
    const text = memo.textContent.replace(/\s+/g, " ").trim();
    const html = `<p>${memo.innerHTML.trim()}</p>`;
    return new ClipboardItem({
      "text/html": new Blob([html], { type: "text/html" }),
      "text/plain": new Blob([text], { type: "text/plain" }),
    });
  }

  // The link's data: URL contains the citation file.
  function addCopyButton(link, what) {
    const name = link.dataset.format;
    const bytes = Uint8Array.from(atob(link.href.split(",")[1]), (character) => character.charCodeAt(0));
    const text = WITH_ACCESS_DATE[name](new TextDecoder().decode(bytes));
    link.href = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
    if (!navigator.clipboard) return;
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(text);
      announce(`${name} copied.`);
    });
    copy.setAttribute("aria-label", `Copy ${name} of ${what}`);
    link.after(" ", copy);
  }

  section.querySelectorAll("[data-cite]").forEach((block, index) => {
    const memo = block.querySelector("[data-memo]");
    const what = block.querySelector("h3").textContent.toLowerCase();
    block.querySelectorAll("[data-format]").forEach((link) => addCopyButton(link, what));
    const row = document.createElement("p");
    row.className = "share";
    if (window.ClipboardItem) {
      row.append(button("Copy citation", async () => {
        await navigator.clipboard.write([asClipboardItem(memo)]);
        announce("Citation copied.");
      }));
    }
    if (!index && navigator.clipboard) {
      row.append(button("Copy link", async () => {
        const day = new URL(location.href).searchParams.get("on"); // selected on an instrument's page
        await navigator.clipboard.writeText(day ? `${address}?on=${day}` : address);
        announce("Link copied.");
      }));
    }
    if (!index && navigator.share) {
      row.append(button("Share…", () => navigator.share({ title: document.querySelector("h1").textContent, url: address })));
    }
    if (row.childNodes.length) memo.after(row);
  });
})();
