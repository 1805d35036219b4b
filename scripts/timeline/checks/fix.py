"""Fix mistakes that have only one right answer.

Nothing else changes: comments and the order of lists stay, and in the text below the front matter
only suspect characters, stray markup and wrapped addresses are replaced. A fix that would change
other values than intended is not made.
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

from timeline.checks.stray_markup import fix_stray_markup
from timeline.content.characters import INVISIBLE, replace_suspect_characters, suspect_characters
from timeline.content.front_matter import (
    LineMessage,
    ParsedText,
    UnreadableError,
    Value,
    edited,
    parse_text,
    styled_value,
)
from timeline.content.interpret import interpret
from timeline.content.yaml_mistakes import find_mistakes, find_tabs, join_comment, quoted_value
from timeline.problems import Location
from timeline.schema.addresses import is_web_address
from timeline.schema.introspect import FieldSpec, field_specs, spec_at
from timeline.schema.synonyms import intended_key
from timeline.schema.types import Document, NameIndex

_BOM = "\ufeff"
_PARTS = re.compile(r"---[ \t]*\n(?P<front>.*?)^(?P<rest>---[ \t]*$.*)", re.MULTILINE | re.DOTALL)
_COMMA = re.compile("[,，、]")
_UNTIDY_SPACES = re.compile(r"\A---\s*\n\s*\n|[ \t]+$|(?<=\S)  +(?!#)|^ *-  |^- ", re.MULTILINE)
IN_ORDER = "keys put in order"
MAX_ROUNDS = 3  # one fixed line may reveal a mistake in another


@dataclass(frozen=True)
class Fixed:
    """A fixed file, and a message for each fix with its line in the original."""

    data: bytes
    done: list[LineMessage]


@dataclass(frozen=True)
class Fix:
    """A new value at a location of the front matter, and how to write it in YAML."""

    location: Location
    value: Value
    written: Any
    message: str


def fix(data: bytes, model: type[Document], index: NameIndex) -> Fixed:
    """Fix a file. A file that is not UTF-8 is returned unchanged."""
    try:
        file = _File(data.decode("utf-8"), model, index)
    except UnicodeDecodeError:
        return Fixed(data, [])
    file.fix_line_endings()
    file.fix_characters()
    file.fix_body()
    file.fix_tabs()
    if not INVISIBLE.search(file.text):  # YAML may read them as spaces
        file.fix_yaml()
        file.quote_comments()
        while file.rename_keys():  # a renamed key may have more keys to rename below it
            pass
        file.fix_values()
    return Fixed(file.text.encode(), sorted(file.done))


class _File:
    """A file being fixed: its current text, and a message for each fix so far."""

    def __init__(self, text: str, model: type[Document], index: NameIndex) -> None:
        self.text = text
        self.model = model
        self.index = index
        self.done: list[LineMessage] = []

    def fix_line_endings(self) -> None:
        """Remove the byte-order mark, and write Unix line endings with one at the end."""
        if self.text.startswith(_BOM):
            self.done.append((1, "byte-order mark removed"))
        text = self.text.lstrip(_BOM)  # there may be two, if a program added its own
        if "\r" in text:
            self.done.append((1, "line endings changed to those of Unix"))
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.text = text.rstrip("\n") + "\n"
        if self.text != text:
            self.done.append((self.text.count("\n"), "file ended with one line ending"))

    def fix_characters(self) -> None:
        """Replace characters that look like plain ones, and remove invisible ones."""
        for suspect in suspect_characters(self.text):
            if suspect.replacement is not None:
                self.done.append((self.text.count("\n", 0, suspect.start) + 1, suspect.fix_message))
        self.text = replace_suspect_characters(self.text)

    def fix_body(self) -> None:
        """Replace stray markup in the text below the front matter."""
        match = _PARTS.fullmatch(self.text)
        if match:
            fixed, lines = fix_stray_markup(match["rest"])
            above = self.text.count("\n", 0, match.start("rest"))
            self.done += [(above + line, message) for line, message in lines]
            self.text = self.text[: match.start("rest")] + fixed

    def fix_tabs(self) -> None:
        """Replace tabs with spaces in the front matter."""
        match = _PARTS.fullmatch(self.text)
        lines = self.text.split("\n")
        for mistake in find_tabs(match["front"]) if match else ():
            lines[mistake.line + 1] = mistake.replacement
            self.done.append((mistake.line + 2, "tab replaced by a space"))
        self.text = "\n".join(lines)

    def fix_yaml(self) -> None:
        """Make the front matter valid YAML, if every mistake in it can be fixed."""
        match = _PARTS.fullmatch(self.text)
        if match is None:
            return
        lines = match["front"].split("\n")
        found: list[LineMessage] = []
        for _ in range(MAX_ROUNDS):
            front = "\n".join(lines)
            if _is_yaml(front):
                self.done += found
                self.text = f"---\n{front}{match['rest']}" if found else self.text
                return
            for mistake in list(find_mistakes(front)):
                lines[mistake.line] = mistake.replacement
                found.append((mistake.line + 2, mistake.message))

    def quote_comments(self) -> None:
        """Put quotes around free text that YAML would cut at ` #`."""
        parsed = _parsed(self.text)
        if parsed is None:
            return
        lines = self.text.split("\n")
        for location, written in parsed.commented.items():
            spec = spec_at(self.model, location)
            number = parsed.line(location)
            if spec and spec.is_free_text and lines[number - 1].endswith(written):
                start = lines[number - 1].removesuffix(written)
                lines[number - 1] = start + quoted_value(join_comment(written))
                self.done.append((number, "value quoted"))
        self.text = "\n".join(lines)

    def rename_keys(self) -> bool:
        """Rename keys to the intended ones, unless those are present too.

        Returns whether any key was renamed.
        """
        parsed = _parsed(self.text)
        if parsed is None:
            return False
        lines = self.text.split("\n")
        for location, number in parsed.lines.items():
            key = location[-1] if location else 0
            parent = spec_at(self.model, location[:-1])
            model = parent.model if parent else self.model if len(location) == 1 else None
            intended = (
                intended_key(key, field_specs(model)) if model and isinstance(key, str) else None
            )
            if intended and intended != key and (*location[:-1], intended) not in parsed.lines:
                written = rf"(?<![\w-]){re.escape(str(key))}(?=\s*:)"
                lines[number - 1] = re.sub(written, intended, lines[number - 1], count=1)
                self.done.append((number, f"{key!r} renamed to {intended!r}"))
        before, self.text = self.text, "\n".join(lines)
        return self.text != before

    def fix_values(self) -> None:
        """Correct values, tidy spaces and put the keys in order."""
        parsed = _parsed(self.text)
        if parsed is None or parsed.errors:
            return
        fixes = list(_fixes(parsed.values, self.model, self.index))
        # Parsing a file for editing is slow.
        is_tidy = not _UNTIDY_SPACES.search(self.text, 0, len(self.text) - len(parsed.body))
        if (is_tidy and not fixes) or self._write(parsed, fixes):
            self._put_in_order()

    def _write(self, parsed: ParsedText, fixes: list[Fix]) -> bool:
        """Write the fixes and tidy spaces, if exactly the intended values result.

        Returns whether the file was written.
        """
        intended = copy.deepcopy(parsed.values)
        _apply(intended, {one.location: one.value for one in fixes})
        written = {one.location: one.written for one in fixes}
        try:
            spaced = edited(self.text, lambda _: None)
            fixed = edited(self.text, lambda values: _apply(values, written))
            if parse_text(spaced).values != parsed.values or parse_text(fixed).values != intended:
                return False
        except UnreadableError:
            return False
        self.done += [(parsed.line(one.location), one.message) for one in fixes]
        if spaced != self.text:
            lines = zip(self.text.split("\n"), spaced.split("\n"), strict=False)
            changed = (number for number, (old, new) in enumerate(lines, 1) if old != new)
            self.done.append((next(changed, 1), "spaces tidied"))
        self.text = fixed
        return True

    def _put_in_order(self) -> None:
        """Put the keys in the order of the model, each with the comment above it."""
        match = _PARTS.fullmatch(self.text)
        front = match["front"] if match else ""
        node = yaml.compose(front, Loader=yaml.CSafeLoader)
        if match is None or not isinstance(node, MappingNode) or node.flow_style:
            return
        lines = front.splitlines(keepends=True)
        starts = [_with_comment(lines, key.start_mark.line) for key, _ in node.value]
        ends = [*starts[1:], len(lines)]
        keys = self.model.keys()
        names = [str(key.value) for key, _ in node.value]
        places = [keys.index(name) if name in keys else len(keys) for name in names]
        blocks = sorted(zip(places, starts, ends, strict=True))
        sorted_lines = [line for _, start, end in blocks for line in lines[start:end]]
        ordered = "".join([*lines[: starts[0]], *sorted_lines])
        result = f"---\n{ordered}{match['rest']}"
        before, after = _parsed(self.text), _parsed(result)
        if ordered != front and before and after and before.values == after.values:
            self.done.append((starts[0] + 2, IN_ORDER))
            self.text = result


def _parsed(text: str) -> ParsedText | None:
    try:
        return parse_text(text)
    except UnreadableError:
        return None


def _is_yaml(front: str) -> bool:
    try:
        yaml.compose(front, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return True


def _fixes(values: dict[str, Value], model: type[Document], index: NameIndex) -> Iterator[Fix]:
    """Yield a fix for each value that is not written in its intended form."""
    intended = interpret(model, _with_https(values, _secure_hosts(values)), index)
    yield from _Comparison(index).mappings(values, intended, (), model)
    yield from _missing_date(values, model, index)


def _apply(values: Any, changes: dict[Location, Any]) -> None:
    for location, value in changes.items():
        inner = values
        for part in location[:-1]:
            inner = inner[part]
        inner[location[-1]] = value


def _secure_hosts(value: Value) -> frozenset[str]:
    """Return the hosts to which an address with https leads."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return frozenset().union(*(_secure_hosts(inner) for inner in inside))
    if isinstance(value, str) and value.startswith("https://") and is_web_address(value):
        return frozenset({urlsplit(value).netloc})
    return frozenset()


