"""What in a file has one right answer and so can be mended without asking.

Each repair changes the text where it is wrong and nowhere else, so that comments stay and no line
is written anew. Where values would come out otherwise than meant, the repair is left undone. The
words of the text under the front matter are never touched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode

from timeline.contributing.repairs import applied, repairs
from timeline.model.document import Complaint, UnreadableError, Value, take_apart
from timeline.model.fields import Document, Known

_BOM = b"\xef\xbb\xbf"
FILE = re.compile(r"---[ \t]*\n(?P<front>.*?)^---[ \t]*$(?P<body>.*)", re.MULTILINE | re.DOTALL)
_UNQUOTED = re.compile(r"(?P<before>\s*(?:- )?[a-z_]+:\s+)(?P<value>[^\s'\"\[{|>&*!#].*?)\s*")
_KEY = re.compile(r"(?P<key>[a-z_]+)\s*:")
MOST_TRIES = 20

Front = Callable[[str], str]


@dataclass(frozen=True)
class Mended:
    """A file after its repair, and what was done, each with the line where it was."""

    data: bytes
    done: list[Complaint]


def mended(data: bytes, model: type[Document], known: Known) -> Mended:
    """Mend a file. What is no UTF-8 or has no front matter comes back as it was."""
    done: list[Complaint] = []
    try:
        text = _ends(data, done)
    except UnicodeDecodeError:
        return Mended(data, [])
    parts = FILE.fullmatch(text)
    if parts is None:
        return Mended(text.encode(), done)
    front = _quoted(_without_spaces(parts["front"], done), done)
    if _values(front) is not None:
        front = _repaired(front, model, known, done)
        front = _in_order(front, model.keys(), done)
    return Mended(f"---\n{front}---{parts['body']}".encode(), sorted(done))


def _ends(data: bytes, done: list[Complaint]) -> str:
    """Text without a byte-order mark, with the line ends of Unix and one at its end."""
    text = data.decode("utf-8").lstrip("\ufeff")  # two of them, where a program added its own
    if data.startswith(_BOM):
        done.append((1, "the byte-order mark is removed"))
    if "\r" in text:
        done.append((1, "the line ends are those of Unix"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    ended = text.rstrip("\n") + "\n"
    if ended != text:
        done.append((ended.count("\n"), "the file ends with one line end"))
    return ended


def _values(front: str) -> dict[str, Value] | None:
    """The values of front matter, or None where it cannot be read."""
    try:
        parts = take_apart(f"---\n{front}---\n.\n")
    except UnreadableError:
        return None
    return None if parts.complaints else parts.values


def _without_spaces(front: str, done: list[Complaint]) -> str:
    """No spaces at the ends of lines; where they belong to a value, they stay."""
    lines = front.split("\n")
    bare = [line.rstrip(" \t") for line in lines]
    if bare == lines or _values("\n".join(bare)) != _values(front):
        return front
    done += [
        (number, "the spaces at the line's end are removed")
        for number, (line, short) in enumerate(zip(lines, bare, strict=True), 2)
        if line != short
    ]
    return "\n".join(bare)


def _quoted(front: str, done: list[Complaint]) -> str:
    """Quotes around the values of which YAML makes nothing, such as those with a colon."""
    found: list[Complaint] = []
    text = front
    for _ in range(MOST_TRIES):
        try:
            yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            lines = text.split("\n")
            # YAML ends lines at U+0085 and U+2028 too, so its count may go beyond the file's.
            match = (
                _UNQUOTED.fullmatch(lines[mark.line]) if mark and mark.line < len(lines) else None
            )
            if mark is None or match is None:
                return front
            value = match["value"].replace("\\", "\\\\").replace('"', '\\"')
            lines[mark.line] = f'{match["before"]}"{value}"'
            text = "\n".join(lines)
            found.append((mark.line + 2, "the value stands in quotes"))
        except yaml.YAMLError:
            return front
        else:
            done += found
            return text
    return front


def _repaired(front: str, model: type[Document], known: Known, done: list[Complaint]) -> str:
    """The repairs of single values, all of them or none."""
    before = _values(front)
    assert before is not None
    found = repairs(front, before, model, known)
    text, meant = applied(front, before, found)
    if _values(text) != meant:
        return front
    done += [(front.count("\n", 0, repair.start) + 2, repair.said) for repair in found]
    return text


def _in_order(front: str, keys: list[str], done: list[Complaint]) -> str:
    """The keys in the order in which they are written, each with the comment above it."""
    node = yaml.compose(front, Loader=yaml.CSafeLoader)
    if not isinstance(node, MappingNode) or node.flow_style:
        return front
    lines = front.splitlines(keepends=True)
    starts = [with_comment(lines, key.start_mark.line) for key, _ in node.value]
    names = [str(key.value) for key, _ in node.value]
    ends = [*starts[1:], len(lines)]
    blocks = ["".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]
    places = [keys.index(name) if name in keys else len(keys) for name in names]
    wanted = sorted(range(len(names)), key=places.__getitem__)
    text = "".join([*lines[: starts[0]], *(blocks[place] for place in wanted)])
    if text == front or _values(text) != _values(front):
        return front
    done.append((starts[0] + 2, "the keys stand in order"))
    return text


def with_comment(lines: list[str], line: int) -> int:
    """The first line of the comment that stands directly above a line, or the line itself."""
    while line > 0 and lines[line - 1].startswith("#"):
        line -= 1
    return line
