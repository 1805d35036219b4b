#!/usr/bin/env python3
"""Check the entries and the vocabulary pages; print every problem as `path:line: message`.

usage: check.py [--against BRANCH] [PATH…]

With PATHs only problems of these files and folders are printed. With --against it also tells of
every id that the branch has published and that leads nowhere now.

Exit status: 0 where there is no error (warnings are no errors), 1 where there is one.
"""

import argparse
import sys
from pathlib import Path

from timeline.duplicates import likely_duplicates
from timeline.project import Project
from timeline.published import NoBaseError, lost_ids
from timeline.reporting import report

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the entries and the vocabulary pages.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument(
        "--against", metavar="BRANCH", help="the branch that is merged into, such as origin/main"
    )
    options = parser.parse_args(arguments)
    chosen = [path.resolve() for path in options.paths]
    problems = Project(root).load().problems
    try:
        problems = problems + (
            lost_ids(root, options.against) if options.against is not None else []
        )
    except NoBaseError as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 1
    shown = [p for p in sorted(problems) if not chosen or _below((root / p.path).resolve(), chosen)]
    chosen = [path.resolve() for path in parser.parse_args(arguments).paths]
    loaded = Project(root).load()
    problems = loaded.problems
    if loaded.collection is not None:
        problems += likely_duplicates(loaded.collection)
    shown = [p for p in problems if not chosen or _below((root / p.path).resolve(), chosen)]
    return report(shown)


def _below(path: Path, chosen: list[Path]) -> bool:
    return any(path.is_relative_to(place) for place in chosen)


if __name__ == "__main__":
    sys.exit(main())
