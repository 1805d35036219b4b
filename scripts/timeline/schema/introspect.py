"""Introspection of the models: field specifications, plain data and JSON Schema.

The API, the tables and JSON-LD are made of plain data: days are strings (ISO 8601), amounts are
numbers, a field without a value is null and a list without items is empty. The precision of a
partial date is in a further field, named after the date's with `_precision`.
"""

import datetime
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from timeline.problems import Location
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS
from timeline.schema.types import LINE, Document, Item, Kind, Reference
from timeline.schema.vocabulary import LabelledEnum

PRECISION = "_precision"


@dataclass(frozen=True)
class FieldSpec:
    """The specification of a field.

    `value_type` is the type of one value, `kind` the kind of page to which an id refers.
    """

    name: str
    description: str
    required: bool
    is_list: bool
    min_items: int
    value_type: type[Any]  # str, int, Decimal, bool, a date, a LabelledEnum or a model
    kind: Kind | None
    pattern: str  # of ids, codes and addresses

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of a value that has fields of its own, or None."""
        return self.value_type if issubclass(self.value_type, BaseModel) else None

    @property
    def is_date(self) -> bool:
        """True if the field holds dates, or may hold a single day instead of a list."""
        return issubclass(self.value_type, datetime.date | PartialDate) or self.name == "effective"

    @property
    def is_free_text(self) -> bool:
        """True if the field holds words for readers rather than an id, a code or an address."""
        return self.value_type is str and not (self.kind or self.pattern or self.name == "articles")

    @property
    def choices(self) -> tuple[LabelledEnum, ...]:
        """The closed list of allowed values, or an empty tuple."""
        return tuple(self.value_type) if issubclass(self.value_type, LabelledEnum) else ()


@functools.cache
def field_specs(model: type[BaseModel]) -> dict[str, FieldSpec]:
    """Return key -> specification for the keys of the front matter, in order."""
    names = model.keys() if issubclass(model, Document) else list(model.model_fields)
    return {name: _spec(name, model.model_fields[name]) for name in names}


def field_spec(model: type[BaseModel], key: str) -> FieldSpec | None:
    """Return the specification of a key, or None if the model has no such key."""
    return field_specs(model).get(key)


def spec_at(model: type[BaseModel], location: Location) -> FieldSpec | None:
    """Return the specification of the key at a location, or None if there is no such key."""
    names = [part for part in location if isinstance(part, str)]
    spec: FieldSpec | None = None
    for place, name in enumerate(names):
        inner = model if place == 0 else spec.model if spec else None
        spec = field_specs(inner).get(name) if inner else None
    return spec


def model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """Return the model whose keys are at a location."""
    for part in location:
        if isinstance(part, str):
            model = field_specs(model)[part].model or model
    return model


def _spec(name: str, field: FieldInfo) -> FieldSpec:
    parts = list(_parts(field.rebuild_annotation()))
    types = [part for part in parts if isinstance(part, type) and part is not type(None)]
    checks = [part.func for part in parts if isinstance(part, AfterValidator)]
    owners = [getattr(check, "__self__", None) for check in checks]
    return FieldSpec(
        name=name,
        description=field.description or "",
        required=field.is_required(),
        is_list=any(get_origin(part) is tuple for part in parts),
        min_items=max((getattr(item, "min_length", 0) for item in field.metadata), default=0),
        value_type=next(part for part in types if part is not tuple),
        pattern=next((p for p in map(_pattern, parts) if p), ""),
        kind=next((owner.kind for owner in owners if isinstance(owner, Reference)), None),
    )


def _pattern(part: Any) -> str:
    """Return the pattern of a string in its schema, or nothing for that of any line of words."""
    schema = part.json_schema or {} if isinstance(part, WithJsonSchema) else {}
    pattern = str(schema.get("pattern", ""))
    return "" if pattern == f"^{LINE}$" else pattern


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the annotation and, recursively, its arguments."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def plain_value(value: object) -> Any:  # noqa: PLR0911 - one return per type
    """Return a value of front matter as data that `json` can write."""
    if value is None or type(value) is str:  # most are
        return value
    match value:
        case Item():
            return plain_fields(value)
        case tuple():
            return [plain_value(one) for one in value]
        case LabelledEnum():
            return value.value
        case PartialDate() | datetime.date():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    return value


def plain_fields(item: Item) -> dict[str, Any]:
    """Return the front matter of an item as plain data, with the precision of each partial date."""
    found: dict[str, Any] = {}
    for name, spec in field_specs(type(item)).items():
        value = getattr(item, name)
        found[name] = plain_value(value)
        if spec.value_type is PartialDate:
            found[name + PRECISION] = value.precision if value else None
    return found


# Keywords of our own: JSON Schema has none for the number of digits and of decimal places.
MAX_DIGITS, DECIMAL_PLACES = "x-max-digits", "x-decimal-places"

MODELS: dict[str, type[Document]] = {
    model.__name__.lower(): model for model in (Entry, *TERMS.values())
}


class _FrontMatter(GenerateJsonSchema):
    """The JSON Schema of front matter as people write it: no nulls, no numbers as strings."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Return the schema without null, since a key without a value is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema without null or an empty list as a default: neither can be written."""
        made = super().default_schema(schema)
        if made.get("default") in (None, []):
            made.pop("default", None)
        return made

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Return the schema of a number alone; pydantic would also allow a string."""
        number: JsonSchemaValue = super().decimal_schema(schema)["anyOf"][0]
        limits = {
            MAX_DIGITS: schema.get("max_digits"),
            DECIMAL_PLACES: schema.get("decimal_places"),
        }
        return number | {key: limit for key, limit in limits.items() if limit is not None}

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Return a schema that gives each value with the label that readers see."""
        made = super().enum_schema(schema)
        del made["enum"]
        members = [{"const": member.value, "title": member.label} for member in schema["members"]]
        return {**made, "oneOf": members}


def front_matter_schema(model: type[Document], address: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, published at `address`."""
    schema = model.model_json_schema(schema_generator=_FrontMatter)
    for name in Document.FILE_FIELDS:
        del schema["properties"][name]
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": address, **schema}
