"""The text of one file <-> its front matter, in which each value knows its line, and its body.

Reading goes by YAML nodes: python-frontmatter finds the two parts, but its own loader accepts a
repeated key and knows no lines. Writing goes by ruamel.yaml, which leaves what nobody changed as it
is.
"""

import contextlib
import datetime
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from timeline.content.characters import odd_characters
from timeline.content.yaml_slips import slips, tabs
from timeline.problems import MAX_PROBLEMS, Location
from timeline.schema.dates import ISO_DATE
from timeline.schema.introspect import field_spec
from timeline.schema.types import Document

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
LineMessage = tuple[int, str]

MAX_BYTES = 200_000  # a development is a page of text; anything larger is a mistake or an attack
MAX_FRONT_MATTER = 20_000
MAX_DEPTH = 10
MAX_ITEMS = 1_000  # of a list or mapping
MAX_VALUE = 3_000  # characters
TOO_DEEP = f"is nested too deeply; at most {MAX_DEPTH} levels are allowed"
SAFE_LENGTH = 3000  # more nested brackets than this would overrun the stack of the C composer

_FILE = re.compile(
    r"---[ \t]*\n(?:[ \t]*\n)*(?P<front>.*?)^---[ \t]*$(?P<rest>.*)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"(?:^|\s)#")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)")


class UnreadableError(Exception):
    """Nothing can be read from a file: on which line, and why; and what else is wrong."""

    def __init__(self, line: int, message: str, others: Iterable[LineMessage] = ()) -> None:
        super().__init__(message)
        self.line = line
        self.messages = [(line, message), *others]


@dataclass(frozen=True)
class ParsedText:
    """The parts of a file. `lines` gives the line of each key and list item by its location."""

    values: dict[str, Value]
    body: str
    body_line: int
    lines: dict[Location, int]
    errors: list[LineMessage] = field(default_factory=list)
    cut: dict[Location, str] = field(default_factory=dict)  # values that a comment follows, with it
    empty: list[Location] = field(default_factory=list)  # that have no value

    def line(self, location: Location) -> int:
        """The line of a value, or of the nearest one around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


def decode(data: bytes) -> str:
    """The text of a file, with Unix line endings. Raises UnreadableError."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(1, f"has {len(data):,} bytes; at most {MAX_BYTES:,} are allowed")
    if data.startswith(b"\xef\xbb\xbf"):
        raise UnreadableError(1, "begins with a byte-order mark; save it as UTF-8 without one")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"is not UTF-8 (byte 0x{data[error.start]:02x}){_encoding(data)}; save it as UTF-8"
        )
        raise UnreadableError(line, message) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    """What a file that is not UTF-8 likely is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " but UTF-16"
    for name, pattern in (("gb18030", "[\u4e00-\u9fff]{2}"), ("cp1252", ".")):
        with contextlib.suppress(UnicodeDecodeError):
            if re.search(pattern, data.decode(name)):
                return f", likely {'GB 18030 (GBK)' if name == 'gb18030' else 'Windows-1252'}"
    return ""


def character_messages(text: str) -> Iterator[LineMessage]:
    """Each character that nobody sees or that looks like another, with its line."""
    for odd in itertools.islice(odd_characters(text), MAX_PROBLEMS):
        yield text.count("\n", 0, odd.start) + 1, odd.message


def parse_text(text: str) -> ParsedText:
    """Split front matter and body, and read the front matter.

    Raises UnreadableError where there is no front matter that can be read.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        found = "not opened" if re.search(r"^---\s*$", text, re.MULTILINE) else "missing"
        message = f"the front matter is {found}; the file must begin with a line '---'"
        raise UnreadableError(1, message)
    first = text.split("\n", 1)[0].rstrip()
    if first != "---":
        raise UnreadableError(1, f"the file begins with {first!r}; write '---'")
    try:
        front, body = handler.split(text)
    except ValueError:
        message = "the front matter is not closed; put a line '---' after its last key"
        raise UnreadableError(1, message) from None
    return _parsed(text, front, body)


def parse_front_matter(front: str) -> ParsedText:
    """Read front matter alone, without the lines around it. Raises UnreadableError."""
    return _parsed(front, front, "")


