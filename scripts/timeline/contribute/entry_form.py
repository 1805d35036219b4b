"""Derive the fields of the form in the browser from the models of entries and vocabulary pages."""

import datetime
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from timeline.checks.rules import MAX_TEXT
from timeline.checks.style import PAGE_WORDS
from timeline.contribute.issue_forms import FORMS, NEW_PAGES, NOT_ASKED, SLUG, TEXT
from timeline.schema.codes import CODES
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Basis, Entry, Source, Step
from timeline.schema.introspect import (
    DECIMAL_PLACES,
    MAX_DIGITS,
    FieldSpec,
    field_specs,
    front_matter_schema,
)
from timeline.schema.terms import TERMS
from timeline.schema.types import Document, Kind
from timeline.schema.vocabulary import LabelledEnum


@dataclass(frozen=True)
class FormField:
    """A field of the form in the browser.

    `control` is the kind of input: line, address, lines (one value per line), day, date (of any
    precision), number, flag, choice, name and names (of pages of `kind`), group (of `fields`), rows
    (any number of groups), text. `order` is the place of the key in the front matter; a field
    without it is not written there.
    """

    key: str
    label: str
    description: str
    control: str
    order: int | None = None
    required: bool = False
    always: bool = False  # written as an empty list if nothing is filled in
    pattern: str = ""  # regular expression that the whole value must match
    format_words: str = ""  # the pattern in words
    max_length: int | None = None  # characters
    choices: tuple[LabelledEnum, ...] = ()
    kind: Kind | None = None
    fields: tuple["FormField", ...] = ()
    row: str = ""  # name of a row, such as penalty
    single: str = ""  # key whose value can stand for the whole list, as an effective date can
    any_of: tuple[str, ...] = ()  # keys of which at least one is required
    missing: str = "Required."  # message if nothing is filled in

    @property
    def is_code(self) -> bool:
        """Whether the value is a code, such as that of a language."""
        return self.key in CODES

    @property
    def is_chinese(self) -> bool:
        """Whether the value is a name in Chinese."""
        return self.key.endswith("_zh")

    @property
    def example(self) -> str:
        """An example of a value, for dates only."""
        return "2022-04-29" if self.control in {"day", "date"} else ""

    @property
    def help(self) -> str:
        """The description of the field, with how to fill it in."""
        if self.control == "name":
            return "by any of its names"
        formats = {
            "day": self.example,
            "date": f"{self.example}, 2022-04 or 2022",
            "lines": "one per line",
            "names": "by any of their names",
        }
        return "; ".join(filter(None, (self.description, formats.get(self.control))))

    @property
    def unknown(self) -> str:
        """The message for a name that matches no page."""
        found = "entry" if self.kind == "entries" else "page"
        describe = ", or describe a new one" if self.kind in NEW_PAGES else ""
        return f"There is no {found} of this name. Choose one from the list{describe}."


@dataclass(frozen=True)
class EntryForm:
    """The form in the browser: fields of an entry, and of new vocabulary pages that it names."""

    common: tuple[FormField, ...]  # fields that most entries need
    optional: tuple[FormField, ...]
    added: FormField  # filled in by the form itself
    new_pages: dict[Kind, tuple[str, tuple[FormField, ...]]]  # kind -> heading and fields


_LABELS = {(q.model, q.key): q.label for form in FORMS for q in form.questions if q.model}
_LABELS |= {
    (Source, "kind"): "Kind",
    (Source, "title"): "Title",
    (Source, "lang"): "Language",
    (Source, "archived"): "Archived copy",
    (Entry, "dates"): "Other dates",
    (Entry, "date_note"): "Note on the date",
    (Basis, "id"): "Instrument",
    (Basis, "text"): "Rule in words",
}
_COMMON = {q.key for q in FORMS[0].questions if q.model is Entry} | {"sources", "instruments"}
_FORMATS = {
    "day": "a day such as 2022-04-29",
    "date": "a date such as 2022-04-29, 2022-04 or 2022",
    "address": "a web address that begins with http:// or https://",
}


