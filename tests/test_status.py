"""Status and history, at the day before, on and after each boundary."""

import datetime
import os
import subprocess
import sys
from typing import Any

import pytest
from conftest import ROOT
from timeline.model.dates import parse_date, parse_day
from timeline.model.entry import Entry
from timeline.model.entry_parts import Step
from timeline.model.terms import Instrument
from timeline.source.project import Project
from timeline.standing.history import Event, History, histories
from timeline.standing.status import Status, segments, status_on

LOADED = Project(ROOT).load().collection
assert LOADED is not None
REAL = histories(LOADED)


def event(date: str, stage: str, **step: Any) -> Event:
    """One step on a day, of an entry with nothing else."""
    fields = {"id": "x", "stage": stage, **step}
    entry = Entry.model_construct(  # type: ignore[call-arg]
        id=f"{date}-{stage}", date=parse_date(date)
    )
    return Event(entry, Step.model_validate(fields))


def history(*events: Event, rank: str = "law", **more: Any) -> History:
    bearing = {key: more.pop(key, ()) for key in ("amended_by", "replaced_by")}
    name = more.pop("id", "x")
    fields = {"name": "X", "rank": rank, **more}
    return History(Instrument.model_validate({"id": name, **fields}), events, **bearing)


def told(status: Status) -> str:
    """A status in one line: `in-force 2021-11-01; open-for-comments 2022-05-13`."""
    v = status.validity
    parts = [v.state.value, str(v.since or "")]
    parts += [f"amended {v.amended}" if v.amended else "", f"by {v.by}" if v.by else ""]
    parts += [f"then {day}" for day in v.then]
    line = " ".join(part for part in parts if part)
    for p in status.pending:
        line += f"; {p.state.value} {p.day or '-'}" + (f" via {p.via}" if p.via else "")
    return line


LAW = history(
    event("2020-10-13", "reading"),
    event("2020-10-21", "consultation", comments_close="2020-11-19"),
    event("2021-08-20", "passed", effective="2021-11-01"),
)
STEPS = history(
    event(
        "2024-08-23",
        "issued",
        effective=[
            {"date": "2026-01-01", "applies_to": "new models"},
            {"date": "2028-01-01", "applies_to": "all models"},
        ],
    ),
    rank="mandatory-national-standard",
)
SUCCESSOR = history(
    event("2020-03-06", "issued", effective="2020-10-01"),
    rank="recommended-national-standard",
    id="newer",
)
OLDER = history(
    event("2017-12-29", "issued", effective="2018-05-01"),
    event("2019-02-01", "consultation"),
    rank="recommended-national-standard",
    replaced_by=(SUCCESSOR,),
)
SPECIFICATION = history(
    event("2022-06-24", "issued", effective="2022-06-24"),
    event("2022-11-08", "consultation", comments_close="2022-11-15", round=2),
    event("2022-12-16", "issued", effective="2022-12-20"),
    rank="practice-guide",
)
BILL = history(
    event("2022-09-14", "consultation", comments_close="2022-09-29"),
    event("2025-10-28", "passed", effective="2026-01-01"),
    rank="decision",
    id="bill",
)
AMENDED = history(event("2016-11-07", "passed", effective="2017-06-01"), amended_by=(BILL,))
AMENDED_TOO = history(
    event("2016-11-07", "passed", effective="2017-06-01"),
    event("2025-10-28", "amended", effective="2026-01-01"),
    amended_by=(BILL,),
)


def days(*told: str) -> list[dict[str, str]]:
    """Steps of effect: `2028-08-02`, or `2028-08-02 instead of 2027-08-02`."""
    pairs = (each.partition(" instead of ") for each in told)
    return [{"date": new, "instead_of": old} if old else {"date": new} for new, _, old in pairs]


