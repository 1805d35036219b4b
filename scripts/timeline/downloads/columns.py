"""The columns of a table, told from a model: no field is described a second time."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from timeline.downloads.typed_data import PRECISION, holds, partial_dates
from timeline.model.fields import Item

_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    datetime.date: "date",
}


@dataclass(frozen=True)
class Column:
    """A column: its type in the words of Table Schema, and the words that it allows."""

    name: str
    description: str
    type: str = "string"
    words: tuple[str, ...] = ()


def columns(model: type[Item], names: Iterable[str], without: str = "") -> Iterator[Column]:
    """The columns of these fields; an item within becomes a column for each field of its own."""
    for name in names:
        info = model.model_fields[name]
        inner, said = inner_class(info.annotation), info.description or ""
        if name == without:
            continue
        if inner and issubclass(inner, Item) and not is_list(info.annotation):
            for part in columns(inner, inner.model_fields):
                yield Column(f"{name}_{part.name}", part.description, part.type, part.words)
        else:
            yield _column(name, said, info.annotation)
        if name in partial_dates(model):
            precisions = ("day", "month", "year")
            yield Column(f"{name}{PRECISION}", f"how exactly {name} is known", words=precisions)


def _column(name: str, description: str, annotation: Any) -> Column:
    if is_list(annotation):
        return Column(name, f"{description}; joined by '; '")
    inner = inner_class(annotation)
    words = tuple(inner) if inner and issubclass(inner, StrEnum) else ()
    kind = next((named for of, named in _TYPES.items() if holds(annotation, of)), "string")
    return Column(name, description, kind, words)


def is_list(annotation: Any) -> bool:
    """Whether a field holds a list."""
    return getattr(annotation, "__origin__", None) is tuple


def inner_class(annotation: Any) -> type | None:
    """The class of a field, or of the items of its list."""
    if isinstance(annotation, type) and not is_list(annotation):
        return annotation
    arguments = getattr(annotation, "__args__", ())
    return next((found for one in arguments if (found := inner_class(one))), None)
