#!/usr/bin/env python3
"""Tell, as Markdown, what changed files do: for a comment on a pull request.

usage: preview.py [--paths FILE] [PATH…]

FILE holds paths that end with NUL bytes, as `git diff --name-only -z` writes them. Exit status: 0.
"""

import argparse
import sys
from pathlib import Path

from timeline.contributing.preview import preview
from timeline.source.project import Project

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Tell what changed files do.")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--paths", dest="listed", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    paths = list(options.paths)
    if options.listed:
        data = options.listed.read_bytes().decode("utf-8", "surrogateescape")
        paths += [path for path in data.split("\0") if path]
    print(preview(root, Project(root).load(), paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
