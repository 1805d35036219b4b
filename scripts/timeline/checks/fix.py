"""What in a file has one right answer and so can be fixed without asking.

Only what is wrong changes: comments and the order of lists stay, and in the text under the front
matter only characters that nobody sees or that look like others, bullets of word processors and
wrapped addresses. Where a fix would give other values than those that are meant, it is left undone.
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

from timeline.checks.leftovers import plain_body
from timeline.content.characters import INVISIBLE, odd_characters, without_odd
from timeline.content.front_matter import (
    LineMessage,
    UnreadableError,
    Value,
    edited,
    parse_text,
    styled_value,
)
from timeline.content.interpret import interpret
from timeline.content.yaml_slips import quoted_value, slips, tabs, uncommented
from timeline.problems import Location
from timeline.schema.addresses import is_web_address
from timeline.schema.introspect import FieldSpec, field_specs, spec_at
from timeline.schema.synonyms import meant_key
from timeline.schema.types import Document, NameIndex

_BOM = b"\xef\xbb\xbf"
_PARTS = re.compile(r"---[ \t]*\n(?P<front>.*?)^(?P<rest>---[ \t]*$.*)", re.MULTILINE | re.DOTALL)
_COMMA = re.compile("[,，、]")
_UNTIDY = re.compile(r"\A---\s*\n\s*\n|[ \t]+$|(?<=\S)  +(?!#)|^ *-  |^- ", re.MULTILINE)
IN_ORDER = "keys put in order"
MAX_ROUNDS = 3  # a fixed line may show that another is wrong


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
    text = _fix_characters(text, done)
    text = _fix_body(text, done)
    text = _fix_tabs(text, done)
    if not INVISIBLE.search(text):  # which YAML may take for spaces
        text = _fix_slips(text, done)
        text = _rename_keys(_quote_cut(text, model, done), model, done)
        text = _fix_values(text, model, index, done)
    return Fixed(text.encode(), sorted(done))


def _fix_characters(text: str, done: list[LineMessage]) -> str:
    """What looks like a plain character as that character, what nobody sees left out."""
    for odd in odd_characters(text):
        if odd.instead is not None:
            done.append((text.count("\n", 0, odd.start) + 1, odd.fixed))
    return without_odd(text)


def _fix_body(text: str, done: list[LineMessage]) -> str:
    """The text under the front matter without the leftovers that have one right answer."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return text
    start = len(text) - len(match["rest"])
    fixed, lines = plain_body(match["rest"])
    done += [(text.count("\n", 0, start) + line, message) for line, message in lines]
    return text[:start] + fixed


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


def _fix_tabs(text: str, done: list[LineMessage]) -> str:
    """Front matter with spaces for tabs."""
    match = _PARTS.fullmatch(text)
    lines = text.split("\n")
    for slip in tabs(match["front"]) if match else ():
        lines[slip.line + 1] = slip.instead
        done.append((slip.line + 2, "a space for a tab"))
    return "\n".join(lines)


def _rename_keys(text: str, model: type[Document], done: list[LineMessage]) -> str:
    """Keys that people call otherwise, where the one that is meant is not there too."""
    try:
        parsed = parse_text(text)
    except UnreadableError:
        return text
    lines = text.split("\n")
    for location, number in parsed.lines.items():
        key = location[-1] if location else 0
        around = spec_at(model, location[:-1])
        inner = around.model if around else model if len(location) == 1 else None
        meant = meant_key(key, field_specs(inner)) if inner and isinstance(key, str) else None
        if meant and meant != key and (*location[:-1], meant) not in parsed.lines:
            lines[number - 1] = re.sub(
                rf"(?<![\w-]){re.escape(str(key))}(?=\s*:)", meant, lines[number - 1], count=1
            )
            done.append((number, f"{key!r} is {meant!r}"))
    renamed = "\n".join(lines)
    return renamed if renamed == text else _rename_keys(renamed, model, done)


