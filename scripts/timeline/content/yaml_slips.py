"""Why front matter is not YAML, in plain words, and the line to write instead.

YAML's own errors name what the parser missed, often a line too low. These name the slip of the
hand: a tab, a missing space, bracket or quote, an indentation, full-width punctuation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KEY = r"(?P<key>[A-Za-z_]+)"
_START = r"(?P<indent> *)(?P<dash>(?:- +)?)"
_LINE = re.compile(rf"{_START}{_KEY}:(?P<gap>[ \t]+|$)(?P<value>.*?)\s*")
_NO_SPACE = re.compile(rf"{_START}{_KEY}:(?!//)\u3000*(?P<value>\S.*)")
_OTHER_COLON = re.compile(rf"{_START}{_KEY}\s*(?P<mark>[：︰﹕∶;；，]|,|=|->)\s*(?P<value>\S.*|$)")
_NO_GAP = re.compile(rf"(?P<indent>\s*)(?P<dash>[-–—•*·])\s*{_KEY}:(?P<value>.*)")
_WIDE = str.maketrans("［］｛｝＂＇“”「」，", '[]{}"\'"""",')
_SPECIAL = "@`%&*!|>?-{}[],"
_BLOCK = re.compile(r"[|>][+-]?[0-9]?\s*(?:#.*)?")


MAX_SHOWN = 300  # characters of a line in a message


@dataclass(frozen=True)
class Slip:
    """What is wrong with a line, counted from 0, and the line as it is meant."""

    line: int
    message: str
    instead: str

    def __str__(self) -> str:
        line = self.instead.strip()
        return f"{self.message}; write: {line}" if len(line) <= MAX_SHOWN else self.message


def slips(front: str) -> Iterator[Slip]:
    """The slips in front matter that is not YAML, at most one in a line."""
    lines = front.split("\n")
    columns: list[int] = []  # where the keys begin around the line
    for number, line in enumerate(lines):
        following = next((one for one in lines[number + 1 :] if one.strip()), "")
        found = _slip(line, following)
        shifted = None if found else _indentation(line, columns)
        if found:
            yield Slip(number, *found)
        elif shifted:
            yield Slip(number, *shifted)
        _note_column((found or shifted or ("", line))[1], columns)


