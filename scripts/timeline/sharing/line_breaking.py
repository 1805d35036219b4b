"""Text -> lines that fit, English and Chinese.

Widths are estimated: the fonts are not there when the site is built, only when cards are drawn.
"""

import re
from collections.abc import Iterator, Sequence

# In ems, by character; a little wide, so that a line never runs over the edge.
_NARROW = frozenset("iIjlft.,;:'!|()[]{}/ -")
_WIDE = frozenset("mwMW@%—…")
_SHARES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # of the width, tried for even lines
# A line can break after a space or hyphen, and around each Chinese character.
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(rf"[{_HAN}]|[^\s{_HAN}-]*-?\s?")


def wrapped(text: str, ems: float, most: int) -> list[str]:
    """At most so many lines of so many ems, the last with an ellipsis where it is cut."""
    lines = list(lines_of(text, ems))
    if len(lines) <= most:
        return lines
    kept = lines[:most]
    if kept:
        kept[-1] = _cut(kept[-1], ems)
    return kept


def balanced(text: str, ems: float) -> list[str]:
    """In as few lines as fit, these as even as they come: no last word stands alone."""
    fewest = len(list(lines_of(text, ems)))
    for share in _SHARES:
        lines = list(lines_of(text, ems * share))
        if len(lines) == fewest and all(measure(line) <= ems * share for line in lines):
            return lines
    return list(lines_of(text, ems))


def listed(names: Sequence[str], ems: float) -> str:
    """As many names as stand in one line, and how many more there are."""
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        line = ", ".join(names[:count]) + more
        if measure(line) <= ems:
            return line
    return _cut(names[0], ems) if names else ""


def lines_of(text: str, ems: float) -> Iterator[str]:
    """The text in lines, each so many ems wide."""
    line, used = "", 0.0
    for piece in _pieces(text, ems):
        needed = measure(piece.rstrip())
        if line and used + needed > ems:
            yield line.rstrip()
            line, used = "", 0.0
        line += piece
        used += measure(piece)
    if line.strip():
        yield line.rstrip()


def _pieces(text: str, ems: float) -> Iterator[str]:
    """What must stay together; a word longer than a line is broken."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        while measure(piece) > ems:
            head = next(n for n in range(len(piece), 0, -1) if measure(piece[:n]) <= ems)
            yield piece[:head]
            piece = piece[head:]
        if piece:
            yield piece


def _cut(line: str, ems: float) -> str:
    """Cut after a whole word where there is one, or after any Chinese character."""
    kept, ellipsis = "", measure("…")
    for piece in _pieces(line, ems - ellipsis):
        if measure((kept + piece).rstrip()) + ellipsis > ems:
            break
        kept += piece
    return kept.rstrip(" ,;:，、；：") + "…"


def measure(text: str) -> float:
    """The width in ems, estimated."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if ord(character) >= 0x2E80:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 1.0
    return 0.72 if character.isupper() else 0.57
