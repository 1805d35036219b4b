#!/usr/bin/env python3
"""Check the entries and the vocabulary pages; print every problem as `path:line: message`.

usage: check.py [--fix | --watch | --links] [--against BRANCH] [PATH…]

With PATHs, only problems in these files and folders are printed; `drafts` prints what is still to
do in the drafts. With --against, also report ids published by the branch that are lost, and dates
published by it that changed without a note in 'changes'.

With --fix, first fix mistakes that have only one right answer: YAML mistakes, quotes, tabs, spaces,
line endings, other names for keys, other spellings of dates, codes and amounts, http if the file
has the host with https, names instead of ids, single values instead of lists, wrapped addresses,
look-alike characters, bullets of word processors. In files with such mistakes, and in PATHs, also
put the keys in order. A second run finds nothing to fix.

With --watch, check again whenever a file below entries/ or docs/ changes, until Ctrl-C. A line
marks the beginning and the end of each check, for editors that show problems at their lines.

With --links, open every address instead and print the dead ones as Markdown. This is for a weekly
run, not for pull requests.

Exit status: 0 if there is no error (warnings are not errors), 1 if there is one; with --links, 1 if
an address is dead and 2 if the entries cannot be read.
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
    """Run the command and return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    against = "the target branch, such as origin/main"
    parser.add_argument("--against", metavar="BRANCH", help=against)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--fix", action="store_true", help="fix mistakes that have only one right answer"
    )
    modes.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    modes.add_argument("--links", action="store_true", help="print dead addresses")
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
    """Print the problems in the chosen files and return the exit status."""
    loaded = project.load()
    problems = [*loaded.problems, *project.style_warnings()]
    problems += project.drafts() if chosen else []
    problems += likely_duplicates(loaded.valid)
    try:
        if against is not None:
            problems += check_published(project.root, against)
    except NoBaseError as error:
        return fail(error)
    project.save()
    found = [p for p in problems if _is_chosen(project.root / p.path, chosen)]
    if not found and sys.stderr.isatty():  # programs use the exit status
        print("No problems were found.", file=sys.stderr)
    return report(found)


def _fix(project: Project, chosen: list[Path]) -> None:
    """Fix the chosen files and print each fix."""
    index = project.load().index
    for path, model in project.checkout.documents():
        file = project.root / path
        if not _is_chosen(file, chosen) or file.is_symlink() or not file.is_file():
            continue
        before = file.read_bytes()
        after = fix(before, model, index)
        # Order alone is no reason to change a file that was not named, since it may be another's.
        has_mistake = any(message != IN_ORDER for _, message in after.done)
        if after.data != before and (chosen or has_mistake):
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
    """Return whether a file is chosen or in a chosen folder. No choice means all files."""
    return not chosen or any(path.resolve().is_relative_to(place) for place in chosen)


if __name__ == "__main__":
    sys.exit(main())
