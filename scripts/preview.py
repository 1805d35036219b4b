#!/usr/bin/env python3
"""Tell, as Markdown, what changed files do: for a comment on a pull request.

usage: preview.py [--against BRANCH] [--paths FILE] [PATH…]

FILE holds paths that end with NUL bytes, as `git diff --name-only -z` writes them. With --against
it also tells of ids that the branch has published and that lead nowhere now. Exit status: 0, or 1
where there is no such branch.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from timeline.contributing.preview import preview
from timeline.source.project import Project
from timeline.source.published import NoBaseError, lost_ids

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Tell what changed files do.")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--paths", dest="listed", type=Path, metavar="FILE")
    parser.add_argument("--against", metavar="BRANCH", help="the branch that is merged into")
    options = parser.parse_args(arguments)
    paths = list(options.paths)
    if options.listed:
        data = options.listed.read_bytes().decode("utf-8", "surrogateescape")
        paths += [path for path in data.split("\0") if path]
    try:
        lost = lost_ids(root, options.against) if options.against is not None else []
    except NoBaseError as error:
        print(f"preview.py: {error}", file=sys.stderr)
        return 1
    loaded = Project(root).load()
    print(preview(root, dataclasses.replace(loaded, problems=[*loaded.problems, *lost]), paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