MADE = event("2024-07-12", "issued", effective=days("2024-08-01", "2026-08-02", "2027-08-02"))
OMNIBUS = event(
    "2026-07-24",
    "amended",
    effective=days("2026-07-27", "2026-12-02", "2028-08-02 instead of 2027-08-02"),
)
PUT_OFF = history(MADE, OMNIBUS, rank="foreign-law")
PUT_OFF_TWICE = history(
    MADE,
    OMNIBUS,
    event("2028-01-10", "issued", effective=days("2029-01-01 instead of 2028-08-02")),
    rank="foreign-law",
)
BROUGHT_FORWARD = history(
    MADE, event("2026-09-01", "amended", effective=days("2027-01-01 instead of 2027-08-02"))
)
# Each step to the day of the next: moved at once, not one after the other.
SHIFTED = history(
    MADE,
    event(
        "2026-07-24",
        "amended",
        effective=days("2027-08-02 instead of 2026-08-02", "2028-08-02 instead of 2027-08-02"),
    ),
)
PUT_BACK = history(
    MADE,
    OMNIBUS,
    event("2027-01-10", "amended", effective=days("2027-08-02 instead of 2028-08-02")),
)
DIVIDED = history(
    MADE,
    event(
        "2026-07-24",
        "amended",
        effective=days("2026-08-02 instead of 2026-08-02", "2027-12-02 instead of 2026-08-02"),
    ),
)
AMENDMENT_PUT_OFF = history(
    event("2020-01-01", "passed", effective="2020-02-01"),
    event("2021-01-01", "amended", effective="2022-01-01"),
    event("2021-10-01", "amended", effective=days("2023-01-01 instead of 2022-01-01")),
)
SUCCESSOR_PUT_OFF = history(
    event("2017-01-01", "issued", effective="2017-02-01"),
    rank="departmental-rule",
    replaced_by=(
        history(
            event("2020-01-01", "issued", effective="2020-07-01"),
            event("2020-06-01", "issued", effective=days("2021-07-01 instead of 2020-07-01")),
            rank="departmental-rule",
            id="newer",
        ),
    ),
)
MOVED = [
    PUT_OFF,
    PUT_OFF_TWICE,
    BROUGHT_FORWARD,
    SHIFTED,
    PUT_BACK,
    DIVIDED,
    AMENDMENT_PUT_OFF,
    SUCCESSOR_PUT_OFF,
]
CAMPAIGN = history(
    event("2022-04-08", "launched"), rank="campaign", start="2022-04-08", end="2022-12"
)

