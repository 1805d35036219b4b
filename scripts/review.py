#!/usr/bin/env python3
"""Show an entry beside its sources for a reviewer, or describe the files of a pull request.

usage: review.py ENTRY [--checked [DAY]] [--source N…] review.py --comment [--against BRANCH]
[--paths FILE] [PATH…]

ENTRY is an id or a path. List each date, figure, body and title with the words of the sources that
support it, then those without support, then different statements of other files about the same
instruments. With --checked, record in the file that the entry was verified against its sources (or
only the sources N) on DAY, by default today.

With --comment, print a comment on a pull request as Markdown. FILE lists NUL-terminated paths, as
`git diff --name-only -z` writes them. With --against, also report the published ids and dates that
the branch would break.

Exit status: 0, or 1 if the entry or the branch cannot be read or the entry cannot be changed.
"""

import argparse
import dataclasses
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from timeline.checks import Project
from timeline.checks.permalinks import (
    NoBaseError,
    check_published,
    kind_of,
    published_files,
)
from timeline.cli import ROOT, collection_or_report, command, fail, parser_for
from timeline.config import CONFIG, read_site
from timeline.content.collection import Collection
from timeline.contribute.comment import comment
from timeline.contribute.review import Review, mark_checked, review
from timeline.output import replace_file
from timeline.schema.dates import parse_day, today
from timeline.schema.entry import Entry


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("names", nargs="*", metavar="ENTRY", help="an id, or the path of a file")
    parser.add_argument("--checked", nargs="?", const="today", metavar="DAY")
    parser.add_argument("--source", type=int, nargs="+", metavar="N", help="default: every source")
    parser.add_argument("--comment", action="store_true", help="print a comment on a pull request")
    parser.add_argument("--paths", type=Path, metavar="FILE", help="a list of the changed files")
    parser.add_argument("--against", metavar="BRANCH", help="the target branch")
    options = parser.parse_args(arguments)
    if options.comment:
        return _comment(root, options)
    if len(options.names) != 1:
        parser.error("name one entry")
    return _review(root, options)


def _comment(root: Path, options: argparse.Namespace) -> int:
    paths = list(options.names)
    if options.paths:
        data = options.paths.read_bytes().decode("utf-8", "surrogateescape")
        paths += [path for path in data.split("\0") if path]
    try:
        lost = check_published(root, options.against) if options.against is not None else []
    except NoBaseError as error:
        return fail(error)
    project = Project(root)
    loaded = project.load()
    broken = {problem.path for problem in loaded.problems if not problem.warning}
    chosen = [path for path in paths if kind_of(path)]
    before = _before(root, options.against, chosen, broken) if options.against else None
    problems = [*loaded.problems, *project.style_warnings(), *lost]
    loaded = dataclasses.replace(loaded, problems=problems)
    print(comment(root, loaded, before, paths))
    return 0


def _before(root: Path, base: str, paths: list[str], broken: set[str]) -> Collection:
    """Return the collection before the changes to these files, without files that have errors."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copy(root / CONFIG, copy)
        for part in ("entries", "docs"):
            shutil.copytree(root / part, copy / part, ignore=shutil.ignore_patterns("assets"))
        for path, data in published_files(root, base, paths):
            (copy / path).unlink(missing_ok=True)
            if data is not None and path not in broken:
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                (copy / path).write_bytes(data)
        return Project(copy).load().valid


def _review(root: Path, options: argparse.Namespace) -> int:
    collection = collection_or_report(root)
    if collection is None:
        return 1
    name = Path(options.names[0]).name.removesuffix(".md")
    entry = next((entry for entry in collection.entries if entry.id == name), None)
    if entry is None:
        return fail(f"there is no entry {name!r}")
    _show(review(entry, collection))
    return 0 if options.checked is None else _mark(root, entry, options)


def _show(found: Review) -> None:
    entry = found.entry
    print(f"{entry.id}\n{entry.title}\n")
    for number, source in enumerate(entry.sources, 1):
        checked = f", verified on {source.checked}" if source.checked else ""
        quote = f"\n   “{source.quote}”" if source.quote else ""
        print(f"{number}  {source.kind.label}: {source.publisher}{checked}")
        print(f"   {source.url or '-'}{quote}")
    for name in entry.newsletters:
        print(f"-  Newsletter: {name}")
    print("\nSupported by a quotation:")
    for fact in found.facts:
        for words in fact.support:
            print(f"  {fact.kind:6} {fact.value}\n         {words}")
    print("\nNot supported by any quotation; verify these:")
    for fact in found.unsupported:
        print(f"  {fact.kind:6} {fact.value}")
    if found.differences:
        print("\nOther files on its instruments say:")
    for difference in found.differences:
        print(f"  {difference}")


def _mark(root: Path, entry: Entry, options: argparse.Namespace) -> int:
    numbers = set(options.source or range(1, len(entry.sources) + 1))
    file = root / entry.path
    try:
        is_today = options.checked == "today"
        day = today(read_site(root).zone) if is_today else parse_day(options.checked)
        text = mark_checked(file.read_text(encoding="utf-8"), day, numbers)
    except ValueError as error:
        return fail(error)
    replace_file(file, text.encode())
    print(f"\nVerified on {day}, written into {entry.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
