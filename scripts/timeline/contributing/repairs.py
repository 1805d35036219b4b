"""The repairs of single values in front matter, as changes of the characters where they stand."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from timeline.contributing.drafting import listed, understood_text
from timeline.model.addresses import is_web_address
from timeline.model.document import Location, Value
from timeline.model.fields import Known
from timeline.model.shape import Slot, slot

_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Repair:
    """Other characters for those from `start` to `end`; `value` is what stands there then."""

    start: int
    end: int
    text: str
    said: str
    at: Location | None = None  # None where no value changes
    value: Value = None


def repairs(
    front: str, values: dict[str, Value], model: type[BaseModel], known: Known
) -> list[Repair]:
    """What can be mended in front matter, in the order of the file."""
    node = yaml.compose(front, Loader=yaml.CSafeLoader)
    walk = _Walk(front, known, _secure_hosts(values))
    found = walk.mapping(node, (), model) if isinstance(node, MappingNode) else iter(())
    return sorted(found, key=lambda repair: repair.start)


def applied(
    front: str, values: dict[str, Value], found: list[Repair]
) -> tuple[str, dict[str, Value]]:
    """The front matter after the repairs, and the values that are meant to stand in it."""
    meant: Any = copy.deepcopy(values)
    for repair in reversed(found):
        front = front[: repair.start] + repair.text + front[repair.end :]
        if repair.at is not None:
            inner = meant
            for part in repair.at[:-1]:
                inner = inner[part]
            inner[repair.at[-1]] = repair.value
    return front, meant


def _secure_hosts(value: Value) -> frozenset[str]:
    """The hosts that the file names with https."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return frozenset().union(*(_secure_hosts(inner) for inner in inside))
    if isinstance(value, str) and value.startswith("https://") and is_web_address(value):
        return frozenset({urlsplit(value).netloc})
    return frozenset()


class _Walk:
    """Goes through the nodes beside what the models say of each place."""

    def __init__(self, front: str, known: Known, secure: frozenset[str]) -> None:
        self.front = front
        self.known = known
        self.secure = secure

    def mapping(self, node: MappingNode, at: Location, model: type[BaseModel]) -> Iterator[Repair]:
        for key, value in node.value:
            found = slot(model, str(key.value))
            if found is None:
                continue
            start, end = key.end_mark.index, value.start_mark.index
            if re.fullmatch(r"[ \t]*:[ \t]+", self.front[start:end]) and end - start != 2:
                yield Repair(start, end, ": ", f"{key.value!r}: one space after the colon")
            yield from self.value(value, (*at, str(key.value)), found)

    def value(self, node: Node, at: Location, found: Slot) -> Iterator[Repair]:
        if isinstance(node, MappingNode) and found.model is not None:
            yield from self.mapping(node, at, found.model)
        elif isinstance(node, SequenceNode):
            yield from self.spaces(node, at)
            for index, item in enumerate(node.value):
                yield from self.value(item, (*at, index), found)
        elif isinstance(node, ScalarNode):
            yield from self.scalar(node, at, found)

    def spaces(self, node: SequenceNode, at: Location) -> Iterator[Repair]:
        """Between the items of a list in one line."""
        if not node.flow_style or node.start_mark.line != node.end_mark.line or not node.value:
            return
        ends = [node.start_mark.index + 1, *(item.end_mark.index for item in node.value)]
        starts = [*(item.start_mark.index for item in node.value), node.end_mark.index - 1]
        for place, (start, end) in enumerate(zip(ends, starts, strict=True)):
            wanted = "" if place in {0, len(node.value)} else ", "
            if self.front[start:end] != wanted:
                yield Repair(start, end, wanted, f"{at[-1]!r}: spaces between its items")

    def scalar(self, node: ScalarNode, at: Location, found: Slot) -> Iterator[Repair]:
        start, end = node.start_mark.index, node.end_mark.index
        key = next(part for part in reversed(at) if isinstance(part, str))
        old = str(node.value)
        new = self.meant(node, found)
        if found.many and found.model is None and isinstance(at[-1], str):
            items = self.items(node, found)
            if items:  # one value where a list belongs
                shown = ", ".join(written(item, found) for item in items)
                yield Repair(start, end, f"[{shown}]", f"{key!r}: a list", at, list(items))
            return
        text = written(new, found)
        if not isinstance(new, str):
            yield Repair(start, end, str(new), f"{key!r}: a number needs no quotes", at, new)
        elif new != old:
            yield Repair(start, end, text, f"{key!r}: {old} is {new}", at, new)
        elif self.front[start:end] != text and self.misquoted(node, found):
            yield Repair(start, end, text, f"{key!r}: {text}", at, new)

    def items(self, node: ScalarNode, found: Slot) -> list[str]:
        """The list that one value can only mean; empty where nothing is certain."""
        old = str(node.value).strip()
        if node.style in {"|", ">"} or "\n" in old or old.startswith("["):
            return []
        items = listed(found, old, self.known)
        if found.kind is None:  # a comma may part two names, or belong to one
            return [] if any(re.search("[,;，；、]", item) for item in items) else items
        names = [self.known.meant(found.kind, item) for item in items]
        return [str(name) for name in names] if all(names) else []

    def meant(self, node: ScalarNode, found: Slot) -> Value:
        """The value that belongs here: the same where nothing else is certain."""
        old = str(node.value)
        if found.model is not None:
            return old
        new = understood_text(found, old, self.known)
        if node.style and not isinstance(new, str | bool):  # a number in quotes
            return new
        if old.startswith("http://") and urlsplit(old).netloc in self.secure:
            return "https://" + old.removeprefix("http://")
        return new if isinstance(new, str) and (found.kind or found.words) else old

    def misquoted(self, node: ScalarNode, found: Slot) -> bool:
        """Whether quotes stand where none belong, or none where they are needed."""
        number = str(node.tag).rpartition(":")[2] in {"int", "float", "bool"}
        if found.kind or found.words or found.day:
            return bool(node.style)
        return found.base is str and number


def written(value: Value, found: Slot) -> str:
    """A value as YAML has it in one line."""
    text = str(value)
    if _PLAIN.fullmatch(text) and not (found.base is str and not found.kind):
        return text
    if text.startswith(("http://", "https://")) and not re.search(r"[,\[\]{}#]|: ", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
