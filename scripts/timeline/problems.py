"""A problem with a file: where it is, what is wrong, and what to write instead."""

import re
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
    """`; did you mean 'ema'?`, or an empty string where no name is likely.

    `names` maps every known spelling, in lower case, to the id that should be written. A name is
    likely where each of its words is the same but for a slip of the hand: `emma` is not `ema`.
    """
    written = word.lower().split()
    if len(word) > 100 or not written:  # no name is as long, and comparing takes time
        return ""
    known = names.get(" ".join(written))
    if known is None:
        parts = _WORDS.findall(word.lower())
        near = (name for name in names if abs(len(name) - len(word)) <= 2 * len(parts))
        known = next(
            (names[name] for name in near if _are_alike(parts, _WORDS.findall(name))), None
        )
    return f"; did you mean {known!r}?" if known is not None else ""


_WORDS = re.compile(r"[^\W_]+")


def _are_alike(one: list[str], other: list[str]) -> bool:
    pairs = zip(one, other, strict=True) if len(one) == len(other) else []
    found = [a == b or _is_slip(a, b) for a, b in pairs]
    return bool(found) and all(found)


def _is_slip(one: str, other: str) -> bool:
    """Two letters changed places, or one of at least five is other, missing or too much."""
    if one.isdigit() or other.isdigit() or abs(len(one) - len(other)) > 1:
        return False
    if sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2
    if f"{one}s" == other or one == f"{other}s":
        return True
    if max(len(one), len(other)) < 5:
        return False
    short, long = sorted((one, other), key=len)
    same = (a == b for a, b in zip(short, long, strict=False))
    start = next((place for place, is_same in enumerate(same) if not is_same), len(short))
    return short[start:] == long[start + 1 :] or short[start + 1 :] == long[start + 1 :]
