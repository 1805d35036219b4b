#!/usr/bin/env python3
"""Write anew what contributors read and the code decides: issue forms, snippets, an example.

usage: forms.py
"""

import sys
from pathlib import Path

from timeline.contributing.form_files import form_files
from timeline.contributing.guide import with_example
from timeline.contributing.snippets import SNIPPETS, snippet_file

ROOT = Path(__file__).resolve().parent.parent
GUIDE = "CONTRIBUTING.md"


def made(root: Path) -> dict[str, str]:
    """Path -> text of each file as it should be."""
    guide = (root / GUIDE).read_text(encoding="utf-8")
    return form_files() | {GUIDE: with_example(guide), SNIPPETS: snippet_file()}


def main(root: Path = ROOT) -> int:
    """Write the files. Returns the exit status."""
    for path, text in made(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
