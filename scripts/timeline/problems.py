"""A problem with a file: where it is, what is wrong, and what to write instead."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

# Where a value is in front matter, such as ("sources", 0, "url"); BODY is the text below it.
Location = tuple[str | int, ...]
BODY: Location = ("body",)
MAX_PROBLEMS = 25  # of one kind that are told of one file; whoever wrote it begins with these


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One problem. `path` is relative to the project, `line` counts from 1."""

    path: str
    line: int
    message: str
    warning: bool = False
    location: Location = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"

    def annotation(self) -> str:
        """The problem as a GitHub workflow command.

        https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
        """
        level = "warning" if self.warning else "error"
        path = _escape(self.path).replace(":", "%3A").replace(",", "%2C")
        return f"::{level} file={path},line={self.line}::{_escape(self.message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def join_words(words: Iterable[str], limit: int = 20) -> str:
    """`a, b, c`, cut after `limit` words: `a, b and 7 more`."""
    chosen = list(words)
    rest = len(chosen) - limit
    return ", ".join(chosen[:limit]) + (f" and {rest} more" if rest > 0 else "")


def quoted(value: object, limit: int = 80) -> str:
    """A value as it was written, in quotation marks, cut after `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…{text[0]}"


def suggestion(word: str, names: dict[str, str]) -> str:
    """`; did you mean 'cac'?`, or an empty string where no name is close.

    `names` maps every known spelling, in lower case, to the id that should be written.
    """
    if len(word) > 100:  # no name is as long, and comparing takes time
        return ""
    known = names.get(word.lower())
    if known is None:
        close = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
        known = names[close[0]] if close else None
    return f"; did you mean {known!r}?" if known is not None else ""
