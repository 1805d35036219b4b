"""Parse one file into a typed item, and report every problem in it with its line."""

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
from timeline.schema.synonyms import intended_key
from timeline.schema.types import Document, NameIndex

D = TypeVar("D", bound=Document)


class ParsedFile(Generic[D]):
    """The result of parsing one file: the item as far as it is valid, and the problems.

    `item` is None if the file could not be read. If single keys are invalid, `item` has None as
    their values and `failed` has their names, so that rules can still check the rest.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.item: D | None = None
        self.failed: frozenset[str] = frozenset()
        self.problems: list[Problem] = []
        self.text = ParsedText({}, "", 1, {})

    @property
    def valid_item(self) -> D | None:
        """The item, if every key is valid."""
        return None if self.failed else self.item

    def problem_at(self, location: Location, message: str, *, warning: bool = False) -> Problem:
        """Return a problem with the value at a location of the front matter."""
        return Problem(self.path, self.text.line(location), message, warning, location)

    def report(self, line: int, message: str) -> None:
        """Add a problem with a line to `problems`."""
        location = BODY if line >= self.text.body_line > 1 else ()
        self.problems.append(Problem(self.path, line, message, location=location))


def parse_file(file: Path, path: str, model: type[D], index: NameIndex) -> ParsedFile[D]:
    """Parse a file as the given kind of document. Never raises because of the file's content."""
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
                f"{spec.name!r}: text after ' #' is a comment that readers never see; write: "
                f"{start} {quoted_value(join_comment(written))}"
            )
            parsed.problems.append(parsed.problem_at(location, message))
    parsed.item, errors = validate(model, values, index)
    for error in errors[:MAX_PROBLEMS]:
        if not _is_consequence(error, parsed.text, model):
            message = error_message(error, model, index, new_pages=len(errors) <= MAX_PROBLEMS)
            parsed.problems.append(parsed.problem_at(error["loc"], message))
    if len(errors) > MAX_PROBLEMS:
        message = f"the front matter has {len(errors) - MAX_PROBLEMS:,} more problems"
        parsed.problems.append(parsed.problem_at((), message))
    parsed.failed = frozenset(str(error["loc"][0]) for error in errors)


def validate(
    model: type[D], values: dict[str, Any], index: NameIndex
) -> tuple[D, list[ErrorDetails]]:
    """Return the values as an item, with None for the invalid ones, and their errors."""
    values = values | {"home": index.home}
    if "jurisdiction" in model.model_fields:
        values = {"jurisdiction": index.home} | values
    try:
        return _validated(model, values, index), []
    except ValidationError as error:
        errors = error.errors()
        failed = {str(detail["loc"][0]) for detail in errors}
        valid = {key: value for key, value in values.items() if key not in failed}
        return _validated(_partial(model), valid, index), errors


@functools.cache
def _partial(model: type[D]) -> type[D]:
    """Return a subclass of a model in which every key is optional."""
    fields: dict[str, Any] = {
        name: (info.rebuild_annotation(), Field(None))
        for name, info in model.model_fields.items()
        if info.is_required()
    }
    return create_model(f"Partial{model.__name__}", __base__=model, **fields)


def _validated(model: type[D], values: dict[str, Any], index: NameIndex) -> D:
    # In strict mode, pydantic accepts lists as tuples only from JSON.
    return model.model_validate_json(json.dumps(values), strict=True, context=index)


def _is_consequence(error: ErrorDetails, text: ParsedText, model: type[BaseModel]) -> bool:
    """Return whether an error only follows from another one, which is reported already.

    Examples are the errors for a key without a value, and for a list whose items are all invalid.
    """
    if error["input"] is None:
        return True
    if error["type"] == "missing":
        *around, key = error["loc"]
        keys = {at[-1] for at in text.lines if at and at[:-1] == tuple(around)}
        unknown = keys - field_specs(model_at(model, tuple(around))).keys()
        # The key is there, without a value or under another name.
        return key in keys or any(intended_key(str(word), [str(key)]) for word in unknown)
    return error["type"] == "too_short" and bool(error["input"])