def _fix_slips(text: str, done: list[LineMessage]) -> str:
    """Front matter that YAML cannot read, where every slip in it has one answer."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return text
    lines = match["front"].split("\n")
    found: list[LineMessage] = []
    for _ in range(MAX_ROUNDS):
        try:
            yaml.compose("\n".join(lines), Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            wrong = list(slips("\n".join(lines)))
            if not wrong:
                return text
            for slip in wrong:
                lines[slip.line] = slip.instead
                found.append((slip.line + 2, slip.message))
        else:
            done += found
            front = "\n".join(lines)
            return f"---\n{front}{match['rest']}" if found else text
    return text


def _quote_cut(text: str, model: type[Document], done: list[LineMessage]) -> str:
    """Quotes around free text that YAML cuts at ` #`."""
    try:
        parsed = parse_text(text)
    except UnreadableError:
        return text
    lines = text.split("\n")
    for location, written in parsed.cut.items():
        spec = spec_at(model, location)
        number = parsed.line(location)
        if spec and spec.is_free_text and lines[number - 1].endswith(written):
            start = lines[number - 1].removesuffix(written)
            lines[number - 1] = start + quoted_value(uncommented(written))
            done.append((number, "value quoted"))
    return "\n".join(lines)


def _fix_values(text: str, model: type[Document], index: NameIndex, done: list[LineMessage]) -> str:
    try:
        parsed = parse_text(text)
        if parsed.errors:
            return text
        secured = _with_https(parsed.values, _secure_hosts(parsed.values))
        meaning = interpret(model, secured, index)
        fixes = [*_Comparison(index).mappings(parsed.values, meaning, (), model)]
        fixes += _missing(parsed.values, model, index)
        # Reading a file so that it can be edited takes long.
        if not fixes and not _UNTIDY.search(text, 0, len(text) - len(parsed.body)):
            return _in_order(text, model, done)
        spaced = edited(text, lambda _: None)
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


def _with_https(value: Any, hosts: frozenset[str]) -> Any:
    """The value with https in each address of these hosts."""
    if isinstance(value, dict):
        return {key: _with_https(inner, hosts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_https(inner, hosts) for inner in value]
    if isinstance(value, str) and value.startswith("http://") and urlsplit(value).netloc in hosts:
        return "https://" + value.removeprefix("http://")
    return value


@dataclass(frozen=True)
class _Comparison:
    """Compares the values of a file with what they mean."""

    index: NameIndex

    def mappings(
        self, old: dict[str, Value], new: dict[str, Value], at: Location, model: type[BaseModel]
    ) -> Iterator[Fix]:
        """What is to be fixed below a mapping."""
        for key, spec in field_specs(model).items():
            if key in old and key in new:
                yield from self._values(old[key], new[key], (*at, key), spec, model)
            elif key in new:  # the currency that is written with the amount
                written = styled_value(model, key, new[key])
                yield Fix((*at, key), new[key], written, f"{key!r}: {new[key]}")

    def _values(
        self, old: Value, new: Value, at: Location, spec: FieldSpec, model: type[BaseModel]
    ) -> Iterator[Fix]:
        if isinstance(old, dict) and isinstance(new, dict):
            if spec.model is not None:
                yield from self.mappings(old, new, at, spec.model)
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for place, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from self._values(one, other, (*at, place), spec, model)
        elif self._is_certain(old, new, spec):
            message = f"{spec.name!r}: {_change(old, new)}"
            yield Fix(at, new, styled_value(model, spec.name, new), message)

    def _is_certain(self, old: Value, new: Value, spec: FieldSpec) -> bool:
        """Whether another value is meant, and no other than this one."""
        if not isinstance(new, list):
            is_trimmed = spec.is_free_text and isinstance(old, str) and old.strip() == new
            return not is_trimmed and (new != old or type(new) is not type(old))
        if isinstance(old, str) and "\n" in old:
            return False
        known = old if isinstance(old, list) else []
        if spec.kind:
            return all(name in known or self.index.resolve(spec.kind, str(name)) for name in new)
        # A comma may divide two names, or belong to one.
        return not any(isinstance(item, str) and _COMMA.search(item) for item in new)


def _change(old: Value, new: Value) -> str:
    """What is done to a value, in words."""
    if isinstance(new, list):
        return "one name an item" if isinstance(old, list) else "made a list"
    if isinstance(old, list):
        return "one value, not a list"
    return "made keys and values" if isinstance(new, dict) else f"{_shown(old)} is {_shown(new)}"


def _missing(values: dict[str, Value], model: type[Document], index: NameIndex) -> Iterator[Fix]:
    """An entry that is checked for the first time was added today."""
    required = {name for name, spec in field_specs(model).items() if spec.required}
    if required - values.keys() == {"added"}:
        day = str(index.today)
        yield Fix(("added",), day, styled_value(model, "added", day), f"'added': {day}")


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
    done.append((starts[0] + 2, IN_ORDER))
    return result


def _with_comment(lines: list[str], line: int) -> int:
    """The first line of the comment directly above a line, or the line itself."""
    while line > 0 and lines[line - 1].startswith("#"):
        line -= 1
    return line
