"""The real entries: each can be read, and nearly all are written as the guide asks."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from timeline.model.body import plain
from timeline.model.entry import Entry
from timeline.source.collection import Collection
from timeline.source.project import Project

LOADED = Project(ROOT).load()
assert LOADED.collection is not None, "\n".join(map(str, LOADED.problems))
COLLECTION: Collection = LOADED.collection

# An entry tells what was known on its day; what came later is an entry of its own.
HINDSIGHT = re.compile(
    r"\b(so far|since then|has since|have since|later (that|the next|the following) year|"
    r"still in force|is now|are now|nowadays|currently|recently)\b",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(organiz|authoriz|standardiz|recogniz|penaliz|defens|behavior|favor\b|labor\b|center\b"
    r"|program\b)",
)
TERMS: list[tuple[str, Any]] = [
    (f"{kind}/{term.id}", term)
    for kind in ("regulators", "topics", "instruments", "newsletters")
    for term in getattr(COLLECTION, kind).values()
]


def test_no_error() -> None:
    assert [str(problem) for problem in LOADED.problems if not problem.warning] == []


@pytest.mark.parametrize("entry", COLLECTION.entries, ids=lambda entry: entry.id)
def test_entry(entry: Entry) -> None:
    assert plain(entry.body)
    for source in entry.sources:
        assert source.checked is None or source.checked >= entry.date.first_day


# What the check does not ask for stops no contributor: a few in a hundred may be otherwise.


def few(wrong: list[str], every: Sequence[object], percent: int = 2) -> None:
    """That so few are otherwise; the test's output names them."""
    print(*wrong, sep="\n")
    assert len(wrong) <= len(every) * percent / 100


def test_entries_are_written_as_the_guide_asks() -> None:
    every = COLLECTION.entries
    lengths = {entry.path: len(entry.body.split()) for entry in every}
    unusual = {path: words for path, words in lengths.items() if not 30 <= words <= 190}
    few([f"{path}: {words} words" for path, words in unusual.items()], every)
    titles = [entry.title for entry in every]
    few([title for title in titles if len(title) > 120 or title.endswith(".")], titles)
    few([entry.path for entry in every if HINDSIGHT.search(entry.body)], every)
    titled = [source.title for entry in every for source in entry.sources if source.title]
    few([title for title in titled if title.startswith("[")], titled)


def test_introductions_tell_enough() -> None:
    lengths = {name: len(term.body.split()) for name, term in TERMS}
    few([f"{name}: {words}" for name, words in lengths.items() if not 25 <= words <= 170], TERMS)


def test_newsletters_are_all_read() -> None:
    counts = {name: len(entries) for name, entries in COLLECTION.of("newsletters").items()}
    # The items of each issue; the first draft of the PIPL, one item, is two developments.
    read = {
        "cms-2017-10": 5,
        "hsf-2020-11": 20,
        "bird-bird-2022-05": 29,
        "cms-2018-08": 5,
        "covington-2017-08": 3,
    }
    assert {name: counts[name] for name in read if counts[name] < read[name]} == {}


def test_spelling_is_british() -> None:
    names = re.compile(r"\*[^*]+\*|[A-Z][a-z]+ization|Program\b|Center\b")  # and titles
    every = COLLECTION.entries
    few([e.path for e in every if AMERICAN.search(names.sub("", e.body))], every)


def test_every_file_is_read() -> None:
    files = {p.relative_to(ROOT).as_posix() for p in (ROOT / "entries").rglob("*.md")}
    assert {entry.path for entry in COLLECTION.entries} == files
    assert Path(ROOT / "entries").is_dir()
