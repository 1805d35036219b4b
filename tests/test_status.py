"""Status and history, on the day before, of and after each change in invented histories."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import edit
from in_memory import collection_of
from timeline.analysis.history import History, histories
from timeline.analysis.status import Status, segments, status_on
from timeline.content.collection import EntryStep
from timeline.schema.dates import ONE_DAY, parse_date
from timeline.schema.entry import Entry, Step
from timeline.schema.terms import Instrument

FILE = Path(__file__).with_name("statuses.yml")
# All values are read as text, since statuses are compared as text.
CASES = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def event(date: str, **step: Any) -> EntryStep:
    """Return the event of an entry with only this step."""
    found = Step.model_validate({"id": "rules", **step})
    name = f"{date}-{found.stage}"
    entry = Entry.model_construct(  # type: ignore[call-arg]
        id=name, date=parse_date(date), instruments=(found,)
    )
    return EntryStep(entry, 0)


def history(steps: list[dict[str, Any]], name: str = "rules", **more: Any) -> History:
    """Return the history of an instrument and of those that affect it, all of the same rank."""
    rank = more.get("rank", "departmental-rule")
    others = {
        key: tuple(history(found, other, rank=rank) for other, found in more.pop(key, {}).items())
        for key in ("amended_by", "replaced_by", "displaced_by", "overtaken_by")
    }
    fields = {"id": name, "name": name, "rank": rank, **more}
    return History(Instrument.model_validate(fields), tuple(event(**s) for s in steps), **others)


def history_of(case: dict[str, Any]) -> History:
    expected = {"name", "statuses", "milestones"}
    return history(**{key: value for key, value in case.items() if key not in expected})


def described(status: Status) -> list[str]:
    """Return all values of a status in the notation of statuses.yml."""
    v = status.validity
    parts = [v.state.value, v.since or "", f"published {v.published}" if v.published else ""]
    parts += [f"amended {v.amended}" if v.amended else ""]
    parts += [f"displaced {one.since} by {one.by}" for one in v.displaced]
    parts += [f"by {v.by}" if v.by else "", f"then {', '.join(map(str, v.then))}" if v.then else ""]
    parts += [f"without {v.undated_parts}" if v.undated_parts else ""]
    parts += [f"until {v.until}" if v.until else "", f"latest {v.latest}" if v.latest else ""]
    parts += [f"({v.why})" if v.why else ""]
    lines = [" ".join(str(part) for part in parts if part)]
    for p in status.pending:
        since = "" if p.since == p.day else f" since {p.since}"
        lines.append(f"{p.state.value} {p.day or '-'}{since}{f' via {p.via}' if p.via else ''}")
    return lines


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_status_changes_only_on_the_expected_days(case: dict[str, Any]) -> None:
    expected = dict(case["statuses"])
    past = history_of(case)
    found = segments(past)
    if before := expected.pop("before", None):
        assert described(status_on(past, found[0].start - ONE_DAY)) == before
    else:
        found = tuple(one for one in found if str(one.start) >= next(iter(expected)))
    assert {str(one.start): described(one.status) for one in found} == expected
    ends = [*(one.start for one in found[1:]), found[-1].start + 1000 * ONE_DAY]
    for one, end in zip(found, ends, strict=True):
        for day in (one.start, min(one.start, end - 2 * ONE_DAY) + ONE_DAY, end - ONE_DAY):
            assert status_on(past, day) == one.status, day


def test_successor_that_predates_the_timeline_supersedes_from_its_effective_date() -> None:
    successor = history([], "newer", in_force_from="2014-11-01")
    past = history([{"date": "2010-01-01", "stage": "issued", "effective": "2010-02-01"}])
    found = segments(replace(past, replaced_by=(successor,)))
    assert [(str(one.start), described(one.status)) for one in found] == [
        ("2010-01-01", ["not-yet-in-force 2010-02-01", "supersession 2014-11-01 via newer"]),
        ("2010-02-01", ["in-force 2010-02-01", "supersession 2014-11-01 via newer"]),
        ("2014-11-01", ["superseded 2014-11-01 by newer"]),
    ]


def test_histories_have_stages_in_order_and_related_instruments(world: Path) -> None:
    """Replacing only articles supersedes nothing; a step without a stage is not an event."""
    page, articles = "docs/instruments/signal-amendment.md", '[{id: tide-act, articles: ["9"]}]'
    edit(world, page, "issuers:", f"replaces: {articles}\nissuers:")
    found = histories(collection_of(world))
    listed = {
        name: (
            [f"{event.entry.id} {event.step.stage}" for event in past.events],
            *([one.instrument.id for one in ones] for ones in (past.amended_by, past.replaced_by)),
        )
        for name, past in found.items()
        if name in {"tide-act", "old-tide-law", "signal-rules"}
    }
    assert listed == {
        "old-tide-law": (["2018-03-01-old-tide-law-passed passed"], [], ["tide-act"]),
        "signal-rules": (
            ["2021-07-05-signal-rules-issued issued", "2021-08-20-signal-rules-postponed amended"],
            ["signal-amendment"],
            [],
        ),
        "tide-act": (
            ["2021-03-01-tide-act-passed passed", "2022-02-gull-notice interpreted"],
            *([], []),
        ),
    }