def _parsed(text: str, front: str, body: str) -> ParsedText:
    first_line = text[: text.index(front)].count("\n") + 1
    try:
        node = _compose(front)
    except yaml.YAMLError as error:
        (line, message), *others = _syntax_errors(error, front, first_line)
        raise UnreadableError(line, message, others) from None
    reader = _NodeReader(front, first_line)
    values: Value = {}
    if isinstance(node, MappingNode):
        values = reader.value(node, ())
    else:
        reader.errors.append((1, "the front matter holds no keys; write 'key: value' lines"))
    assert isinstance(values, dict)
    reader.errors += [(slip.line + first_line, str(slip)) for slip in tabs(front)]
    body_line = text[: len(text) - len(body.lstrip("\n"))].count("\n") + 1
    found = reader.lines, reader.errors, reader.cut, reader.empty
    return ParsedText(values, body, body_line, *found)


def _compose(front: str) -> Node | None:
    if front.strip() == "":
        raise UnreadableError(1, "the front matter is empty")
    if len(front) > MAX_FRONT_MATTER:
        found, limit = f"{len(front):,}", f"{MAX_FRONT_MATTER:,}"
        message = f"the front matter has {found} characters; at most {limit} are allowed"
        raise UnreadableError(1, message)
    if len(front) > SAFE_LENGTH and _depth(front) > MAX_DEPTH:
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


def _syntax_errors(error: yaml.YAMLError, front: str, first_line: int) -> list[LineMessage]:
    """Every slip of the hand; the parser's own words where none is known."""
    found = [(s.line + first_line, str(s)) for s in itertools.islice(slips(front), MAX_PROBLEMS)]
    if found:
        return found
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    message = f"YAML cannot read this line or the one above ({reason}); look for a missing bracket"
    return [(min(line, front.count("\n") + first_line), f"{message}, quote or space")]


