"""The text of an entry with a correction in it: nothing else is written anew."""

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node

from timeline.contributing.mending import FILE, with_comment
from timeline.contributing.outline import plain_address
from timeline.contributing.repairs import written
from timeline.contributing.writing import front_matter
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.entry_parts import Source
from timeline.model.shape import slot

Change = tuple[int, int, str]  # other characters for those from the first to before the second


def with_keys(text: str, values: dict[str, Value]) -> str:
    """The file with these keys of its front matter as given, each in its place."""
    for key, value in values.items():
        front = _front(text)
        lines = front.splitlines(keepends=True)
        start, end = _place(front, lines, key)
        lines[start:end] = [front_matter(Entry, {key: value})]
        text = text.replace(front, "".join(lines), 1)
    return text


def _front(text: str) -> str:
    match = FILE.fullmatch(text)
    assert match  # what the check has read
    return match["front"]


def _place(front: str, lines: list[str], key: str) -> tuple[int, int]:
    """The lines of a key; where it does not stand yet, the empty place that it belongs in."""
    node = yaml.compose(front, Loader=yaml.CSafeLoader)
    assert isinstance(node, MappingNode)
    names = [str(name.value) for name, _ in node.value]
    starts = [with_comment(lines, name.start_mark.line) for name, _ in node.value] + [len(lines)]
    if key in names:
        at = names.index(key)
        return int(node.value[at][0].start_mark.line), starts[at + 1]
    order = Entry.keys()
    later = (at for at, name in enumerate(names) if order.index(name) > order.index(key))
    start = starts[next(later, -1)]
    return start, start


def with_address(text: str, dead: str, url: str | None, archived: str | None) -> str:
    """The file with another address, or a copy, for each source at a dead one."""
    front = _front(text)
    changed = front
    for start, end, new in sorted(_changes(front, dead, url, archived), reverse=True):
        changed = changed[:start] + new + changed[end:]
    return text.replace(front, changed, 1)


def _changes(front: str, dead: str, url: str | None, archived: str | None) -> Iterator[Change]:
    for source in _sources(front):
        keys = {str(key.value): (key, value) for key, value in source.value}
        key, value = keys.get("url", (None, None))
        if key is None or plain_address(str(value.value)) != plain_address(dead):
            continue
        if url:
            yield value.start_mark.index, value.end_mark.index, _address("url", url)
        if archived and "archived" in keys:
            old = keys["archived"][1]
            yield old.start_mark.index, old.end_mark.index, _address("archived", archived)
        elif archived:
            before = ", " if source.flow_style else f"\n{' ' * key.start_mark.column}"
            new = f"{before}archived: {_address('archived', archived)}"
            yield value.end_mark.index, value.end_mark.index, new


def _sources(front: str) -> Iterator[MappingNode]:
    node: Any = yaml.compose(front, Loader=yaml.CSafeLoader)
    lists: list[Node] = [value for key, value in node.value if key.value == "sources"]
    for source in lists[0].value if lists else ():
        if isinstance(source, MappingNode):
            yield source


def _address(key: str, value: str) -> str:
    found = slot(Source, key)
    assert found
    return written(value, found)
