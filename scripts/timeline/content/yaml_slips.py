"""Why front matter is not YAML, in plain words, and the line to write instead.

YAML's own errors name what the parser missed, often a line too low. These name the slip of the
hand: a tab, a missing space, bracket or quote, an indentation, full-width punctuation.
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
_NEXT = re.compile(r"\s*(?:- )?[A-Za-z_]+:|$")
# Lines that are no key and value, and what is wrong with each.
_SHAPES = {
    r"(?P<start>\s*)[-–—－−•*·]\s*(?P<key>[A-Za-z_]+):(?P<value>.*)": (
        "the dash of a list needs a space after it"
    ),
    rf"{_START}\s*(?P<mark>[：︰﹕∶;；，,=＝]|->)\s*(?P<value>\S.*|$)": (
        "a key ends with a colon and a space, not with '{mark}'"
    ),
    rf"{_START}:(?!//)\u3000*(?P<value>\S.*)": "the colon after a key needs a space",
    r"(?P<start> *)(?P<key>[A-Za-z_]+)\s+(?P<value>\S.*)": (
        "a key is followed by a colon and a space"
    ),
}
_WIDE = str.maketrans("［］｛｝＂＇“”「」，", '[]{}"\'"""",')
_BRACKETS = {"[": ("]", "list is"), "{": ("}", "braces are")}


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
    opens = False  # whether the key above has its values below it
    for number, line in enumerate(lines):
        following = next((one for one in lines[number + 1 :] if one.strip()), "")
        found = _slip(line, following)
        match = _LINE.fullmatch(found[1] if found else line)
        if match and not found and not (opens and len(match["start"]) > columns[-1]):
            found = _indentation(match, columns)
            match = _LINE.fullmatch(found[1]) if found else match
        if found:
            yield Slip(number, *found)
        if match:
            column = len(match["start"])
            columns = [*(other for other in columns if other < column), column]
            opens = not match["value"]


def tabs(front: str) -> Iterator[Slip]:
    """Each line with a tab after its indentation, which YAML reads and nobody sees."""
    for number, line in enumerate(front.split("\n")):
        if "\t" in line.lstrip():
            instead = re.sub(r"(?<=\S)\s*\t\s*", " ", line).rstrip()
            yield Slip(number, "the line contains a tab; use spaces", instead)


def quoted_value(value: str) -> str:
    """A text in double quotes, as YAML reads it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def uncommented(written: str) -> str:
    """A value and the comment after it as the one text that was meant."""
    quoted = re.fullmatch(r"([\"'])(.*)\1(\s+#.*)", written)
    return quoted[2] + quoted[3] if quoted else written


def _slip(line: str, following: str) -> tuple[str, str] | None:
    """What is wrong with a line by itself, and the line as it is meant."""
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
            meant = f"{line[: match.start('value')]}[{value[2:]}]"
            return "a list goes in brackets, or below its key", meant
        found = _value_slip(value, is_whole=bool(_NEXT.match(following)))
        return (found[0], line[: match.start("value")] + found[1]) if found else None
    for pattern, message in _SHAPES.items():
        wrong = re.fullmatch(pattern, line)
        if wrong and (":" in line or wrong.groupdict().get("mark") or _NEXT.match(following)):
            dash = "- " if "dash" in message else ""
            written = f"{wrong['start']}{dash}{wrong['key']}: {wrong['value'].strip()}"
            return message.format(**wrong.groupdict()), written
    return None


def _indentation(match: re.Match[str], columns: list[int]) -> tuple[str, str] | None:
    """A key that begins beside the others, by one or two spaces."""
    found = len(match["start"])
    if match["start"].strip() or not columns or found in columns:
        return None
    nearest = min(columns, key=lambda column: (abs(column - found), -column))
    message = f"the line begins in column {found + 1}, the keys beside it in column {nearest + 1}"
    return (message, " " * nearest + match[0].lstrip()) if abs(nearest - found) <= 2 else None


def _value_slip(value: str, *, is_whole: bool) -> tuple[str, str] | None:
    """What YAML cannot read in a value, and the value as it is meant."""
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
        return "YAML does not read full-width brackets and quotes", plain
    if first in "'\"":
        return _quote_slip(value, first)
    reason = "holds a colon" if first.isalnum() else f"begins with {first!r}"
    return f"a value that {reason} needs quotes", quoted_value(value)


def _quote_slip(value: str, mark: str) -> tuple[str, str]:
    inner = value[1:].removesuffix(mark)
    if not value[1:].endswith(mark):
        if mark in inner:
            return "there is text after the closing quote; quote all of it", quoted_value(value)
        return "the quotes are not closed", value + mark
    if mark in inner.replace('\\"', ""):
        return "there are quotes within the quotes", quoted_value(inner.replace('\\"', '"'))
    return "a backslash in double quotes has another meaning", quoted_value(inner)


def _is_yaml(value: str) -> bool:
    try:
        for _ in yaml.parse(f"key: {value}", Loader=yaml.CSafeLoader):
            pass
    except yaml.YAMLError:
        return False
    return True