class _NodeReader:
    """One pass over the YAML nodes: values, lines and errors."""

    def __init__(self, front: str, first_line: int) -> None:
        self.first_line = first_line
        self.cut: dict[Location, str] = {}
        self._text_lines = front.split("\n")
        self.lines: dict[Location, int] = {}
        self.errors: list[LineMessage] = []
        self.empty: list[Location] = []
        self._seen: set[int] = set()
        self._constructor = SafeConstructor()

    def _line(self, node: Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def _error(self, node: Node, message: str) -> None:
        self.errors.append((self._line(node), message))

    def value(self, node: Node, location: Location) -> Value:
        """The value of a node."""
        self.lines.setdefault(location, self._line(node))
        is_alias = id(node) in self._seen  # an alias is the very node that it repeats
        if is_alias or len(location) > MAX_DEPTH:
            self._error(node, "YAML aliases (&, *) are not used here" if is_alias else TOO_DEEP)
            return None
        self._seen.add(id(node))
        size, limit, unit = len(node.value), MAX_ITEMS, "items"
        if isinstance(node, ScalarNode):
            limit, unit = MAX_VALUE, "characters"
        if size > limit:
            name = value_name(location)
            self._error(node, f"{name} has {size:,} {unit}; at most {limit:,} are allowed")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*location, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        self._note_comment(node, location)
        value = self._scalar(node, location)
        if value is None:
            self.empty.append(location)
        return value

    def _note_comment(self, node: ScalarNode, location: Location) -> None:
        """Remember a comment after a value, since it may be a part of it."""
        start, end = node.start_mark, node.end_mark
        line = self._text_lines[end.line] if end.line < len(self._text_lines) else ""
        if node.value and start.line == end.line and re.match(r"\s+#", line[end.column :]):
            self.cut[location] = line[start.column :].strip()

    def _mapping(self, node: MappingNode, location: Location) -> Value:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._error(key_node, "a key must be a word")
            elif key in values:
                first = self.lines[(*location, key)]
                self._error(key_node, f"duplicate key {key!r} (first on line {first}); keep one")
            else:
                self.lines[(*location, key)] = self._line(key_node)
                values[key] = self.value(value_node, (*location, key))
        return values

    def _scalar(self, node: ScalarNode, location: Location) -> Value:
        tag, text = str(node.tag).rpartition(":")[2], str(node.value)
        try:
            if tag == "null":
                return None
            if tag == "bool":
                return bool(self._constructor.construct_yaml_bool(node))
            if tag == "int":  # not octal, not 12:30, which YAML reads as numbers too
                return int(text) if _DECIMAL.fullmatch(text) else text
            if tag == "float":
                number = float(self._constructor.construct_yaml_float(node))
                if abs(number) < 1e300 and Decimal(text) != Decimal(repr(number)):
                    self._error(node, f"{value_name(location)} has more digits than are kept")
                return number if abs(number) < 1e300 else text
        except (ValueError, ArithmeticError, KeyError, IndexError, ConstructorError):
            return text
        if tag not in {"str", "timestamp"}:
            self._error(node, f"the YAML tag {node.tag!r} is not used here")
        # An escape in quotes can write them too.
        for odd in itertools.islice(odd_characters(text), MAX_PROBLEMS):
            self._error(node, odd.message)
        return text


def value_name(location: Location) -> str:
    """What a value is called in a message."""
    named = location and isinstance(location[-1], str)
    return repr(location[-1]) if named else "an item of the list"


def file_text(model: type[Document], values: Mapping[str, Value], body: str) -> str:
    """The text of a new file. Unknown keys come last, for the check to report."""
    return f"---\n{front_matter_text(model, values)}---\n{body.strip()}\n"


def front_matter_text(model: type[Document], values: Mapping[str, Value]) -> str:
    """The front matter alone, without the lines around it."""
    return _dumped(styled(model, values))


def edited(text: str, edit: Callable[[CommentedMap], None]) -> str:
    """The file after `edit` has changed its front matter in place.

    Nothing else changes: comments, quotes and the style of lists stay as they were written. Raises
    UnreadableError where there is no front matter that can be edited.
    """
    match = _FILE.fullmatch(text)
    try:
        values = _editor().load(match["front"]) if match else None
    except (YAMLError, ValueError) as error:  # of a date that does not exist
        raise UnreadableError(1, str(error)) from None
    if match is None or not isinstance(values, CommentedMap):
        raise UnreadableError(1, "the front matter cannot be edited")
    if len(_COMMENT.findall(_dumped(values))) != len(_COMMENT.findall(match["front"])):
        raise UnreadableError(1, "a comment within braces or brackets would be lost; move it out")
    edit(values)
    return f"---\n{_dumped(values)}---{match['rest']}"


def styled(model: type[BaseModel], values: Mapping[str, Value]) -> CommentedMap:
    """Values ready to be written: keys in the order of the model, plain lists on one line."""
    names = list(model.model_fields)
    keys = sorted(values, key=lambda key: names.index(key) if key in names else len(names))
    return CommentedMap((key, styled_value(model, key, values[key])) for key in keys)


def styled_value(model: type[BaseModel], key: str, value: Value) -> Any:
    """One value ready to be written under a key of a model."""
    spec = field_spec(model, key)
    inner = spec.model if spec else None
    if isinstance(value, dict):
        return styled(inner or BaseModel, value)
    if not isinstance(value, list):
        return _styled_scalar(value)
    is_plain = not any(isinstance(item, dict | list) for item in value)
    items = CommentedSeq(
        _styled_scalar(item, in_list=True) if is_plain else styled_value(model, key, item)
        for item in value
    )
    if is_plain:
        items.fa.set_flow_style()
    return items


def _styled_scalar(value: Any, *, in_list: bool = False) -> Any:
    """A date without quotes, any other text in double quotes where it needs them."""
    if not isinstance(value, str):
        return value
    match = ISO_DATE.fullmatch(value)
    if match and match[3]:
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(value)
    shown: Any = [value] if in_list else value
    dumped = yaml.safe_dump(shown, allow_unicode=True, width=MAX_BYTES, default_flow_style=True)
    return DoubleQuotedScalarString(value) if dumped.startswith(("'", '"', "['", '["')) else value


def _dumped(values: CommentedMap) -> str:
    text = io.StringIO()
    _editor().dump(values, text)
    return text.getvalue()


def _editor() -> YAML:
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = MAX_BYTES  # no line is wrapped
    editor.indent(mapping=2, sequence=4, offset=2)
    editor.brace_single_entry_mapping_in_flow_sequence = True
    return editor
