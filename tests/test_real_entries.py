"""Every real entry, one test each: the rules of the house that a machine can hold."""

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from timeline.model.body import plain
from timeline.model.entry import Entry
from timeline.model.fields import Document
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
TERMS: list[tuple[str, Document]] = [
    (f"{kind}/{term.id}", term)
    for kind in ("regulators", "topics", "instruments", "newsletters")
    for term in getattr(COLLECTION, kind).values()
]


def test_no_problem_and_no_warning() -> None:
    assert [str(problem) for problem in LOADED.problems] == []


@pytest.mark.parametrize("entry", COLLECTION.entries, ids=lambda entry: entry.id)
def test_entry(entry: Entry) -> None:
    words = len(entry.body.split())
    assert 30 <= words <= 190, f"{words} words"
    assert len(entry.title) <= 120
    assert not entry.title.endswith(".")
    assert not HINDSIGHT.search(entry.body), HINDSIGHT.search(entry.body)
    assert plain(entry.body)
    for source in entry.sources:
        assert source.checked is None or source.checked >= entry.date.first_day
        assert not (source.title or "").startswith("[")
    assert entry.added <= COLLECTION.entries[-1].added or entry.added.year >= 2026


@pytest.mark.parametrize(("name", "term"), TERMS, ids=[name for name, _ in TERMS])
def test_term(name: str, term: Any) -> None:
    assert 25 <= len(term.body.split()) <= 170, f"{len(term.body.split())} words"
    assert re.search(r"[a-z]", term.body)


def test_newsletters_are_all_read() -> None:
    counts = {name: len(entries) for name, entries in COLLECTION.of("newsletters").items()}
    # The items of each issue; the first draft of the PIPL, one item, is two developments.
    assert counts == {
        "cms-2017-10": 5,
        "hsf-2020-11": 20,
        "bird-bird-2022-05": 29,
        "cms-2018-08": 5,
        "covington-2017-08": 3,
    }


def test_spelling_is_british() -> None:
    names = re.compile(r"\*[^*]+\*|[A-Z][a-z]+ization|Program\b|Center\b")  # and titles
    for entry in COLLECTION.entries:
        found = AMERICAN.search(names.sub("", entry.body))
        assert found is None, f"{entry.path}: {found}"


def test_every_file_is_read() -> None:
    files = {p.relative_to(ROOT).as_posix() for p in (ROOT / "entries").rglob("*.md")}
    assert {entry.path for entry in COLLECTION.entries} == files
    assert Path(ROOT / "entries").is_dir()
