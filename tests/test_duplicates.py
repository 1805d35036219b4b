"""Possible duplicates: how many are found, how many are false, and how they are reported.

The rates are measured on the developments in `tests/duplicates/`, not on the real entries.
"""

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from bad_files import NO_FRONT_MATTER, PATH
from checking import run
from conftest import ROOT, edit
from timeline.checks import Project
from timeline.checks.duplicates import (
    LIKELY,
    Duplicates,
    Fingerprint,
    Match,
    canonical_address,
    draft_duplicates,
    fingerprint,
)
from timeline.content.collection import Collection
from timeline.content.front_matter import Value
from timeline.schema.dates import PartialDate, parse_date
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument, Regulator
from timeline.schema.vocabulary import AuthorityType, Rank, Stage


@cache
def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / "tests" / "duplicates" / name).read_text(encoding="utf-8"))


def entry_of(values: dict[str, Any]) -> Entry:
    """Return an entry with the fields that the comparison uses."""
    front = {"id": "new", "type": "regulatory", "added": "2026-11-22"} | values
    front["body"] = front.pop("text", "")
    source = {"kind": "official", "publisher": "A", "lang": "en"} | front.pop("address", {})
    front["sources"] = [source, *(source | {"title": title} for title in front.pop("sources", []))]
    front.pop("of", None)
    return Entry.model_validate_json(json.dumps(front, default=str))


@pytest.fixture(scope="module")
def known() -> Collection:
    data = read_yaml("known.yml")
    return Collection(
        entries=Collection.ordered(map(entry_of, data["entries"])),
        regulators={
            name: Regulator(id=name, name=" ".join(names), kind=AuthorityType.AGENCY)
            for name, names in data["bodies"].items()
        },
        instruments={
            name: Instrument(id=name, name=" ".join(names), rank=Rank.LAW)
            for name, names in data["instruments"].items()
        },
        topics={},
        newsletters={},
        prose={},
    )


@pytest.fixture(scope="module")
def finder(known: Collection) -> Duplicates:
    return Duplicates(known)


def is_found(report: dict[str, Any], known: Collection, finder: Duplicates) -> bool:
    """Return whether a reworded report of a known development is matched to it."""
    near = finder.near(fingerprint(entry_of(report), known))
    return report["of"] in [match.id for match in near]


def is_false(pair: list[Any], known: Collection, finder: Duplicates) -> bool:
    """Whether two developments, read_yaml or known, are taken for the same."""
    by_id = {one.id: one for one in finder.fingerprints}
    one, other = (
        by_id[each] if isinstance(each, str) else fingerprint(entry_of(each), known)
        for each in pair
    )
    return finder.compare(one, other).score >= LIKELY


@pytest.mark.parametrize("name", ["retold.yml", "held_back.yml", "further.yml"])
def test_same_developments_are_found(name: str, known: Collection, finder: Duplicates) -> None:
    """At least nine of ten are found; further.yml was written after the weights were chosen."""
    reports = read_yaml(name)
    reports = reports["retold"] if name == "further.yml" else reports
    missed = [report["of"] for report in reports if not is_found(report, known, finder)]
    assert len(reports) == 30
    assert len(missed) <= 3, missed


def test_different_developments_are_not_matched(known: Collection, finder: Duplicates) -> None:
    """At most one of thirty is a false match."""
    pairs = read_yaml("different.yml")
    for group in (
        [*pairs["known"], *pairs["made_up"]],
        pairs["held_back"],
        read_yaml("further.yml")["different"],
    ):
        assert len(group) == 30
        assert len([pair for pair in group if is_false(pair, known, finder)]) <= 1


# The individual features

KNOWN = Fingerprint(
    id="known",
    title="Agency orders seventy harbours to repaint 40 lamps",
    text="Paint is white (灯塔规定).",
    date=PartialDate(2022, 4, 20),
    regulators=frozenset({"toa", "assembly"}),
    topics=frozenset({"lamps", "tides"}),
    stages={"paint-rules": Stage.ISSUED, "second-rules": Stage.PASSED, "tide-act": None},
    rounds={"second-rules": 1},
    addresses=frozenset({"a.example/1?"}),
)
TITLE = "Agency orders seventy harbours to repaint lamps"
WORDS = "similar titles"


def candidate(features: dict[str, Any]) -> Fingerprint:
    found: dict[str, Any] = {"title": TITLE} | features
    for key in {"regulators", "topics", "addresses"} & found.keys():
        found[key] = frozenset(found[key])
    if "date" in found:
        found["date"] = parse_date(str(found["date"]))
    by_name = {None: None} | {stage.value: stage for stage in Stage}
    found["stages"] = {law: by_name[stage] for law, stage in found.get("stages", {}).items()}
    return Fingerprint("new", **found)


