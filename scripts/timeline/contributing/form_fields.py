"""What the form of an entry asks for, told from the models: no field is named a second time."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from timeline.contributing.forms import FORMS, NEW, NOT_ASKED
from timeline.model.dates import PartialDate
from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.shape import Slot, slot
from timeline.model.terms import TERMS
from timeline.model.vocabulary import Word

URL = "contribute/"
_LABELS = {(q.model, q.key): q.label for form in FORMS for q in form.questions if q.model}
_COMMON = {q.key for q in FORMS[0].questions if q.model is Entry} | {"sources", "instruments"}


@dataclass(frozen=True)
class Field:
    """One field of the form.

    `control` says how it is filled in: line, lines (one a line), day, date (of any precision),
    number, flag, choice (of `words`), name and names (of pages of `kind`), group (of `fields`),
    rows (any number of groups).
    """

    key: str
    label: str
    description: str
    control: str
    required: bool
    words: tuple[Word, ...] = ()
    kind: Kind | None = None
    fields: tuple["Field", ...] = ()
    one: str = ""  # what a row is called


def entry_fields() -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields of an entry: those that the usual one needs, and the others."""
    found = _fields(Entry)
    common = tuple(field for field in found if field.key in _COMMON)
    return common, tuple(field for field in found if field.key not in _COMMON)


def new_page_fields() -> dict[Kind, tuple[str, tuple[Field, ...]]]:
    """Kind of vocabulary page -> heading, and the fields that an issue can tell of a new one."""
    return {
        kind: (label, tuple(field for field in _fields(TERMS[kind]) if not field.fields))
        for kind, label in NEW.items()
    }


def _fields(model: type[BaseModel]) -> tuple[Field, ...]:
    asked = [key for key in model.model_fields if key not in NOT_ASKED or issubclass(model, _PAGES)]
    slots = ((key, slot(model, key)) for key in asked)
    return tuple(_field(model, key, found) for key, found in slots if found)


_PAGES = tuple(TERMS.values())


def _field(model: type[BaseModel], key: str, found: Slot) -> Field:
    about = model.model_fields[key]
    return Field(
        key=key,
        label=_LABELS.get((model, key), _label(key)),
        description=about.description or "",
        control=_control(found),
        required=about.is_required() and (not found.many or _filled(about)),
        words=found.words,
        kind=found.kind,
        fields=_fields(found.model) if found.model else (),
        one=_one(key, found),
    )


def _label(key: str) -> str:
    """`Name in Chinese` of `name_zh`."""
    return key.removesuffix("_zh").replace("_", " ").capitalize() + (
        " in Chinese" if key.endswith("_zh") else ""
    )


def _filled(about: FieldInfo) -> bool:
    """Whether a list must hold something."""
    return any(getattr(mark, "min_length", 0) for mark in about.metadata)


def _control(found: Slot) -> str:
    if found.model:
        return "rows" if found.many else "group"
    if found.kind:
        return "names" if found.many else "name"
    if found.words:
        return "choice"
    if found.day:
        return "date" if issubclass(found.base, PartialDate) else "day"
    if found.many:
        return "lines"
    return {bool: "flag", int: "number", Decimal: "number"}.get(found.base, "line")


def _one(key: str, found: Slot) -> str:
    """`penalty` of `penalties`; what is no plural is called after its class."""
    if key.endswith("ies"):
        return f"{key[:-3]}y"
    plural = key.endswith("s") and not key.endswith("is")
    return key[:-1] if plural else found.base.__name__.lower()
