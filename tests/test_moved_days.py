"""A day of effect that a later entry puts off, brings forward or divides, as readers get it."""

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOT, edit, received
from test_calendars import events
from test_feeds import items
from timeline.source.as_of import known_on
from timeline.source.project import Project
from timeline.standing.moves import moves
from timeline.standing.standing import Standing
from timeline.views.bulletin import bulletins

PUT_OFF = "2021-11-01-tide-act-put-off"
AGAIN = "2022-06-01-tide-act-put-off-again"
PASSED = "2021-03-01-tide-act-passed"
# The second step of the act: 1 January 2022, everyone else.
UID = f"{PASSED}.tide-act.effect.8ef2de54@world.example"
TREATY = ROOT / "tests/world/entries/2022/2022-02-01-moon-treaty.md"


def write(world: Path, name: str, *effects: str, more: str = "") -> None:
    """An entry of the world that amends the act: `2023-01-01, instead_of: 2022-01-01`."""
    steps = "".join(f"      - {{date: {effect}}}\n" for effect in effects)
    step = f"instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n{steps}{more}"
    text = TREATY.read_text(encoding="utf-8").replace("jurisdiction: INT\n", step)
    text = text.replace("2022-02-01", name[:10]).replace("2022-02-04", "2022-07-01")
    text = text.replace("A treaty on the moon is signed", f"Told by {name}")
    (world / f"entries/{name[:4]}/{name}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def put_off(world: Path) -> Path:
    """The world, where the act's second step is put off by a year and by a year again."""
    write(world, PUT_OFF, "2023-01-01, instead_of: 2022-01-01")
    write(world, AGAIN, "2024-01-01, instead_of: 2023-01-01, applies_to: boats")
    return world


def due(files: dict[str, bytes]) -> list[tuple[str, ...]]:
    """The days of the act in the data."""
    days = json.loads(files["api/v1/deadlines.json"])["deadlines"]
    named = ("date", "what", "who", "entry", "instead_of")
    return [tuple(day[name] for name in named) for day in days if day["instrument"]]


FIRST = ("2021-06-01", "takes effect", "harbours", PASSED, None)
OTHERS = "everyone else"


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2021-10-31", ("2022-01-01", "takes effect", OTHERS, PASSED, None)),
        ("2021-11-01", ("2023-01-01", "takes effect", OTHERS, PUT_OFF, "2022-01-01")),
        ("2022-01-01", ("2023-01-01", "takes effect", OTHERS, PUT_OFF, "2022-01-01")),
        ("2022-05-31", ("2023-01-01", "takes effect", OTHERS, PUT_OFF, "2022-01-01")),
        ("2022-06-01", ("2024-01-01", "takes effect", "boats", AGAIN, "2023-01-01")),
        ("2024-01-02", ("2024-01-01", "takes effect", "boats", AGAIN, "2023-01-01")),
    ],
)
def test_the_data_hold_the_day_that_stands(put_off: Path, as_of: str, day: tuple[str, ...]) -> None:
    files = received(put_off, as_of)
    assert due(files) == [FIRST, day]
    rows = list(csv.DictReader(io.StringIO(files["data/deadlines.csv"].decode("utf-8-sig"))))
    told = [(row["date"], row["instead_of"]) for row in rows if row["instrument"]]
    assert told == [("2021-06-01", ""), (day[0], day[4] or "")]


def test_what_stood_when_the_entry_came_stays(world: Path) -> None:
    """The first step had applied; only the second is moved."""
    write(world, PUT_OFF, "2021-12-01, instead_of: 2022-01-01")
    assert due(received(world, "2021-11-01")) == [
        FIRST,
        ("2021-12-01", "takes effect", OTHERS, PUT_OFF, "2022-01-01"),
    ]


def test_an_amendment_that_is_put_off_is_an_amendment_still(world: Path) -> None:
    write(world, PUT_OFF, "2022-03-01")
    write(world, AGAIN.replace("2022-06", "2022-02"), "2022-09-01, instead_of: 2022-03-01")
    days = {day[0]: day[1] for day in due(received(world, "2022-02-01"))}
    assert days == {
        "2021-06-01": "takes effect",
        "2022-01-01": "takes effect",
        "2022-09-01": "amendment takes effect",
    }


