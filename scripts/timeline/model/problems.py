"""What is wrong with a file: where, what, and what is allowed instead."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One located complaint. `path` is relative to the project, `line` counts from 1."""

    path: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"

    def annotation(self) -> str:
        """The same as a GitHub workflow command.

        https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
        """
        level = "warning" if self.warning else "error"
        path = _escape(self.path).replace(":", "%3A").replace(",", "%2C")
        return f"::{level} file={path},line={self.line}::{_escape(self.message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def listed(words: Iterable[str], most: int = 20) -> str:
    """Words for a sentence: `a, b, c`, cut after `most`."""
    chosen = list(words)
    rest = len(chosen) - most
    return ", ".join(chosen[:most]) + (f" and {rest} more" if rest > 0 else "")


def shown(value: object, most: int = 80) -> str:
    """A value as it was written, in quotes, cut where it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}…{text[0]}"


def suggestion(word: str, names: dict[str, str]) -> str:
    """`; did you mean 'cac'?`, or nothing.

    `names` maps every known spelling, in lower case, to the id that should be written.
    """
    if len(word) > 100:  # no name is so long, and comparing takes its time
        return ""
    known = names.get(word.lower())
    if known is None:
        near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
        known = names[near[0]] if near else None
    return f"; did you mean {known!r}?" if known is not None else ""
