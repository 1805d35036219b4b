"""Calendars as a calendar program reads them, before and after changes to entries."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import WORLD, WORLD_DAY, edit
from icalendar import Calendar
from in_memory import add_entry, snapshot_of
from timeline.config import read_site
from timeline.exports.calendars import MAX_EVENTS, calendars
from timeline.output import complete

DRAFT = "2022-02-20-act-draft"
PATH = f"entries/2022/{DRAFT}.md"
UID = f"{DRAFT}.tide-act.comments"
SITE = read_site(WORLD)


CLOSES = datetime.date(2022, 3, 20)


def files(world: Path, day: str = WORLD_DAY) -> dict[str, bytes]:
    """Return the calendars as of a day: path -> calendar."""
    return complete(calendars(snapshot_of(world, day), SITE))


def events(content: bytes) -> dict[str, Any]:
    """Return the events of a calendar in their order: UID -> event."""
    calendar: Any = Calendar.from_ical(content)
    assert all(not component.errors for component in calendar.walk())
    found = list(calendar.walk("VEVENT"))
    uids = [str(event["UID"]) for event in found]
    assert all(uid.endswith("@world.example") for uid in uids)
    named = dict(zip((uid.removesuffix("@world.example") for uid in uids), found, strict=True))
    assert len(named) == len(found)
    return named


def day_sequence_summary(event: Any) -> tuple[str, int, str]:
    """Return the day, sequence number and summary of an event."""
    return str(event["DTSTART"].dt), event["SEQUENCE"], str(event["SUMMARY"])


def day_of_revision(event: Any) -> str:
    """Return the day in Shanghai on which an event was last revised, at midnight."""
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    moment = event["DTSTAMP"].dt.astimezone(SITE.zone)
    assert moment.time() == datetime.time()
    return str(moment.date())


@pytest.fixture
def drafted(world: Path) -> Path:
    """The world with a consultation on the Tide Act."""
    step = f"[{{id: tide-act, stage: consultation, comments_close: {CLOSES}}}]"
    add_entry(world, DRAFT, instruments=step)
    return world


def test_calendar_states_its_name_and_how_often_to_refresh() -> None:
    name = "Moon Council – An invented world"
    content = files(WORLD)["regulators/moon-council/calendar-all.ics"]
    calendar: Any = Calendar.from_ical(content)
    assert {key: str(value) for key, value in calendar.items() if "-INT" not in key} == {
        "PRODID": "-//world.example//An invented world//EN",
        "VERSION": "2.0",
        "METHOD": "PUBLISH",
        "NAME": name,
        "X-WR-CALNAME": name,
        "X-WR-TIMEZONE": "Asia/Shanghai",
        "X-PUBLISHED-TTL": "P1D",
        "URL": "https://world.example/regulators/moon-council/",
        "SOURCE": "https://world.example/regulators/moon-council/calendar-all.ics",
    }
    assert calendar["REFRESH-INTERVAL"].dt == datetime.timedelta(days=1)
    # Without events there is only the time zone, since a calendar needs a component.
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_lines_end_and_are_folded_as_rfc_5545_requires() -> None:
    for content in files(WORLD).values():
        lines = content.split(b"\r\n")
        assert (lines[0], lines[-2:]) == (b"BEGIN:VCALENDAR", [b"END:VCALENDAR", b""])
        assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_closing_dates_have_reminders(drafted: Path) -> None:
    event = events(files(drafted)["calendar-all.ics"])[UID]
    assert day_sequence_summary(event) == ("2022-03-20", 0, "Comments close: Tide Act")
    assert event["DTEND"].dt == datetime.date(2022, 3, 21)
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CONFIRMED", "TRANSPARENT")
    assert str(event["DESCRIPTION"]).split("\n") == [
        "潮汐法",
        f"Report on {DRAFT} (20 February 2022)",
        f"https://world.example/entries/{DRAFT}/",
    ]
    midnight = datetime.datetime.combine(CLOSES, datetime.time())
    alarms = event.walk("VALARM")
    assert {str(alarm["DESCRIPTION"]) for alarm in alarms} == {"Comments close: Tide Act"}
    assert [str(midnight + alarm["TRIGGER"].dt) for alarm in alarms] == [
        "2022-03-13 09:00:00",
        "2022-03-19 09:00:00",
    ]


def test_corrected_deadline_moves_the_event_everywhere(drafted: Path) -> None:
    before = files(drafted)
    edit(drafted, PATH, str(CLOSES), "2022-04-20")
    change = "changes: [{date: 2022-03-02, note: Comments close in April.}]"
    edit(drafted, PATH, "added:", f"{change}\nadded:")
    after = files(drafted, "2022-03-02")
    for place in ("", "topics/moon/", "instruments/tide-act/"):
        old, new = (events(found[f"{place}calendar-all.ics"]) for found in (before, after))
        assert old.keys() == new.keys()
        assert (day_sequence_summary(old[UID])[:2], day_of_revision(old[UID])) == (
            ("2022-03-20", 0),
            "2022-02-20",
        )
        assert (day_sequence_summary(new[UID])[:2], day_of_revision(new[UID])) == (
            ("2022-04-20", 1),
            "2022-03-02",
        )
        lines = str(new[UID]["DESCRIPTION"]).split("\n")
        assert lines[2:-1] == ["Corrected on 2 March 2022: Comments close in April."]


def test_events_of_a_withdrawn_entry_are_cancelled(drafted: Path) -> None:
    before = events(files(drafted)["calendar-all.ics"])
    edit(drafted, PATH, "added:", "withdrawn: {date: 2022-03-02, reason: No draft.}\nadded:")
    assert day_sequence_summary(
        events(files(drafted)["calendar-all.ics"])[UID]
    ) == day_sequence_summary(before[UID])
    after = events(files(drafted, "2022-03-02")["calendar-all.ics"])
    event = after[UID]
    assert before.keys() == after.keys()
    assert day_sequence_summary(event) == ("2022-03-20", 1, "Withdrawn: Comments close: Tide Act")
    assert (str(event["STATUS"]), day_of_revision(event)) == ("CANCELLED", "2022-03-02")
    assert str(event["DESCRIPTION"]).split("\n")[2:-1] == ["Withdrawn on 2 March 2022: No draft."]
    assert event.walk("VALARM") == []


def test_events_of_a_renamed_entry_keep_their_uids(drafted: Path) -> None:
    before = events(files(drafted)["calendar-all.ics"])
    renamed = "entries/2022/2022-02-20-renamed.md"
    shutil.move(drafted / PATH, drafted / renamed)
    edit(drafted, renamed, "added:", f"aliases: [{DRAFT}]\nadded:")
    after = events(files(drafted)["calendar-all.ics"])
    assert before.keys() == after.keys()
    assert str(after[UID]["URL"]) == "https://world.example/entries/2022-02-20-renamed/"


def test_date_inserted_above_others_does_not_change_their_events(world: Path) -> None:
    """Events are identified by their content, not by their order in the file."""
    act = "2021-03-01-tide-act-passed"
    before = events(files(world)["calendar-all.ics"])
    first = "      - {date: 2021-06-01, applies_to: harbours}\n"
    new = "      - {date: 2021-04-01, applies_to: boats}\n"
    edit(world, f"entries/2021/{act}.md", first, new + first)
    after = events(files(world)["calendar-all.ics"])
    added = {uid: day_sequence_summary(after[uid]) for uid in after.keys() - before.keys()}
    assert added == {
        f"{act}.tide-act.effect.3a973d2f": ("2021-04-01", 0, "Takes effect: Tide Act (boats)")
    }
    assert {uid: after[uid].to_ical() for uid in before} == {
        uid: event.to_ical() for uid, event in before.items()
    }


def test_events_are_listed_by_day_and_id(world: Path) -> None:
    step = "[{id: tide-act, stage: consultation, comments_close: 2022-09-01}]"
    add_entry(world, "2022-02-26-act-draft", instruments=step)
    found = events(files(world)["calendar-all.ics"])
    days = [(str(event["DTSTART"].dt), uid) for uid, event in found.items()]
    assert days == sorted(days)
    assert [uid for day, uid in days if day == "2022-09-01"] == [
        "2022-02-25-buoy-rules-revised.buoy-rules-2022.effect",
        "2022-02-26-act-draft.tide-act.comments",
    ]


def test_long_calendar_holds_the_latest_thousand_events(world: Path) -> None:
    first = datetime.date(2030, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(MAX_EVENTS + 1)]
    for number, half in enumerate((days[:500], days[500:])):
        duties = ", ".join(f"{{date: {day}, what: report}}" for day in half)
        add_entry(world, f"2022-02-20-reports-{number}", deadlines=f"[{duties}]")
    assert MAX_EVENTS == 1000
    found = events(files(world)["calendar-all.ics"])
    assert [str(event["DTSTART"].dt) for event in found.values()] == [str(d) for d in days[1:]]


@pytest.mark.parametrize(("day", "is_there"), [("2021-03-01", True), ("2021-02-28", False)])
def test_subscribed_calendar_goes_back_one_year(world: Path, day: str, is_there: bool) -> None:
    """Another calendar holds the whole history."""
    add_entry(world, "2021-02-20-past", deadlines=f"[{{date: {day}, what: report}}]")
    files = complete(calendars(snapshot_of(world), read_site(world)))
    own = b"2021-02-20-past.duty"
    assert (own in files["calendar.ics"], own in files["calendar-all.ics"]) == (is_there, True)