# Calendars


def told(event: Any) -> tuple[str, int, str]:
    return str(event["DTSTART"].dt), event["SEQUENCE"], str(event["SUMMARY"])


def test_a_subscribed_calendar_moves_the_event(put_off: Path) -> None:
    places = ("", "topics/tides/", "topics/moon/", "regulators/assembly/", "instruments/tide-act/")
    said = f"Takes effect: Tide Act ({OTHERS})"
    found = {}
    for day in ("2021-10-31", "2021-11-01", "2022-05-31", "2022-06-01"):
        files = received(put_off, day)
        found[day] = [events(files[f"{place}calendar.ics"]) for place in places]
        assert all(UID in calendar for calendar in found[day]) or day == "2021-10-31"
    assert UID not in found["2021-10-31"][2]  # the moon is a topic of the later entries alone
    assert [told(found[day][0][UID]) for day in found] == [
        ("2022-01-01", 0, said),
        ("2023-01-01", 1, said),
        ("2023-01-01", 1, said),
        ("2024-01-01", 2, "Takes effect: Tide Act (boats)"),
    ]
    # The event alone moves: there is none beside it, and none that is left behind.
    assert len({tuple(calendars[0]) for calendars in found.values()}) == 1
    last = found["2022-06-01"][0][UID]
    assert str(last["DESCRIPTION"]).split("\n") == [
        "潮汐法",
        f"Told by {AGAIN} (1 June 2022)",
        f"Put off from 1 January 2023: Told by {PUT_OFF} (1 November 2021)",
        "Put off from 1 January 2022: Assembly passes the Tide Act (1 March 2021)",
        f"https://world.example/entries/{AGAIN}/",
    ]
    assert last["LAST-MODIFIED"].dt > found["2022-05-31"][0][UID]["LAST-MODIFIED"].dt


def test_a_calendar_follows_an_entry_that_says_so_only_later(world: Path) -> None:
    """From the changed file to what the subscriber receives."""
    write(world, PUT_OFF, "2023-01-01")
    before = events(received(world, "2022-07-01")["calendar.ics"])
    own = f"{PUT_OFF}.tide-act.effect@world.example"
    assert {told(before[uid])[:2] for uid in (UID, own)} == {("2022-01-01", 0), ("2023-01-01", 0)}
    edit(world, f"entries/2021/{PUT_OFF}.md", "2023-01-01}", "2023-01-01, instead_of: 2022-01-01}")
    after = events(received(world, "2022-07-01")["calendar.ics"])
    assert before.keys() - after.keys() == {own}
    assert told(after[UID])[:2] == ("2023-01-01", 1)


def test_every_correction_of_a_moved_day_raises_the_sequence(put_off: Path) -> None:
    sequences = [events(received(put_off, "2022-07-01")["calendar.ics"])[UID]["SEQUENCE"]]
    for path, key in ((AGAIN, "changes"), (PUT_OFF, "changes"), (PASSED, "changes")):
        change = f"{key}: [{{date: 2022-07-01, note: A correction.}}]\n"
        edit(put_off, f"entries/{path[:4]}/{path}.md", "added:", f"{change}added:")
        event = events(received(put_off, "2022-07-01")["calendar.ics"])[UID]
        sequences.append(event["SEQUENCE"])
    assert sequences == [2, 3, 4, 5]
    assert str(event["DESCRIPTION"]).count("Corrected on 1 July 2022: A correction.") == 3
    # The later entry is withdrawn: the event goes back, by yet another revision.
    gone = "withdrawn: {date: 2022-07-02, reason: An error.}\n"
    edit(put_off, f"entries/2022/{AGAIN}.md", "added:", f"{gone}added:")
    back = events(received(put_off, "2022-07-02")["calendar.ics"])
    assert told(back[UID]) == ("2023-01-01", 6, f"Takes effect: Tide Act ({OTHERS})")
    assert (str(back[UID]["STATUS"]), len(back)) == ("CONFIRMED", 3)
    assert back[UID]["LAST-MODIFIED"].dt > event["LAST-MODIFIED"].dt


