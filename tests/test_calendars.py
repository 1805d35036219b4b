"""Calendars as a calendar program reads them: of the real site, of a world that changes."""

import datetime
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from conftest import ROOT, edit, received
from icalendar import Calendar
from timeline.downloads.appointments import appointments
from timeline.downloads.calendars import MOST
from timeline.source.project import Project
from timeline.standing.deadlines import effect_days

TREATY = "entries/2022/2022-02-01-moon-treaty.md"
UID = "2022-02-01-moon-treaty.tide-act.comments@world.example"


def events(content: bytes) -> dict[str, Any]:
    """UID -> event, in their order."""
    calendar: Any = Calendar.from_ical(content)
    found = list(calendar.walk("VEVENT"))
    assert all(not component.errors for component in calendar.walk())
    assert len({str(event["UID"]) for event in found}) == len(found)
    return {str(event["UID"]): event for event in found}


def consult(world: Path, close: str, more: str = "") -> None:
    step = f"instruments: [{{id: tide-act, stage: consultation, comments_close: {close}}}]"
    edit(world, TREATY, "jurisdiction: INT", f"{step}{more}")


def test_every_calendar_of_the_real_site_is_read_by_a_calendar_program(site: Path) -> None:
    collection = Project(ROOT).load().collection
    assert collection is not None
    files = list(site.rglob("calendar.ics"))
    assert len(files) == len(list(site.rglob("feed.atom")))
    for file in files:
        content = file.read_bytes()
        assert content.endswith(b"END:VCALENDAR\r\n")
        lines = content.split(b"\r\n")
        assert all(len(line) <= 75 and b"\n" not in line for line in lines), file
        for event in events(content).values():
            start, end = event["DTSTART"], event["DTEND"]
            assert start.params["VALUE"] == end.params["VALUE"] == "DATE"
            assert end.dt - start.dt == datetime.timedelta(days=1)
            assert str(event["URL"]).startswith("https://timeline.example.org/entries/")
            folder = str(event["URL"]).removeprefix("https://timeline.example.org/")
            assert (site / folder / "index.html").is_file()
    whole = events((site / "calendar.ics").read_bytes())
    assert len(whole) == min(len(appointments(collection, effect_days(collection))), MOST)


def test_a_calendar_says_what_it_is_and_how_often_to_look(world: Path) -> None:
    files = received(world, "2022-03-01")
    calendar: Any = Calendar.from_ical(files["regulators/old-toa/calendar.ics"])
    told = {name: str(calendar[name]) for name in ("VERSION", "METHOD", "NAME", "X-WR-CALNAME")}
    name = "Bureau of Currents – An invented world"
    assert told == {"VERSION": "2.0", "METHOD": "PUBLISH", "NAME": name, "X-WR-CALNAME": name}
    assert str(calendar["SOURCE"]) == "https://world.example/regulators/old-toa/calendar.ics"
    assert calendar["REFRESH-INTERVAL"].dt == datetime.timedelta(days=1)
    # Where nothing is due the zone stands alone: a calendar without a component is none.
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_comments_close_with_reminders(world: Path) -> None:
    consult(world, "2022-03-20")
    event = events(received(world, "2022-03-01")["calendar.ics"])[UID]
    assert str(event["SUMMARY"]) == "Comments close: Tide Act"
    assert str(event["DESCRIPTION"]).split("\n") == [
        "潮汐法",
        "A treaty on the moon is signed (1 February 2022)",
        "https://world.example/entries/2022-02-01-moon-treaty/",
    ]
    assert event["DTSTART"].dt == datetime.date(2022, 3, 20)
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    midnight = datetime.datetime(2022, 3, 20)  # noqa: DTZ001
    assert [midnight + alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [
        datetime.datetime(2022, 3, 13, 9),  # noqa: DTZ001
        datetime.datetime(2022, 3, 19, 9),  # noqa: DTZ001
    ]


def test_a_corrected_deadline_moves_the_event(world: Path) -> None:
    consult(world, "2022-03-20")
    before = received(world, "2022-03-01")
    edit(world, TREATY, "2022-03-20", "2022-04-20")
    edit(
        world,
        TREATY,
        "added: 2022-02-04",
        "added: 2022-02-04\nchanges: [{date: 2022-03-02, note: Comments close in April.}]",
    )
    after = received(world, "2022-03-02")
    for place in ("", "topics/moon/", "instruments/tide-act/"):
        old, new = (events(files[f"{place}calendar.ics"]) for files in (before, after))
        assert old.keys() == new.keys()
        assert new[UID]["DTSTART"].dt == datetime.date(2022, 4, 20)
        assert (old[UID]["SEQUENCE"], new[UID]["SEQUENCE"]) == (0, 1)
        corrected = datetime.datetime(2022, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert new[UID]["LAST-MODIFIED"].dt == corrected
        assert new[UID]["LAST-MODIFIED"].dt > old[UID]["LAST-MODIFIED"].dt
        assert "Corrected on 2 March 2022: Comments close in April." in new[UID]["DESCRIPTION"]


def test_a_withdrawn_entrys_events_are_cancelled(world: Path) -> None:
    consult(world, "2022-03-20")
    before = events(received(world, "2022-03-01")["calendar.ics"])
    withdrawn = "withdrawn: {date: 2022-03-02, reason: No such draft.}"
    edit(world, TREATY, "added: 2022-02-04", f"added: 2022-02-04\n{withdrawn}")
    after = events(received(world, "2022-03-02")["calendar.ics"])
    assert before.keys() == after.keys()
    event = after[UID]
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]) == "Withdrawn: Comments close: Tide Act"
    assert "Withdrawn on 2 March 2022: No such draft." in event["DESCRIPTION"]
    assert event.walk("VALARM") == []
    earlier = events(received(world, "2022-03-01")["calendar.ics"])
    assert str(earlier[UID]["STATUS"]) == "CONFIRMED"


