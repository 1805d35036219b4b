"""Feeds as a feed program reads them: the real site's, and those of a world that changes."""

import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import feedparser
import pytest
from conftest import DAY, edit, received
from jsonschema import Draft202012Validator
from timeline.build.generator import Generator
from timeline.source.project import Project
from timeline.standing.news import FEWEST, MOST
from timeline.views.view import MOST_ROWS, NEWEST

TIDE_ACT = "entries/2021/2021-03-01-tide-act-passed.md"
FINED = "entries/2022/2022-02-03-south-harbour-fined.md"
TREATY = "entries/2022/2022-02-01-moon-treaty.md"
WATCH = "entries/2021/2021-05-tide-watch-starts.md"
TAG = "tag:world.example,2026:"

TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^https://"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$"}
# https://www.jsonfeed.org/version/1.1/
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "home_page_url", "feed_url", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": ADDRESS,
        "feed_url": ADDRESS,
        "description": TEXT,
        "language": {"const": "en"},
        "authors": {"type": "array", "items": {"required": ["name", "url"]}},
        "items": {
            "type": "array",
            "maxItems": MOST,
            "items": {
                "type": "object",
                "required": ["id", "url", "title", "content_html"],
                "additionalProperties": False,
                "properties": {
                    "id": TEXT,
                    "url": ADDRESS,
                    "title": TEXT,
                    "content_html": TEXT,
                    "date_published": MOMENT,
                    "date_modified": MOMENT,
                    "tags": {"type": "array", "items": TEXT, "uniqueItems": True},
                },
            },
        },
    },
}


def atom(content: bytes) -> Any:
    """A feed as feedparser reads it, without a complaint."""
    feed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def items(files: dict[str, bytes], place: str = "") -> dict[str, str]:
    """Id -> title of a feed's items, in their order."""
    feed = atom(files[f"{place}feed.atom"])
    assert len({item.id for item in feed.entries}) == len(feed.entries)
    return {item.id.removeprefix(TAG): item.title for item in feed.entries}


def test_every_feed_of_the_real_site_is_read_by_a_feed_program(site: Path) -> None:
    files = sorted(site.rglob("feed.atom"))
    assert len(files) == len(_channels())
    end = datetime.datetime.fromisoformat(f"{DAY}T00:00:00").replace(
        tzinfo=ZoneInfo("Asia/Shanghai")
    )
    for file in files:
        feed = atom(file.read_bytes())
        ids = [item.id for item in feed.entries]
        assert len(set(ids)) == len(ids) <= MOST, file
        moments = [datetime.datetime.fromisoformat(item.published) for item in feed.entries]
        assert moments == sorted(moments, reverse=True), file
        assert all(moment <= end for moment in moments), file
        assert datetime.datetime.fromisoformat(feed.feed.updated) <= end
        assert all(item.title and item.content[0].value and item.link for item in feed.entries)


def test_atom_and_json_tell_the_same(site: Path) -> None:
    validator = Draft202012Validator(JSON_FEED)
    for file in site.rglob("feed.json"):
        feed = json.loads(file.read_bytes())
        assert [error.message for error in validator.iter_errors(feed)] == [], file
        other = atom(file.with_suffix(".atom").read_bytes())
        assert feed["title"] == other.feed.title
        assert feed["home_page_url"] == other.feed.link
        assert [
            (i["id"], i["url"], i["title"], i["content_html"], i["date_published"], i["tags"])
            for i in feed["items"]
        ] == [
            (i.id, i.link, i.title, i.content[0].value, i.published, [t.term for t in i.tags])
            for i in other.entries
        ]


def test_the_list_of_feeds_names_them_all(site: Path) -> None:
    root = ElementTree.fromstring((site / "feeds.opml").read_bytes())
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    named = [outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("type")]
    assert len(set(named)) == len(named)
    base = "https://timeline.example.org/"
    assert set(named) == {f"{base}{channel}feed.atom" for channel in _channels()}
    for address in named:
        assert address
        assert (site / address.removeprefix(base)).is_file()


