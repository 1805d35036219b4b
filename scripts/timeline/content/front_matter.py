"""Read and write the front matter of one file, with the line of each value, and the file's body.

python-frontmatter separates the two parts. The front matter is then read from its YAML nodes, since
python-frontmatter's loader accepts repeated keys and drops line numbers. It is written by
ruamel.yaml, which leaves everything unchanged that was not edited.
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

from timeline.content.characters import suspect_characters
from timeline.content.yaml_mistakes import find_mistakes, find_tabs
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
SAFE_LENGTH = 3000  # characters; more nested brackets than this overrun the C composer's stack

_FILE = re.compile(
    r"---[ \t]*\n(?:[ \t]*\n)*(?P<front>.*?)^---[ \t]*$(?P<rest>.*)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"(?:^|\s)#")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)")


class UnreadableError(Exception):
    """Raised when a file cannot be read, with the line, the reason and any other errors."""

    def __init__(self, line: int, message: str, others: Iterable[LineMessage] = ()) -> None:
        super().__init__(message)
        self.line = line
        self.messages = [(line, message), *others]


@dataclass(frozen=True)
class ParsedText:
    """The front matter and the body of a file. `lines` maps each key and list item to its line."""

    values: dict[str, Value]
    body: str
    body_line: int
    lines: dict[Location, int]
    errors: list[LineMessage] = field(default_factory=list)
    commented: dict[Location, str] = field(default_factory=dict)  # values with the comment after
    empty: list[Location] = field(default_factory=list)  # keys and items without a value

    def line(self, location: Location) -> int:
        """Return the line of a value, or of the innermost value around it that has a line."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


def decode(data: bytes) -> str:
    """Return the text of a file, with Unix line endings. Raises UnreadableError."""
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
    """Return the likely encoding of a file that is not UTF-8, as the end of a clause."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " but UTF-16"
    for name, pattern in (("gb18030", "[\u4e00-\u9fff]{2}"), ("cp1252", ".")):
        with contextlib.suppress(UnicodeDecodeError):
            if re.search(pattern, data.decode(name)):
                return f", likely {'GB 18030 (GBK)' if name == 'gb18030' else 'Windows-1252'}"
    return ""


def character_messages(text: str) -> Iterator[LineMessage]:
    """Yield a message, with its line, for each suspect character."""
    for suspect in itertools.islice(suspect_characters(text), MAX_PROBLEMS):
        yield text.count("\n", 0, suspect.start) + 1, suspect.message


def parse_text(text: str) -> ParsedText:
    """Split front matter and body, and read the front matter.

    Raises UnreadableError if there is no front matter that can be read.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        found = "not opened" if re.search(r"^---\s*$", text, re.MULTILINE) else "missing"
        message = f"the front matter is {found}; the file must begin with a line '---'"
        raise UnreadableError(1, message)
    first = text.split("\n", 1)[0].rstrip()
    if first != "---":
        raise UnreadableError(1, f"the first line is {first!r}; write '---'")
    try:
        front, body = handler.split(text)
    except ValueError:
        message = "the front matter is not closed; put a line '---' after its last key"
        raise UnreadableError(1, message) from None
    return _parsed(text, front, body)


def parse_front_matter(front: str) -> ParsedText:
    """Parse front matter without the `---` lines around it. Raises UnreadableError."""
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
        reader.errors.append((1, "the front matter has no keys; write 'key: value' lines"))
    assert isinstance(values, dict)
    reader.errors += [(mistake.line + first_line, str(mistake)) for mistake in find_tabs(front)]
    body_line = text[: len(text) - len(body.lstrip("\n"))].count("\n") + 1
    found = reader.lines, reader.errors, reader.commented, reader.empty
    return ParsedText(values, body, body_line, *found)


def _compose(front: str) -> Node | None:
    if front.strip() == "":
        raise UnreadableError(1, "the front matter is empty; write 'key: value' lines")
    if len(front) > MAX_FRONT_MATTER:
        found, limit = f"{len(front):,}", f"{MAX_FRONT_MATTER:,}"
        message = f"the front matter has {found} characters; at most {limit} are allowed"
        raise UnreadableError(1, message)
    if len(front) > SAFE_LENGTH and _depth(front) > MAX_DEPTH:
        raise UnreadableError(1, f"the front matter {TOO_DEEP}")
    node: Node | None = yaml.compose(front, Loader=yaml.CSafeLoader)
    return node


def _depth(front: str) -> int:
    """Return the number of levels of the YAML."""
    depth = deepest = 0
    for event in yaml.parse(front, Loader=yaml.CSafeLoader):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
    return deepest


