"""Feeds as a feed reader parses them, and the pages of changes."""

import datetime
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from conftest import BASE, received
from in_memory import entry, snapshot, world_web_site
from timeline.analysis.news import MAX_ITEMS, MIN_ITEMS
from timeline.analysis.snapshot import Snapshot
from timeline.exports.feeds import feeds
from timeline.output import complete
from timeline.schema.entry import Entry
from timeline.site.changes import BULK, SHOWN_OF_BULK
from timeline.site.page import NEWEST, names
from timeline.site.pages import pages
from timeline.site.render import Renderer

TAG = "tag:world.example,2026:"
FINED = "entries/2022-02-03-south-harbour-fined"


def published(found: Snapshot) -> dict[str, bytes]:
    return complete(feeds(found, world_web_site()))


def atom(content: bytes) -> Any:
    """Parse a feed with feedparser, and fail if it is not well-formed."""
    feed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def items(files: dict[str, bytes], place: str = "") -> dict[str, str]:
    """Return the items of a feed in their order: id -> title."""
    feed = atom(files[f"{place}feed.atom"])
    assert len({item.id for item in feed.entries}) == len(feed.entries)
    return {item.id.removeprefix(TAG): item.title for item in feed.entries}


def on_day(day: str, place: str = "") -> dict[str, str]:
    """Return the items of a feed of the invented world on a day."""
    return items(published(snapshot(as_of=day)), place)


def changes_page(found: Snapshot, path: str = "changes.md") -> str:
    made = Renderer(None).render(pages(found), names(found.collection))
    return made[path].decode()


def test_atom_and_json_feeds_have_the_same_items_newest_first() -> None:
    files = published(snapshot())
    assert len(files) == 2 * (1 + 7 + 3 + 18) + 1
    for path in (path for path in files if path.endswith("feed.json")):
        feed = json.loads(files[path])
        moments = [item["date_published"] for item in feed["items"]]
        assert moments == sorted(moments, reverse=True), path
        other = atom(files[path.replace(".json", ".atom")])
        assert (feed["title"], feed["home_page_url"]) == (other.feed.title, other.feed.link)
        changed = [item["date_modified"] for item in feed["items"]]
        assert other.feed.updated == max(changed, default="2022-03-01T00:00:00+08:00")
        names = ("id", "url", "title", "content_html", "date_published", "date_modified", "tags")
        assert [tuple(item[name] for name in names) for item in feed["items"]] == [
            (i.id, i.link, i.title, i.content[0].value, i.published, i.updated,
             [tag.term for tag in i.tags])
            for i in other.entries
        ], path  # fmt: skip


def test_list_of_feeds_is_complete() -> None:
    files = published(snapshot())
    root = ElementTree.fromstring(files["feeds.opml"])
    named = [feed.get("xmlUrl") for feed in root.iter("outline") if feed.get("type")]
    assert named == [f"https://world.example/{path}" for path in files if path.endswith(".atom")]


def test_pages_link_to_their_feeds(world_site: Path) -> None:
    host = BASE.removeprefix("https://")
    for file in sorted(world_site.rglob("feed.atom")):
        page = (file.parent / "index.html").read_text(encoding="utf-8")
        channel = file.parent.relative_to(world_site).as_posix().removeprefix(".")
        channel = f"{channel}/" if channel else ""
        offered = page.split("</head>")[0]
        root = "../" * channel.count("/")
        for name in ("feed.atom", "feed.json", "calendar.ics"):
            assert f'href="{root}{name}"' in offered, channel
            assert f'href="{name}"' in offered, channel
        assert f'"webcal://{host}{channel}calendar.ics"' in page, channel


@pytest.mark.parametrize(
    ("instrument", "state", "day", "title"),
    [
        ("buoy-rules", "in-force", "2022-01-15", "Took effect: Buoy Rules"),
        ("lamp-rules", "awaiting-outcome", "2022-03-01", "Comments closed: Lamp Rules"),
        ("old-tide-law", "superseded", "2022-01-01", "Superseded: Old Tide Law"),
        ("shore-sweep", "in-force", "2021-07-01", "Campaign began: Shore Sweep"),
        ("signal-rules", "amendment", "2022-02-01", "Amendment took effect: Signal Rules"),
        ("signal-rules", "partly-in-force", "2022-03-01",
         "A further part took effect: Signal Rules"),
        ("tide-act", "partly-in-force", "2021-06-01", "Took effect in part: Tide Act"),
        ("tide-act", "in-force", "2022-01-01", "Took effect in full: Tide Act"),
        ("tide-watch", "concluded", "2022-01-01", "Campaign ended: Tide Watch"),
    ],
)  # fmt: skip
def test_milestone_is_in_the_feed_from_its_day(
    instrument: str, state: str, day: str, title: str
) -> None:
    place = f"instruments/{instrument}/"
    day_before = datetime.date.fromisoformat(day) - datetime.timedelta(days=1)
    own = f"{place}{state}/{day}"
    assert own not in on_day(day_before.isoformat(), place)
    assert next(iter(on_day(day, place).items())) == (own, title)
    assert on_day(day)[own] == title