def test_pages_lead_to_their_feeds(site: Path) -> None:
    for channel in _channels():
        page = (site / channel / "index.html").read_text(encoding="utf-8")
        up = "../" * channel.count("/") or "./"
        offered = page.split("</head>")[0]
        for name in ("feed.atom", "feed.json", "calendar.ics"):
            assert f'href="{up.removeprefix("./")}{name}"' in offered, channel
            assert not channel or f'href="{name}"' in offered, channel
        assert f'"webcal://timeline.example.org/{channel}calendar.ics"' in page, channel


def test_a_preview_offers_nothing_to_subscribe_to(world: Path) -> None:
    """The downloads are left out of it, so links to them would be dead."""
    Generator(world, preview=True).generate(datetime.date(2022, 3, 1))
    for page in (world / "build" / "docs").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert "feed.atom" not in text, page
        assert "calendar.ics" not in text, page
        assert "#subscribe" not in text, page


def test_the_bodies_links_are_whole_addresses(world: Path) -> None:
    feed = atom(received(world, "2022-03-01")["feed.atom"])
    text = next(i for i in feed.entries if "tide-act-passed" in i.id).content[0].value
    assert '<a href="https://world.example/entries/2021-harbours-pledge/">pledge</a>' in text
    assert '(<span lang="zh-Hans">《潮汐法（2021年）》</span>)' in text
    assert "<li>Others follow.</li>" in text
    assert 'href="../' not in text


def test_what_took_effect_is_told_on_the_day_and_not_the_day_before(world: Path) -> None:
    before = items(received(world, "2021-05-31"), "instruments/tide-act/")
    on_the_day = items(received(world, "2021-06-01"), "instruments/tide-act/")
    own = "instruments/tide-act/partly-in-force/2021-06-01"
    assert own not in before
    assert next(iter(on_the_day.items())) == (own, "Took effect in part: Tide Act")
    later = items(received(world, "2022-01-01"), "instruments/tide-act/")
    assert own in later
    assert later["instruments/tide-act/in-force/2022-01-01"] == "Took effect in full: Tide Act"


def test_what_the_calendar_moves_is_told_to_those_who_follow_the_entry(world: Path) -> None:
    files = received(world, "2022-03-01")
    own = "instruments/tide-act/in-force/2022-01-01"
    told = {
        path.removesuffix("feed.atom")
        for path in files
        if path.endswith("feed.atom")
        if own in items(files, path.removesuffix("feed.atom"))
    }
    assert told == {"", "instruments/tide-act/", "regulators/assembly/", "topics/tides/"}


def test_comments_that_close_are_told_the_day_after(world: Path) -> None:
    _consult(world, "2022-02-20")
    own = "instruments/tide-act/awaiting-outcome/2022-02-21"
    assert own not in items(received(world, "2022-02-20"))
    assert items(received(world, "2022-02-21"))[own] == "Comments closed: Tide Act"


def test_a_day_on_which_an_entry_moves_the_instrument_is_the_entrys(world: Path) -> None:
    text = (world / TREATY).read_text(encoding="utf-8")
    text = text.replace("date: 2022-02-01", "date: 2022-01-01").replace(
        "jurisdiction: INT", "instruments: [{id: tide-act, stage: amended}]"
    )
    (world / "entries/2022/2022-01-01-amended.md").write_text(text, encoding="utf-8")
    told = items(received(world, "2022-03-01"), "instruments/tide-act/")
    assert "entries/2022-01-01-amended" in told
    assert "instruments/tide-act/in-force/2022-01-01" not in told


def test_a_campaign_ends_the_day_after_its_last(world: Path) -> None:
    own = "instruments/tide-watch/concluded/2022-01-01"
    assert own not in items(received(world, "2021-12-31"), "instruments/tide-watch/")
    told = items(received(world, "2022-01-01"), "instruments/tide-watch/")
    assert told[own] == "Campaign ended: Tide Watch"


