"""Items -> plain data for JSON: the models' own fields, each of one type for ever.

Days are texts (ISO 8601). A date of varying precision has its precision beside it, in a field of
the same name with `_precision`. Amounts are numbers. A field without a value is null, a list empty.
"""

import datetime
import functools
from decimal import Decimal
from typing import Any

from timeline.model.dates import PartialDate
from timeline.model.fields import Item
from timeline.model.vocabulary import Word

PRECISION = "_precision"


def typed(value: object) -> Any:
    """A value of front matter as what `json` writes."""
    if value is None or type(value) is str:  # most are
        return value
    match value:
        case Item():
            made: Any = typed_fields(value, names_of(type(value)))
        case tuple():
            made = [typed(one) for one in value]
        case Word():
            made = value.value
        case PartialDate() | datetime.date():
            made = str(value)
        case Decimal():
            made = int(value) if value == value.to_integral_value() else float(value)
        case _:
            made = value
    return made


def typed_fields(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    """These fields of an item, with the precision beside each date that has one."""
    found: dict[str, Any] = {}
    dates = partial_dates(type(item))
    for name in names:
        value = getattr(item, name)
        found[name] = typed(value)
        if name in dates:
            found[name + PRECISION] = value.precision if value else None
    return found


@functools.cache
def names_of(model: type[Item]) -> tuple[str, ...]:
    """The fields of an item."""
    return tuple(model.model_fields)


@functools.cache
def partial_dates(model: type[Item]) -> frozenset[str]:
    """The fields that hold a date of varying precision."""
    return frozenset(
        name for name, info in model.model_fields.items() if holds(info.annotation, PartialDate)
    )


def holds(annotation: Any, kind: type) -> bool:
    """Whether a field is of this type, or of it or None."""
    arguments = getattr(annotation, "__args__", ())
    return annotation is kind or any(holds(argument, kind) for argument in arguments)
