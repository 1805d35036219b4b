"""What a person wrote, in a form, at a prompt or in a file -> the values that were meant."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from timeline.content.front_matter import Value
from timeline.schema.introspect import FieldSpec, field_spec
from timeline.schema.types import NameIndex

_BETWEEN_NAMES = re.compile(r"[,;，；、]")
_ARTICLES = re.compile(r"\s*\d[\w().-]*(?:\s*[,;，；、]\s*\d[\w().-]*)*\s*")
# Without exponent: a few characters would make a number that fills the memory.
_NUMERAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


def interpret(
    model: type[BaseModel], written: Mapping[str, Any], index: NameIndex
) -> dict[str, Value]:
    """The values as front matter holds them: numbers as numbers, names as ids, no empty keys.

    Texts are trimmed. What cannot be interpreted stays as it was written, for the check to report.
    """
    values = {key: _value(field_spec(model, key), value, index) for key, value in written.items()}
    return {key: v for key, v in values.items() if v not in (None, "", {}) and v != [""]}


def _value(spec: FieldSpec | None, written: Any, index: NameIndex) -> Value:
    if isinstance(written, Mapping):
        return interpret(spec.model, written, index) if spec and spec.model else dict(written)
    if isinstance(written, list | tuple):
        return [_item(spec, one, index) for item in written for one in _split(spec, item, index)]
    is_text = type(written) in {str, int} and written != ""
    if spec and spec.is_list and not spec.model and is_text:
        return [_item(spec, one, index) for one in split_list(spec, str(written), index)]
    return _item(spec, written, index)


def _item(spec: FieldSpec | None, written: Any, index: NameIndex) -> Value:
    if isinstance(written, Mapping | list | tuple):
        return _value(spec, written, index)
    if spec and spec.value_type is str and type(written) is int:
        written = str(written)  # the number of an article, or of a notice
    if isinstance(written, str) and spec:
        return interpret_text(spec, written, index)
    return written if isinstance(written, bool | int | float | None) else str(written)


def _split(spec: FieldSpec | None, written: Any, index: NameIndex) -> list[Any]:
    """One item of a list, or several where somebody wrote the names of pages on one line."""
    if spec is None or spec.kind is None or not isinstance(written, str):
        return [written]
    return split_list(spec, written, index) or [written]


def split_list(spec: FieldSpec, text: str, index: NameIndex) -> list[str]:
    """The items of a list that somebody wrote on one line.

    Commas stand between names of pages and between numbers, but within other texts, such as the
    name of a company: these have semicolons between them.
    """
    if spec.kind is not None:
        parts = _BETWEEN_NAMES.split(text)
        is_several = any(index.resolve(spec.kind, part.strip()) for part in parts)
        if index.resolve(spec.kind, text.strip()) or not is_several:
            parts = [text]
    else:
        parts = _BETWEEN_NAMES.split(text) if _ARTICLES.fullmatch(text) else text.split(";")
    return [part.strip() for part in parts if part.strip()]


def interpret_text(spec: FieldSpec, written: str, index: NameIndex) -> Value:
    """One value: a name becomes its id, a label its value, a numeral a number."""
    text = written.strip()
    if spec.kind is not None:
        return index.resolve(spec.kind, text) or text
    if spec.choices:
        labels = {choice.label.lower(): str(choice) for choice in spec.choices}
        return text.lower() if text.lower() in spec.choices else labels.get(text.lower(), text)
    return _scalar(spec, text)


def _scalar(spec: FieldSpec, text: str) -> Value:
    """A text as the value that YAML would make of it."""
    if spec.value_type is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if not _NUMERAL.fullmatch(text):
        return text
    if spec.value_type is Decimal and "." in text:
        number, exact = float(text), Decimal(text)
        if exact == exact.to_integral_value():
            return int(exact)
        return number if Decimal(str(number)) == exact else text
    is_year = spec.is_date and len(text) == 4
    return int(text) if is_year or spec.value_type in {int, Decimal} else text