def test_a_successor_supersedes_and_amends_on_its_day(world: Path) -> None:
    law = (world / "docs/instruments/tide-act.md").read_text(encoding="utf-8")
    front = "rank: law\nreplaces: [{id: tide-act}]"
    second = law.replace("Tide Act", "Second Tide Act").replace("rank: law", front)
    second = second.replace("[Act on Tides]", "[Later Act on Tides]").replace("short: TA\n", "")
    (world / "docs/instruments/second-tide-act.md").write_text(second, encoding="utf-8")
    step = "instruments: [{id: second-tide-act, stage: passed, effective: 2022-02-20}]"
    edit(world, TREATY, "jurisdiction: INT", step)
    before, after = (received(world, f"2022-02-{day}") for day in ("19", "20"))
    own = "instruments/tide-act/superseded/2022-02-20"
    assert own not in items(before)
    assert items(after)[own] == "Superseded: Tide Act"
    assert "instruments/second-tide-act/in-force/2022-02-20" in items(after)
    text = next(i for i in atom(after["feed.atom"]).entries if i.id == TAG + own).content[0].value
    assert 'by <a href="https://world.example/instruments/second-tide-act/">' in text


def test_a_new_stage(world: Path) -> None:
    before = items(received(world, "2022-03-01"), "instruments/tide-act/")
    text = (world / TREATY).read_text(encoding="utf-8")
    text = text.replace("2022-02-01", "2022-02-28").replace("2022-02-04", "2022-02-28")
    step = "instruments: [{id: tide-act, stage: amended, effective: 2022-06-01}]"
    text = text.replace("jurisdiction: INT", step).replace("A treaty on", "The Tide Act minds")
    (world / "entries/2022/2022-02-28-tide-act-amended.md").write_text(text, encoding="utf-8")
    files = received(world, "2022-03-01")
    told = items(files, "instruments/tide-act/")
    new = told.keys() - before.keys()
    assert new == {"entries/2022-02-28-tide-act-amended"}
    first = atom(files["instruments/tide-act/feed.atom"]).entries[0]
    assert first.title == "The Tide Act minds the moon is signed"
    assert '<span class="stage">Amended</span>. In effect from <time' in first.content[0].value


def test_a_correction_is_an_item_of_its_own(world: Path) -> None:
    before = items(received(world, "2022-03-01"))
    changes = """changes:
  - {date: 2022-02-20, note: The party was another.}
  - {date: 2022-02-20, note: The amount was wrong.}
"""
    edit(world, FINED, "added: 2022-02-04\n", f"added: 2022-02-04\n{changes}")
    files = received(world, "2022-03-01")
    told, own = items(files), "entries/2022-02-03-south-harbour-fined"
    assert told.keys() - before.keys() == {
        f"{own}/changes/2022-02-20/1",
        f"{own}/changes/2022-02-20/2",
    }
    assert told[f"{own}/changes/2022-02-20/2"] == "Correction: South Harbour fined over tables"
    newest = atom(files["regulators/toa/feed.atom"]).entries[0]
    assert "The amount was wrong." in newest.content[0].value
    entry = next(i for i in atom(files["feed.atom"]).entries if i.id == TAG + own)
    assert (entry.published, entry.updated) == (
        "2022-02-04T00:00:00+08:00",
        "2022-02-20T00:00:00+08:00",
    )
    assert f"{own}/changes/2022-02-20/1" not in items(received(world, "2022-02-19"))


def test_a_withdrawal(world: Path) -> None:
    own = "entries/2022-02-02-duplicate"
    assert own in items(received(world, "2022-02-04"))
    after = items(received(world, "2022-02-05"))
    assert own not in after
    assert after[f"{own}/withdrawn"] == "Withdrawn: A development told twice"


def test_a_renamed_entry_keeps_its_ids(world: Path) -> None:
    before = items(received(world, "2022-03-01"))
    new = world / "entries/2022/2022-02-03-harbour-fined.md"
    shutil.move(world / FINED, new)
    former = "aliases: [2022-02-03-south-harbour-fined, 2022-02-03-second-name]\n"
    edit(world, "entries/2022/2022-02-03-harbour-fined.md", "added:", f"{former}added:")
    files = received(world, "2022-03-01")
    assert items(files) == before
    links = [item.link for item in atom(files["feed.atom"]).entries]
    assert "https://world.example/entries/2022-02-03-harbour-fined/" in links


