"""Items -> plain data for JSON: the models' own fields, each of one type for ever.

Days are texts (ISO 8601). A date of varying precision has its precision beside it, in a field of
the same name with `_precision`. Amounts are numbers. A field without a value is null, a list empty.
"""

import datetime
import functools
from decimal import Decimal
from typing import Any

from timeline.dates import PartialDate
from timeline.fields import Item
from timeline.vocabulary import Word

PRECISION = "_precision"


def typed(value: object) -> Any:
    """A value of front matter as what `json` writes."""
    match value:
        case Item():
            return typed_fields(value, tuple(type(value).model_fields))
        case tuple():
            return [typed(one) for one in value]
        case Word():
            return value.value
        case PartialDate() | datetime.date():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value


def typed_fields(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    """These fields of an item, with the precision beside each date that has one."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(item, name)
        found[name] = typed(value)
        if name in partial_dates(type(item)):
            found[name + PRECISION] = value.precision if value else None
    return found


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
