#!/usr/bin/env python3
"""Write the issue forms in .github/ISSUE_TEMPLATE/ anew, after the code's own lists.

usage: forms.py
"""

import sys
from pathlib import Path

from timeline.forms import form_files

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> int:
    """Write the files. Returns the exit status."""
    for path, text in form_files().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
