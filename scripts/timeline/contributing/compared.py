"""Writes down in an entry's file that it was compared with its sources."""

import datetime

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from timeline.model.document import UnreadableError, take_apart


def with_checked(text: str, day: datetime.date, numbers: set[int]) -> str:
    """The file's text with `checked: day` in its sources of these numbers, from 1.

    Nothing else changes. Raises ValueError where a source is missing or the file cannot be mended.
    """
    try:
        before = take_apart(text)
    except UnreadableError as error:
        raise ValueError(f"line {error.line}: {error}") from None
    sources = before.values.get("sources")
    count = len(sources) if isinstance(sources, list) else 0
    wrong = sorted(number for number in numbers if not 1 <= number <= count)
    if wrong or not isinstance(sources, list):
        raise ValueError(f"there is no source {wrong[0] if wrong else 1}; the entry has {count}")
    start = text.index("\n") + 1
    front = text[start : text.index("\n---", start) + 1]
    changed = front
    for number in sorted(numbers, reverse=True):
        changed = _marked(changed, number - 1, day)
        source = sources[number - 1]
        assert isinstance(source, dict)
        source["checked"] = str(day)
    written = text[:start] + changed + text[start + len(front) :]
    if take_apart(written).values != before.values:
        raise ValueError("the sources are written in a way that only a person can change")
    return written


def _marked(front: str, number: int, day: datetime.date) -> str:
    root = yaml.compose(front, Loader=yaml.CSafeLoader)
    assert isinstance(root, MappingNode)
    listed = next(value for key, value in root.value if key.value == "sources")
    assert isinstance(listed, SequenceNode)
    node = listed.value[number]
    if not isinstance(node, MappingNode) or not node.value:
        raise ValueError(f"source {number + 1} has no keys")
    for key, value in node.value:
        if key.value == "checked" and isinstance(value, ScalarNode):
            return front[: value.start_mark.index] + str(day) + front[value.end_mark.index :]
    first, (_, last) = node.value[0][0], node.value[-1]
    if node.flow_style:
        place, new = last.end_mark.index, f", checked: {day}"
    else:
        place = front.index("\n", last.end_mark.index - 1)
        new = f"\n{' ' * first.start_mark.column}checked: {day}"
    return front[:place] + new + front[place:]
