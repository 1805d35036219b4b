"""The real site, whatever its entries say: it holds together, and programs can read its files."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from conftest import DAY, ROOT, build, copy_checkout
from icalendar import Calendar
from pages import dead_links, foreign_requests, parsed, repeated_ids

pytestmark = pytest.mark.site
FULL_DAY = re.compile(r"\d{4}-\d\d-\d\d")
IDS = sorted(file.stem for file in ROOT.glob("entries/*/*.md"))
NEWEST = max([DAY, *(found[0] for name in IDS if (found := FULL_DAY.match(name)))])


@pytest.fixture(scope="module")
def newest_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site with every entry: `site` itself unless an entry is newer than its day."""
    if NEWEST == DAY:
        site: Path = request.getfixturevalue("site")
        return site
    return build(copy_checkout(tmp_path_factory.mktemp("newest") / "checkout"), AS_OF=NEWEST)


@pytest.mark.parametrize("defects", [dead_links, repeated_ids, foreign_requests])
def test_pages_are_consistent(newest_site: Path, defects: Callable[[Path], object]) -> None:
    assert not defects(newest_site)


def test_every_entry_has_a_page(newest_site: Path) -> None:
    missing = [name for name in IDS if not (newest_site / f"entries/{name}/index.html").is_file()]
    assert IDS
    assert missing == []
    assert {page.language for page in parsed(newest_site).values()} == {"en"}


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


@pytest.mark.parametrize(
    ("pattern", "error_of"),
    [("feed.atom", _feed_error), ("calendar.ics", _calendar_error), ("*.json", _json_error)],
)
def test_files_are_valid(
    newest_site: Path, pattern: str, error_of: Callable[[bytes], object]
) -> None:
    files = sorted(newest_site.rglob(pattern))
    errors = {file: error for file in files if (error := error_of(file.read_bytes()))}
    assert files
    assert errors == {}
