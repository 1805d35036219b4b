"""One file -> a typed item, or every problem in it, each with its line."""

import functools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from timeline.model import body
from timeline.model.document import Location, Parts, UnreadableError, decode, take_apart, unseen
from timeline.model.fields import Document, Known
from timeline.model.problems import Problem, listed, shown, suggestion
from timeline.model.terms import Prose
from timeline.model.wording import Wording

D = TypeVar("D", bound=Document)

FOUND = {dict: "a mapping", list: "a list", str: "text", bool: "true or false"}
EXPECTED = {
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
FORMS = {
    "lang": "a language code such as en or zh-Hans",
    "language": "a language code such as en or zh-Hans",
    "jurisdiction": "an ISO 3166 code such as CN, CN-BJ or SG, or EU or INT",
    "currency": "an ISO 4217 code such as CNY",
}


class Reading(Generic[D]):
    """What came of one file: the item as far as it can be typed, and the problems.

    `item` is None where nothing could be made of the file. Where single keys failed, `item` has
    None in their place and `failed` names them, so that rules can still speak of the rest.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.item: D | None = None
        self.failed: frozenset[str] = frozenset()
        self.problems: list[Problem] = []
        self.parts = Parts({}, "", 1, {})

    def problem(self, location: Location, message: str, *, warning: bool = False) -> None:
        """Note a problem with what stands at this location of the front matter."""
        line = self.parts.line(location)
        self.problems.append(Problem(self.path, line, message, warning))

    def note(self, complaints: Iterable[tuple[int, str]]) -> None:
        """Note complaints that have their line already."""
        self.problems += [Problem(self.path, line, message) for line, message in complaints]


def read(file: Path, path: str, model: type[D], known: Known) -> Reading[D]:
    """Read one file as the given kind of document. Never raises for what the file holds."""
    reading: Reading[D] = Reading(path)
    try:
        if file.is_symlink():
            raise OSError("is a symbolic link; put the file itself here")
        if not file.is_file():
            raise OSError("is no regular file")
        text = decode(file.read_bytes())
        reading.note(unseen(text))
        if reading.problems:
            return reading
        parts = take_apart(text)
    except OSError as error:
        reading.note([(1, error.strerror or str(error))])
        return reading
    except UnreadableError as error:
        reading.note([(error.line, str(error))])
        return reading
    reading.parts = parts
    reading.note(parts.complaints)
    entries, pages = known.ids["entries"], issubclass(model, Prose)
    reading.note(body.complaints(parts.body, parts.body_line, entries, pages=pages))
    _validate(reading, model, file.stem, known)
    return reading


def _validate(reading: Reading[D], model: type[D], name: str, known: Known) -> None:
    values = {key: value for key, value in reading.parts.values.items() if value is not None}
    misplaced = [key for key in values if key in model.PLACE]
    for key in misplaced:
        reading.problem((key,), unknown_key(key, model))
        del values[key]
    values |= {"id": name, "path": reading.path}
    values |= {"body": reading.parts.body.strip("\n"), "body_line": reading.parts.body_line}
    reading.item, errors = typed(model, values, known)
    for error in errors:
        if not _said(error, reading):
            reading.problem(error["loc"], message(error, model))
    reading.failed = frozenset(str(error["loc"][0]) for error in errors)


def typed(model: type[D], values: dict[str, Any], known: Known) -> tuple[D, list[ErrorDetails]]:
    """The values as an item, None standing for those that failed, and why they did."""
    values = values | {"home": known.home}
    if "jurisdiction" in model.model_fields:
        values = {"jurisdiction": known.home} | values
    try:
        return _typed(model, values, known), []
    except ValidationError as error:
        errors = error.errors()
        failed = {str(detail["loc"][0]) for detail in errors}
        kept = {key: value for key, value in values.items() if key not in failed}
        return _typed(_partial(model), kept, known), errors


@functools.cache
def _partial(model: type[D]) -> type[D]:
    """The same model with every key optional."""
    fields: dict[str, Any] = {
        name: (info.rebuild_annotation(), Field(None))
        for name, info in model.model_fields.items()
        if info.is_required()
    }
    return create_model(f"Partial{model.__name__}", __base__=model, **fields)


def _said(detail: ErrorDetails, reading: Reading[Any]) -> bool:
    """Whether the error only follows from one that is told of already.

    A key without a value is one, a list whose items are all wrong another.
    """
    if detail["input"] is None:
        return True
    if detail["type"] == "missing":
        return _at(reading.parts.values, detail["loc"]) == (True, None)
    return detail["type"] == "too_short" and bool(detail["input"])


def _at(value: object, location: Location) -> tuple[bool, object]:
    for part in location:
        try:
            value = value[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return False, None
    return True, value


def _typed(model: type[D], values: dict[str, Any], known: Known) -> D:
    # Through JSON, pydantic is strict about types and still takes lists for tuples.
    return model.model_validate_json(json.dumps(values), strict=True, context=known)


def message(detail: ErrorDetails, model: type[Document]) -> str:
    """What pydantic found, in this project's words."""
    location, found = detail["loc"], detail["input"]
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return Wording.MISSING.format(key=location[-1])
        case "extra_forbidden":
            return unknown_key(str(location[-1]), _model_at(model, location[:-1]))
        case "too_short":
            said = Wording.EMPTY_LIST.value
        case "enum":
            said = _not_one_of(found, context["expected"])
        case "string_pattern_mismatch":
            said = Wording.NOT_OF_FORM.format(value=shown(found), form=FORMS[name])
        case "value_error":
            said = str(context["error"])
        case kind if kind in EXPECTED:
            said = _wrong_type(kind, found)
        case _:
            said = detail["msg"][:1].lower() + detail["msg"][1:]
    return Wording.KEY.format(key=name, said=said)


def _wrong_type(kind: str, found: object) -> str:
    hint = ""
    if kind == "string_type" and isinstance(found, bool | int | float):
        hint = "; put it in quotes"
    named = FOUND.get(type(found), "a number")
    return Wording.WRONG_TYPE.format(expected=EXPECTED[kind], found=named) + hint


def _not_one_of(found: object, expected: str) -> str:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    hint = suggestion(str(found), {word: word for word in words})
    return Wording.NOT_ONE_OF.format(value=shown(found), allowed=listed(words)) + hint


def unknown_key(key: str, model: type[BaseModel]) -> str:
    """That a model has no such key, and which it has."""
    keys = [name for name in model.model_fields if name not in Document.PLACE]
    hint = suggestion(key, {name: name for name in keys})
    return Wording.UNKNOWN_KEY.format(key=shown(key)) + (hint or f"; allowed: {listed(keys, 40)}")


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """The class whose keys stand at this location."""
    for part in location:
        if isinstance(part, str):
            model = _inner(model.model_fields[part].annotation) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if found is not None:
            return found
    return None
