"""One file -> a typed item, or every problem in it, each with its line."""

import functools
import json
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from timeline.content.front_matter import (
    ParsedText,
    UnreadableError,
    decode,
    invisible_characters,
    parse_text,
)
from timeline.problems import (
    BODY,
    MAX_PROBLEMS,
    Location,
    Problem,
    join_words,
    quoted,
    suggestion,
)
from timeline.schema.introspect import field_specs
from timeline.schema.types import Document, NameIndex, UnknownIdError

D = TypeVar("D", bound=Document)

_FOUND = {dict: "a mapping", list: "a list", str: "text", bool: "true or false"}
_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "a mapping of keys and values",
    "model_attributes_type": "a mapping of keys and values",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
}
CODE_FORMS = {
    "lang": "a language code such as en or zh-Hans",
    "language": "a language code such as en or zh-Hans",
    "jurisdiction": "an ISO 3166 code such as CN, CN-BJ or SG, or EU or INT",
    "currency": "an ISO 4217 code such as CNY",
}


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
    def sound(self) -> D | None:
        """The item where every key could be typed."""
        return None if self.failed else self.item

    def problem_at(self, location: Location, message: str, *, warning: bool = False) -> Problem:
        """A problem with what stands at a location of the front matter."""
        line = self.text.line(location)
        return Problem(self.path, line, message, warning, location)

    def _on_line(self, line: int, message: str) -> None:
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
        for line, message in invisible_characters(text):
            parsed._on_line(line, message)
        if parsed.problems:
            return parsed
        parsed.text = parse_text(text)
    except OSError as error:
        parsed._on_line(1, error.strerror or str(error))
        return parsed
    except UnreadableError as error:
        parsed._on_line(error.line, str(error))
        return parsed
    for line, message in parsed.text.errors:
        parsed._on_line(line, message)
    _validate_file(parsed, model, file.stem, index)
    return parsed


def _validate_file(parsed: ParsedFile[D], model: type[D], name: str, index: NameIndex) -> None:
    values = {key: value for key, value in parsed.text.values.items() if value is not None}
    for key in [key for key in values if key in model.FILE_FIELDS]:
        parsed.problems.append(parsed.problem_at((key,), unknown_key(key, model)))
        del values[key]
    values |= {"id": name, "path": parsed.path}
    values |= {"body": parsed.text.body.strip("\n"), "body_line": parsed.text.body_line}
    parsed.item, errors = validate(model, values, index)
    for error in errors[:MAX_PROBLEMS]:
        if not _follows_from_another(error, parsed.text):
            parsed.problems.append(parsed.problem_at(error["loc"], error_message(error, model)))
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


def _follows_from_another(error: ErrorDetails, text: ParsedText) -> bool:
    """Whether the error only follows from one that is reported already.

    That of a key without a value is one, that of a list whose items are all wrong another.
    """
    if error["input"] is None:
        return True
    if error["type"] == "missing":
        return error["loc"] in text.lines  # the key is there, without a value
    return error["type"] == "too_short" and bool(error["input"])


def error_message(error: ErrorDetails, model: type[Document]) -> str:
    """What pydantic found, in this project's words."""
    location, found = error["loc"], error["input"]
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"'{location[-1]}' is missing"
        case "extra_forbidden":
            return unknown_key(str(location[-1]), _model_at(model, location[:-1]))
        case "too_short":
            message = "is an empty list; leave the key out or name at least one"
        case "enum":
            message = _not_one_of(found, _choices_at(model, location))
        case "string_pattern_mismatch":
            message = f"{quoted(found)} is not {CODE_FORMS[name]}"
        case "value_error":
            found_error = context["error"]
            message = str(found_error)
            if isinstance(found_error, UnknownIdError):
                message += found_error.hint()
        case kind if kind in _EXPECTED:
            message = _wrong_type(kind, found)
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:]
    return f"'{name}': {message}"


def _wrong_type(kind: str, found: object) -> str:
    is_number = kind == "string_type" and isinstance(found, bool | int | float)
    hint = "; put it in quotes" if is_number else ""
    return f"must be {_EXPECTED[kind]}, not {_FOUND.get(type(found), 'a number')}{hint}"


def _not_one_of(found: object, choices: list[str]) -> str:
    hint = suggestion(str(found), {choice: choice for choice in choices})
    return f"{quoted(found)} is not one of {join_words(choices)}{hint}"


def unknown_key(key: str, model: type[BaseModel]) -> str:
    """That a model has no such key, and which it has."""
    keys = list(field_specs(model))
    hint = suggestion(key, {name: name for name in keys})
    return f"unknown key {quoted(key)}" + (hint or f"; allowed: {join_words(keys, 40)}")


def _choices_at(model: type[BaseModel], location: Location) -> list[str]:
    names = [part for part in location if isinstance(part, str)]
    return [str(one) for one in field_specs(_model_at(model, tuple(names[:-1])))[names[-1]].choices]


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """The model whose keys stand at a location."""
    for part in location:
        if isinstance(part, str):
            model = field_specs(model)[part].model or model
    return model