@pytest.mark.parametrize(("score", "reason", "features"), read_yaml("evidence.yml"))
def test_each_feature_adds_to_the_score(
    score: float, reason: str, features: dict[str, Any]
) -> None:
    """Each feature is tested with a title whose words all occur in the other title."""
    acting = [
        {"title": f"Word {n}", "date": "2022-01-01", "regulators": [body], "topics": ["x"]}
        for n, body in enumerate(("toa", "toa", "toa", "court"))
    ]
    finder = Duplicates(Collection(tuple(map(entry_of, acting)), {}, {}, {}, {}, {}))
    match = finder.compare(candidate(features), KNOWN)
    whole = sum(weight for weight, _ in finder._evidence(candidate(features), KNOWN))
    assert (round(whole, 3), match.id) == (score, "known")
    assert match.score == min(1, max(0, whole))
    assert match.reasons == ((reason, WORDS) if reason else (WORDS,))


def test_missing_values_are_no_evidence() -> None:
    finder = Duplicates(Collection((), {}, {}, {}, {}, {}))
    assert finder.compare(Fingerprint("new"), Fingerprint("other")).score == 0
    assert finder.compare(Fingerprint("new", title="Gulls"), KNOWN).reasons == ()


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("http://www.a.example/1/", "a.example/1?"),
        ("https://A.example/1#top", "a.example/1?"),
        ("https://a.example/1?page=2", "a.example/1?page=2"),
        ("https://b.www.example", "b.www.example?"),
    ],
)
def test_address_is_made_canonical(address: str, canonical: str) -> None:
    assert canonical_address(address) == canonical


# Comparison of entries and its report

PASSED = "2021-03-01-tide-act-passed"
WARNING = (
    f"warning: possible duplicate of {PASSED} (1 day apart, the same regulator, the same stage of "
    "tide-act, the same address, similar titles); if the two report different "
    "developments, list one under 'related' in the other"
)


def repeated(world: Path, day: int = 2) -> str:
    """Write the entry on the Tide Act again, with another date and id, and return its path."""
    text = (world / f"entries/2021/{PASSED}.md").read_text(encoding="utf-8")
    path = f"entries/2021/2021-03-{day:02}-assembly-adopts-act.md"
    text = text.replace("date: 2021-03-01", f"date: 2021-03-{day:02}")
    (world / path).write_text(text.replace("added: 2021-03-10", "added: 2022-01-01"), "utf-8")
    return path


def test_check_warns_at_the_later_entry(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = repeated(world)
    assert run(world, capsys) == (0, [f"{path}:1: {WARNING}"])


@pytest.mark.parametrize("is_named_by_later", [True, False])
def test_related_entries_are_not_compared(
    world: Path, capsys: pytest.CaptureFixture[str], is_named_by_later: bool
) -> None:
    paths = [f"entries/2021/{PASSED}.md", repeated(world)]
    naming, named = reversed(paths) if is_named_by_later else paths
    edit(world, naming, "\nadded:", f"\nrelated: [{Path(named).stem}]\nadded:")
    assert run(world, capsys) == (0, [])


def test_withdrawn_entries_are_not_compared(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    withdrawn = "\nwithdrawn: {date: 2022-01-01, reason: An error.}\nadded:"
    edit(world, repeated(world), "\nadded:", withdrawn)
    assert run(world, capsys) == (0, [])


def test_duplicates_are_reported_despite_errors_elsewhere(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repeated(world)
    (world / PATH).write_text("nothing", encoding="utf-8")
    status, printed = run(world, capsys)
    assert (status, f"{PATH}:{NO_FRONT_MATTER}" in printed) == (1, True)
    assert any(f"possible duplicate of {PASSED}" in line for line in printed)


def test_duplicates_of_a_draft_that_lacks_most_keys_are_found(world: Path) -> None:
    """At most five are returned, the likeliest first."""
    for day in range(2, 8):
        repeated(world, day)
    loaded = Project(world).load()
    values: dict[str, Value] = {
        "title": "The Tide Act, on gulls",
        "date": "2021-03-03",
        "regulators": ["assembly"],
        "instruments": [{"id": "tide-act"}],
        "type": "wishful",
    }
    found = draft_duplicates(values, "", loaded.index, loaded.valid)
    again = "2021-03-{:02}-assembly-adopts-act".format
    assert [match.id for match in found] == [again(3), PASSED, again(2), again(4), again(5)]
    assert found[0].reasons == (
        "the same day",
        "the same regulator",
        "the same instrument, tide-act",
        WORDS,
    )
    assert draft_duplicates({"title": "Tide Act"}, "", loaded.index, loaded.valid) == []


def test_only_entries_of_similar_dates_are_compared(known: Collection) -> None:
    """Three times as many years need three times as many comparisons, not nine times."""

    class Counting(Duplicates):
        count = 0

        def compare(self, one: Fingerprint, other: Fingerprint) -> Match:
            self.count += 1
            return super().compare(one, other)

    counted = []
    for times in (1, 3):
        entries = [
            entry.model_copy(
                update={
                    "id": f"{turn}-{entry.id}",
                    "date": dataclasses.replace(entry.date, year=entry.date.year + 20 * turn),
                }
            )
            for turn in range(times)
            for entry in known.entries
        ]
        finder = Counting(dataclasses.replace(known, entries=Collection.ordered(entries)))
        list(finder.pairs())
        counted.append(finder.count)
    assert counted[0] > 0
    assert counted[1] == 3 * counted[0]