def test_milestone_is_in_the_feeds_of_the_entry_that_recorded_it() -> None:
    files = published(snapshot())
    own = "instruments/old-tide-law/superseded/2022-01-01"
    paths = [path for path in files if path.endswith("feed.atom") and TAG + own in str(files[path])]
    assert [path.removesuffix("feed.atom") for path in paths] == [
        *("", "regulators/assembly/", "topics/tides/", "instruments/old-tide-law/"),
    ]


@pytest.mark.parametrize(("added", "is_listed"), [("2022-02-10", True), ("2022-02-11", False)])
def test_milestone_before_its_entry_was_added_is_not_in_the_feed(
    added: str, is_listed: bool
) -> None:
    steps = [{"id": "kelp-rules", "stage": "issued", "effective": "2022-02-10"}]
    found = snapshot([entry("2022-02-01-kelp", instruments=steps, added=added)])
    milestones = [name for name in items(published(found)) if name.startswith("instruments/")]
    assert milestones == ["instruments/kelp-rules/in-force/2022-02-10"] * is_listed


def test_entry_on_the_day_of_a_milestone_replaces_its_item() -> None:
    passed = [{"id": "tide-act", "stage": "passed", "effective": "2022-01-01"}]
    amended = [{"id": "tide-act", "stage": "amended"}]
    added = "2022-01-01"
    made = [
        entry("2021-03-01-passed", instruments=passed, added=added),
        entry("2022-01-01-amended", instruments=amended, added=added),
    ]
    assert list(items(published(snapshot(made)))) == [
        "instruments/old-tide-law/superseded/2022-01-01",
        "entries/2022-01-01-amended",
        "entries/2021-03-01-passed",
    ]


def fined(**fields: object) -> Entry:
    return entry("2022-02-03-fined", title="South Harbour fined", added="2022-02-04", **fields)


def test_correction_is_an_item_of_its_own() -> None:
    changes = [
        {"date": "2022-02-20", "note": "The party was another."},
        {"date": "2022-02-20", "note": "The amount was wrong."},
    ]
    own = "entries/2022-02-03-fined"
    before, after = (snapshot([fined(changes=changes)], f"2022-02-{day}") for day in ("19", "20"))
    assert items(published(before)) == {own: "South Harbour fined"}
    assert items(published(after)) == {
        f"{own}/changes/2022-02-20/2": "Correction: South Harbour fined",
        f"{own}/changes/2022-02-20/1": "Correction: South Harbour fined",
        own: "South Harbour fined",
    }
    newest, _, first = atom(published(after)["feed.atom"]).entries
    assert "The amount was wrong." in newest.content[0].value
    assert newest.link == "https://world.example/entries/2022-02-03-fined/#corrections"
    assert (first.published[:10], first.updated[:10]) == ("2022-02-04", "2022-02-20")


def test_withdrawal_replaces_all_other_items_of_the_entry() -> None:
    own = "entries/2022-02-02-duplicate"
    before = [name for name in on_day("2022-02-04") if name.startswith(own)]
    assert before == [own]
    after = {name: title for name, title in on_day("2022-02-05").items() if name.startswith(own)}
    assert after == {f"{own}/withdrawn": "Withdrawn: A development told twice"}


def test_renamed_entry_keeps_its_id() -> None:
    renamed = fined(aliases=["2022-02-03-first-name", "2022-02-03-second-name"])
    (item,) = atom(published(snapshot([renamed]))["feed.atom"]).entries
    assert item.id == f"{TAG}entries/2022-02-03-first-name"
    assert item.link == "https://world.example/entries/2022-02-03-fined/"


def test_ids_are_unchanged_if_the_site_moves(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = items(received(world))
    monkeypatch.setenv("WORLD_URL", "https://moved.example/below/")
    config = world / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}  authority: world.example\n", encoding="utf-8")
    files = received(world)
    assert items(files) == before
    assert atom(files["feed.atom"]).feed.link == "https://moved.example/below/"


def test_feed_of_a_successor_includes_its_predecessor_but_not_vice_versa() -> None:
    files = published(snapshot())
    old, new = (items(files, f"regulators/{body}/") for body in ("old-toa", "toa"))
    assert list(old) == [
        "entries/2021-01-15-kelp-draft",
        "entries/2020-09-10-ferry-rules-issued",
        "entries/2020-04-02-oyster-rules-issued",
        "entries/2019-05-01-old-signal-rules-issued",
    ]
    assert [name for name in new if name in old] == list(old)


@pytest.mark.parametrize(
    ("recent", "older", "expected"),
    [(3, 30, 33), (3, 60, MIN_ITEMS), (60, 10, 60), (190, 30, 190), (230, 5, MAX_ITEMS)],
)
def test_feed_has_the_newest_50_items_or_a_month_up_to_200(
    recent: int, older: int, expected: int
) -> None:
    """`recent` items are of the last thirty days, and `older` ones of the day before."""
    made = [
        entry(f"2022-02-01-x-{n:03}", added="2023-05-02" if n < recent else "2023-05-01")
        for n in range(recent + older)
    ]
    assert len(items(published(snapshot(made, "2023-05-31")))) == expected


