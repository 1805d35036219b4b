"""Messages for contributors: what is wrong with a value or a key, and what to write instead."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from timeline.content.dates import read_dates
from timeline.content.front_matter import Value, value_name
from timeline.content.interpret import (
    cited_articles,
    interpret_text,
    mapping_from,
    read_amount,
    split_list,
)
from timeline.content.yaml_mistakes import quoted_value
from timeline.problems import Location, join_words, quoted, suggestion
from timeline.schema.introspect import FieldSpec, field_specs, model_at, spec_at
from timeline.schema.synonyms import explained_key, explained_value
from timeline.schema.types import Document, NameIndex, UnknownIdError

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
_NONE = frozenset({"none", "n/a", "no", "-", "null"})  # words for an empty list


def error_message(
    error: ErrorDetails, model: type[Document], index: NameIndex, *, new_pages: bool = True
) -> str:
    """Return the message for a validation error of pydantic.

    With `new_pages`, the message for an unknown name offers to add a page for it.
    """
    location, found = error["loc"], error["input"]
    spec = spec_at(model, location)
    instead = _suggested(error, spec, index)
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"'{location[-1]}' is missing" + _example_of(model, location, index)
        case "extra_forbidden":
            return unknown_key(str(location[-1]), model_at(model, location[:-1]))
        case "too_short":
            leave = "" if spec and spec.required else "leave the key out or "
            message = f"is an empty list; {leave}name at least one"
        case "enum":
            assert spec is not None
            message = _not_a_choice(str(found), spec, instead)
            if isinstance(found, list):
                message = f"must be one value, not a list{instead and f'; write {instead}'}"
        case "value_error" if isinstance(context["error"], UnknownIdError):
            message = (
                f"{context['error']}{_for_unknown_name(error, spec, index, new_pages=new_pages)}"
            )
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
    """Return what a missing key is for, and an example of its value."""
    spec = spec_at(model, location)
    if spec is None or not spec.description:
        return ""
    if spec.choices:
        return f"; write one of {', '.join(spec.choices)}"
    if spec.name == "added":
        return f" ({spec.description}); write added: {index.today} (today's date)"
    example = "; write it as 2022-04-29" if spec.is_date else ""
    if spec.kind and spec.is_list:
        one = min(index.ids[spec.kind], default="…")
        example = f"; name pages of docs/{spec.kind}/, such as [{one}]"
    return f" ({spec.description}){example}"


def _suggested(error: ErrorDetails, spec: FieldSpec | None, index: NameIndex) -> str:
    """Return what to write instead of an invalid value, or an empty string if that is unclear."""
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
    if spec.model:
        mapping = _as_mapping(spec, spec.model, text, index)
        return f"[{mapping}]" if spec.is_list and is_whole else mapping
    if spec.is_list and is_whole:
        return _as_list(spec, text, index)
    return _as_value(spec, text, index, is_text=isinstance(error["input"], str))


def _as_value(spec: FieldSpec, text: str, index: NameIndex, *, is_text: bool) -> str:
    """Return the value that a text stands for, in YAML.

    Return an empty string if the value is a text already (`is_text`) and would not change.
    """
    if spec.is_date:
        return " or ".join(str(date) for date in read_dates(text))
    if spec.value_type is Decimal and (amount := read_amount(text)):
        return amount[0] + (f", with currency: {amount[1]}" if amount[1] else "")
    shown = _shown(spec, text, index)
    is_same = spec.is_free_text or shown in (text, quoted_value(text))
    return "" if is_text and is_same else shown


def _as_mapping(spec: FieldSpec, model: type[BaseModel], text: str, index: NameIndex) -> str:
    """Return the mapping that a text stands for, in YAML, with all required keys."""
    specs = field_specs(model)
    mapping: dict[str, Value] = {key: "…" for key, one in specs.items() if one.required}
    mapping |= mapping_from(spec, text, index) or {}
    mapping = mapping or {next(iter(specs)): "…"}
    written = {key: _list(v) if isinstance(v, list) else v for key, v in mapping.items()}
    return f"{{{', '.join(f'{key}: {value}' for key, value in written.items())}}}"


def _for_unknown_name(
    error: ErrorDetails, spec: FieldSpec | None, index: NameIndex, *, new_pages: bool
) -> str:
    """Return what to write instead of a name that no page has, as the end of a message."""
    is_list = bool(spec and spec.is_list)
    cited = None if is_list else cited_articles(str(error["input"]), index)
    if cited:
        return f"; write {cited[0]}, with articles: {_list(cited[1])}"
    return str(error["ctx"]["error"].hint(new_pages=new_pages, is_list=is_list))


def _as_list(spec: FieldSpec, text: str, index: NameIndex) -> str:
    """Return the list that a text stands for, in YAML, with a hint for each unknown name."""
    items = [] if text.lower() in _NONE else split_list(spec, text, index)
    shown = ", ".join(_shown(spec, item, index) for item in items)
    hints = [
        UnknownIdError("", item, spec.kind, index).hint()
        for item in items
        if spec.kind and not index.resolve(spec.kind, item)
    ]
    return f"[{shown}]{''.join(hints)}"


def _list(values: list[Any]) -> str:
    return f"[{', '.join(quoted_value(str(value)) for value in values)}]"


def _shown(spec: FieldSpec, text: str, index: NameIndex) -> str:
    """Return the intended value, written as in front matter."""
    value = str(interpret_text(spec, text, index))
    is_plain = spec.value_type is not str or bool(spec.pattern and not value.isdigit())
    return value if is_plain else quoted_value(value)


def _not_a_choice(found: str, spec: FieldSpec, instead: str) -> str:
    explained = explained_value(spec.value_type, found) or (instead and f"write {instead}")
    if explained:
        return f"{quoted(found)} is not an allowed value; {explained}"
    hint = suggestion(found, {str(choice): str(choice) for choice in spec.choices})
    return f"{quoted(found)} is not one of {join_words(spec.choices)}{hint}"


def unknown_key(key: str, model: type[BaseModel]) -> str:
    """Return the message for an unknown key, with the key to write or the keys of the model."""
    specs = field_specs(model)
    inner = {k: name for name, spec in specs.items() if spec.model for k in field_specs(spec.model)}
    hint = suggestion(key, {name: name for name in specs})
    explained = "" if hint else explained_key(key, list(specs), inner)
    allowed = f"allowed: {join_words(specs, 40)}"
    return f"unknown key {quoted(key)}{hint or f'; {explained or allowed}'}"


def no_value(location: Location, model: type[BaseModel]) -> str:
    """Return the message for a key or a list item without a value."""
    spec = spec_at(model, location)
    if spec and spec.required and location[-1] == spec.name:
        return f"{spec.name!r} has no value, but it is required ({spec.description}); write one"
    return f"{value_name(location)} has no value; write one, or leave it out if it is optional"