def _syntax_errors(error: yaml.YAMLError, front: str, first_line: int) -> list[LineMessage]:
    """Return the typing mistakes found in the front matter, else the YAML parser's own message."""
    mistakes = list(itertools.islice(find_mistakes(front), MAX_PROBLEMS))
    if mistakes:
        return [(mistake.line + first_line, str(mistake)) for mistake in mistakes]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    message = f"YAML cannot read this line or the one above ({reason}); look for a missing bracket"
    return [(min(line, front.count("\n") + first_line), f"{message}, quote or space")]


class _NodeReader:
    """Reads values, their lines and the errors in a single pass over the YAML nodes."""

    def __init__(self, front: str, first_line: int) -> None:
        self.first_line = first_line
        self.commented: dict[Location, str] = {}
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
        """Return the value of a node and record its line and errors."""
        self.lines.setdefault(location, self._line(node))
        if id(node) in self._seen:  # the composer returns the node itself for an alias of it
            self._error(node, "YAML aliases (&, *) are not allowed; write the value again")
            return None
        if len(location) > MAX_DEPTH:
            self._error(node, f"{value_name(location)} {TOO_DEEP}")
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
        """Record a value followed by a comment, which may be intended as part of the value."""
        start, end = node.start_mark, node.end_mark
        line = self._text_lines[end.line] if end.line < len(self._text_lines) else ""
        if node.value and start.line == end.line and re.match(r"\s+#", line[end.column :]):
            self.commented[location] = line[start.column :].strip()

    def _mapping(self, node: MappingNode, location: Location) -> Value:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._error(key_node, "a key must be a word; write 'key: value'")
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
            if tag == "int":  # YAML also reads octal numbers and 12:30 as integers; they stay text
                return int(text) if _DECIMAL.fullmatch(text) else text
            if tag == "float":
                number = float(self._constructor.construct_yaml_float(node))
                if abs(number) < 1e300 and Decimal(text) != Decimal(repr(number)):
                    message = "has more digits than can be stored exactly; round it"
                    self._error(node, f"{value_name(location)} {message}")
                return number if abs(number) < 1e300 else text
        except (ValueError, ArithmeticError, KeyError, IndexError, ConstructorError):
            return text
        if tag not in {"str", "timestamp"}:
            self._error(node, f"the YAML tag {node.tag!r} is not allowed; remove it")
        # An escape sequence in quotes can stand for a suspect character.
        for suspect in itertools.islice(suspect_characters(text), MAX_PROBLEMS):
            self._error(node, suspect.message)
        return text


def value_name(location: Location) -> str:
    """Return the name of a value for use in a message."""
    named = location and isinstance(location[-1], str)
    return repr(location[-1]) if named else "an item of the list"


def file_text(model: type[Document], values: Mapping[str, Value], body: str) -> str:
    """Return the text of a new file. Unknown keys come last, for the check to report."""
    return f"---\n{front_matter_text(model, values)}---\n{body.strip()}\n"


def front_matter_text(model: type[Document], values: Mapping[str, Value]) -> str:
    """Return the front matter without the `---` lines around it."""
    return _dumped(styled(model, values))


def edited(text: str, edit: Callable[[CommentedMap], None]) -> str:
    """Return the text of a file after `edit` has changed its front matter in place.

    Comments, quotes and the style of lists stay as they were written. Raises UnreadableError if
    there is no front matter that can be edited.
    """
    match = _FILE.fullmatch(text)
    try:
        values = _editor().load(match["front"]) if match else None
    except (YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise UnreadableError(1, str(error)) from None
    if match is None or not isinstance(values, CommentedMap):
        raise UnreadableError(1, "the front matter cannot be edited")
    if len(_COMMENT.findall(_dumped(values))) != len(_COMMENT.findall(match["front"])):
        raise UnreadableError(1, "a comment within braces or brackets would be lost; move it out")
    edit(values)
    return f"---\n{_dumped(values)}---{match['rest']}"


def styled(model: type[BaseModel], values: Mapping[str, Value]) -> CommentedMap:
    """Return values ready to be written: keys in the model's order, plain lists on one line."""
    names = list(model.model_fields)
    keys = sorted(values, key=lambda key: names.index(key) if key in names else len(names))
    return CommentedMap((key, styled_value(model, key, values[key])) for key in keys)


def styled_value(model: type[BaseModel], key: str, value: Value) -> Any:
    """Return a value ready to be written under a key of a model."""
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
    """Return a date without quotes, and any other text in double quotes if it needs them."""
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
    editor.width = MAX_BYTES  # never wrap a line
    editor.indent(mapping=2, sequence=4, offset=2)
    editor.brace_single_entry_mapping_in_flow_sequence = True
    return editor
