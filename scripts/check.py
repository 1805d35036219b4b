#!/usr/bin/env python3
"""Check the entries and the vocabulary pages; print every problem as `path:line: message`.

usage: check.py [--fix | --watch] [--against BRANCH] [PATH…]

With PATHs only problems of these files and folders are printed. With --against it also tells of
every id that the branch has published and that leads nowhere now, and of every day that it has
published and that is another now without a further item in 'changes'.

With --fix, what has one right answer is mended first: the order of keys, quotes, spaces, line ends,
http where the file itself knows the host as https, names in the place of ids, one value in the
place of a list. The words of a text are never touched, and a second run finds nothing to mend.

With --watch it checks again whenever a file below entries/ or docs/ changes, until Ctrl-C. A line
tells where each look begins and where it ends, for editors that show the problems at their lines.

Exit status: 0 where there is no error (warnings are no errors), 1 where there is one.
"""

import argparse
import sys
from pathlib import Path

from timeline.build.reporting import report
from timeline.build.watching import watch
from timeline.contributing.duplicates import likely_duplicates
from timeline.contributing.mending import mended
from timeline.model.fields import Known
from timeline.source.corrected import uncorrected_days
from timeline.source.project import Project
from timeline.source.published import NoBaseError, lost_ids

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the entries and the vocabulary pages.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument(
        "--against", metavar="BRANCH", help="the branch that is merged into, such as origin/main"
    )
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--fix", action="store_true", help="mend what has one right answer")
    modes.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    options = parser.parse_args(arguments)
    chosen = [path.resolve() for path in options.paths]
    project = Project(root)
    if options.watch:
        watch(root, lambda: _check(project, options.against, chosen))
        return 0
    if options.fix:
        _fix(project, project.load().known, chosen)
    return _check(project, options.against, chosen)


def _check(project: Project, against: str | None, chosen: list[Path]) -> int:
    """Print the problems of the chosen files. Returns the exit status."""
    loaded = project.load()
    problems = list(loaded.problems)
    if loaded.collection is not None:
        problems += likely_duplicates(loaded.collection)
    try:
        if against is not None:
            problems += lost_ids(project.root, against) + uncorrected_days(project.root, against)
    except NoBaseError as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 1
    return report(p for p in problems if _below(project.root / p.path, chosen))


def _fix(project: Project, known: Known, chosen: list[Path]) -> None:
    """Mend files, and print what was done."""
    for path, model in project.documents():
        file = project.root / path
        if not _below(file, chosen) or file.is_symlink() or not file.is_file():
            continue
        before = file.read_bytes()
        after = mended(before, model, known)
        if after.data != before:
            file.write_bytes(after.data)
            for line, said in after.done:
                print(f"{path}:{line}: fixed: {said}")


def _below(path: Path, chosen: list[Path]) -> bool:
    """Whether a file is one of the chosen or in one of the chosen folders; none means all."""
    return not chosen or any(path.resolve().is_relative_to(place) for place in chosen)


if __name__ == "__main__":
    sys.exit(main())
