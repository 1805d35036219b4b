"""News items: milestones, entries, corrections and withdrawals, and their order."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import WORLD, WORLD_DAY
from in_memory import add_entry, snapshot_of
from test_status import CASES, history_of
from timeline.analysis.news import News, milestones, newest
from timeline.schema.dates import ONE_DAY
from timeline.schema.types import Kind

DAY = datetime.date.fromisoformat(WORLD_DAY)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_milestones_are_changes_of_status_by_date_alone(case: dict[str, Any]) -> None:
    past, expected = history_of(case), case.get("milestones", [])
    for until in ("2030-01-01", *(line[:10] for line in expected)):
        found = milestones(past, datetime.date.fromisoformat(until))
        assert [
            f"{one.day} {one.state} – {one.label}{f' by {one.by}' if one.by else ''} "
            f"({one.entry.id})"
            for one in found
        ] == [line for line in expected if line[:10] <= until]


def described(item: News) -> str:
    changed = f", changed {item.changed}" if item.changed != item.day else ""
    note = f" ({item.note})" if item.note else ""
    return f"{item.day} {item.name}{changed}: {item.title}{note}"


def test_news_items_are_listed_by_day_then_date_of_event_then_kind(world: Path) -> None:
    keys = {"added": "2022-02-26", "title": "Late"}
    same, next_ = "{date: 2022-02-26, note: One.}, {date: 2022-02-26, note: Two.}", "2022-02-27"
    changes = f"[{same}, {{date: {next_}, note: Three.}}]"
    add_entry(world, "2022-01-01-late", **keys, changes=changes, aliases="[2022-01-01-former]")
    add_entry(world, "2022-01-02-later", **keys)
    add_entry(world, "2022-01-03-gone", **keys, withdrawn="{date: 2022-02-26, reason: Wrong.}")
    issue = "[{id: gull-notice, stage: issued, effective: 2022-02-26}]"
    add_entry(world, "2022-01-04-gulls", **keys, instruments=issue)
    signals = "2022-03-01 instruments/signal-rules/partly-in-force"
    lamps = "2022-03-01 instruments/lamp-rules/awaiting-outcome"
    found = snapshot_of(world).news
    assert [described(item) for item in found if str(item.day) > "2022-02-20"] == [
        f"{signals}/2022-03-01: A further part took effect: Signal Rules",
        f"{lamps}/2022-03-01: Comments closed: Lamp Rules",
        "2022-02-27 entries/2022-01-01-former/changes/2022-02-27/1: Correction: Late (Three.)",
        "2022-02-26 instruments/gull-notice/in-force/2022-02-26: Took effect: Notice on Gulls",
        "2022-02-26 entries/2022-02-25-buoy-rules-revised: North Shore revises the Buoy Rules",
        "2022-02-26 entries/2022-01-04-gulls: Late",
        "2022-02-26 entries/2022-01-03-gone/withdrawn: Withdrawn: Late (Wrong.)",
        "2022-02-26 entries/2022-01-02-later: Late",
        "2022-02-26 entries/2022-01-01-former, changed 2022-02-27: Late",
        "2022-02-26 entries/2022-01-01-former/changes/2022-02-26/2: Correction: Late (Two.)",
        "2022-02-26 entries/2022-01-01-former/changes/2022-02-26/1: Correction: Late (One.)",
    ]
    assert {item.url for item in found if "Correction: Late" in item.title} == {
        "entries/2022-01-01-late/#corrections"
    }


@pytest.mark.parametrize(("added", "is_news"), [("2022-02-26", True), ("2022-02-27", False)])
def test_milestone_is_not_news_if_its_entry_was_added_later(
    world: Path, added: str, is_news: bool
) -> None:
    issue = "[{id: gull-notice, stage: issued, effective: 2022-02-26}]"
    add_entry(world, "2022-01-04-gulls", added=added, instruments=issue)
    names = [item.name for item in snapshot_of(world).news]
    assert ("instruments/gull-notice/in-force/2022-02-26" in names) is is_news


@pytest.mark.parametrize(
    ("day", "news"),
    [
        ("2021-03-09", ["2021-03-01 entries/2021-03-01-tide-act-passed"]),
        ("2021-03-10", ["2021-03-10 entries/2021-03-01-tide-act-passed"]),
        ("2021-05-31", ["2021-05-01 entries/2021-05-01-tide-watch"]),
        ("2021-06-01", ["2021-06-01 instruments/tide-act/partly-in-force/2021-06-01"]),
        (
            "2021-07-01",
            [
                "2021-07-01 instruments/shore-sweep/in-force/2021-07-01",
                "2021-07-01 entries/2021-05-01-tide-watch/changes/2021-07-01/1",
                "2021-06-20 entries/2021-05-01-tide-watch, changed 2021-07-01",
            ],
        ),
    ],
)
def test_entry_is_new_when_added_or_on_an_earlier_site_when_dated(
    day: str, news: list[str]
) -> None:
    found = [described(item).partition(": ")[0] for item in snapshot_of(WORLD, day).news]
    assert found[: len(news)] == news


def test_news_items_have_the_terms_of_their_entry_or_instrument() -> None:
    kinds: tuple[Kind, ...] = ("regulators", "topics", "instruments")
    further, _, *others = snapshot_of(WORLD).news
    assert [further.terms(kind) for kind in kinds] == [("toa",), ("lamps",), ("signal-rules",)]
    assert str(further.happened) == "2022-03-01"
    (watch,) = (item for item in others if item.name == "entries/2021-05-01-tide-watch")
    assert [watch.terms(kind) for kind in kinds] == [
        ("toa", "assembly"),
        ("tides",),
        ("tide-watch", "tide-act"),
    ]
    assert str(watch.happened) == "2021-05-01"


@pytest.mark.parametrize(
    ("recent", "older", "expected"),
    [(0, 0, 0), (3, 60, 50), (50, 60, 50), (51, 60, 51), (200, 60, 200), (201, 60, 200)],
)
def test_feeds_hold_the_newest_fifty_or_the_last_thirty_days(
    recent: int, older: int, expected: int
) -> None:
    item = snapshot_of(WORLD).news[0]
    thirtieth, earlier = (replace(item, day=DAY - days * ONE_DAY) for days in (29, 30))
    items = [thirtieth] * recent + [earlier] * older
    assert newest(items, DAY) == items[:expected]
