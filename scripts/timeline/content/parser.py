"""One file -> a typed item, or every problem in it, each with its line."""

import functools
import itertools
import json
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from timeline.content.characters import INVISIBLE, replace_suspect_characters
from timeline.content.front_matter import (
    ParsedText,
    UnreadableError,
    character_messages,
    decode,
    parse_text,
)
from timeline.content.messages import error_message, no_value, unknown_key
from timeline.content.yaml_mistakes import join_comment, quoted_value
from timeline.problems import BODY, MAX_PROBLEMS, Location, Problem
from timeline.schema.introspect import field_specs, model_at, spec_at
from timeline.schema.synonyms import meant_key
from timeline.schema.types import Document, NameIndex

D = TypeVar("D", bound=Document)


class ParsedFile(Generic[D]):
    """What came of one file: the item as far as it can be typed, and the problems.

    `item` is None where nothing could be read. Where single keys failed, `item` has None in their
    place and `failed` names them, so that rules can still check the rest.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.item: D | None = None
        self.failed: frozenset[str] = frozenset()
        self.problems: list[Problem] = []
        self.text = ParsedText({}, "", 1, {})
        self.checked = False  # whether `problems` holds those of the rules too

    @property
    def valid_item(self) -> D | None:
        """The item, if every key is valid."""
        return None if self.failed else self.item

    def problem_at(self, location: Location, message: str, *, warning: bool = False) -> Problem:
        """A problem with what is at a location of the front matter."""
        line = self.text.line(location)
        return Problem(self.path, line, message, warning, location)

    def report(self, line: int, message: str) -> None:
        """Add a problem with a line."""
        location = BODY if line >= self.text.body_line > 1 else ()
        self.problems.append(Problem(self.path, line, message, location=location))


def parse_file(file: Path, path: str, model: type[D], index: NameIndex) -> ParsedFile[D]:
    """Read one file as the given kind of document. Never raises for what the file holds."""
    parsed: ParsedFile[D] = ParsedFile(path)
    try:
        if file.is_symlink():
            raise OSError("is a symbolic link; put the file itself here")
        if not file.is_file():
            raise OSError("is not a regular file")
        text = decode(file.read_bytes())
        for line, message in character_messages(text):
            parsed.report(line, message)
        text = replace_suspect_characters(text)
        if INVISIBLE.search(text):
            return parsed
        parsed.text = parse_text(text)
    except OSError as error:
        parsed.report(1, error.strerror or str(error))
        return parsed
    except UnreadableError as error:
        for line, message in error.messages:
            parsed.report(line, message)
        return parsed
    for line, message in parsed.text.errors:
        parsed.report(line, message)
    for location in parsed.text.empty:
        parsed.report(parsed.text.line(location), no_value(location, model))
    _validate_file(parsed, model, file.stem, index)
    return parsed


def _validate_file(parsed: ParsedFile[D], model: type[D], name: str, index: NameIndex) -> None:
    values = {key: value for key, value in parsed.text.values.items() if value is not None}
    for key in [key for key in values if key in model.FILE_FIELDS]:
        parsed.problems.append(parsed.problem_at((key,), unknown_key(key, model)))
        del values[key]
    values |= {"id": name, "path": parsed.path}
    values |= {"body": parsed.text.body.strip("\n"), "body_line": parsed.text.body_line}
    for location, written in itertools.islice(parsed.text.commented.items(), MAX_PROBLEMS):
        spec = spec_at(model, location)
        if spec and spec.is_free_text:
            start = "-" if isinstance(location[-1], int) else f"{spec.name}:"
            message = (
                f"{spec.name!r}: what follows ' #' is a comment, so readers never see it; write: "
                f"{start} {quoted_value(join_comment(written))}"
            )
            parsed.problems.append(parsed.problem_at(location, message))
    parsed.item, errors = validate(model, values, index)
    for error in errors[:MAX_PROBLEMS]:
        if not _follows_from_another(error, parsed.text, model):
            message = error_message(error, model, index, new_pages=len(errors) <= MAX_PROBLEMS)
            parsed.problems.append(parsed.problem_at(error["loc"], message))
    if len(errors) > MAX_PROBLEMS:
        message = f"the front matter has {len(errors) - MAX_PROBLEMS:,} more problems"
        parsed.problems.append(parsed.problem_at((), message))
    parsed.failed = frozenset(str(error["loc"][0]) for error in errors)


def validate(
    model: type[D], values: dict[str, Any], index: NameIndex
) -> tuple[D, list[ErrorDetails]]:
    """The values as an item, with None in the place of those that failed, and why they failed."""
    values = values | {"home": index.home}
    if "jurisdiction" in model.model_fields:
        values = {"jurisdiction": index.home} | values
    try:
        return _validated(model, values, index), []
    except ValidationError as error:
        errors = error.errors()
        failed = {str(detail["loc"][0]) for detail in errors}
        kept = {key: value for key, value in values.items() if key not in failed}
        return _validated(_partial(model), kept, index), errors


@functools.cache
def _partial(model: type[D]) -> type[D]:
    """The same model with every key optional."""
    fields: dict[str, Any] = {
        name: (info.rebuild_annotation(), Field(None))
        for name, info in model.model_fields.items()
        if info.is_required()
    }
    return create_model(f"Partial{model.__name__}", __base__=model, **fields)


def _validated(model: type[D], values: dict[str, Any], index: NameIndex) -> D:
    # From JSON, pydantic is strict about types and still takes lists for tuples.
    return model.model_validate_json(json.dumps(values), strict=True, context=index)


def _follows_from_another(error: ErrorDetails, text: ParsedText, model: type[BaseModel]) -> bool:
    """Whether the error only follows from one that is reported already.

    That of a key without a value is one, that of a list whose items are all wrong another.
    """
    if error["input"] is None:
        return True
    if error["type"] == "missing":
        *around, key = error["loc"]
        keys = {at[-1] for at in text.lines if at and at[:-1] == tuple(around)}
        unknown = keys - field_specs(model_at(model, tuple(around))).keys()
        # The key is there, without a value or by another name.
        return key in keys or any(meant_key(str(word), [str(key)]) for word in unknown)
    return error["type"] == "too_short" and bool(error["input"])
