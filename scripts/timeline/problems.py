"""Problems in files: location, description, and what to write instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

# The path of a value in front matter, such as ("sources", 0, "url"); BODY is the text below it.
Location = tuple[str | int, ...]
BODY: Location = ("body",)
MAX_PROBLEMS = 25  # reported of one kind in one file


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """A problem in a file. `path` is relative to the project, `line` counts from 1."""

    path: str
    line: int
    message: str
    warning: bool = False
    location: Location = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"

    def annotation(self) -> str:
        """Return the problem as a GitHub workflow command.

        https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
        """
        level = "warning" if self.warning else "error"
        path = _escape(self.path).replace(":", "%3A").replace(",", "%2C")
        return f"::{level} file={path},line={self.line}::{_escape(self.message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def join_words(words: Iterable[str], limit: int = 20) -> str:
    """Join words as in `a, b, c`; after `limit` words, as in `a, b and 7 more`."""
    chosen = list(words)
    rest = len(chosen) - limit
    return ", ".join(chosen[:limit]) + (f" and {rest} more" if rest > 0 else "")


def quoted(value: object, limit: int = 80) -> str:
    """Return a value in quotation marks, cut after `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…{text[0]}"


def suggestion(word: str, names: dict[str, str]) -> str:
    """Return a hint such as `; did you mean 'ema'?`, or an empty string if no name is similar.

    `names` maps every known spelling, in lower case, to the id to write. A name is similar if each
    of its words is equal or differs by a likely typo; `emma` for `ema` is too short to be one.
    """
    written = word.lower().split()
    if len(word) > 100 or not written:  # no name is that long, and a comparison takes time
        return ""
    known = names.get(" ".join(written))
    if known is None:
        words = _WORDS.findall(word.lower())
        near = (name for name in names if abs(len(name) - len(word)) <= 2 * len(words))
        known = next(
            (names[name] for name in near if _are_similar(words, _WORDS.findall(name))), None
        )
    return f"; did you mean {known!r}?" if known is not None else ""


_WORDS = re.compile(r"[^\W_]+")


def _are_similar(one: list[str], other: list[str]) -> bool:
    if not one or len(one) != len(other):
        return False
    return all(a == b or _is_typo(a, b) for a, b in zip(one, other, strict=True))


def _is_typo(one: str, other: str) -> bool:
    """Return whether two words differ by two swapped letters, a final `s`, or a single letter.

    The letter may be different, missing or superfluous, in a word of five letters or more. Numbers
    are never typos.
    """
    if one.isdigit() or other.isdigit() or abs(len(one) - len(other)) > 1:
        return False
    if sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2
    if f"{one}s" == other or one == f"{other}s":
        return True
    if max(len(one), len(other)) < 5:
        return False
    short, long = sorted((one, other), key=len)
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    return short[start:] == long[start + 1 :] or short[start + 1 :] == long[start + 1 :]