CASES = [
    (LAW, "2020-10-12", "unknown"),
    (LAW, "2020-10-13", "not-yet-adopted"),
    (LAW, "2020-10-20", "not-yet-adopted"),
    (LAW, "2020-10-21", "not-yet-adopted; open-for-comments 2020-11-19"),
    (LAW, "2020-11-18", "not-yet-adopted; open-for-comments 2020-11-19"),
    (LAW, "2020-11-19", "not-yet-adopted; open-for-comments 2020-11-19"),
    (LAW, "2020-11-20", "not-yet-adopted; awaiting-outcome 2020-11-19"),
    (LAW, "2021-08-19", "not-yet-adopted; awaiting-outcome 2020-11-19"),
    (LAW, "2021-08-20", "not-yet-in-force 2021-11-01"),
    (LAW, "2021-10-31", "not-yet-in-force 2021-11-01"),
    (LAW, "2021-11-01", "in-force 2021-11-01"),
    (LAW, "2021-11-02", "in-force 2021-11-01"),
    (STEPS, "2025-12-31", "not-yet-in-force 2026-01-01 then 2028-01-01"),
    (STEPS, "2026-01-01", "partly-in-force 2026-01-01 then 2028-01-01"),
    (STEPS, "2027-12-31", "partly-in-force 2026-01-01 then 2028-01-01"),
    (STEPS, "2028-01-01", "in-force 2028-01-01"),
    # Superseded when the newer edition takes effect, not when it is issued; and a consultation
    # whose closing day nobody recorded is never open.
    (OLDER, "2018-04-30", "not-yet-in-force 2018-05-01"),
    (OLDER, "2018-05-01", "in-force 2018-05-01"),
    (OLDER, "2019-02-01", "in-force 2018-05-01; closing-day-unknown -"),
    (OLDER, "2020-03-05", "in-force 2018-05-01; closing-day-unknown -"),
    (
        OLDER,
        "2020-03-06",
        "in-force 2018-05-01; closing-day-unknown -; supersession 2020-10-01 via newer",
    ),
    (
        OLDER,
        "2020-09-30",
        "in-force 2018-05-01; closing-day-unknown -; supersession 2020-10-01 via newer",
    ),
    (OLDER, "2020-10-01", "superseded 2020-10-01 by newer"),
    # A second draft never lowers the first version.
    (SPECIFICATION, "2022-11-07", "in-force 2022-06-24"),
    (SPECIFICATION, "2022-11-08", "in-force 2022-06-24; open-for-comments 2022-11-15"),
    (SPECIFICATION, "2022-11-16", "in-force 2022-06-24; awaiting-outcome 2022-11-15"),
    (SPECIFICATION, "2022-12-16", "in-force 2022-06-24; amendment 2022-12-20"),
    (SPECIFICATION, "2022-12-20", "in-force 2022-06-24"),
    # What is pending in an instrument that amends it is pending in it.
    (AMENDED, "2022-09-13", "in-force 2017-06-01"),
    (AMENDED, "2022-09-14", "in-force 2017-06-01; open-for-comments 2022-09-29 via bill"),
    (AMENDED, "2023-06-01", "in-force 2017-06-01; awaiting-outcome 2022-09-29 via bill"),
    (AMENDED, "2025-10-28", "in-force 2017-06-01; amendment 2026-01-01 via bill"),
    (AMENDED, "2025-12-31", "in-force 2017-06-01; amendment 2026-01-01 via bill"),
    (AMENDED, "2026-01-01", "in-force 2017-06-01 amended 2026-01-01"),
    (AMENDED_TOO, "2025-12-31", "in-force 2017-06-01; amendment 2026-01-01"),
    (AMENDED_TOO, "2026-01-01", "in-force 2017-06-01 amended 2026-01-01"),
    (CAMPAIGN, "2022-04-07", "unknown"),
    (CAMPAIGN, "2022-04-08", "in-force 2022-04-08"),
    (CAMPAIGN, "2022-12-31", "in-force 2022-04-08"),
    (CAMPAIGN, "2023-01-01", "concluded 2023-01-01"),
    # Where no effect is recorded, validity is unknown, never "in force".
    (history(event("2021-01-01", "issued"), rank="departmental-rule"), "2026-01-01", "unknown"),
    # An amendment tells that the older text applied.
    (history(event("2020-10-17", "amended", effective="2021-06-01")), "2020-10-16", "unknown"),
    (
        history(event("2020-10-17", "amended", effective="2021-06-01")),
        "2020-10-17",
        "in-force; amendment 2021-06-01",
    ),
    (
        history(event("2020-10-17", "amended", effective="2021-06-01")),
        "2021-06-01",
        "in-force amended 2021-06-01",
    ),
    (
        history(event("2020-01-01", "consultation"), event("2021-01-01", "amended")),
        "2020-06-01",
        "unknown; closing-day-unknown -",
    ),
    (
        history(event("2021-01-01", "consultation"), event("2022-01-01", "abandoned")),
        "2022-01-01",
        "abandoned 2022-01-01",
    ),
    (
        history(
            event("2010-01-01", "passed", effective="2010-02-01"), event("2020-01-01", "repealed")
        ),
        "2020-01-01",
        "repealed 2020-01-01",
    ),
    # What was abandoned can be taken up again.
    (
        history(
            event("2021-01-01", "consultation"),
            event("2022-01-01", "abandoned"),
            event("2023-01-01", "consultation", comments_close="2023-02-01"),
        ),
        "2023-01-15",
        "not-yet-adopted; open-for-comments 2023-02-01",
    ),
    (
        history(
            event("2021-01-01", "passed", effective="2021-02-01"),
            event("2022-01-01", "repealed"),
            event("2022-03-01", "interpreted"),
        ),
        "2022-04-01",
        "repealed 2022-01-01",
    ),
    # A revision that is dropped leaves the text in force.
    (
        history(
            event("2015-01-01", "passed", effective="2015-02-01"),
            event("2024-01-01", "consultation"),
            event("2025-01-01", "abandoned"),
        ),
        "2026-01-01",
        "in-force 2015-02-01",
    ),
    # A successor, and an amendment, that never applied.
    (
        history(
            event("2015-01-01", "issued", effective="2015-02-01"),
            rank="departmental-rule",
            replaced_by=(
                history(
                    event("2022-01-01", "issued", effective="2022-09-01"),
                    event("2022-08-01", "repealed"),
                    rank="departmental-rule",
                    id="newer",
                ),
            ),
        ),
        "2022-10-01",
        "in-force 2015-02-01",
    ),
    # Put off before it applied.
    (
        history(
            event("2023-06-01", "passed", effective="2024-01-01"),
            event("2023-12-01", "passed", effective="2027-01-01"),
        ),
        "2024-06-01",
        "not-yet-in-force 2027-01-01",
    ),
    # By a later entry, which knows of it first: the day before, on and after each boundary.
    (PUT_OFF, "2026-07-23", "partly-in-force 2024-08-01 then 2026-08-02 then 2027-08-02"),
    (
        PUT_OFF,
        "2026-07-24",
        (
            "partly-in-force 2024-08-01 then 2026-08-02 then 2028-08-02"
            "; amendment 2026-07-27; amendment 2026-12-02"
        ),
    ),
    (
        PUT_OFF,
        "2026-08-02",
        "partly-in-force 2024-08-01 amended 2026-07-27 then 2028-08-02; amendment 2026-12-02",
    ),
    (PUT_OFF, "2027-08-01", "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02"),
    (PUT_OFF, "2027-08-02", "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02"),
    (PUT_OFF, "2027-08-03", "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02"),
    (PUT_OFF, "2028-08-01", "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02"),
    # In force on the new day, and not "amended" on it.
    (PUT_OFF, "2028-08-02", "in-force 2028-08-02 amended 2026-12-02"),
    (PUT_OFF, "2028-08-03", "in-force 2028-08-02 amended 2026-12-02"),
    (PUT_OFF_TWICE, "2028-01-09", "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02"),
    (PUT_OFF_TWICE, "2028-01-10", "partly-in-force 2024-08-01 amended 2026-12-02 then 2029-01-01"),
    (PUT_OFF_TWICE, "2028-08-02", "partly-in-force 2024-08-01 amended 2026-12-02 then 2029-01-01"),
    (PUT_OFF_TWICE, "2028-12-31", "partly-in-force 2024-08-01 amended 2026-12-02 then 2029-01-01"),
    (PUT_OFF_TWICE, "2029-01-01", "in-force 2029-01-01 amended 2026-12-02"),
    (BROUGHT_FORWARD, "2026-08-31", "partly-in-force 2024-08-01 then 2027-08-02"),
    (BROUGHT_FORWARD, "2026-09-01", "partly-in-force 2024-08-01 then 2027-01-01"),
    (BROUGHT_FORWARD, "2026-12-31", "partly-in-force 2024-08-01 then 2027-01-01"),
    (BROUGHT_FORWARD, "2027-01-01", "in-force 2027-01-01"),
    (BROUGHT_FORWARD, "2027-08-02", "in-force 2027-01-01"),
    (SHIFTED, "2026-07-23", "partly-in-force 2024-08-01 then 2026-08-02 then 2027-08-02"),
    (SHIFTED, "2026-07-24", "partly-in-force 2024-08-01 then 2027-08-02 then 2028-08-02"),
    (SHIFTED, "2027-08-02", "partly-in-force 2024-08-01 then 2028-08-02"),
    (SHIFTED, "2028-08-02", "in-force 2028-08-02"),
    (
        PUT_BACK,
        "2027-01-09",
        "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02",
    ),
    (PUT_BACK, "2027-01-10", "partly-in-force 2024-08-01 amended 2026-12-02 then 2027-08-02"),
    (PUT_BACK, "2027-08-02", "in-force 2027-08-02 amended 2026-12-02"),
    (
        DIVIDED,
        "2026-07-24",
        "partly-in-force 2024-08-01 then 2026-08-02 then 2027-08-02 then 2027-12-02",
    ),
    (DIVIDED, "2026-08-02", "partly-in-force 2024-08-01 then 2027-08-02 then 2027-12-02"),
    (DIVIDED, "2027-08-02", "partly-in-force 2024-08-01 then 2027-12-02"),
    (DIVIDED, "2027-12-02", "in-force 2027-12-02"),
    (AMENDMENT_PUT_OFF, "2021-09-30", "in-force 2020-02-01; amendment 2022-01-01"),
    (AMENDMENT_PUT_OFF, "2021-10-01", "in-force 2020-02-01; amendment 2023-01-01"),
    (AMENDMENT_PUT_OFF, "2022-01-01", "in-force 2020-02-01; amendment 2023-01-01"),
    (AMENDMENT_PUT_OFF, "2023-01-01", "in-force 2020-02-01 amended 2023-01-01"),
    (SUCCESSOR_PUT_OFF, "2020-05-31", "in-force 2017-02-01; supersession 2020-07-01 via newer"),
    (SUCCESSOR_PUT_OFF, "2020-06-01", "in-force 2017-02-01; supersession 2021-07-01 via newer"),
    (SUCCESSOR_PUT_OFF, "2020-07-01", "in-force 2017-02-01; supersession 2021-07-01 via newer"),
    (SUCCESSOR_PUT_OFF, "2021-06-30", "in-force 2017-02-01; supersession 2021-07-01 via newer"),
    (SUCCESSOR_PUT_OFF, "2021-07-01", "superseded 2021-07-01 by newer"),
    # Before anything of it applied, by an entry that only moves: no new version.
    (
        history(
            MADE, event("2024-07-20", "issued", effective=days("2025-01-01 instead of 2024-08-01"))
        ),
        "2024-08-01",
        "not-yet-in-force 2025-01-01 then 2026-08-02 then 2027-08-02",
    ),
    # Two entries tell of one postponement.
    (
        history(
            MADE,
            event("2026-06-29", "amended", effective=days("2028-08-02 instead of 2027-08-02")),
            OMNIBUS,
        ),
        "2026-12-02",
        "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02",
    ),
    # What has passed stays, whatever is said of it later.
    (
        history(
            event("2020-01-01", "passed", effective="2020-02-01"),
            event("2020-03-01", "amended", effective=days("2021-01-01 instead of 2020-02-01")),
        ),
        "2020-04-01",
        "in-force 2020-02-01; amendment 2021-01-01",
    ),
    # An amending draft brings no draft into force.
    (
        history(
            event("2025-01-01", "consultation", comments_close="2025-02-01"),
            amended_by=(history(event("2026-01-01", "passed", effective="2026-02-01"), id="b"),),
        ),
        "2026-03-01",
        "not-yet-adopted; awaiting-outcome 2025-02-01",
    ),
    # An amendment whose effect nobody recorded is told, a law that is interpreted exists.
    (
        history(
            event("2015-01-01", "passed", effective="2015-02-01"), event("2020-01-01", "amended")
        ),
        "2021-01-01",
        "in-force 2015-02-01; amendment -",
    ),
    (history(event("2020-01-01", "interpreted")), "2021-01-01", "unknown"),
    (
        history(
            event("2026-01-01", "consultation", comments_close="2026-12-31"),
            event("2026-02-01", "consultation"),
        ),
        "2026-03-01",
        "not-yet-adopted; open-for-comments 2026-12-31; closing-day-unknown -",
    ),
    (
        history(
            event("2020-01-01", "launched"),
            event("2026-01-01", "batch"),
            rank="campaign",
            start="2020-01-01",
            end="2021",
        ),
        "2026-02-01",
        "unknown 2020-01-01",
    ),
    # Made known on the 27th, in force from the 11th: it counts from its own day.
    (
        history(event("2018-07-27", "issued", effective="2018-07-11"), rank="normative-document"),
        "2018-07-11",
        "in-force 2018-07-11",
    ),
    # A successor of which nobody recorded from when it applies leaves the older one unknown.
    (
        history(
            event("2017-01-01", "issued", effective="2017-02-01"),
            rank="departmental-rule",
            replaced_by=(history(event("2020-01-01", "issued"), rank="plan", id="newer"),),
        ),
        "2020-01-01",
        "unknown by newer",
    ),
]


