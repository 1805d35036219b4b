"""Text for programs that show no HTML: lines of a fixed width, Chinese counted as wide as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import wcwidth

WIDTH = 74  # columns; RFC 3676 wants lines of e-mail below 78
_BLOCKS = frozenset({"p", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})


@dataclass
class PlainText:
    """A text in blocks, each with the mark of its list item or none, and where its links lead."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def plain_text(html: str) -> PlainText:
    """HTML of a body as plain text: a link is followed by its number, `[1]`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.found


def wrapped(text: str, first: str = "") -> str:
    """The text in lines of at most `WIDTH` columns, after `first`, the others indented as far."""
    indent = " " * _width(first)
    room = WIDTH - len(indent)
    lines: list[list[str]] = [[]]
    used = 0
    for word in _words(text, room):
        width = _width(word)
        if lines[-1] and used + 1 + width > room:
            lines.append([])
            used = 0
        used += width + bool(lines[-1])
        lines[-1].append(word)
    starts = [first] + [indent] * (len(lines) - 1)
    return "\n".join(start + " ".join(words) for start, words in zip(starts, lines, strict=True))


def _words(text: str, room: int) -> Iterator[str]:
    """The words, those that are wider than a line in pieces: Chinese has no spaces."""
    for word in text.split():
        if _width(word) > room:
            yield from wcwidth.wrap(word, room)
        else:
            yield word


def _width(text: str) -> int:
    """Columns that a terminal gives a text. Most words are ASCII, and quickly told."""
    return len(text) if text.isascii() else wcwidth.wcswidth(text)


def underlined(text: str, mark: str) -> str:
    """The text as a heading: wrapped, and a line of marks as wide under it."""
    heading = wrapped(text)
    width = max(_width(line) for line in heading.split("\n"))
    return f"{heading}\n{mark * width}"


class _Reader(HTMLParser):
    """Collects the blocks of a rendered body."""

    def __init__(self) -> None:
        super().__init__()
        self.found = PlainText()
        self._text: list[str] = []
        self._mark = ""
        self._lists: list[int | None] = []  # the last number of each open list; None: no numbers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list or a link."""
        if tag in _BLOCKS | _LISTS:
            self.end_block()
        if tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            self._mark = self._next_mark()
        elif tag == "br":
            self._text.append(" ")
        elif tag == "a":
            self.found.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a block, a list, a link or a table's cell."""
        if tag in _BLOCKS:
            self.end_block()
        elif tag in _LISTS:
            self._lists.pop()
        elif tag == "a":
            self._text.append(f" [{len(self.found.links)}]")
        elif tag in {"td", "th"}:
            self._text.append("  ")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self._text.append(data)

    def end_block(self) -> None:
        """Keep the block that has been read, unless it is empty."""
        text = " ".join("".join(self._text).split())
        if text:
            self.found.blocks.append((self._mark, text))
            self._mark = ""
        self._text = []

    def _next_mark(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "
