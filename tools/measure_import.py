#!/usr/bin/env python3
"""Measure the accuracy of the importer on newsletters whose developments are entries of the site.

usage: measure_import.py FOLDER [--list]

Each file in FOLDER is assigned to the page in docs/newsletters/ whose entries match it most. The
entries that cite this newsletter are taken as correct. Each column gives a count out of a total:

found    entries that are found
false    developments that match none of the entries
dates    correct dates; printed: correct, or another date of the entry or its date_note
bodies   bodies found; named: of those that the text names; extra: wrong bodies
stages   stages of instruments found; laws: instruments found
types    correct entry types; topics: topics found
matched  developments wrongly matched when the entries are left out

With --list, the differences are also printed.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from timeline.cli import ROOT, collection_or_report, parser_for
from timeline.content.collection import Collection
from timeline.content.dates import mentions, resolve
from timeline.contribute.newsletters import read_newsletter
from timeline.documents.lines import DocumentError, Line, read_lines
from timeline.importer.developments import Development, ParsedNewsletter
from timeline.importer.names import Names
from timeline.importer.vocabulary import Vocabulary
from timeline.schema.dates import PartialDate, parse_date
from timeline.schema.entry import Entry

COLUMNS = ["found", "false", "dates", "printed", "bodies", "named", "extra"]
COLUMNS += ["stages", "laws", "types", "topics", "matched"]


@dataclass
class Score:
    """The counts and totals of each column, and the differences."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def count(self, what: str, is_right: bool, difference: str = "") -> None:
        """Count one result, and record the difference if it is wrong."""
        self.right[what] += is_right
        self.all[what] += 1
        if not is_right and difference:
            self.differences.append(difference)

    def add(self, other: "Score") -> None:
        """Add the counts of another score."""
        self.right += other.right
        self.all += other.all


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("folder", type=Path, help="a folder with one file for each newsletter")
    parser.add_argument("--list", action="store_true", help="also print the differences")
    options = parser.parse_args(arguments)
    collection = collection_or_report(root)
    if collection is None:
        return 1
    whole = Score()
    print(f"{'newsletter':<22}", *(f"{column:>8}" for column in COLUMNS))
    for file in sorted(path for path in options.folder.iterdir() if path.is_file()):
        try:
            lines = read_lines(file.name, file.read_bytes())
        except DocumentError as error:
            print(f"{file.name}: {error}", file=sys.stderr)
            continue
        newsletter = _newsletter(read_newsletter(lines, collection), collection)
        if newsletter is None:
            print(f"{file.name}: matches no entry that cites a newsletter", file=sys.stderr)
            continue
        score = measure(lines, newsletter, collection)
        whole.add(score)
        _print(newsletter, score)
        if options.list:
            print(*(f"    {difference}" for difference in score.differences), sep="\n")
    _print("all", whole)
    return 0


def _newsletter(parsed: ParsedNewsletter, collection: Collection) -> str | None:
    entries = {entry.id: entry for entry in collection.entries}
    matched = (entries[d.duplicate_of] for d in parsed.developments if d.duplicate_of)
    named = Counter(name for entry in matched for name in entry.newsletters)
    return max(named, key=lambda name: named[name], default=None)


def measure(lines: list[Line], newsletter: str, collection: Collection) -> Score:
    """Compare a newsletter with the entries that cite it.

    The developments are matched to these entries, but their facts are extracted without them, as
    for a new newsletter.
    """
    score = Score()
    entries = {entry.id: entry for entry in collection.of("newsletters")[newsletter]}
    others = tuple(entry for entry in collection.entries if entry.id not in entries)
    issue = parse_date(collection.newsletters[newsletter].issued)
    parsed = read_newsletter(lines, collection, issue)
    new = read_newsletter(lines, replace(collection, entries=others), issue)
    names = Names(Vocabulary(collection), [one.text for one in parsed.developments])
    pairs = zip(parsed.developments, new.developments, strict=True)
    matched = {old.duplicate_of: one for old, one in pairs if old.duplicate_of in entries}
    for entry in sorted(entries):
        score.count("found", entry in matched, f"not found: {entry}")
    for one in parsed.developments:
        is_false = one.duplicate_of not in entries
        score.count("false", is_false)
        if is_false:
            score.differences.append(f"false: lines {one.lines}, {one.date}, {one.duplicate_of}")
    for one in new.developments:
        text = f"lines {one.lines}: taken for {one.duplicate_of}"
        score.count("matched", one.duplicate_of is not None)
        if one.duplicate_of:
            score.differences.append(text)
    for name, one in matched.items():
        _compare(score, one, entries[name or ""], names)
    return score


def _compare(score: Score, one: Development, entry: Entry, names: Names) -> None:
    is_same = one.date == entry.date
    score.count("dates", is_same)
    text = f"{entry.id}: date {one.date}, not {entry.date}"
    score.count("printed", is_same or one.date in [*_other_dates(entry)], text)
    named = {span.id for span in names.bodies(one.text)}
    for body in entry.regulators:
        is_there = body in one.regulators
        text = f"{entry.id}: without body {body}" + ("" if body in named else " (not named)")
        score.count("bodies", is_there, text)
        if body in named or is_there:
            score.count("named", is_there)
    for body in one.regulators:
        score.count("extra", body not in entry.regulators, "")
        if body not in entry.regulators:
            score.differences.append(f"{entry.id}: extra body {body}")
    stages = {law.stage for law in one.instruments if law.stage}
    laws = {law.id for law in one.instruments if law.stage}
    for step in entry.instruments:
        if step.stage:
            text = f"{entry.id}: {step.id} is {step.stage}, not {sorted(stages)}"
            score.count("stages", step.stage in stages, text)
            score.count("laws", step.id in laws, f"{entry.id}: {step.id} is not found")
    for topic in entry.topics:
        score.count("topics", topic in one.topics)
    text = f"{entry.id}: type {one.type}, not {entry.type}"
    score.count("types", one.type is entry.type, text)


def _other_dates(entry: Entry) -> Iterator[PartialDate]:
    """Yield the other dates of an entry, and those in its date note."""
    if entry.dates:
        yield from (getattr(entry.dates, name) for name in type(entry.dates).model_fields)
    for found in resolve(mentions(entry.date_note or ""), entry.date):
        yield found.date


def _print(name: str, score: Score) -> None:
    cells = (f"{score.right[column]}/{score.all[column]}" for column in COLUMNS)
    print(f"{name:<22}", *(f"{cell:>8}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
