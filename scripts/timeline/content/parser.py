"""One file -> a typed item, or every problem in it, each with its line."""

import functools
import itertools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from timeline.content.characters import INVISIBLE, without_odd
from timeline.content.dates import read_dates
from timeline.content.front_matter import (
    ParsedText,
    UnreadableError,
    Value,
    character_messages,
    decode,
    parse_text,
    value_name,
)
from timeline.content.interpret import (
    cited_articles,
    interpret_text,
    read_amount,
    row_of,
    split_list,
)
from timeline.content.yaml_slips import quoted_value, uncommented
from timeline.problems import (
    BODY,
    MAX_PROBLEMS,
    Location,
    Problem,
    join_words,
    quoted,
    suggestion,
)
from timeline.schema.introspect import FieldSpec, field_specs
from timeline.schema.synonyms import explained_key, explained_value, meant_key
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
        for line, message in character_messages(text):
            parsed._on_line(line, message)
        text = without_odd(text)
        if INVISIBLE.search(text):
            return parsed
        parsed.text = parse_text(text)
    except OSError as error:
        parsed._on_line(1, error.strerror or str(error))
        return parsed
    except UnreadableError as error:
        for line, message in error.messages:
            parsed._on_line(line, message)
        return parsed
    for line, message in parsed.text.errors:
        parsed._on_line(line, message)
    for location in parsed.text.empty:
        parsed._on_line(parsed.text.line(location), _no_value(location, model))
    _validate_file(parsed, model, file.stem, index)
    return parsed


def _validate_file(parsed: ParsedFile[D], model: type[D], name: str, index: NameIndex) -> None:
    values = {key: value for key, value in parsed.text.values.items() if value is not None}
    for key in [key for key in values if key in model.FILE_FIELDS]:
        parsed.problems.append(parsed.problem_at((key,), unknown_key(key, model)))
        del values[key]
    values |= {"id": name, "path": parsed.path}
    values |= {"body": parsed.text.body.strip("\n"), "body_line": parsed.text.body_line}
    for location, written in itertools.islice(parsed.text.cut.items(), MAX_PROBLEMS):
        spec = spec_at(model, location)
        if spec and spec.is_free_text:
            start = "-" if isinstance(location[-1], int) else f"{spec.name}:"
            message = (
                f"{spec.name!r}: what follows ' #' is a comment, so readers never see it; write: "
                f"{start} {quoted_value(uncommented(written))}"
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
        unknown = keys - field_specs(_model_at(model, tuple(around))).keys()
        # The key is there, without a value or by another name.
        return key in keys or any(meant_key(str(word), [str(key)]) for word in unknown)
    return error["type"] == "too_short" and bool(error["input"])


def error_message(
    error: ErrorDetails, model: type[Document], index: NameIndex, *, new_pages: bool = True
) -> str:
    """What pydantic found, in this project's words. `new_pages` offers to add one that is named."""
    location, found = error["loc"], error["input"]
    spec = spec_at(model, location)
    instead = _instead(error, spec, index)
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"'{location[-1]}' is missing" + _example_of(model, location, index)
        case "extra_forbidden":
            return unknown_key(str(location[-1]), _model_at(model, location[:-1]))
        case "too_short":
            leave = "" if spec and spec.required else "leave the key out or "
            message = f"is an empty list; {leave}name at least one"
        case "enum":
            assert spec is not None
            message = _not_one_of(str(found), spec, instead)
            if isinstance(found, list):
                message = f"must be one value, not a list{instead and f'; write {instead}'}"
        case "value_error" if isinstance(context["error"], UnknownIdError):
            message = f"{context['error']}{_known(error, spec, index, new_pages=new_pages)}"
        case "value_error":
            message = str(context["error"])
            message = f"{message.partition('; ')[0]}; write {instead}" if instead else message
        case kind if kind in _EXPECTED:
            message = f"must be {_EXPECTED[kind]}, not {_FOUND.get(type(found), 'a number')}"
            message += f"; write {instead}" if instead else ""
        case "greater_than_equal":
            message = f"must be at least {context['ge']}, not {found}"
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:]
    return f"'{name}': {message}"


def _example_of(model: type[Document], location: Location, index: NameIndex) -> str:
    """What a missing key holds."""
    spec = spec_at(model, location)
    if spec is None or not spec.description:
        return ""
    if spec.choices:
        return f"; write one of {', '.join(spec.choices)}"
    if spec.name == "added":
        return f" ({spec.description}); write added: {index.today}, which is today"
    example = "; write it as 2022-04-29" if spec.is_date else ""
    if spec.kind and spec.is_list:
        one = min(index.ids[spec.kind], default="…")
        example = f"; name pages of docs/{spec.kind}/, such as [{one}]"
    return f" ({spec.description}){example}"


