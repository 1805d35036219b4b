"""What in a file has one right answer and so can be fixed without asking.

Only what is wrong changes: comments and the order of lists stay, and the text under the front
matter is never touched. Where a fix would give other values than those that are meant, it is left
undone.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel
from yaml.nodes import MappingNode

from timeline.content.front_matter import (
    LineMessage,
    UnreadableError,
    Value,
    edited,
    invisible_characters,
    parse_text,
    styled_value,
)
from timeline.content.interpret import interpret_text, split_list
from timeline.problems import Location
from timeline.schema.introspect import FieldSpec, field_specs
from timeline.schema.types import Document, NameIndex, is_web_address

_BOM = b"\xef\xbb\xbf"
_PARTS = re.compile(r"---[ \t]*\n(?P<front>.*?)^(?P<rest>---[ \t]*$.*)", re.MULTILINE | re.DOTALL)
_UNQUOTED = re.compile(r"(?P<before>\s*(?:- )?[a-z_]+:\s+)(?P<value>[^\s'\"\[{|>&*!#].*?)\s*")
_SEPARATOR = re.compile("[,;，；、]")
MAX_QUOTED = 20  # values that get quotes in one file


@dataclass(frozen=True)
class Fixed:
    """A file after its fixes, and what was done, each with the line where it was."""

    data: bytes
    done: list[LineMessage]


@dataclass(frozen=True)
class Fix:
    """Another value at a location of the front matter, as it is written there."""

    location: Location
    value: Value
    written: Any
    message: str


def fix(data: bytes, model: type[Document], index: NameIndex) -> Fixed:
    """Fix a file. What is not UTF-8 comes back as it was."""
    done: list[LineMessage] = []
    try:
        text = _fix_ends(data, done)
    except UnicodeDecodeError:
        return Fixed(data, [])
    match = _PARTS.fullmatch(text)
    if match and not any(invisible_characters(match["front"])):  # which YAML may take for spaces
        text = _fix_values(_quote(text, done), model, index, done)
    return Fixed(text.encode(), sorted(done))


def _fix_ends(data: bytes, done: list[LineMessage]) -> str:
    """Text without a byte-order mark, with Unix line endings and one at its end."""
    text = data.decode("utf-8").lstrip("\ufeff")  # two of them, where a program added its own
    if data.startswith(_BOM):
        done.append((1, "byte-order mark removed"))
    if "\r" in text:
        done.append((1, "Unix line endings"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    ended = text.rstrip("\n") + "\n"
    if ended != text:
        done.append((ended.count("\n"), "one line ending at the end"))
    return ended


def _quote(text: str, done: list[LineMessage]) -> str:
    """Quotes around values that YAML cannot read, such as those with a colon."""
    match = _PARTS.fullmatch(text)
    found: list[LineMessage] = []
    lines = match["front"].split("\n") if match else []
    for _ in range(MAX_QUOTED if match else 0):
        try:
            yaml.compose("\n".join(lines), Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            # YAML ends lines at U+0085 and U+2028 too, so its count may go beyond the file's.
            number = error.problem_mark.line if error.problem_mark else len(lines)
            value = _UNQUOTED.fullmatch(lines[number]) if number < len(lines) else None
            if value is None or " #" in value["value"]:  # which may begin a comment
                return text
            escaped = value["value"].replace("\\", "\\\\").replace('"', '\\"')
            lines[number] = f'{value["before"]}"{escaped}"'
            found.append((number + 2, "value quoted"))
        except yaml.YAMLError:
            return text
        else:
            done += found
            front = "\n".join(lines)
            return f"---\n{front}{match['rest']}" if match and found else text
    return text


def _fix_values(text: str, model: type[Document], index: NameIndex, done: list[LineMessage]) -> str:
    try:
        parsed = parse_text(text)
        if parsed.errors:
            return text
        spaced = edited(text, lambda _: None)
        fixes = list(_Fixer(index, _secure_hosts(parsed.values)).mapping(parsed.values, (), model))
        fixed = edited(text, lambda values: _apply(values, {f.location: f.written for f in fixes}))
        meant = copy.deepcopy(parsed.values)
        _apply(meant, {one.location: one.value for one in fixes})
        if parse_text(spaced).values != parsed.values or parse_text(fixed).values != meant:
            return text
    except UnreadableError:
        return text
    done += [(parsed.line(one.location), one.message) for one in fixes]
    if spaced != text:
        lines = zip(text.split("\n"), spaced.split("\n"), strict=False)
        changed = (number for number, (old, new) in enumerate(lines, 1) if old != new)
        done.append((next(changed, 1), "spaces tidied"))
    return _in_order(fixed, model, done)


def _apply(values: Any, changes: dict[Location, Any]) -> None:
    for location, value in changes.items():
        inner = values
        for part in location[:-1]:
            inner = inner[part]
        inner[location[-1]] = value


def _secure_hosts(value: Value) -> frozenset[str]:
    """The hosts that the file names with https."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return frozenset().union(*(_secure_hosts(inner) for inner in inside))
    if isinstance(value, str) and value.startswith("https://") and is_web_address(value):
        return frozenset({urlsplit(value).netloc})
    return frozenset()