def test_a_new_stage_is_a_new_event(world: Path) -> None:
    before = events(received(world, "2022-03-01")["instruments/tide-act/calendar.ics"])
    consult(world, "2022-03-20")
    after = events(received(world, "2022-03-01")["instruments/tide-act/calendar.ics"])
    assert after.keys() - before.keys() == {UID}


def test_a_renamed_entrys_events_stay(world: Path) -> None:
    consult(world, "2022-03-20")
    before = events(received(world, "2022-03-01")["calendar.ics"])
    renamed = "entries/2022/2022-02-01-treaty.md"
    shutil.move(world / TREATY, world / renamed)
    edit(world, renamed, "added:", "aliases: [2022-02-01-moon-treaty]\nadded:")
    after = events(received(world, "2022-03-01")["calendar.ics"])
    assert before.keys() == after.keys()
    assert str(after[UID]["URL"]) == "https://world.example/entries/2022-02-01-treaty/"


def test_days_of_one_kind_in_one_entry_are_told_apart(world: Path) -> None:
    found = events(received(world, "2022-03-01")["instruments/tide-act/calendar.ics"])
    assert {uid.partition("@")[0]: str(event["DTSTART"].dt) for uid, event in found.items()} == {
        "2021-03-01-tide-act-passed.tide-act.effect.75e44695": "2021-06-01",
        "2021-05-01-tide-watch.duty": "2021-08-31",
        "2021-03-01-tide-act-passed.tide-act.effect.8ef2de54": "2022-01-01",
    }


def test_a_day_that_is_written_above_others_leaves_their_events_alone(world: Path) -> None:
    """Events are told apart by what they are of, not by their order in the file."""
    act = "entries/2021/2021-03-01-tide-act-passed.md"
    before = events(received(world, "2022-03-01")["calendar.ics"])
    first = "      - {date: 2021-06-01, applies_to: harbours}\n"
    edit(world, act, first, f"      - {{date: 2021-04-01, applies_to: boats}}\n{first}")
    after = events(received(world, "2022-03-01")["calendar.ics"])
    (new,) = after.keys() - before.keys()
    assert after[new]["DTSTART"].dt == datetime.date(2021, 4, 1)
    assert {uid: after[uid].to_ical() for uid in before} == {
        uid: event.to_ical() for uid, event in before.items()
    }


def test_a_long_calendar_holds_the_latest(world: Path) -> None:
    pattern = (world / "entries/2021/2021-harbours-pledge.md").read_text(encoding="utf-8")
    first = datetime.date(2030, 1, 1)
    for number in range(MOST // 50 + 1):
        days = [first + datetime.timedelta(days=number * 50 + place) for place in range(50)]
        duties = "".join(f"  - {{date: {day}, what: report}}\n" for day in days)
        text = pattern.replace("added:", f"deadlines:\n{duties}added:")
        path = world / f"entries/2021/2021-report-{number:02}.md"
        path.write_text(text, encoding="utf-8")
    found = list(events(received(world, "2022-03-01")["calendar.ics"]).values())
    assert len(found) == MOST
    assert found[0]["DTSTART"].dt == first + datetime.timedelta(days=50)
