#!/usr/bin/env python3
"""Check the entries and the vocabulary pages; print every problem as `path:line: message`.

usage: check.py [--fix | --watch | --links] [--against BRANCH] [PATH…]

With PATHs only problems of these files and folders are printed; `drafts` prints what is still to do
in the drafts. With --against, ids that the branch has published may not be lost, and dates that it
has published may not change without a note in 'changes'.

With --fix, what has one right answer is fixed first: slips in the YAML, quotes, tabs, spaces, line
endings, keys by another name, dates, codes and amounts written otherwise, http where the file has
the host with https, names instead of ids, one value instead of a list, wrapped addresses,
look-alike characters, bullets of word processors. In such a file, and in PATHs, keys are put in
order too. A second run finds nothing to fix.

With --watch it checks again whenever a file below entries/ or docs/ changes, until Ctrl-C. A line
marks the beginning and the end of each check, for editors that show the problems at their lines.

With --links it opens every address instead and prints the dead ones as Markdown: for a weekly run,
not for a pull request.

Exit status: 0 where there is no error (warnings are no errors), 1 where there is one; with --links,
1 where an address is dead and 2 where the entries cannot be read.
"""

import sys
from pathlib import Path

from timeline.checks import Project
from timeline.checks.duplicates import likely_duplicates
from timeline.checks.fix import IN_ORDER, fix
from timeline.checks.permalinks import NoBaseError, check_published
from timeline.cli import ROOT, collection_or_report, command, fail, parser_for, report
from timeline.contribute.links import BLOCKED_HOSTS, addresses, dead_links, open_failure
from timeline.contribute.links import report as link_report
from timeline.output import replace_file
from timeline.serve import watch


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    described = "the branch that is merged into, such as origin/main"
    parser.add_argument("--against", metavar="BRANCH", help=described)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--fix", action="store_true", help="fix what has one right answer")
    modes.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    modes.add_argument("--links", action="store_true", help="print the addresses that are dead")
    options = parser.parse_args(arguments)
    chosen = [path.resolve() for path in options.paths]
    project = Project(root)
    if options.links:
        return _check_links(root)
    if options.watch:
        watch(root, lambda: _check(project, options.against, chosen))
        return 0
    if options.fix:
        _fix(project, chosen)
    return _check(project, options.against, chosen)


def _check(project: Project, against: str | None, chosen: list[Path]) -> int:
    """Print the problems of the chosen files. Returns the exit status."""
    loaded = project.load()
    problems = [*loaded.problems, *project.style_warnings()]
    problems += project.drafts() if chosen else []
    problems += likely_duplicates(loaded.sound)
    try:
        if against is not None:
            problems += check_published(project.root, against)
    except NoBaseError as error:
        return fail(error)
    found = [p for p in problems if _is_chosen(project.root / p.path, chosen)]
    if not found and sys.stderr.isatty():  # a program goes by the exit status
        print("No problems were found.", file=sys.stderr)
    return report(found)


def _fix(project: Project, chosen: list[Path]) -> None:
    """Fix files, and print what was done."""
    index = project.load().index
    for path, model in project.checkout.documents():
        file = project.root / path
        if not _is_chosen(file, chosen) or file.is_symlink() or not file.is_file():
            continue
        before = file.read_bytes()
        after = fix(before, model, index)
        is_wrong = chosen or any(message != IN_ORDER for _, message in after.done)
        if after.data != before and is_wrong:  # else it is somebody else's file
            replace_file(file, after.data)
            for line, message in after.done:
                print(f"{path}:{line}: fixed: {message}")


def _check_links(root: Path) -> int:
    collection = collection_or_report(root)
    if collection is None:
        return 2
    found = dead_links(addresses(collection), BLOCKED_HOSTS, open_failure)
    print(link_report(found, BLOCKED_HOSTS))
    return int(bool(found))


def _is_chosen(path: Path, chosen: list[Path]) -> bool:
    """Whether a file is one of the chosen or in one of the chosen folders; none means all."""
    return not chosen or any(path.resolve().is_relative_to(place) for place in chosen)


if __name__ == "__main__":
    sys.exit(main())
