"""Helpers for tests that run the check on a checkout."""

from pathlib import Path
from typing import Any

import check
import pytest
from conftest import WORLD_WARNING

FRONT: dict[str, Any] = {  # the front matter of a valid entry
    "title": "A good entry",
    "date": "2021-06-01",
    "type": "policy",
    "regulators": ["toa"],
    "topics": ["tides"],
    "newsletters": ["gull-2021-06"],
    "added": "2021-06-20",
}


def run(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Return the exit status and the printed lines, without the invented world's own warning."""
    status = check.main(list(arguments), root)
    captured = capsys.readouterr()
    assert captured.out == ""
    return status, [line for line in captured.err.splitlines() if line != WORLD_WARNING]


def write(root: Path, path: str, content: str | bytes) -> None:
    """Write a file, creating its parent folders."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