def _instead(error: ErrorDetails, spec: FieldSpec | None, index: NameIndex) -> str:
    """What to write for a value that is understood; nothing where it is not."""
    found = error["input"]
    is_whole = isinstance(error["loc"][-1], str)
    if spec and spec.is_list and spec.model and isinstance(found, dict) and is_whole:
        return f"a dash and a space before its first key: - {next(iter(found), '')}: …"
    if spec and spec.is_list and isinstance(found, dict) and not any(found.values()):
        found = ", ".join(found)  # in braces
    if spec and not spec.is_list and isinstance(found, list) and len(found) == 1:
        found = found[0]
    if spec is None or not isinstance(found, str | int | float):
        return ""
    text = str(found)
    is_list = spec.is_list and is_whole
    if spec.model:
        specs = field_specs(spec.model)
        row: dict[str, Value] = {key: "…" for key, one in specs.items() if one.required}
        row |= row_of(spec, text, index) or {}
        row = row or {next(iter(specs)): "…"}
        written = {k: _list(v) if isinstance(v, list) else v for k, v in row.items()}
        shown = ", ".join(f"{key}: {value}" for key, value in written.items())
        shown = f"{{{shown}}}"
    elif is_list:
        return _as_list(spec, text, index)
    elif spec.is_date:
        dates = [str(date) for date in read_dates(text)]
        return " or ".join(dates)
    elif spec.value_type is Decimal and (amount := read_amount(text)):
        shown = amount[0] + (f", with currency: {amount[1]}" if amount[1] else "")
    else:
        shown = _shown(spec, text, index)
        is_same = spec.is_free_text or shown in (text, quoted_value(text))
        return "" if isinstance(error["input"], str) and is_same else shown
    return f"[{shown}]" if is_list else shown


def _known(
    error: ErrorDetails, spec: FieldSpec | None, index: NameIndex, *, new_pages: bool
) -> str:
    """What a name that no page has is meant for."""
    is_list = bool(spec and spec.is_list)
    cited = None if is_list else cited_articles(str(error["input"]), index)
    if cited:
        return f"; write {cited[0]}, with articles: {_list(cited[1])}"
    return str(error["ctx"]["error"].hint(new_pages=new_pages, is_list=is_list))


def _as_list(spec: FieldSpec, text: str, index: NameIndex) -> str:
    """A text as the list that it stands for, and what to do about the names that no page has."""
    items = [] if text.lower() in _NONE else split_list(spec, text, index)
    shown = ", ".join(_shown(spec, item, index) for item in items)
    lost = [item for item in items if spec.kind and not index.resolve(spec.kind, item)]
    hints = [UnknownIdError("", item, spec.kind, index).hint() for item in lost if spec.kind]
    return f"[{shown}]{''.join(hints)}"


def _list(values: list[Any]) -> str:
    return f"[{', '.join(quoted_value(str(value)) for value in values)}]"


_NONE = frozenset({"none", "n/a", "no", "-", "null"})


def _shown(spec: FieldSpec, text: str, index: NameIndex) -> str:
    """One value as it is written in front matter."""
    meant = str(interpret_text(spec, text, index))
    is_plain = spec.value_type is not str or bool(spec.pattern and not meant.isdigit())
    return meant if is_plain else quoted_value(meant)


def _not_one_of(found: str, spec: FieldSpec, instead: str) -> str:
    explained = explained_value(spec.value_type, found) or (instead and f"write {instead}")
    if explained:
        return f"{quoted(found)} is not one of the values; {explained}"
    hint = suggestion(found, {str(choice): str(choice) for choice in spec.choices})
    return f"{quoted(found)} is not one of {join_words(spec.choices)}{hint}"


def unknown_key(key: str, model: type[BaseModel]) -> str:
    """That a model has no such key, and which it has."""
    specs = field_specs(model)
    known = {name: name for name in specs}
    inner = {k: name for name, spec in specs.items() if spec.model for k in field_specs(spec.model)}
    hint = suggestion(key, known)
    meant = "" if hint else explained_key(key, list(specs), inner)
    allowed = f"allowed: {join_words(known, 40)}"
    return f"unknown key {quoted(key)}{hint or f'; {meant or allowed}'}"


def _no_value(location: Location, model: type[BaseModel]) -> str:
    """The message on a key or an item of a list that has no value."""
    spec = spec_at(model, location)
    if spec and spec.required and location[-1] == spec.name:
        return f"{spec.name!r} has no value; it is required: {spec.description}"
    return f"{value_name(location)} has no value; write one, or leave it out if it is optional"


def spec_at(model: type[BaseModel], location: Location) -> FieldSpec | None:
    """What the key at a location holds; None where the model has no such key."""
    names = [part for part in location if isinstance(part, str)]
    spec: FieldSpec | None = None
    for place, name in enumerate(names):
        inner = model if place == 0 else spec.model if spec else None
        spec = field_specs(inner).get(name) if inner else None
    return spec


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """The model whose keys stand at a location."""
    for part in location:
        if isinstance(part, str):
            model = field_specs(model)[part].model or model
    return model
