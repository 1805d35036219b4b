"""What may stand at a place of the front matter, told from the models' own annotations."""

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from timeline.model.dates import PartialDate
from timeline.model.document import Value
from timeline.model.fields import Document, Kind, Reference
from timeline.model.vocabulary import Word

# No exponent: a few characters would make a number that fills the memory.
_NUMERAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


@dataclass(frozen=True)
class Slot:
    """What one key holds: `many` values or one, of which type, and to what they refer."""

    many: bool
    base: type[Any]  # of one value: str, int, Decimal, bool, a date, a Word or a model
    kind: Kind | None  # of the page that a text names

    @property
    def model(self) -> type[BaseModel] | None:
        """The class of a value that has keys itself."""
        return self.base if issubclass(self.base, BaseModel) else None

    @property
    def day(self) -> bool:
        """Whether it holds days, months or years."""
        return issubclass(self.base, datetime.date | PartialDate)

    @property
    def words(self) -> tuple[Word, ...]:
        """The closed list that it takes its values from, where there is one."""
        return tuple(self.base) if issubclass(self.base, Word) else ()


@functools.cache
def slot(model: type[BaseModel], key: str) -> Slot | None:
    """What stands under a key, or None where the model has no such key."""
    place = model.PLACE if issubclass(model, Document) else ()
    field = model.model_fields.get(key)
    return _slot(field) if field is not None and key not in place else None


def _slot(field: FieldInfo) -> Slot:
    parts = list(_parts(field.rebuild_annotation()))
    types = [part for part in parts if isinstance(part, type) and part is not type(None)]
    owners = [getattr(part.func, "__self__", None) for part in parts if _after(part)]
    kinds = [owner.kind for owner in owners if isinstance(owner, Reference)]
    return Slot(
        many=any(get_origin(part) is tuple for part in parts),
        base=next(found for found in types if found is not tuple),
        kind=kinds[0] if kinds else None,
    )


def _parts(annotation: Any) -> Iterator[Any]:
    """The annotation and all that stands within it."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _after(part: object) -> bool:
    return isinstance(part, AfterValidator)


def typed(found: Slot, text: str) -> Value:
    """A text that a person typed as the value that YAML would make of it; else the text."""
    if found.base is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if not _NUMERAL.fullmatch(text):
        return text
    if found.base is Decimal and "." in text:
        number, told = float(text), Decimal(text)
        if told == told.to_integral_value():
            return int(told)
        return number if Decimal(str(number)) == told else text
    year = found.day and len(text) == 4
    return int(text) if year or found.base in {int, Decimal} else text
