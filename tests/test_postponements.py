"""Effective dates that a later entry postpones, brings forward or divides, in all outputs."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import edit
from in_memory import collection_of, postpone, snapshot_of
from test_calendars import day_of_revision, day_sequence_summary, events, files
from timeline.analysis.snapshot import Snapshot
from timeline.site.bulletin import bulletins

PASSED = "2021-03-01-tide-act-passed"
FIRST = "2021-11-01-act-postponed"
SECOND = "2022-06-01-act-postponed-again"
# The second phase of the Act, for everyone else from 1 January 2022.
UID = f"{PASSED}.tide-act.effect.8ef2de54"
HARBOURS_UID = f"{PASSED}.tide-act.effect.75e44695"
SUMMARY = "Takes effect: Tide Act (everyone else)"
HARBOURS = f"2021-06-01 takes effect (harbours): {PASSED}"
OTHERS = f"2022-01-01 takes effect (everyone else): {PASSED}"
BY_FIRST = f"2023-01-01 takes effect (everyone else): {FIRST}, postponed from 1 January 2022"
BY_SECOND = f"2024-01-01 takes effect (boats): {SECOND}, postponed from 1 January 2023"
# The phase is divided, and the second part keeps the date.
BOATS = "date: 2023-01-01, instead_of: 2022-01-01, applies_to: boats"
PIERS = "date: 2022-01-01, instead_of: 2022-01-01, applies_to: piers"


@pytest.fixture
def postponed(world: Path) -> Path:
    """The world with the second phase of the Act postponed twice, by a year each."""
    postpone(world, FIRST, "date: 2023-01-01, instead_of: 2022-01-01")
    postpone(world, SECOND, "date: 2024-01-01, instead_of: 2023-01-01, applies_to: boats")
    return world


def key_dates(world: Path, day: str) -> list[str]:
    """Return the key dates of the Act as of a day."""
    return [
        f"{due.date} {due.what}{f' ({due.who})' if due.who else ''}: "
        + ", ".join(filter(None, [due.entry.id, due.postponement]))
        for due in snapshot_of(world, day).key_dates
        if due.instrument == "tide-act"
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-10-31", OTHERS),
        ("2021-11-01", BY_FIRST),
        ("2022-01-01", BY_FIRST),
        ("2022-05-31", BY_FIRST),
        ("2022-06-01", BY_SECOND),
        ("2024-01-02", BY_SECOND),
    ],
)
def test_only_the_current_effective_date_is_a_key_date(
    postponed: Path, day: str, expected: str
) -> None:
    assert key_dates(postponed, day) == [HARBOURS, expected]


def test_date_can_be_brought_forward_or_divided(world: Path) -> None:
    postpone(world, FIRST, "date: 2021-12-01, instead_of: 2022-01-01")
    forward = f"2021-12-01 takes effect (everyone else): {FIRST}"
    assert key_dates(world, "2021-11-01") == [
        HARBOURS,
        f"{forward}, brought forward from 1 January 2022",
    ]
    postpone(world, FIRST, BOATS, PIERS)
    assert key_dates(world, "2021-11-01") == [
        HARBOURS,
        f"2022-01-01 takes effect (piers): {FIRST}",
        f"2023-01-01 takes effect (boats): {FIRST}, postponed from 1 January 2022",
    ]


def test_postponed_amendment_is_still_an_amendment(world: Path) -> None:
    postpone(world, FIRST, "date: 2022-03-01")
    postpone(world, "2022-02-01-later", "date: 2022-09-01, instead_of: 2022-03-01")
    assert key_dates(world, "2022-02-01") == [
        HARBOURS,
        OTHERS,
        "2022-09-01 amendment takes effect: 2022-02-01-later, postponed from 1 March 2022",
    ]


def test_bulletin_has_the_dates_known_at_the_end_of_its_month(world: Path) -> None:
    postpone(world, "2021-12-01-any", "date: 2021-12-01")
    postpone(world, "2022-01-01-postponed", "date: 2022-02-15, instead_of: 2022-01-01")
    postpone(world, "2022-02-14-again", "date: 2022-03-15, instead_of: 2022-02-15")
    postpone(world, "2022-03-01-any", "date: 2022-03-01")
    found = {
        bulletin.url: [
            (dates.id, str(due.date), due.postponement)
            for dates in bulletin.key_dates
            for due in dates.dated
            if due.instrument == "tide-act" and due.what == "takes effect"
        ]
        for bulletin in bulletins(Snapshot(collection_of(world), datetime.date(2022, 7, 1)))
    }
    first, second = "postponed from 1 January 2022", "postponed from 15 February 2022"
    assert {url: dates for url, dates in found.items() if url >= "timeline/2021/12/"} == {
        "timeline/2021/12/": [("next", "2022-01-01", "")],
        "timeline/2022/01/": [("next", "2022-02-15", first)],
        "timeline/2022/02/": [("next", "2022-03-15", second)],
        "timeline/2022/03/": [("effect", "2022-03-15", second)],
    }


# Calendars


def test_subscribed_calendar_moves_the_event(postponed: Path) -> None:
    places = ("", "topics/tides/", "topics/moon/", "regulators/assembly/", "instruments/tide-act/")
    found: dict[str, list[dict[str, Any]]] = {}
    for day in ("2021-10-31", "2021-11-01", "2022-05-31", "2022-06-01"):
        content = files(postponed, day)
        found[day] = [events(content[f"{place}calendar-all.ics"]) for place in places]
    assert [UID in calendar for calendar in found.pop("2021-10-31")] == [
        *(True, True),
        False,  # only the later entries have this topic
        *(True, True),
    ]
    for calendars in found.values():
        assert [day_sequence_summary(calendar[UID]) for calendar in calendars] == [
            day_sequence_summary(calendars[0][UID])
        ] * 5
    assert {day: day_sequence_summary(calendars[0][UID]) for day, calendars in found.items()} == {
        "2021-11-01": ("2023-01-01", 1, SUMMARY),
        "2022-05-31": ("2023-01-01", 1, SUMMARY),
        "2022-06-01": ("2024-01-01", 2, "Takes effect: Tide Act (boats)"),
    }
    # The event moves; there is no second event and none is left over.
    effects = [uid for uid in found["2022-06-01"][-1] if ".effect" in uid]
    assert effects == [HARBOURS_UID, UID]
    last = found["2022-06-01"][0][UID]
    assert str(last["DESCRIPTION"]).split("\n") == [
        "潮汐法",
        f"Report on {SECOND} (1 June 2022)",
        f"Postponed from 1 January 2023: Report on {FIRST} (1 November 2021)",
        "Postponed from 1 January 2022: Assembly passes the Tide Act (1 March 2021)",
        f"https://world.example/entries/{SECOND}/",
    ]
    assert [day_of_revision(found[day][0][UID]) for day in found] == [
        "2021-11-01",
        "2021-11-01",
        "2022-06-01",
    ]


def test_every_correction_of_a_moved_date_raises_the_sequence(postponed: Path) -> None:
    """The SEQUENCE must never decrease, as calendar programs ignore lower numbers."""
    days = {"": "", SECOND: "2022-07-01", FIRST: "2022-06-20", PASSED: "2022-06-30"}
    found = []
    for name, day in days.items():
        if name:
            change = f"changes: [{{date: {day}, note: A correction.}}]"
            edit(postponed, f"entries/{name[:4]}/{name}.md", "added:", f"{change}\nadded:")
        event = events(files(postponed, "2022-07-02")["calendar-all.ics"])[UID]
        found.append((*day_sequence_summary(event)[:2], day_of_revision(event)))
    assert found == [
        ("2024-01-01", 2, "2022-06-01"),
        *(("2024-01-01", sequence, "2022-07-01") for sequence in (3, 4, 5)),
    ]
    assert str(event["DESCRIPTION"]).split("\n")[4:-1] == [
        f"Corrected on {day}: A correction."
        for day in ("20 June 2022", "30 June 2022", "1 July 2022")
    ]
    # The withdrawal of the later entry moves the event back, with a further revision.
    gone = "withdrawn: {date: 2022-07-02, reason: An error.}"
    edit(postponed, f"entries/2022/{SECOND}.md", "added:", f"{gone}\nadded:")
    after = events(files(postponed, "2022-07-02")["instruments/tide-act/calendar-all.ics"])
    assert [uid for uid in after if ".effect" in uid] == [HARBOURS_UID, UID]
    assert day_sequence_summary(after[UID]) == ("2023-01-01", 6, SUMMARY)
    assert (str(after[UID]["STATUS"]), day_of_revision(after[UID])) == ("CONFIRMED", "2022-07-02")


def test_correction_of_a_later_entry_only_revises_earlier_dates(world: Path) -> None:
    """Text before a correction is unknown, but it cannot have postponed a later entry's date."""
    postpone(world, FIRST, "date: 2022-09-01")
    found = []
    for name in (PASSED, FIRST):
        change = "changes: [{date: 2022-02-20, note: A correction.}]"
        edit(world, f"entries/2021/{name}.md", "added:", f"{change}\nadded:")
        calendar = events(files(world)["instruments/tide-act/calendar-all.ics"])
        found.append(
            {uid: day_sequence_summary(calendar[uid])[1] for uid in calendar if ".effect" in uid}
        )
    own = f"{FIRST}.tide-act.effect"
    assert found == [
        {HARBOURS_UID: 1, UID: 1, own: 0},
        {HARBOURS_UID: 3, UID: 3, own: 1},
    ]


