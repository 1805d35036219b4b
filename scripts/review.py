#!/usr/bin/env python3
"""Show an entry beside its sources, for the person who reviews it.

usage: review.py ENTRY [--checked [DAY]] [--source N…]

Lists each date, figure, body and title with the words of the sources that bear it, then those that
nothing bears, then what the instruments' other entries say otherwise. With --checked it writes
into the file that the entry was compared with its sources (or with the sources N alone) on DAY, by
default today. ENTRY is an id or a path.

Exit status: 0, or 1 where the entry cannot be read or changed.
"""

import argparse
import sys
from pathlib import Path

from timeline.build.reporting import report
from timeline.contributing.compared import with_checked
from timeline.contributing.review import Review, review
from timeline.model.dates import parse_day, today
from timeline.model.site import read_site
from timeline.source.project import Project

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Show an entry beside its sources.")
    parser.add_argument("entry", metavar="ENTRY", help="its id, or the path of its file")
    parser.add_argument("--checked", nargs="?", const="today", metavar="DAY")
    parser.add_argument("--source", type=int, nargs="+", metavar="N", help="default: every source")
    options = parser.parse_args(arguments)
    loaded = Project(root).load()
    if loaded.collection is None:
        return report(loaded.problems)
    name = Path(options.entry).name.removesuffix(".md")
    entry = next((e for e in loaded.collection.entries if e.id == name), None)
    if entry is None:
        print(f"review.py: there is no entry {name!r}", file=sys.stderr)
        return 1
    _show(review(entry, loaded.collection))
    if options.checked is None:
        return 0
    numbers = set(options.source or range(1, len(entry.sources) + 1))
    file = root / entry.path
    try:
        zone = read_site(root).zone
        day = today(zone) if options.checked == "today" else parse_day(options.checked)
        text = with_checked(file.read_text(encoding="utf-8"), day, numbers)
    except ValueError as error:
        print(f"review.py: {error}", file=sys.stderr)
        return 1
    file.write_text(text, encoding="utf-8", newline="\n")
    print(f"\nCompared on {day}, written into {entry.path}")
    return 0


def _show(found: Review) -> None:
    entry = found.entry
    print(f"{entry.id}\n{entry.title}\n")
    for number, source in enumerate(entry.sources, 1):
        compared = f", compared on {source.checked}" if source.checked else ""
        print(
            f"{number}  {source.kind.label}: {source.publisher}{compared}\n   {source.url or '-'}"
        )
        if source.quote:
            print(f"   “{source.quote}”")
    for name in entry.newsletters:
        print(f"-  Newsletter: {name}")
    print("\nBorne by words of a source:")
    for fact in found.facts:
        for words in fact.borne:
            print(f"  {fact.kind:6} {fact.value}\n         {words}")
    print("\nBorne by nothing quoted; look it up:")
    for fact in found.bare:
        print(f"  {fact.kind:6} {fact.value}")
    if found.differences:
        print("\nOther entries of its instruments:")
    for other in found.differences:
        print(f"  {other.instrument}: {other.other} {other.said}")


if __name__ == "__main__":
    sys.exit(main())