def entry_form(*, has_chinese: bool) -> EntryForm:
    """Return the form. Without `has_chinese` it does not ask for names in Chinese."""
    schema = front_matter_schema(Entry, "")
    found = {field.key: field for field in _fields(Entry, schema, schema["$defs"])}
    any_of = [key for part in schema["anyOf"] for key in part["required"]]
    last = max(any_of, key=list(found).index)  # shows the message, after the other fields
    labels = " or ".join(found[key].label for key in any_of).capitalize()
    missing = f"{labels}: at least one is required."
    found[last] = replace(found[last], any_of=tuple(any_of), missing=missing)
    text = FormField(TEXT.key, TEXT.label, TEXT.hint, "text", required=True, max_length=MAX_TEXT)
    missing = "No file name can be made from the title. Write one here, in Latin letters."
    words = "some Latin letters or digits"
    slug = FormField(
        SLUG.key, SLUG.label, SLUG.hint, "line",
        pattern=".*[A-Za-z0-9].*", format_words=words, missing=missing,
    )  # fmt: skip
    asked = [field for field in found.values() if field.key not in NOT_ASKED]
    new_pages = {
        kind: (label, (*(f for f in _new_page_fields(kind) if has_chinese or not f.is_chinese),))
        for kind, label in NEW_PAGES.items()
    }
    return EntryForm(
        common=(*(field for field in asked if field.key in _COMMON), text),
        optional=(*(field for field in asked if field.key not in _COMMON), slug),
        added=found["added"],
        new_pages=new_pages,
    )


def _new_page_fields(kind: Kind) -> tuple[FormField, ...]:
    schema = front_matter_schema(TERMS[kind], "")
    fields = (f for f in _fields(TERMS[kind], schema, schema.get("$defs", {})) if not f.fields)
    description = f"what it is, in {PAGE_WORDS.start} to {PAGE_WORDS.stop - 1} words"
    return (*fields, FormField("text", TEXT.label, description, "text", required=True))


def _fields(
    model: type[BaseModel], schema: dict[str, Any], models: dict[str, Any]
) -> Iterator[FormField]:
    """Yield the fields of a model. `models` holds the schemas of nested models, by name."""
    for order, (key, spec) in enumerate(field_specs(model).items()):
        if key in NOT_ASKED and not issubclass(model, Document):
            continue
        facets = schema["properties"][key]
        control = _control(spec, facets)
        label = _LABELS.get((model, key), _label(key))
        single = "date" if (model, key) == (Step, "effective") else ""
        inner = models[spec.model.__name__] if spec.model else {}
        words = CODES[key].expected if key in CODES else _FORMATS.get(control, "")
        pattern = facets["pattern"] if words else ""
        if control == "number":
            pattern, words = _number(facets)
        yield FormField(
            key=key,
            label=label,
            description=spec.description,
            control=control,
            order=order,
            required=spec.required and (not spec.is_list or spec.min_items > 0),
            always=spec.required and spec.is_list and spec.min_items == 0,
            pattern=pattern.removeprefix("^").removesuffix("$"),
            format_words=words,
            choices=spec.choices,
            kind=spec.kind,
            fields=tuple(_fields(spec.model, inner, models)) if spec.model else (),
            row=f"{label.lower()} {single}" if single else _row_name(spec),
            single=single,
        )


def _number(facets: dict[str, Any]) -> tuple[str, str]:
    """Return the pattern of a number and its description.

    The number of digits is limited to those that a float represents exactly.
    """
    places = facets.get(DECIMAL_PLACES, 0)
    limit = len(str(facets["maximum"])) if "maximum" in facets else facets[MAX_DIGITS]
    digits = min(limit, sys.float_info.dig) - places
    whole = f"[1-9][0-9]{{0,{digits - 1}}}"
    whole = whole if facets["minimum"] > 0 else f"(0|{whole})"
    if not places:
        return whole, "a whole number such as 2"
    return f"{whole}(\\.[0-9]{{1,{places}}})?", "a number such as 200000 or 106859.84"


def _label(key: str) -> str:
    """Return the label of a key, such as `Name in Chinese` for `name_zh`."""
    name = key.removesuffix("_zh").replace("_", " ").capitalize()
    return f"{name} in Chinese" if key.endswith("_zh") else name


_CONTROLS = {
    bool: "flag",
    int: "number",
    Decimal: "number",
    PartialDate: "date",
    datetime.date: "day",
}


def _control(spec: FieldSpec, facets: dict[str, Any]) -> str:
    if spec.model:
        return "rows" if spec.is_list else "group"
    if spec.kind:
        return "names" if spec.is_list else "name"
    if spec.choices:
        return "choice"
    if spec.is_list:
        return "lines"
    other = "address" if facets.get("format") == "uri" else "line"
    return _CONTROLS.get(spec.value_type, other)


def _row_name(spec: FieldSpec) -> str:
    """Return the singular of the key, such as `penalty`, or the class name if it is no plural."""
    if spec.name.endswith("ies"):
        return f"{spec.name[:-3]}y"
    is_plural = spec.name.endswith("s") and not spec.name.endswith("is")
    return spec.name[:-1] if is_plural else spec.value_type.__name__.lower()
