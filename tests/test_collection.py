"""The collection of all items: their order, and which were known on an earlier day."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import WORLD, edit
from in_memory import add_entry, collection_of
from timeline.content.collection import Collection, as_of_day, closure, terms_of

WATCH = "2021-05-tide-watch-starts"


def on(world: Path, day: str) -> Collection:
    return as_of_day(collection_of(world), datetime.date.fromisoformat(day))


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


def test_entries_are_listed_newest_first_by_date_and_id(world: Path) -> None:
    for name in ("2022-02-20-b", "2022-02-20-a", "2022-02-19-z"):
        add_entry(world, name)
    found = collection_of(world)
    oldest_first = ids(found.entries)
    assert oldest_first[-5:] == [
        *("2022-02-18-lamp-draft", "2022-02-19-z"),
        *("2022-02-20-a", "2022-02-20-b", "2022-02-25-buoy-rules-revised"),
    ]
    listed = [name for name in reversed(oldest_first) if name != "2022-02-02-duplicate"]
    assert len(oldest_first) == len(listed) + 1  # a withdrawn entry is not listed
    assert ids(found.listed) == listed


def test_months_hold_their_entries_newest_first() -> None:
    """Entries whose month is unknown are in month 0, which comes last."""
    months = collection_of(WORLD).by_month
    assert {year: list(of_year) for year, of_year in months.items()} == {
        2022: [2, 1],
        2021: [12, 11, 10, 8, 7, 6, 5, 3, 1, 0],
        2020: [9, 4],
        2019: [5],
        2018: [3],
    }
    assert list(months) == [2022, 2021, 2020, 2019, 2018]
    assert ids(months[2021][12]) == [
        "2021-12-31-shore-sweep-ends",
        "2021-12-20-buoy-rules-issued",
        "2021-12-01-signal-amendment-draft",
    ]
    assert ids(months[2021][0]) == ["2021-harbours-pledge"]


def test_terms_hold_the_entries_that_name_them_newest_first() -> None:
    found = collection_of(WORLD)
    assert ids(found.of("instruments")["tide-act"]) == [
        "2022-02-03-south-harbour-fined",  # named as the basis of a penalty
        "2022-02-gull-notice",
        "2021-07-05-signal-rules-issued",
        "2021-05-tide-watch-starts",
        "2021-03-01-tide-act-passed",
    ]
    assert ids(found.of("regulators")["lunar-union"]) == ["2022-01-10-moon-act-passed"]
    assert ids(found.of("newsletters")["gull-2022-02"]) == [
        "2022-01-20-wharf-draft",
        "2022-01-10-moon-act-passed",
        "2022-01-05-signal-amendment-issued",
    ]
    assert "moon-council" not in found.of("regulators")
    steps = [f"{step.entry.id} {step.index}" for step in found.steps("tide-act")]
    assert steps == [
        *("2021-03-01-tide-act-passed 0", f"{WATCH} 1"),
        *("2021-07-05-signal-rules-issued 1", "2022-02-gull-notice 1"),
    ]
    assert found.steps("no-act") == []
    judgment = next(e for e in found.entries if e.id == "2022-02-17-shore-court-judgment")
    assert terms_of(judgment, "entries") == ("2022-02-03-south-harbour-fined",)


def test_predecessors_are_found_by_their_successors(world: Path) -> None:
    edit(world, "docs/regulators/moon-council.md", "lunar-union", "toa")
    found = collection_of(world)
    assert found.predecessors("toa") == ["moon-council", "old-toa"]
    assert found.predecessors("old-toa") == []


def test_closure_lists_the_nearest_first_without_duplicates() -> None:
    following = {"a": ["b", "c"], "b": ["d"], "c": ["e", "a"], "d": ["c"], "e": []}
    assert closure(["a"], lambda name: following[name]) == ["a", "b", "c", "d", "e"]
    assert closure(["d", "b", "d"], lambda name: following[name]) == ["d", "b", "c", "e", "a"]


def test_earlier_collection_holds_only_items_known_by_then() -> None:
    found = on(WORLD, "2019-05-01")
    assert ids(found.entries) == [
        "2018-03-01-old-tide-law-passed",
        "2019-05-01-old-signal-rules-issued",
    ]
    assert list(found.instruments) == ["old-signal-rules", "old-tide-law"]
    assert list(found.regulators) == ["assembly", "moon-council", "old-toa"]
    assert list(found.newsletters) == []
    assert found.topics == collection_of(WORLD).topics
    assert ids(on(WORLD, "2019-04-30").entries) == ["2018-03-01-old-tide-law-passed"]


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        ("2020-12-31", "2020-09-10-ferry-rules-issued"),
        ("2021-01-01", "2021-harbours-pledge"),  # an unknown day of the year
        ("2021-04-30", "2021-03-01-tide-act-passed"),
        ("2021-05-01", WATCH),
    ],
)
def test_entry_is_known_from_the_first_day_that_its_date_allows(day: str, newest: str) -> None:
    assert on(WORLD, day).listed[0].id == newest


def test_issuers_and_parents_are_known_with_the_instruments_they_issue(world: Path) -> None:
    """One issuer of the Signal Rules is a branch that no entry names by then."""
    edit(world, "entries/2021/2021-07-05-signal-rules-issued.md", "[toa, north-toa]", "[old-toa]")
    assert list(on(world, "2021-05-31").regulators) == [
        "assembly",
        "moon-council",
        "old-toa",
        "toa",
    ]
    assert list(on(world, "2021-07-05").regulators) == [
        *("assembly", "moon-council", "north-toa", "old-toa", "toa")
    ]


def test_corrections_and_successors_are_known_from_their_dates(world: Path) -> None:
    """A successor must also be named by another known item."""
    old, new = "{id: toa, date: 2021-09,", "{id: lunar-union, date: 2021-09, manner: split}, "
    edit(world, "docs/regulators/old-toa.md", old, f"{new}{old}")
    successors = {
        day: ids(on(world, day).regulators["old-toa"].successors)
        for day in ("2021-08-31", "2021-09-01", "2022-01-09", "2022-01-10")
    }
    assert list(successors.values()) == [[], ["toa"], ["toa"], ["lunar-union", "toa"]]
    changes = {
        day: [str(change.date) for e in on(world, day).entries for change in e.changes]
        for day in ("2021-06-30", "2021-07-01")
    }
    assert changes == {"2021-06-30": [], "2021-07-01": ["2021-07-01"]}


def test_newsletter_is_known_from_the_month_of_issue_or_its_first_entry(world: Path) -> None:
    text = (world / "docs/newsletters/gull-2022-03.md").read_text(encoding="utf-8")
    for month in ("2022-02", "2022-03"):
        unread = text.replace("issued: 2022-03", f"issued: {month}")
        (world / f"docs/newsletters/unread-{month}.md").write_text(unread, encoding="utf-8")
    add_entry(world, "2022-03-31-later")
    for day, expected in {
        "2020-12-31": [],
        "2021-01-01": ["gull-2021-06"],  # named by an entry dated only to that year
        "2022-01-31": ["gull-2021-06", "gull-2022-02"],
        "2022-02-01": ["gull-2021-06", "gull-2022-02", "gull-2022-03", "unread-2022-02"],
        "2022-02-28": ["gull-2021-06", "gull-2022-02", "gull-2022-03", "unread-2022-02"],
    }.items():
        assert list(on(world, day).newsletters) == expected, day
    assert "unread-2022-03" in on(world, "2022-03-01").newsletters


def test_relations_name_only_known_instruments(world: Path) -> None:
    """Relations to a later instrument are hidden."""
    page, old = "docs/instruments/tide-act.md", "replaces:"
    edit(world, page, old, f"implements: [{{id: moon-act}}]\n{old}")
    assert on(world, "2022-01-09").instruments["tide-act"].related == ("old-tide-law",)
    whole = collection_of(world).instruments["tide-act"]
    assert on(world, "2022-01-10").instruments["tide-act"] == whole


def test_withdrawal_is_known_from_its_day_and_ends_relations(world: Path) -> None:
    related = "[2022-02-02-duplicate, 2022-02-01-moon-treaty, 2022-02-10-east-harbour-fined]"
    add_entry(world, "2022-02-03-later", related=related)
    found = {
        day: next(e for e in on(world, day).entries if e.id == "2022-02-03-later").related
        for day in ("2022-02-04", "2022-02-05", "2022-02-10")
    }
    treaty, duplicate = "2022-02-01-moon-treaty", "2022-02-02-duplicate"
    assert found == {
        "2022-02-04": (duplicate, treaty),
        "2022-02-05": (treaty,),
        "2022-02-10": (treaty, "2022-02-10-east-harbour-fined"),
    }
    listed = {day: duplicate in ids(on(world, day).listed) for day in found}
    assert listed == {"2022-02-04": True, "2022-02-05": False, "2022-02-10": False}


def test_collection_is_unchanged_if_everything_is_known() -> None:
    found = collection_of(WORLD)
    assert as_of_day(found, datetime.date(2022, 2, 25)) is found
    assert as_of_day(found, datetime.date(2022, 2, 24)) is not found