def test_ids_stay_when_the_site_moves(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = items(received(world, "2022-03-01"))
    monkeypatch.setenv("WORLD_URL", "https://moved.example/below/")
    config = world / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}  authority: world.example\n", encoding="utf-8")
    files = received(world, "2022-03-01")
    assert items(files) == before
    assert atom(files["feed.atom"]).feed.link == "https://moved.example/below/"


def test_what_a_predecessor_did_is_in_the_feed_of_the_body_that_followed(world: Path) -> None:
    edit(world, "entries/2021/2021-harbours-pledge.md", "regulators: []", "regulators: [old-toa]")
    files = received(world, "2022-03-01")
    assert list(items(files, "regulators/old-toa/")) == ["entries/2021-harbours-pledge"]
    assert "entries/2021-harbours-pledge" in items(files, "regulators/toa/")


def test_a_feed_of_nothing_is_a_feed(world: Path) -> None:
    feed = atom(received(world, "2022-03-01")["regulators/old-toa/feed.atom"])
    assert (feed.entries, feed.feed.updated) == ([], "2022-03-01T00:00:00+08:00")


@pytest.mark.parametrize(
    ("recent", "older", "told"),
    [(3, 30, 43), (3, 60, FEWEST), (60, 10, 60), (190, 30, 190), (230, 5, MOST)],
)
def test_the_newest_fifty_or_a_month_up_to_two_hundred(
    world: Path, recent: int, older: int, told: int
) -> None:
    """So many of the last thirty days, and so many of the day before them."""
    pattern = (world / TREATY).read_text(encoding="utf-8")
    for number in range(recent + older):
        added = "2023-05-02" if number < recent else "2023-05-01"
        name = f"2022-02-01-treaty-{number:03}"
        text = pattern.replace("added: 2022-02-04", f"added: {added}")
        (world / f"entries/2022/{name}.md").write_text(text, encoding="utf-8")
    found = items(received(world, "2023-05-31"))
    assert len(found) == told


def test_entries_of_a_day_stand_in_the_order_of_what_happened(world: Path) -> None:
    for path in (TIDE_ACT, FINED, TREATY, WATCH):
        text = (world / path).read_text(encoding="utf-8")
        lines = ["added: 2022-03-01" if x.startswith("added:") else x for x in text.split("\n")]
        (world / path).write_text("\n".join(lines), encoding="utf-8")
    assert list(items(received(world, "2022-03-01")))[:4] == [
        "entries/2022-02-03-south-harbour-fined",
        "entries/2022-02-01-moon-treaty",
        "entries/2021-05-01-tide-watch",
        "entries/2021-03-01-tide-act-passed",
    ]


def test_the_page_of_changes_tells_a_long_day_in_part(world: Path) -> None:
    pattern = (world / TREATY).read_text(encoding="utf-8")
    for number in range(MOST_ROWS):
        path = world / f"entries/2022/2022-02-01-treaty-{number:03}.md"
        path.write_text(pattern, encoding="utf-8")
    received(world, "2022-03-01")
    pages = world / "build" / "docs"
    changes = (pages / "changes.md").read_text(encoding="utf-8")
    total = MOST_ROWS + 2  # the world's own two of that day
    assert f'Added <span class="count">{total}</span>' in changes
    # Of one year, so by month, closed, with the count.
    part = (
        '<details class="part" id="d2022-02-04-2022-02"><summary>February 2022 <span class="count">'
    )
    assert f"{part}{total}</span></summary>" in changes
    assert changes.count('id="2022-02-0') == NEWEST
    link = '<a href="../changes/2022/02/#d2022-02-04-2022-02">more on the month’s page</a>'
    assert f"{NEWEST} of {total} shown; {link}" in changes
    month = (pages / "changes/2022/02/index.md").read_text(encoding="utf-8")
    assert month.count('id="2022-02-0') == MOST_ROWS
    place = '<a href="../../../timeline/2022/02/">February 2022</a>'
    assert f"{MOST_ROWS} of {total} shown; all of them stand in {place}" in month