@pytest.mark.parametrize(("past", "day", "expected"), CASES)
def test_on_a_day(past: History, day: str, expected: str) -> None:
    assert told(status_on(past, parse_day(day))) == expected


@pytest.mark.parametrize("past", [LAW, STEPS, OLDER, SPECIFICATION, AMENDED, CAMPAIGN, *MOVED])
def test_segments_say_the_same_as_days(past: History) -> None:
    found = segments(past)
    day = found[0].start
    while day < datetime.date(2029, 2, 1):
        segment = [s for s in found if s.start <= day][-1]
        assert segment.status == status_on(past, day), day
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        (
            "cybersecurity-law",
            "2023-06-01",
            "in-force 2017-06-01; awaiting-outcome 2022-09-29 via cybersecurity-law-amendment-2025",
        ),
        ("cybersecurity-law", "2026-11-22", "in-force 2017-06-01 amended 2026-01-01"),
        ("pipl", "2021-09-15", "not-yet-in-force 2021-11-01"),
        ("pipl", "2021-11-01", "in-force 2021-11-01"),
        (
            "gbt-35273-2017",
            "2020-09-30",
            "in-force 2018-05-01; supersession 2020-10-01 via gbt-35273-2020",
        ),
        ("gbt-35273-2017", "2020-10-01", "superseded 2020-10-01 by gbt-35273-2020"),
        ("qinglang-algorithms-2022", "2022-12-31", "in-force 2022-04-08"),
        ("qinglang-algorithms-2022", "2023-01-01", "concluded 2023-01-01"),
        ("gb-44496-2024", "2026-11-22", "partly-in-force 2026-01-01 then 2028-01-01"),
        ("ai-plus", "2026-11-22", "unknown"),
        # The omnibus divided the step of August 2026 and put the last one off.
        (
            "eu-ai-act",
            "2026-07-23",
            "partly-in-force 2024-08-01 then 2026-08-02 then 2027-08-02",
        ),
        (
            "eu-ai-act",
            "2026-07-24",
            (
                "partly-in-force 2024-08-01 then 2026-08-02 then 2027-12-02 then 2028-08-02"
                "; amendment 2026-07-27; amendment 2026-12-02"
            ),
        ),
        (
            "eu-ai-act",
            "2026-11-22",
            (
                "partly-in-force 2024-08-01 amended 2026-07-27 then 2027-12-02 then 2028-08-02"
                "; amendment 2026-12-02"
            ),
        ),
        (
            "eu-ai-act",
            "2027-08-02",
            "partly-in-force 2024-08-01 amended 2026-12-02 then 2027-12-02 then 2028-08-02",
        ),
        (
            "eu-ai-act",
            "2027-12-02",
            "partly-in-force 2024-08-01 amended 2026-12-02 then 2028-08-02",
        ),
        ("eu-ai-act", "2028-08-02", "in-force 2028-08-02 amended 2026-12-02"),
    ],
)
def test_real_instruments(name: str, day: str, expected: str) -> None:
    assert told(status_on(REAL[name], parse_day(day))) == expected