def test_a_day_that_was_not_put_off_after_all_goes_back_by_a_revision(world: Path) -> None:
    """The entry that moved it is corrected: a calendar takes no lower SEQUENCE than it has."""
    path, said = f"entries/2021/{PUT_OFF}.md", ", instead_of: 2022-01-01"
    found = []

    def subscribed() -> None:
        event = events(received(world, "2022-07-20")["instruments/tide-act/calendar.ics"])[UID]
        stamp = event["DTSTAMP"].dt.astimezone(ZoneInfo("Asia/Shanghai")).date()
        found.append((*told(event)[:2], str(stamp)))

    subscribed()
    write(world, PUT_OFF, f"2023-01-01{said}")
    subscribed()
    edit(world, path, "added:", "changes:\n  - {date: 2022-07-05, note: No delay.}\nadded:")
    edit(world, path, said, "")
    subscribed()
    more = "No delay.}\n  - {date: 2022-07-06, note: A delay.}"
    edit(world, path, "No delay.}", more)
    edit(world, path, "2023-01-01}", f"2023-01-01{said}}}")
    subscribed()
    edit(world, path, "added:", "withdrawn: {date: 2022-07-07, reason: An error.}\nadded:")
    subscribed()
    assert found == [
        ("2022-01-01", 0, "2021-03-10"),
        ("2023-01-01", 1, "2022-07-01"),
        ("2022-01-01", 2, "2022-07-05"),
        ("2023-01-01", 3, "2022-07-06"),
        ("2022-01-01", 4, "2022-07-07"),
    ]


def test_a_divided_step_keeps_its_event_where_a_part_keeps_the_day(world: Path) -> None:
    parts = ("2023-01-01, instead_of: 2022-01-01, applies_to: boats",
             "2022-01-01, instead_of: 2022-01-01, applies_to: piers")  # fmt: skip
    write(world, PUT_OFF, *parts)
    found = events(received(world, "2021-11-01")["instruments/tide-act/calendar.ics"])
    first, second = f"{PASSED}.tide-act.effect.75e44695", f"{PASSED}.tide-act.effect.8ef2de54"
    effects = {uid.partition("@")[0]: told(found[uid]) for uid in found if ".effect." in uid}
    assert effects == {
        first: ("2021-06-01", 0, "Takes effect: Tide Act (harbours)"),
        second: ("2022-01-01", 1, "Takes effect: Tide Act (piers)"),
        f"{PUT_OFF}.tide-act.effect.3a973d2f": ("2023-01-01", 1, "Takes effect: Tide Act (boats)"),
    }  # fmt: skip
    assert "Put off" not in found[UID]["DESCRIPTION"]
    page = (world / f"build/docs/entries/{PASSED}.md").read_text(encoding="utf-8")
    assert page.count("; put off in part to <a") == 1


# Feeds and pages


def test_feeds_tell_of_the_new_day_alone(put_off: Path) -> None:
    own = "instruments/tide-act/in-force/"
    for day in ("2022-01-01", "2023-01-01", "2023-12-31"):
        told = items(received(put_off, day), "instruments/tide-act/")
        assert [name for name in told if name.startswith(own)] == [], day
    told = items(received(put_off, "2024-01-01"), "instruments/tide-act/")
    assert told[f"{own}2024-01-01"] == "Took effect in full: Tide Act"
    assert [name for name in told if "2022-01-01" in name or "2023-01-01" in name] == []


