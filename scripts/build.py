#!/usr/bin/env python3
"""Generate the input of MkDocs, build/docs/, and the downloads, build/files/.

usage: build.py [--as-of DAY]

Exit status: 0, or 1 where an error in the files forbids it; then nothing is written.
"""

import argparse
import datetime
import sys
from pathlib import Path

from timeline.build.generator import FILES, PAGES, Generator
from timeline.build.reporting import report, summary
from timeline.model.dates import parse_day, today
from timeline.model.site import read_site

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Generate the input of MkDocs, build/docs/.")
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="DAY",
        help="build the site as it would have stood that day (default: today)",
    )
    as_of = parser.parse_args(arguments).as_of
    try:
        as_of = as_of or today(read_site(root).zone)
        generated = Generator(root).generate(as_of)
    except OSError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    status = report(generated.problems)
    if generated.standing is not None:
        changed, removed = len(generated.written), len(generated.removed)
        print(summary(generated.standing))
        print(f"{PAGES}: {changed:,} files written, {removed:,} removed; downloads in {FILES}")
    return status


def _day(text: str) -> datetime.date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
