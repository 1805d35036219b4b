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
from timeline.schema.synonyms import meant_key
from timeline.schema.types import Document, NameIndex

_BOM = "\ufeff"
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
    try:
        file = _File(data.decode("utf-8"), model, index)
    except UnicodeDecodeError:
        return Fixed(data, [])
    file.fix_ends()
    file.fix_characters()
    file.fix_body()
    file.fix_tabs()
    if not INVISIBLE.search(file.text):  # which YAML may take for spaces
        file.fix_slips()
        file.quote_cut()
        while file.rename_keys():  # below a key that had another name, there may be more
            pass
        file.fix_values()
    return Fixed(file.text.encode(), sorted(file.done))


class _File:
    """A file that is being fixed: its text so far, and what was done."""

    def __init__(self, text: str, model: type[Document], index: NameIndex) -> None:
        self.text = text
        self.model = model
        self.index = index
        self.done: list[LineMessage] = []

    def fix_ends(self) -> None:
        """No byte-order mark, Unix line endings, and one at the end."""
        if self.text.startswith(_BOM):
            self.done.append((1, "byte-order mark removed"))
        text = self.text.lstrip(_BOM)  # two of them, where a program added its own
        if "\r" in text:
            self.done.append((1, "Unix line endings"))
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.text = text.rstrip("\n") + "\n"
        if self.text != text:
            self.done.append((self.text.count("\n"), "one line ending at the end"))

    def fix_characters(self) -> None:
        """A plain character for what looks like one, and nothing for what nobody sees."""
        for odd in suspect_characters(self.text):
            if odd.replacement is not None:
                self.done.append((self.text.count("\n", 0, odd.start) + 1, odd.fix_message))
        self.text = replace_suspect_characters(self.text)

    def fix_body(self) -> None:
        """No leftovers in the text under the front matter that have one right answer."""
        match = _PARTS.fullmatch(self.text)
        if match:
            fixed, lines = plain_body(match["rest"])
            above = self.text.count("\n", 0, match.start("rest"))
            self.done += [(above + line, message) for line, message in lines]
            self.text = self.text[: match.start("rest")] + fixed

    def fix_tabs(self) -> None:
        """Spaces for tabs in the front matter."""
        match = _PARTS.fullmatch(self.text)
        lines = self.text.split("\n")
        for slip in find_tabs(match["front"]) if match else ():
            lines[slip.line + 1] = slip.replacement
            self.done.append((slip.line + 2, "a space for a tab"))
        self.text = "\n".join(lines)

    def fix_slips(self) -> None:
        """Front matter that YAML can read, where every slip in it has one answer."""
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
            for slip in list(find_mistakes(front)):
                lines[slip.line] = slip.replacement
                found.append((slip.line + 2, slip.message))

    def quote_cut(self) -> None:
        """Quotes around free text that YAML cuts at ` #`."""
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
        """The key that is meant for each by another name, unless it is there too.

        Returns whether there were any.
        """
        parsed = _parsed(self.text)
        if parsed is None:
            return False
        lines = self.text.split("\n")
        for location, number in parsed.lines.items():
            key = location[-1] if location else 0
            around = spec_at(self.model, location[:-1])
            inner = around.model if around else self.model if len(location) == 1 else None
            meant = meant_key(key, field_specs(inner)) if inner and isinstance(key, str) else None
            if meant and meant != key and (*location[:-1], meant) not in parsed.lines:
                written = rf"(?<![\w-]){re.escape(str(key))}(?=\s*:)"
                lines[number - 1] = re.sub(written, meant, lines[number - 1], count=1)
                self.done.append((number, f"{key!r} is {meant!r}"))
        before, self.text = self.text, "\n".join(lines)
        return self.text != before

    def fix_values(self) -> None:
        """Values as they are meant, spaces tidied, keys in order."""
        parsed = _parsed(self.text)
        if parsed is None or parsed.errors:
            return
        fixes = list(_fixes(parsed.values, self.model, self.index))
        # Reading a file so that it can be edited takes long.
        is_tidy = not _UNTIDY.search(self.text, 0, len(self.text) - len(parsed.body))
        if (is_tidy and not fixes) or self._write(parsed, fixes):
            self._put_in_order()

    def _write(self, parsed: ParsedText, fixes: list[Fix]) -> bool:
        """Write the fixes, where they give the values that are meant and no others."""
        meant = copy.deepcopy(parsed.values)
        _apply(meant, {one.location: one.value for one in fixes})
        written = {one.location: one.written for one in fixes}
        try:
            spaced = edited(self.text, lambda _: None)
            fixed = edited(self.text, lambda values: _apply(values, written))
            if parse_text(spaced).values != parsed.values or parse_text(fixed).values != meant:
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
        """The keys in the order of the model, each with the comment above it."""
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
    """Each value that is not written as it is meant."""
    meaning = interpret(model, _with_https(values, _secure_hosts(values)), index)
    yield from _Comparison(index).mappings(values, meaning, (), model)
    yield from _missing(values, model, index)


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


def _with_comment(lines: list[str], line: int) -> int:
    """The first line of the comment directly above a line, or the line itself."""
    while line > 0 and lines[line - 1].startswith("#"):
        line -= 1
    return line
