"""Explain in plain words why front matter is not valid YAML, and suggest the corrected line.

YAML's own errors name what the parser expected, often a line too low. The messages here name the
typing mistake: a tab, a missing space, bracket or quote, wrong indentation, full-width punctuation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

MAX_SHOWN = 300  # characters of a line in a message

_START = r"(?P<start> *(?:- +)?)(?P<key>[A-Za-z_]+)"
_LINE = re.compile(rf"{_START}:(?P<gap>[ \t]+|$)(?P<value>.*?)\s*")
_ITEM = re.compile(r"(?P<start> *- +)(?P<value>.+?)\s*")
_WIDE_COLON = re.compile(rf"{_START}[：︰﹕∶]")
_KEY_OR_END = re.compile(r"\s*(?:- )?[A-Za-z_]+:|$")
_DASH = "the dash before a list item needs a space after it"
# Patterns of lines that are not a key and a value -> what is wrong with the line.
_MALFORMED = {
    r"(?P<start>\s*)[-–—－−•*·]\s*(?P<key>[A-Za-z_]+):(?P<value>.*)": _DASH,
    rf"{_START}\s*(?P<mark>[：︰﹕∶;；，,=＝]|->)\s*(?P<value>\S.*|$)": (
        "a key must end with a colon and a space, not with '{mark}'"
    ),
    rf"{_START}:(?!//)\u3000*(?P<value>\S.*)": "a space is missing after the colon",
    r"(?P<start> *)(?P<key>[A-Za-z_]+)\s+(?P<value>\S.*)": (
        "a key must be followed by a colon and a space"
    ),
}
_WIDE = str.maketrans("［］｛｝＂＇“”「」，", '[]{}"\'"""",')
_BRACKETS = {"[": ("]", "list is"), "{": ("}", "braces are")}


@dataclass(frozen=True)
class Mistake:
    """A mistake in a line of front matter, with the corrected line. Lines count from 0."""

    line: int
    message: str
    replacement: str

    def __str__(self) -> str:
        line = self.replacement.strip()
        return f"{self.message}; write: {line}" if len(line) <= MAX_SHOWN else self.message


def find_mistakes(front: str) -> Iterator[Mistake]:
    """Yield the mistakes in front matter that is not valid YAML, at most one per line."""
    lines = front.split("\n")
    columns: list[int] = []  # in which the keys of this level and of those above it begin
    is_parent = False  # whether the values of the key above are on the lines below it
    for number, line in enumerate(lines):
        following = next((one for one in lines[number + 1 :] if one.strip()), "")
        found = _line_mistake(line, following)
        match = _LINE.fullmatch(found[1] if found else line)
        if match and not found and not (is_parent and len(match["start"]) > columns[-1]):
            found = _indentation_mistake(match, columns)
            match = _LINE.fullmatch(found[1]) if found else match
        if found:
            yield Mistake(number, *found)
        if match:
            column = len(match["start"])
            columns = [*(other for other in columns if other < column), column]
            is_parent = not match["value"]


def find_tabs(front: str) -> Iterator[Mistake]:
    """Yield a mistake for each tab after a line's indentation: YAML allows it, but nobody sees it.

    There is at most one mistake per line.
    """
    for number, line in enumerate(front.split("\n")):
        if "\t" in line.lstrip():
            replacement = re.sub(r"(?<=\S)\s*\t\s*", " ", line).rstrip()
            yield Mistake(number, "the line contains a tab; use spaces", replacement)


def quoted_value(value: str) -> str:
    """Return a text as a double-quoted YAML value."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def join_comment(written: str) -> str:
    """Return a value and the comment after it, ` #` included, as a single text without quotes."""
    quoted = re.fullmatch(r"([\"'])(.*)\1(\s+#.*)", written)
    return quoted[2] + quoted[3] if quoted else written


def _line_mistake(line: str, following: str) -> tuple[str, str] | None:
    """Return what is wrong with a line by itself and the corrected line, or None."""
    indentation = line[: len(line) - len(line.lstrip())]
    if indentation.strip(" "):
        what = "a tab" if "\t" in indentation else "a full-width space"
        spaces = indentation.replace("\t", "    ").replace("\u3000", "  ")
        return f"the line is indented with {what}; use spaces", spaces + line.lstrip()
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    match = _LINE.fullmatch(line) or (None if _WIDE_COLON.match(line) else _ITEM.fullmatch(line))
    if match:
        value, key = match["value"], match.groupdict().get("key") or ""
        if value.startswith("- ") and key.endswith("s"):
            corrected = f"{line[: match.start('value')]}[{value[2:]}]"
            return "a list must be in brackets, or on the lines below its key", corrected
        found = _value_mistake(value, is_whole=bool(_KEY_OR_END.match(following)))
        return (found[0], line[: match.start("value")] + found[1]) if found else None
    for pattern, message in _MALFORMED.items():
        wrong = re.fullmatch(pattern, line)
        if wrong and (":" in line or wrong.groupdict().get("mark") or _KEY_OR_END.match(following)):
            dash = "- " if message is _DASH else ""
            written = f"{wrong['start']}{dash}{wrong['key']}: {wrong['value'].strip()}"
            return message.format(**wrong.groupdict()), written
    return None


def _indentation_mistake(match: re.Match[str], columns: list[int]) -> tuple[str, str] | None:
    """Return the mistake of a key that is one or two spaces out of line with the others."""
    found = len(match["start"])
    if match["start"].strip() or not columns or found in columns:
        return None
    nearest = min(columns, key=lambda column: (abs(column - found), -column))
    message = f"the line begins in column {found + 1}, but the keys around it begin in column "
    message += str(nearest + 1)
    return (message, " " * nearest + match[0].lstrip()) if abs(nearest - found) <= 2 else None


def _value_mistake(value: str, *, is_whole: bool) -> tuple[str, str] | None:
    """Return why YAML cannot read a value and the corrected value, or None.

    `is_whole`: the value does not continue on the next line.
    """
    first, plain = value[:1], value.translate(_WIDE)
    if first in _BRACKETS:
        closing, what = _BRACKETS[first]
        more = value.count(first) - value.count(closing)
        if more > 0:
            closed = f"{value.rstrip(', ')}{closing}"
            return (f"the {what} not closed", closed) if is_whole else None
        if more < 0:
            return f"the {what} closed twice", value.rstrip(closing) + closing
    if not is_whole or _is_yaml(value):
        return None
    if first in "“＂［｛" and _is_yaml(plain):
        return "YAML cannot read full-width brackets and quotes", plain
    if first in "'\"":
        return _quote_mistake(value, first)
    reason = "contains a colon" if first.isalnum() else f"begins with {first!r}"
    return f"a value that {reason} needs quotes", quoted_value(value)


def _quote_mistake(value: str, mark: str) -> tuple[str, str]:
    inner = value[1:].removesuffix(mark)
    if not value[1:].endswith(mark):
        if mark in inner:
            return "there is text after the closing quote; quote all of it", quoted_value(value)
        return "the quotes are not closed", value + mark
    if mark in inner.replace('\\"', ""):
        message = "the quoted text contains quotes that are not escaped"
        return message, quoted_value(inner.replace('\\"', '"'))
    return "a backslash in double quotes must be doubled", quoted_value(inner)


def _is_yaml(value: str) -> bool:
    try:
        for _ in yaml.parse(f"key: {value}", Loader=yaml.CSafeLoader):
            pass
    except yaml.YAMLError:
        return False
    return True