class _Fixer:
    """Goes through the values beside what the models say of each."""

    def __init__(self, index: NameIndex, secure: frozenset[str]) -> None:
        self.index = index
        self.secure = secure

    def mapping(
        self, values: dict[str, Value], at: Location, model: type[BaseModel]
    ) -> Iterator[Fix]:
        """What is to be fixed below a mapping."""
        specs = field_specs(model)
        for key, value in values.items():
            if key in specs:
                yield from self._value(value, (*at, key), specs[key], model)

    def _value(
        self, value: Value, at: Location, spec: FieldSpec, model: type[BaseModel]
    ) -> Iterator[Fix]:
        if isinstance(value, dict):
            if spec.model is not None:
                yield from self.mapping(value, at, spec.model)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._value(item, (*at, index), spec, model)
        elif spec.is_list and spec.model is None and isinstance(at[-1], str):
            items: list[Value] = [*self._items(value, spec)]
            if items:  # one value where a list belongs
                written = styled_value(model, spec.name, items)
                yield Fix(at, items, written, f"{spec.name!r}: made a list")
        elif spec.model is None:
            new = self._meant(value, spec)
            if new != value or type(new) is not type(value):
                written = styled_value(model, spec.name, new)
                yield Fix(at, new, written, f"{spec.name!r}: {_shown(value)} is {_shown(new)}")

    def _items(self, value: Value, spec: FieldSpec) -> list[str]:
        """The list that one value can only mean; empty where that is not certain."""
        text = str(value)
        if type(value) not in {str, int} or "\n" in text or text.strip().startswith("["):
            return []
        items = split_list(spec, text.strip(), self.index)
        if spec.kind is None:  # a comma may divide two names, or belong to one
            return [] if any(_SEPARATOR.search(item) for item in items) else items
        names = [self.index.resolve(spec.kind, item) for item in items]
        return [name for name in names if name] if all(names) else []

    def _meant(self, value: Value, spec: FieldSpec) -> Value:
        """The value that belongs here: the same where nothing else is certain."""
        if spec.value_type is str and type(value) is int:
            return str(value)  # of 1.50 it is not known how it was written
        if not isinstance(value, str):
            return value
        new = interpret_text(spec, value, self.index)
        if value.startswith("http://") and urlsplit(value).netloc in self.secure:
            return "https://" + value.removeprefix("http://")
        return new if spec.kind or spec.choices or not isinstance(new, str) else value


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) and value.isdecimal() else str(value)


def _in_order(text: str, model: type[Document], done: list[LineMessage]) -> str:
    """The keys in the order of the model, each with the comment above it."""
    match = _PARTS.fullmatch(text)
    front = match["front"] if match else ""
    node = yaml.compose(front, Loader=yaml.CSafeLoader)
    if match is None or not isinstance(node, MappingNode) or node.flow_style:
        return text
    lines = front.splitlines(keepends=True)
    starts = [_with_comment(lines, key.start_mark.line) for key, _ in node.value]
    blocks = [
        "".join(lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    keys = model.keys()
    names = [str(key.value) for key, _ in node.value]
    places = [keys.index(name) if name in keys else len(keys) for name in names]
    wanted = sorted(range(len(names)), key=places.__getitem__)
    ordered = "".join([*lines[: starts[0]], *(blocks[place] for place in wanted)])
    result = f"---\n{ordered}{match['rest']}"
    if ordered == front or parse_text(result).values != parse_text(text).values:
        return text
    done.append((starts[0] + 2, "keys put in order"))
    return result


def _with_comment(lines: list[str], line: int) -> int:
    """The first line of the comment directly above a line, or the line itself."""
    while line > 0 and lines[line - 1].startswith("#"):
        line -= 1
    return line
