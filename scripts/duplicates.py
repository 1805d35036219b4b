#!/usr/bin/env python3
"""List the entries that may tell of the same development, the likeliest first.

usage: duplicates.py [--least SCORE]

A pair of which one names the other under `related` is not listed. Exit status: 0, also where some
are found; 1 where the entries cannot be read.
"""

import argparse
import sys
from pathlib import Path

from timeline.build.reporting import report
from timeline.contributing.duplicates import LIKELY, Duplicates
from timeline.source.project import Project

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="List entries that may tell of the same.")
    parser.add_argument(
        "--least", type=float, default=LIKELY, metavar="SCORE", help=f"0 to 1, default {LIKELY}"
    )
    least = parser.parse_args(arguments).least
    loaded = Project(root).load()
    if loaded.collection is None:
        return report(loaded.problems)
    pairs = sorted(Duplicates(loaded.collection).pairs(least), key=lambda pair: -pair[1].score)
    for later, match in pairs:
        print(f"{match.score:.2f}  {match.id}\n      {later}\n      {', '.join(match.reasons)}")
    print(f"{len(pairs)} likely pairs in {len(loaded.collection.listed):,} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