def test_feed_of_an_earlier_day_has_what_was_known_then() -> None:
    """An entry added later counts as new on the date of its development."""
    feed = atom(published(snapshot(as_of="2021-06-10"))["feed.atom"])
    assert [(i.id.removeprefix(TAG), i.published[:10]) for i in feed.entries] == [
        ("entries/2021-06-10-shore-sweep-starts", "2021-06-10"),
        ("instruments/tide-act/partly-in-force/2021-06-01", "2021-06-01"),
        ("entries/2021-05-01-tide-watch", "2021-05-01"),
        ("entries/2021-03-01-tide-act-passed", "2021-03-10"),
        ("instruments/kelp-rules/awaiting-outcome/2021-02-16", "2021-02-16"),
        ("entries/2021-01-15-kelp-draft", "2021-01-15"),
        ("entries/2021-harbours-pledge", "2021-01-01"),
        ("instruments/ferry-rules/in-force/2020-10-01", "2020-10-01"),
        ("entries/2020-09-10-ferry-rules-issued", "2020-09-10"),
        ("instruments/oyster-rules/in-force/2020-05-01", "2020-05-01"),
        ("entries/2020-04-02-oyster-rules-issued", "2020-04-02"),
        ("instruments/old-signal-rules/in-force/2019-06-01", "2019-06-01"),
        ("entries/2019-05-01-old-signal-rules-issued", "2019-05-01"),
        ("instruments/old-tide-law/in-force/2018-06-01", "2018-06-01"),
        ("entries/2018-03-01-old-tide-law-passed", "2018-03-01"),
    ]


@pytest.mark.parametrize("count", [NEWEST, NEWEST + 1, BULK, BULK + 1])
def test_page_of_changes_shortens_long_days_and_counts_bulk_additions(count: int) -> None:
    found = snapshot([entry(f"2022-02-01-x-{n:03}") for n in range(count)])
    row = ' id="2022-02-01-x-'
    day, month = changes_page(found), changes_page(found, "changes/2022/02.md")
    is_listed = count <= BULK
    shown = (min(count, NEWEST), count) if is_listed else (SHOWN_OF_BULK, SHOWN_OF_BULK)
    assert (day.count(row), month.count(row)) == shown
    assert f'Added <span class="count">{count}</span>' in day
    link = '<a href="../changes/2022/02/#d2022-02-20">more on the month’s page</a>'
    assert (f"{NEWEST} of {count} shown; {link}" in day) is (NEWEST < count <= BULK)
    assert (f"The site was launched with {count} entries." in day) is not is_listed


def test_page_of_changes_distinguishes_bulk_additions_from_the_launch() -> None:
    made = [entry(f"2022-02-01-x-{n:03}") for n in range(BULK + 1)]
    page = changes_page(snapshot([entry("2022-01-01-first", added="2022-02-19"), *made]))
    assert "A collection of 101 entries was added." in page
    assert "launched" not in page


def test_items_of_a_day_start_with_the_latest_event() -> None:
    """The feed mixes all kinds of items; the page of changes groups them by kind."""
    made = [entry(f"{year}-02-01-x") for year in (2020, 2021)]
    steps = [{"id": "tide-act", "stage": "passed", "effective": "2022-02-20"}]
    made.append(entry("2022-02-01-act", instruments=steps, added="2022-02-01"))
    made.append(fined(changes=[{"date": "2022-02-20", "note": "The party was another."}]))
    found = snapshot(made)
    assert list(items(published(found)))[:5] == [
        "instruments/tide-act/in-force/2022-02-20",
        "instruments/old-tide-law/superseded/2022-02-20",
        "entries/2022-02-03-fined/changes/2022-02-20/1",
        "entries/2021-02-01-x",
        "entries/2020-02-01-x",
    ]
    day = changes_page(found).split('id="d2022-02-20"')[1].split("</section>")[0]
    assert re.findall(r"<h3 [^>]*>([A-Za-z ]+) <", day) == [
        *("Took effect or closed", "Added", "Corrected"),
    ]


def test_items_of_a_day_have_distinct_times() -> None:
    """Feed readers sort items by time."""
    feed = atom(published(snapshot())["feed.atom"]).entries
    times = [item.published for item in feed]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == len(times)
    assert {time[10:][:1] + time[19:] for time in times} == {"T+08:00"}


def test_page_of_changes_ends_with_the_day_of_the_fiftieth_item() -> None:
    """That day is complete; earlier days are on the pages of their months."""
    added = ["2022-02-20"] * 25 + ["2022-02-10"] * 20 + ["2022-01-10"] * 10 + ["2022-01-05"] * 5
    made = [entry(f"2022-01-01-x-{n:03}", added=day) for n, day in enumerate(added)]
    found = snapshot(made)
    day = re.compile(r'id="d(2022-\d\d-\d\d)"')
    page = changes_page(found)
    assert day.findall(page) == ["2022-02-20", "2022-02-10", "2022-01-10"]
    assert page.count('class="row"') == 55
    january = changes_page(found, "changes/2022/01.md")
    assert day.findall(january) == ["2022-01-10", "2022-01-05"]