def _with_https(value: Any, hosts: frozenset[str]) -> Any:
    """Return the value with https in each address that leads to one of the hosts."""
    if isinstance(value, dict):
        return {key: _with_https(inner, hosts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_https(inner, hosts) for inner in value]
    if isinstance(value, str) and value.startswith("http://") and urlsplit(value).netloc in hosts:
        return "https://" + value.removeprefix("http://")
    return value


@dataclass(frozen=True)
class _Comparison:
    """A comparison of the values of a file with their intended form."""

    index: NameIndex

    def mappings(
        self, old: dict[str, Value], new: dict[str, Value], at: Location, model: type[BaseModel]
    ) -> Iterator[Fix]:
        """Yield a fix for each difference between two mappings."""
        for key, spec in field_specs(model).items():
            if key in old and key in new:
                yield from self._values(old[key], new[key], (*at, key), spec, model)
            elif key in new:  # the currency, if written with the amount
                written = styled_value(model, key, new[key])
                yield Fix((*at, key), new[key], written, f"{key!r} set to {new[key]}")

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
        """Return whether the value differs from the intended one, which is unambiguous."""
        if not isinstance(new, list):
            is_trimmed = spec.is_free_text and isinstance(old, str) and old.strip() == new
            return not is_trimmed and (new != old or type(new) is not type(old))
        if isinstance(old, str) and "\n" in old:
            return False
        known = old if isinstance(old, list) else []
        if spec.kind:
            return all(name in known or self.index.resolve(spec.kind, str(name)) for name in new)
        # A comma may separate two names, or be part of one.
        return not any(isinstance(item, str) and _COMMA.search(item) for item in new)


def _change(old: Value, new: Value) -> str:
    """Return the change to a value in words."""
    if isinstance(new, list):
        return "names split into items" if isinstance(old, list) else "made into a list"
    if isinstance(old, list):
        return "list replaced by its value"
    if isinstance(new, dict):
        return "made into keys and values"
    return f"{_shown(old)} changed to {_shown(new)}"


def _missing_date(
    values: dict[str, Value], model: type[Document], index: NameIndex
) -> Iterator[Fix]:
    """Fill in today as the date of addition, if it is the only required key that is missing."""
    required = {name for name, spec in field_specs(model).items() if spec.required}
    if required - values.keys() == {"added"}:
        day = str(index.today)
        yield Fix(("added",), day, styled_value(model, "added", day), f"'added' set to {day}")


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) and value.isdecimal() else str(value)


def _with_comment(lines: list[str], line: int) -> int:
    """Return the first line of the comment directly above a line, or the line itself."""
    while line > 0 and lines[line - 1].startswith("#"):
        line -= 1
    return line
