"""The text of one file -> front matter whose every value knows its line, and the body."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from timeline.model.wording import Wording

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
Location = tuple[str | int, ...]
Complaint = tuple[int, str]  # line, message

MOST_BYTES = 200_000  # a development is a page of text; anything larger is a mistake or an attack
MOST_FRONT = 20_000
MOST_LEVELS = 10
TOO_DEEP = f"is nested too deeply; {MOST_LEVELS} levels is the most"
SAFE_LENGTH = 3000  # more brackets than this, nested, would overrun the stack of the C composer

# Characters that show nothing or mislead: controls, what turns the direction of text, private use.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\u200b\u200e\u200f\u061c\u2060\ufeff\ufff9-\uffff\u3164\U000e0000-\U0010ffff]"
)


class UnreadableError(Exception):
    """Nothing can be made of a file: on which line, and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Parts:
    """A file taken apart. `lines` gives the line of each key and list item by its location."""

    values: dict[str, Value]
    body: str
    body_line: int
    lines: dict[Location, int]
    complaints: list[Complaint] = field(default_factory=list)

    def line(self, location: Location) -> int:
        """The line of the value, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)")


def decode(data: bytes) -> str:
    """Bytes -> text with the line ends of Unix. Raises UnreadableError."""
    if len(data) > MOST_BYTES:
        raise UnreadableError(1, f"has {len(data):,} bytes; {MOST_BYTES:,} is the most")
    if data.startswith(b"\xef\xbb\xbf"):
        raise UnreadableError(1, "begins with a byte-order mark; save it as UTF-8 without one")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"is not UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8"
        raise UnreadableError(line, said) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unseen(text: str) -> Iterator[Complaint]:
    """Characters that show nothing or mislead."""
    for match in UNSEEN.finditer(text):
        name = unicodedata.name(match[0], "control character")
        character = "a NUL byte" if match[0] == "\0" else f"U+{ord(match[0]):04X} ({name})"
        yield text.count("\n", 0, match.start()) + 1, Wording.UNSEEN.format(character=character)


def take_apart(text: str) -> Parts:
    """Split front matter and body, and read the front matter as YAML nodes.

    python-frontmatter finds the two; its own loader would take a repeated key and tell no lines.
    Raises UnreadableError where there is no front matter that can be read.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        raise UnreadableError(1, _without_opening(text))
    try:
        front, body = handler.split(text)
    except ValueError:
        closing = "the front matter is not closed; put a line '---' after its last key"
        raise UnreadableError(1, closing) from None
    return _parts(text, front, body)


def front_matter(front: str) -> Parts:
    """Read front matter that stands alone, without its marks. Raises UnreadableError."""
    return _parts(front, front, "")


def _parts(text: str, front: str, body: str) -> Parts:
    body_line = text[: len(text) - len(body)].count("\n") + 1
    try:
        node = _compose(front)
    except yaml.YAMLError as error:
        raise UnreadableError(*_syntax(error, text, front)) from None
    return _Walk(offset=text.index(front)).parts(text, node, body, body_line)


def _compose(front: str) -> Node | None:
    if front.strip() == "":
        raise UnreadableError(1, "the front matter is empty")
    if len(front) > MOST_FRONT:
        said = Wording.FRONT.format(count=f"{len(front):,}", most=f"{MOST_FRONT:,}")
        raise UnreadableError(1, said)
    if len(front) > SAFE_LENGTH and _depth(front) > MOST_LEVELS:
        raise UnreadableError(1, f"the front matter {TOO_DEEP}")
    node: Node | None = yaml.compose(front, Loader=yaml.CSafeLoader)
    return node


def _depth(front: str) -> int:
    """How deeply the YAML is nested."""
    depth = deepest = 0
    for event in yaml.parse(front, Loader=yaml.CSafeLoader):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
    return deepest


def _without_opening(text: str) -> str:
    if re.search(r"^---\s*$", text, re.MULTILINE):
        return "the front matter is not opened; the file must begin with a line '---'"
    return "there is no front matter; the file must begin with a line '---'"


def _syntax(error: yaml.YAMLError, text: str, front: str) -> Complaint:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    before = text[: text.index(front)].count("\n")
    line = before + (mark.line if mark else 0) + 1
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    return min(line, text.count("\n") + 1), (
        f"the front matter is not YAML ({said}); a value with ': ' or '#' needs quotes"
    )


class _Walk:
    """One pass over the node tree: values, lines and complaints."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.lines: dict[Location, int] = {}
        self.complaints: list[Complaint] = []
        self.seen: set[int] = set()
        self.constructor = SafeConstructor()

    def parts(self, text: str, node: Node | None, body: str, body_line: int) -> Parts:
        self.before = text[: self.offset].count("\n") + 1
        values: Value = {}
        if isinstance(node, MappingNode):
            values = self.value(node, ())
        else:
            self.complaints.append((1, "the front matter holds no keys; write 'key: value' lines"))
        assert isinstance(values, dict)
        return Parts(values, body, body_line, self.lines, self.complaints)

    def line(self, node: Node) -> int:
        return int(node.start_mark.line) + self.before

    def complain(self, node: Node, message: str) -> None:
        self.complaints.append((self.line(node), message))

    def value(self, node: Node, at: Location) -> Value:
        self.lines.setdefault(at, self.line(node))
        if id(node) in self.seen or len(at) > MOST_LEVELS:
            aliased = id(node) in self.seen
            self.complain(node, "YAML aliases (&, *) are not used here" if aliased else TOO_DEEP)
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*at, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self.scalar(node, at)

    def mapping(self, node: MappingNode, at: Location) -> Value:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self.complain(key_node, "a key must be a word")
            elif key in values:
                first = self.lines[(*at, key)]
                self.complain(key_node, f"the key {key!r} stands twice (first on line {first})")
            else:
                self.lines[(*at, key)] = self.line(key_node)
                values[key] = self.value(value_node, (*at, key))
        return values

    def scalar(self, node: ScalarNode, at: Location) -> Value:
        kind = str(node.tag).rpartition(":")[2]
        try:
            if kind == "null":
                where = repr(at[-1]) if at and isinstance(at[-1], str) else "an item of the list"
                self.complain(node, f"{where} has no value; write one or leave it out")
                return None
            if kind == "bool":
                return bool(self.constructor.construct_yaml_bool(node))
            if kind == "int":  # not octal, not 12:30, which YAML reads as numbers too
                return int(node.value) if _DECIMAL.fullmatch(str(node.value)) else str(node.value)
            if kind == "float":
                number = float(self.constructor.construct_yaml_float(node))
                return number if abs(number) < 1e300 else str(node.value)
        except (ValueError, KeyError, IndexError, ConstructorError):
            return str(node.value)
        if kind not in {"str", "timestamp"}:
            self.complain(node, f"the YAML tag {node.tag!r} is not used here")
        for _, said in unseen(str(node.value)):
            self.complain(node, said)
        return str(node.value)