def test_pages_name_both_days(put_off: Path) -> None:
    received(put_off, "2022-03-01")
    pages = put_off / "build/docs"
    moved = (
        'In effect from <time datetime="2022-01-01">1 January 2022</time> for everyone else; put '
        f'off to <a href="../../entries/{PUT_OFF}/"><time datetime="2023-01-01">1 January 2023'
        "</time></a>."
    )
    for path in (f"entries/{PASSED}.md", "instruments/tide-act/index.md"):
        assert moved in (pages / path).read_text(encoding="utf-8")
    own = (
        'In effect from <time datetime="2023-01-01">1 January 2023</time>, instead of '
        '<time datetime="2022-01-01">1 January 2022</time>.'
    )
    assert own in (pages / f"entries/{PUT_OFF}.md").read_text(encoding="utf-8")
    deadlines = (pages / "deadlines/index.md").read_text(encoding="utf-8")
    row = f'takes effect <span class="note">({OTHERS})</span>, put off from 1 January 2022'
    assert deadlines.count(row) == 1
    assert '"2022-01-01"' not in deadlines
    twin = (put_off / f"build/files/entries/{PASSED}/index.md").read_text(encoding="utf-8")
    assert "; in effect from 1 January 2022 for everyone else, put off to 1 January 2023\n" in twin
    # An earlier site knows nothing of it.
    received(put_off, "2021-10-31")
    for path in (f"entries/{PASSED}.md", "instruments/tide-act/index.md", "deadlines/index.md"):
        assert "; put off" not in (text := (pages / path).read_text(encoding="utf-8"))
        assert ", put off from" not in text


def test_a_bulletin_tells_what_was_known_at_the_months_end(world: Path) -> None:
    write(world, "2021-12-01-any", "2021-12-01")
    write(world, "2022-01-01-tide-act-put-off", "2022-02-15, instead_of: 2022-01-01")
    write(world, "2022-02-14-tide-act-put-off-again", "2022-03-15, instead_of: 2022-02-15")
    write(world, "2022-03-01-any", "2022-03-01")
    collection = Project(world).load().collection
    assert collection is not None
    found = {
        bulletin.url: [
            (days.id, str(due.date), due.put_off)
            for days in bulletin.days
            for due in days.due
            if due.what == "takes effect"
        ]
        for bulletin in bulletins(Standing(collection, datetime.date(2022, 7, 1)))
    }
    first, second = "put off from 1 January 2022", "put off from 15 February 2022"
    assert {url: days for url, days in found.items() if url[9:] >= "2021/12/"} == {
        "timeline/2021/12/": [("next", "2022-01-01", "")],
        "timeline/2022/01/": [("next", "2022-02-15", first)],
        "timeline/2022/02/": [("next", "2022-03-15", second)],
        "timeline/2022/03/": [("effect", "2022-03-15", second)],
    }
    text = received(world, "2022-03-31")["timeline/2022/03/bulletin.txt"].decode()
    assert "* 15 March 2022, Tide Act: takes effect (everyone else), put off from 15" in text


# The real site


def test_the_eu_ai_act() -> None:
    collection = Project(ROOT).load().collection
    assert collection is not None
    for as_of, last in (("2026-07-23", "2027-08-02"), ("2026-07-24", "2028-08-02")):
        day = datetime.date.fromisoformat(as_of)
        standing = Standing(known_on(collection, day), day)
        ahead = [str(due.date) for due in standing.coming("instruments", "eu-ai-act")]
        assert ahead[-1] == last
        assert len(ahead) == len(set(ahead))
    told = [
        (due.date.isoformat(), due.what, due.who, due.put_off)
        for due in standing.coming("instruments", "eu-ai-act")
        if due.what == "takes effect"
    ]
    assert told == [
        ("2026-08-02", "takes effect", "the rest of the act, transparency among it", ""),
        (
            "2027-12-02",
            "takes effect",
            "high-risk systems of Annex III",
            "put off from 2 August 2026",
        ),
        (
            "2028-08-02",
            "takes effect",
            "high-risk systems of Annex I",
            "put off from 2 August 2027",
        ),
    ]
    history = Standing(collection, day).histories["eu-ai-act"]
    assert [(str(move.day), move.said) for move in moves(history, datetime.date(2029, 1, 1))] == [
        ("2024-08-01", "Took effect in part"),
        ("2025-02-02", "A further part took effect"),
        ("2025-08-02", "A further part took effect"),
        ("2026-07-27", "Amendment took effect"),
        ("2026-08-02", "A further part took effect"),
        ("2026-12-02", "Amendment took effect"),
        ("2027-12-02", "A further part took effect"),
        ("2028-08-02", "Took effect in full"),
    ]
