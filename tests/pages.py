"""Inspect a built site: its links, anchors, requests, errors in the console and data files."""

import json
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import feedparser
from conftest import BASE
from icalendar import Calendar
from playwright.sync_api import Page

FETCHED = {
    ("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src"), ("video", "src"),
    ("audio", "src"), ("embed", "src"), ("object", "data"), ("input", "src"), ("use", "href"),
}  # fmt: skip
FETCHING_LINKS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "modulepreload"}
HEADINGS = ("h2", "h3", "h4")
LISTS = ("ul", "ol", "table", "thead")


class PageParser(HTMLParser):
    """A parser that collects a page's links, anchors, requests and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.edit_links: list[str] = []
        self.rows: list[tuple[str, str | None]] = []  # kind and anchor
        self.markup: set[tuple[str, str]] = set()  # element and attribute
        self.scripts: list[str] = []  # the source of inline scripts
        self._open_lists: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.markup |= {(tag, name) for name in ("", *found)}
        if tag == "script":
            self.scripts.append(f"{found.get('type', '')}\n")
        self.anchors += [value for name, value in attrs if name == "id" and value]
        self.handlers += [f"{tag} {name}" for name in found if name.startswith("on")]
        self.fetched += [value for name, value in attrs if (tag, name) in FETCHED and value]
        if tag == "html":
            self.language = found.get("lang")
        if tag in LISTS:
            self._open_lists.append(found.get("class") or tag)
        if tag in HEADINGS or (tag in ("li", "tr") and self._open_lists):
            self.rows.append((tag if tag in HEADINGS else self._open_lists[-1], found.get("id")))
        self._follow(tag, found.get("href"), set((found.get("rel") or "").split()))

    def _follow(self, tag: str, href: str | None, relations: set[str]) -> None:
        if href is None:
            return
        if tag == "a" or (tag == "link" and "alternate" in relations):
            self.links.append(href.replace("webcal://", "https://"))
        if tag == "a" and "edit" in relations:
            self.edit_links.append(href)
        if tag == "link" and relations & FETCHING_LINKS:
            self.fetched.append(href)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in LISTS:
            self._open_lists.pop()


def address_of(site: Path, file: Path) -> str:
    """Return the address of a file of a built site."""
    return BASE + file.relative_to(site).as_posix().removesuffix("index.html")


@cache
def parsed(site: Path) -> dict[str, PageParser]:
    """Return all pages of a site: address -> parsed page."""
    pages = {}
    for file in sorted(site.rglob("*.html")):
        page = PageParser()
        page.feed(file.read_text(encoding="utf-8"))
        pages[address_of(site, file)] = page
    return pages


def dead_links(site: Path) -> list[tuple[str, str]]:
    """Return (page, link) for each internal link whose file or anchor does not exist."""
    pages = parsed(site)
    files = {BASE + file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    dead = []
    for address, page in pages.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(address, link))
            exists = target in pages or unquote(target) in files
            if anchor and exists:
                exists = target in pages and anchor in pages[target].anchors
            if target.startswith(BASE) and not exists:
                dead.append((address, link))
    return dead


def repeated_ids(site: Path) -> dict[str, list[str]]:
    """Return the pages with duplicate ids: address -> those ids."""
    found = {
        address: [anchor for anchor, count in Counter(page.anchors).items() if count > 1]
        for address, page in parsed(site).items()
    }
    return {address: ids for address, ids in found.items() if ids}


def foreign_requests(site: Path) -> list[tuple[str, str]]:
    """Return (page, address or handler) for each request to another host and each event handler."""
    pages = parsed(site).items()
    found = [
        (address, fetched)
        for address, page in pages
        for fetched in page.fetched
        if not urljoin(address, fetched).startswith(BASE)
    ]
    found += [(address, handler) for address, page in pages for handler in page.handlers]
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        marks = [mark for mark in ("url(http", "url(//", "@import") if mark in text]
        found += [(address_of(site, style), mark) for mark in marks]
    return found


def _feed_error(content: bytes) -> object:
    feed: Any = feedparser.parse(content)
    if feed.bozo or feed.version != "atom10":
        return feed.get("bozo_exception", feed.version)
    ids = [item.id for item in feed.entries]
    return None if len(ids) == len(set(ids)) else "two items have one id"


def _calendar_error(content: bytes) -> object:
    calendar: Any = Calendar.from_ical(content)
    ids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    if len(ids) != len(set(ids)):
        return "two events have one UID"
    return [component.errors for component in calendar.walk() if component.errors]


def _json_error(content: bytes) -> object:
    try:
        json.loads(content)
    except ValueError as error:
        return error
    return None


def invalid_files(site: Path) -> dict[Path, object]:
    """Return the feeds, calendars and JSON files that cannot be parsed, each with its error."""
    found = dict[Path, object]()
    for pattern, error_of in (
        ("feed.atom", _feed_error),
        ("calendar.ics", _calendar_error),
        ("*.json", _json_error),
    ):
        files = sorted(site.rglob(pattern))
        assert files
        found |= {file: error for file in files if (error := error_of(file.read_bytes()))}
    return found


class Watch:
    """A record of a page's errors and of its requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.errors: list[str] = []
        self.others: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._record(request.url, address))

    def _record(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.others.append(url)
