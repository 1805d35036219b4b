#!/usr/bin/env python3
"""Check the entries and the vocabulary pages; print every problem as `path:line: message`.

usage: check.py [PATH…]    only problems of these files and folders are printed

Exit status: 0 where there is no error (warnings are no errors), 1 where there is one.
"""

import argparse
import sys
from pathlib import Path

from timeline.project import Project
from timeline.reporting import report

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the entries and the vocabulary pages.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    chosen = [path.resolve() for path in parser.parse_args(arguments).paths]
    loaded = Project(root).load()
    shown = [p for p in loaded.problems if not chosen or _below((root / p.path).resolve(), chosen)]
    return report(shown)


def _below(path: Path, chosen: list[Path]) -> bool:
    return any(path.is_relative_to(place) for place in chosen)


if __name__ == "__main__":
    sys.exit(main())