def quoted_value(value: str) -> str:
    """A text in double quotes, as YAML reads it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def uncommented(written: str) -> str:
    """A value and the comment after it as the one text that was meant."""
    quoted = re.fullmatch(r"([\"'])(.*)\1(\s+#.*)", written)
    return quoted[2] + quoted[3] if quoted else written


def _slip(line: str, following: str) -> tuple[str, str] | None:
    indentation = line[: len(line) - len(line.lstrip())]
    if indentation.strip(" "):
        what = "a tab" if "\t" in indentation else "a full-width space"
        spaces = indentation.replace("\t", "    ").replace("\u3000", "  ")
        return f"{what} stands in the indentation; YAML takes spaces", spaces + line.lstrip()
    if line.lstrip().startswith("#") or not line.strip():
        return None
    return _line_slip(line, following)


def _line_slip(line: str, following: str) -> tuple[str, str] | None:
    """What is wrong between a key and its value, or in the value."""
    gap = _NO_GAP.fullmatch(line)
    if gap and not line.lstrip().startswith("- "):
        return "the dash of a list needs a space after it", (
            f"{gap['indent']}- {gap['key']}:{gap['value']}"
        )
    match = _LINE.fullmatch(line)
    if match:
        found = _value_slip(match["value"], following)
        start = f"{match['indent']}{match['dash']}{match['key']}: "
        return (found[0], start + found[1]) if found else None
    wrong = _OTHER_COLON.fullmatch(line)
    if wrong:
        start = f"{wrong['indent']}{wrong['dash']}{wrong['key']}: {wrong['value']}"
        return f"a key ends with a colon and a space, not with {wrong['mark']!r}", start
    wrong = _NO_SPACE.fullmatch(line)
    if wrong:
        start = f"{wrong['indent']}{wrong['dash']}{wrong['key']}: {wrong['value']}"
        return "the colon after a key needs a space", start
    return _bare_line(line, following)


def _bare_line(line: str, following: str) -> tuple[str, str] | None:
    """An item of a list, or a key and its value without a colon."""
    item = re.fullmatch(r"(?P<start>\s*-\s+)(?P<value>.+)", line)
    if item:
        found = _value_slip(item["value"], following)
        return (found[0], item["start"] + found[1]) if found else None
    spaced = re.fullmatch(rf"(?P<start>\s*){_KEY}\s+(?P<value>\S.*)", line)
    if spaced and re.match(r"[a-z_]+:|$", following):
        written = f"{spaced['start']}{spaced['key']}: {spaced['value']}"
        return "a key is followed by a colon and a space", written
    return None


def _value_slip(value: str, following: str) -> tuple[str, str] | None:  # noqa: C901, PLR0911 - one a kind of slip
    """What YAML cannot read in a value, and the value as it is meant."""
    ends = not following or bool(re.match(r"\s*(?:- )?[A-Za-z_]+:|---", following))
    first, rest = value[:1], value[1:]
    plain = value.translate(_WIDE)
    if first in {"“", "＂", "［", "｛"} and plain != value and ": " in value:
        return "full-width brackets and quotes mean nothing to YAML", plain
    if first in {"'", '"'}:
        return _quote_slip(value, first, rest, ends=ends)
    if first == "[" and ends and value.count("[") > value.count("]"):
        return "the list is not closed", f"{value.rstrip(', ')}]"
    if first == "[" and value.count("[") < value.count("]"):
        return "the list is closed twice", value.rstrip("]") + "]"
    if first == "{" and ends and value.count("{") > value.count("}"):
        return "the braces are not closed", f"{value.rstrip(', ')}}}"
    if first == "[" and re.fullmatch(r"\[[^\]]*\]\s*[^\s\]#,].*", value):
        return "a value that begins with a bracket needs quotes", quoted_value(value)
    if first == "{" and re.fullmatch(r"\{[^}]*\}\s*[^\s}#,].*|\{[^:}]*\}", value):
        return "a value that begins with a brace needs quotes", quoted_value(value)
    if first and first in _SPECIAL and first not in "[{" and not _BLOCK.fullmatch(value):
        is_sign = first not in "-?:" or rest[:1] == " "
        if is_sign:
            return f"a value that begins with {first!r} needs quotes", quoted_value(value)
    if first not in "[{" and re.search(r":\s|:$", value):
        return "a value that holds a colon needs quotes", quoted_value(value)
    return None


def _quote_slip(value: str, mark: str, rest: str, *, ends: bool) -> tuple[str, str] | None:
    inner = rest[:-1] if len(rest) and rest.endswith(mark) else rest
    bare = inner.replace('\\"', "") if mark == '"' else inner.replace("''", "")
    is_closed = rest.endswith(mark)
    if not is_closed and mark not in bare:
        return ("the quotes are not closed", f"{value}{mark}") if ends else None
    if not is_closed:
        closed = bare.split(mark, 1)[1].strip()
        if closed.startswith("#"):
            return None
        return "text stands after the closing quote; quote all of it", quoted_value(value)
    if mark in bare:
        return "there are quotes within the quotes", quoted_value(inner.replace('\\"', '"'))
    if mark == '"' and re.search(r'\\[^"\\/abefnrtvxuUNLP0_ ]', inner):
        return "a backslash in double quotes means something else", quoted_value(inner)
    return None


def _note_column(line: str, columns: list[int]) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        return
    start = len(match["indent"])
    columns[:] = [column for column in columns if column <= start]
    for column in {start, start + len(match["dash"])} if match["dash"] else {start}:
        if column not in columns and not (match["dash"] and column == start):
            columns.append(column)
    columns.sort()


def _indentation(line: str, columns: list[int]) -> tuple[str, str] | None:
    """A key that begins beside the others, by one or two spaces."""
    match = _LINE.fullmatch(line)
    if match is None or match["dash"] or not columns or len(match["indent"]) in columns:
        return None
    found = len(match["indent"])
    nearest = min(columns, key=lambda column: (abs(column - found), -column))
    if abs(nearest - found) > 2:
        return None
    message = f"the line begins after {found} spaces, the keys beside it after {nearest}"
    return message, " " * nearest + line.lstrip()
