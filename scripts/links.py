#!/usr/bin/env python3
"""Open every address that the entries and pages name, and print the dead ones as Markdown.

usage: links.py

For a weekly run, not for a pull request. Exit status: 0 where all can be opened, 1 where some
cannot, 2 where the entries cannot be read.
"""

import sys
from pathlib import Path

from timeline.build import reporting
from timeline.contributing.links import REFUSING, addresses, dead, opened, report
from timeline.source.project import Project

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    loaded = Project(root).load()
    if loaded.collection is None:
        reporting.report(loaded.problems)
        return 2
    found = dead(addresses(loaded.collection), REFUSING, opened)
    print(report(found, REFUSING))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
