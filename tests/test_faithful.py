"""Every output reproduces every real entry as written, field by field.

The files are read without the site's own code. The tests apply to any entries, so they only require
properties that all valid entries have.
"""

import base64
import csv
import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import pytest
import rispy
import yaml
from conftest import BASE, ROOT
from icalendar import Calendar
from test_real_site import NEWEST, newest_site
from timeline.schema.dates import parse_date

__all__ = ["newest_site"]  # a fixture
pytestmark = pytest.mark.site
RIS = "data:application/x-research-info-systems;charset=utf-8;base64,"
SHOWN = ("title", "number", "date_note", "publisher", "quote", "note", "what", "party", "url")


@cache
def written() -> dict[str, tuple[dict[str, Any], str]]:
    """Return the entries that are not withdrawn: id -> front matter with text values, and body."""
    found = {}
    for file in ROOT.glob("entries/*/*.md"):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.load(front, Loader=yaml.CBaseLoader)
        changes = values.get("changes", [])
        values["changes"] = [one for one in changes if one["date"] <= NEWEST]  # known by then
        if "withdrawn" not in values:
            found[file.stem] = (values, body.strip("\n"))
    assert found
    return found


def is_same(value: Any, shown: Any) -> bool:
    """Return whether an exported value equals the value as written."""
    if isinstance(value, dict):
        return isinstance(shown, dict) and all(is_same(value[k], shown.get(k)) for k in value)
    if isinstance(value, list):
        return len(value) == len(shown) and all(map(is_same, value, shown))
    if isinstance(shown, list):  # a single effective date may be written without a list
        return len(shown) == 1 and is_same({"date": value}, shown[0])
    if isinstance(shown, bool):
        return (value.lower() in {"true", "yes", "on"}) is shown
    if isinstance(shown, int | float):
        return Decimal(value) == Decimal(str(shown))
    return bool(value.strip() == shown)


def texts(value: Any, keys: tuple[str, ...], key: str = "") -> Iterator[str]:
    """Yield every text under one of the keys, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, keys, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, keys, key)
    elif key in keys:
        yield value


class Reader(HTMLParser):
    """A parser that collects the text and the links of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text, self.links = "", set[str]()
        self.feed(source)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links.update(value or "" for name, value in attrs if name == "href")

    def handle_data(self, data: str) -> None:
        self.text += data


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def test_json_has_every_field(newest_site: Path) -> None:
    wrong = []
    for name, (values, body) in written().items():
        record = json.loads((newest_site / f"api/v1/entries/{name}.json").read_bytes())
        wrong += [(name, key) for key in values if not is_same(values[key], record[key])]
        without_links = [re.sub(r"\]\([^)]*\)", "]", text) for text in (body, record["body"])]
        if without_links[0] != without_links[1]:
            wrong.append((name, "body"))
    assert wrong == []


def test_page_shows_every_text(newest_site: Path) -> None:
    wrong = []
    for name, (values, body) in written().items():
        page = Reader((newest_site / f"entries/{name}/index.html").read_text(encoding="utf-8"))
        shown = letters(page.text)
        for text in texts(values, SHOWN):
            if text not in page.links and letters(text) not in shown:
                wrong.append((name, text))
        rendered = markdown.markdown(body, extensions=["fenced_code", "tables"])
        if letters(Reader(rendered).text) not in shown:
            wrong.append((name, "body"))
    assert wrong == []


def test_tables_have_a_row_for_each_item(newest_site: Path) -> None:
    with (newest_site / "data/entries.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {
        (name, key)
        for name, (values, _) in written().items()
        for key in ("title", "date", "type", "number", "date_note", "added")
        if rows[name][key].removeprefix("'") != values.get(key, "").strip().removeprefix("'")
    } == set()


def test_feeds_and_calendars_have_the_values_of_entries(newest_site: Path) -> None:
    entries = written()
    items = json.loads((newest_site / "feed.json").read_bytes())["items"]
    titles = {
        item["url"].split("/")[-2]: item["title"] for item in items if "/entries/" in item["url"]
    }
    shown = {name: title for name, title in titles.items() if name in entries}
    old = r" \((?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}\)$"  # the date of older news
    written_titles = {name: entries[name][0]["title"].strip() for name in shown}
    assert {
        name: re.sub(old, "", title) if title != written_titles[name] else title
        for name, title in shown.items()
    } == written_titles
    calendar: Any = Calendar.from_ical((newest_site / "calendar-all.ics").read_bytes())
    days = ("effective", "comments_close", "date")
    wrong = []
    for event in calendar.walk("VEVENT"):
        name = str(event["URL"]).removeprefix(BASE).split("/")[1]
        if name in entries:
            known = set(texts(entries[name][0], days))
            if event["DTSTART"].dt.isoformat() not in known and str(event["STATUS"]) != "CANCELLED":
                wrong.append((name, event["DTSTART"].dt))
    assert wrong == []


def test_citations_have_title_and_address(newest_site: Path) -> None:
    wrong = []
    for name, (values, _) in written().items():
        page = Reader((newest_site / f"entries/{name}/index.html").read_text(encoding="utf-8"))
        (own, *_) = (
            record
            for link in sorted(page.links)
            if link.startswith(RIS)
            for record in rispy.loads(base64.b64decode(link.removeprefix(RIS)).decode())
            if record["id"] == name
        )
        address = f"{BASE}entries/{name}/"
        title = f"{values['title'].strip()} ({parse_date(values['date']).long})"
        if html.unescape(own["title"]) != title or address not in own["urls"]:
            wrong.append((name, own))
    assert wrong == []