def test_no_instrument_is_in_force_without_a_recorded_effect() -> None:
    for name, past in REAL.items():
        status = status_on(past, datetime.date(2026, 11, 22))
        if status.validity.state in {"in-force", "partly-in-force"}:
            recorded = [e for e in past.events if e.effects or e.step.stage == "amended"]
            assert recorded or past.instrument.rank == "campaign", name


def test_history_of_the_personal_information_protection_law() -> None:
    events = [(str(e.entry.date), e.step.stage, e.step.round) for e in REAL["pipl"].events]
    assert events == [
        ("2020-10-13", "reading", 1),
        ("2020-10-21", "consultation", 1),
        ("2021-04-26", "reading", 2),
        ("2021-04-29", "consultation", 2),
        ("2021-08-17", "reading", 3),
        ("2021-08-20", "passed", None),
    ]
    assert all(e.entry.sources for e in REAL["pipl"].events)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "America/Los_Angeles"])
def test_today_is_shanghais(zone: str) -> None:
    code = (
        "import datetime, zoneinfo, timeline.model.dates as d\n"
        "zone = zoneinfo.ZoneInfo('Asia/Shanghai')\n"
        "class Clock(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        "        return cls(2021, 10, 31, hour, 0, tzinfo=datetime.UTC).astimezone(tz)\n"
        "d.datetime.datetime = Clock\n"
        "hour = 15; print(d.today(zone))\n"
        "hour = 16; print(d.today(zone))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "2021-10-31\n2021-11-01\n"
