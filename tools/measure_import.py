#!/usr/bin/env python3
"""Measure the importer with newsletters whose developments are entries of the site.

usage: measure_import.py FOLDER [--list]

Each file in FOLDER belongs to the newsletter of docs/newsletters/ whose entries it tells of most.
Entries that name it are the truth. Counted are, of so many:

found    the entries that are found
false    developments that are none of them
dates    entries of which the date is right; printed: or is one that their date_note tells of
bodies   their bodies; named: those that the text names; extra: bodies that are none of theirs
stages   the stages of their instruments; laws: the instruments' pages
types    their types; topics: their topics
matched  developments that are said to be on the site when it does not have them

With --list, what differs is printed too.
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
    """How many of how many, by what is counted; and what differs."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def count(self, what: str, is_right: bool, difference: str = "") -> None:
        """Count one; what differs is kept."""
        self.right[what] += is_right
        self.all[what] += 1
        if not is_right and difference:
            self.differences.append(difference)

    def add(self, other: "Score") -> None:
        """Add the counts of another."""
        self.right += other.right
        self.all += other.all


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("folder", type=Path, help="with the text of each newsletter in a file")
    parser.add_argument("--list", action="store_true", help="print what differs too")
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
            print(f"{file.name}: tells of no entry that names a newsletter", file=sys.stderr)
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
    """Compare a bulletin with the entries that name its newsletter.

    By them its developments are recognised, but what is compared is read without them, as it is
    when the newsletter is new.
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
    score.count("printed", is_same or one.date in [*_told(entry)], text)
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


def _told(entry: Entry) -> Iterator[PartialDate]:
    """The other dates of an entry, and those of which its note tells."""
    if entry.dates:
        yield from (getattr(entry.dates, name) for name in type(entry.dates).model_fields)
    for found in resolve(mentions(entry.date_note or ""), entry.date):
        yield found.date


def _print(name: str, score: Score) -> None:
    cells = (f"{score.right[column]}/{score.all[column]}" for column in COLUMNS)
    print(f"{name:<22}", *(f"{cell:>8}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