def test_dates_postponed_together_keep_their_events(world: Path) -> None:
    postpone(world, "2021-06-01-any", "date: 2022-01-01, applies_to: boats")
    postpone(world, "2021-05-01-corrected", "date: 2021-12-01")
    postpone(world, FIRST, "date: 2023-01-01, instead_of: 2022-01-01")
    change = "changes: [{date: 2022-02-20, note: A correction.}]"
    edit(world, "entries/2021/2021-05-01-corrected.md", "added:", f"{change}\nadded:")
    calendar = events(files(world)["instruments/tide-act/calendar-all.ics"])
    moved = {
        uid: day_sequence_summary(event)
        for uid, event in calendar.items()
        if day_sequence_summary(event)[0] == "2023-01-01"
    }
    assert moved == {
        UID: ("2023-01-01", 3, SUMMARY),
        "2021-06-01-any.tide-act.effect": ("2023-01-01", 3, SUMMARY),
    }


def test_removed_postponement_moves_the_event_back_with_a_revision(world: Path) -> None:
    path, replaced = f"entries/2021/{FIRST}.md", ", instead_of: 2022-01-01"
    found = []

    def subscribe() -> None:
        calendar = events(files(world, "2022-07-20")["instruments/tide-act/calendar-all.ics"])
        own = f"{FIRST}.tide-act.effect" in calendar
        found.append(
            (*day_sequence_summary(calendar[UID])[:2], day_of_revision(calendar[UID]), own)
        )

    subscribe()
    postpone(world, FIRST, f"date: 2023-01-01{replaced}")
    subscribe()
    edit(world, path, "added:", "changes:\n  - {date: 2022-07-05, note: No delay.}\nadded:")
    edit(world, path, replaced, "")
    subscribe()
    edit(world, path, "delay.}", "delay.}\n  - {date: 2022-07-06, note: A delay.}")
    edit(world, path, "2023-01-01}", f"2023-01-01{replaced}}}")
    subscribe()
    edit(world, path, "added:", "withdrawn: {date: 2022-07-07, reason: An error.}\nadded:")
    subscribe()
    assert found == [
        ("2022-01-01", 0, "2021-03-10", False),
        ("2023-01-01", 1, "2021-11-01", False),
        ("2022-01-01", 2, "2022-07-05", True),  # the other date has its own event
        ("2023-01-01", 3, "2022-07-06", False),
        ("2022-01-01", 4, "2022-07-07", False),
    ]


def test_divided_phase_keeps_its_event_if_a_part_keeps_the_date(world: Path) -> None:
    postpone(world, FIRST, BOATS, PIERS)
    found = events(files(world, "2021-11-01")["instruments/tide-act/calendar-all.ics"])
    assert {
        uid: day_sequence_summary(event) for uid, event in found.items() if ".effect." in uid
    } == {
        HARBOURS_UID: (
            "2021-06-01",
            0,
            "Takes effect: Tide Act (harbours)",
        ),
        UID: ("2022-01-01", 1, "Takes effect: Tide Act (piers)"),
        f"{FIRST}.tide-act.effect.3a973d2f": ("2023-01-01", 1, "Takes effect: Tide Act (boats)"),
    }
    assert str(found[UID]["DESCRIPTION"]).split("\n")[1:-1] == [
        f"Report on {FIRST} (1 November 2021)"
    ]
