#!/usr/bin/env python3
"""Write the input of MkDocs to build/docs/, and the other files of the site to build/files/.

usage: build.py [--as-of DAY]

Exit status: 0, or 1 if there are errors in the files; then nothing is written.
"""

import sys
from pathlib import Path

from timeline.builder import FILES, PAGES, Builder
from timeline.cli import ROOT, command, day_argument, parser_for, report, summary
from timeline.config import read_site
from timeline.output import locked
from timeline.schema.dates import today


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return the exit status."""
    parser = parser_for(__doc__)
    help_text = "build the site as it would have been on that day (default: today)"
    parser.add_argument("--as-of", type=day_argument, metavar="DAY", help=help_text)
    as_of = parser.parse_args(arguments).as_of
    builder = Builder(root)
    with locked(builder.folder):
        built = builder.build(as_of or today(read_site(root).zone))
    status = report(built.problems)
    if built.snapshot is not None:
        written, removed = len(built.written), len(built.removed)
        print(summary(built.snapshot))
        print(f"{PAGES}: {written:,} files written, {removed:,} removed; other files in {FILES}")
    return status


if __name__ == "__main__":
    sys.exit(main())