def test_what_is_added_by_the_score_stands_by_year_below_what_moved(world: Path) -> None:
    """On one day: fifty entries of two years, a correction, an effect by the calendar."""
    pattern = (world / TREATY).read_text(encoding="utf-8").replace("2022-02-04", "2022-02-20")
    for number in range(50):
        year = 2020 + number % 2
        text = pattern.replace("2022-02-01", f"{year}-02-01")
        file = world / f"entries/{year}/{year}-02-01-treaty-{number:03}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    step = "instruments: [{id: tide-act, stage: amended, effective: 2022-02-20}]"
    edit(world, TREATY, "jurisdiction: INT", step)
    correction = "changes: [{date: 2022-02-20, note: The party was another.}]\n"
    edit(world, FINED, "added: 2022-02-04\n", f"added: 2022-02-04\n{correction}")
    files = received(world, "2022-03-01")
    told = list(items(files))
    assert told[:3] == [
        "instruments/tide-act/amendment/2022-02-20",
        "entries/2022-02-03-south-harbour-fined/changes/2022-02-20/1",
        "entries/2021-02-01-treaty-049",
    ]
    page = (world / "build/docs/changes.md").read_text(encoding="utf-8")
    day = page.split('id="d2022-02-20"')[1].split("</section>")[0]
    headings = ["Moved by the calendar", "Corrected", "Added"]
    assert re.findall(r"<h3 [^>]*>([A-Za-z ]+) <", day) == headings
    counts = re.findall(r"<summary>(\d+) <span class=\"count\">(\d+)</span></summary>", day)
    assert counts == [("2021", "25"), ("2020", "25")]


def test_what_moved_before_its_entry_joined_was_never_new(world: Path) -> None:
    """The site began on the day of its first entry, and so do its months of changes."""
    for file in sorted(world.glob("entries/*/*.md")):
        text = re.sub(r"added: [0-9-]+", "added: 2022-02-10", file.read_text(encoding="utf-8"))
        text = re.sub("date: (2021-07-01|2022-02-05), (note|reason)", r"date: 2022-02-10, \2", text)
        file.write_text(text, encoding="utf-8")
    _consult(world, "2022-02-09")  # closed on the day before; the next day it is told
    own = "instruments/tide-act/awaiting-outcome/2022-02-10"
    files = received(world, "2022-03-01")
    assert [name for name in items(files) if not name.startswith("entries/")] == [own]
    months = sorted((world / "build/docs/changes").rglob("index.md"))
    assert [file.parent.relative_to(world / "build/docs").as_posix() for file in months] == [
        "changes/2022/02"
    ]
    edit(world, TREATY, "comments_close: 2022-02-09", "comments_close: 2022-02-08")
    assert all(name.startswith("entries/") for name in items(received(world, "2022-03-01")))


def test_an_earlier_site_tells_of_what_it_knew(world: Path) -> None:
    """An entry that was added later is new on the day of the development."""
    text = (world / TIDE_ACT).read_text(encoding="utf-8")
    (world / TIDE_ACT).write_text(text.replace("added: 2021-03-10", "added: 2026-11-22"), "utf-8")
    feed = atom(received(world, "2021-06-01")["feed.atom"])
    assert [(i.id.removeprefix(TAG), i.published[:10]) for i in feed.entries] == [
        ("instruments/tide-act/partly-in-force/2021-06-01", "2021-06-01"),
        ("entries/2021-05-01-tide-watch", "2021-05-01"),
        ("entries/2021-03-01-tide-act-passed", "2021-03-01"),
        ("entries/2021-harbours-pledge", "2021-01-01"),
    ]


def _consult(world: Path, close: str) -> None:
    step = f"instruments: [{{id: tide-act, stage: consultation, comments_close: {close}}}]"
    edit(world, TREATY, "jurisdiction: INT", step)


def _channels() -> set[str]:
    collection = Project(Path(__file__).resolve().parent.parent).load().collection
    assert collection is not None
    named = {
        f"{kind}/{term}/"
        for kind in ("regulators", "topics", "instruments")
        for term in getattr(collection, kind)
    }
    return {"", *named}
