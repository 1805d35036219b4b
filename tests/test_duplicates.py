"""Which entries may tell of the same: how many are found, how many falsely, and in what time."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import check
import duplicates as command
import pytest
import yaml
from conftest import ROOT
from timeline.contributing.duplicates import LIKELY, Duplicates
from timeline.contributing.outline import Outline, outline
from timeline.model.entry import Entry
from timeline.source.collection import Collection
from timeline.source.project import Project

DATA = ROOT / "tests" / "duplicates"


@pytest.fixture(scope="module")
def collection() -> Collection:
    loaded = Project(ROOT).load()
    assert loaded.collection is not None
    return loaded.collection


@pytest.fixture(scope="module")
def register(collection: Collection) -> Duplicates:
    return Duplicates(collection)


def data(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def told(values: dict[str, Any], collection: Collection) -> Outline:
    """What is compared of an entry that has no file and no text yet."""
    front = {"type": "regulatory", "added": "2026-11-22", "id": "new"}
    front |= {key: value for key, value in values.items() if key != "of"}
    entry = Entry.model_validate_json(json.dumps(front, default=str))
    return outline(entry, collection)


def found(name: str, collection: Collection, register: Duplicates) -> tuple[int, list[str]]:
    """How many retold developments lead to their entry, and which do not."""
    missed = [
        pair["of"]
        for pair in data(name)
        if pair["of"] not in [match.id for match in register.near(told(pair, collection))]
    ]
    return len(data(name)) - len(missed), missed


def test_figures(collection: Collection, register: Duplicates) -> None:
    hits, missed = found("retold.yml", collection, register)
    unseen, also_missed = found("held_back.yml", collection, register)
    by_id = {known.id: known for known in register.outlines}
    pairs = data("different.yml")
    different = [
        (dataclasses.replace(by_id[one], related=frozenset()), by_id[other])
        for one, other in pairs["real"]
    ]
    made_up = ((told(one, collection), told(other, collection)) for one, other in pairs["made_up"])
    different += made_up
    scores = [register.compare(one, other).score for one, other in different]
    false = [score for score in scores if score >= LIKELY]
    print(f"\nfound {hits} of 30, held back {unseen} of 12, falsely {len(false)} of 30")
    print("missed:", *missed, *also_missed)
    assert len(data("retold.yml")) == len(different) == 30
    assert hits >= 27
    assert unseen >= 10
    assert len(false) <= 3


def test_the_real_collection_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([], ROOT) == 0
    assert capsys.readouterr().out.startswith("0 likely pairs in ")
    assert check.main([], ROOT) == 0
    assert capsys.readouterr().err == ""


def again(world: Path) -> str:
    """An entry of the invented world once more, a day later and under another name."""
    text = (world / "entries/2021/2021-03-01-tide-act-passed.md").read_text(encoding="utf-8")
    path = "entries/2021/2021-03-02-assembly-adopts-act.md"
    text = text.replace("date: 2021-03-01", "date: 2021-03-02")
    (world / path).write_text(text, encoding="utf-8")
    return path


def test_check_warns_and_related_silences(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = again(world)
    assert check.main([], world) == 0
    warning = f"{path}:1: warning: may tell of the same as 2021-03-01-tide-act-passed ("
    assert warning in capsys.readouterr().err
    assert command.main([], world) == 0
    assert "2021-03-02-assembly-adopts-act\n" in capsys.readouterr().out
    text = (world / path).read_text(encoding="utf-8")
    named = text.replace("\nadded:", "\nrelated: [2021-03-01-tide-act-passed]\nadded:")
    (world / path).write_text(named, encoding="utf-8")
    assert check.main([], world) == 0
    assert "may tell" not in capsys.readouterr().err


def test_unreadable_entries_are_told_of(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "entries/2021/2021-06-01-x.md").write_text("nothing", encoding="utf-8")
    assert command.main([], world) == 1
    assert "2021-06-01-x.md:1: there is no front matter" in capsys.readouterr().err


def test_only_neighbours_are_compared(collection: Collection) -> None:
    """Thrice the years mean thrice the comparisons, not nine times as many."""
    counted = []
    for times in (1, 3):
        entries = tuple(
            entry.model_copy(
                update={"date": dataclasses.replace(entry.date, year=entry.date.year + 20 * turn)}
            )
            for turn in range(times)
            for entry in collection.entries
        )
        register = Duplicates(dataclasses.replace(collection, entries=entries))
        counted.append(sum(len(list(register._neighbours(one))) for one in register.outlines))
    assert counted[1] == 3 * counted[0]


def test_what_is_missing_of_a_candidate_speaks_neither_way(register: Duplicates) -> None:
    assert register.near(Outline("new")) == []
    assert register.compare(Outline("new"), Outline("other")).score == 0
