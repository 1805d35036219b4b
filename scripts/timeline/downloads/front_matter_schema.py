"""The JSON Schema of front matter, for editors and forms: from the models, by pydantic.

JSON Schema 2020-12, https://json-schema.org/draft/2020-12. It speaks of one file; what looks across
files, and at the calendar, only `check.py` sees.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from timeline.model.entry import Entry
from timeline.model.fields import Document
from timeline.model.outputs import schema_path
from timeline.model.site import Site
from timeline.model.terms import TERMS

# What JSON Schema cannot say of a number, for forms: how many digits at most, how many after the
# point.
DIGITS, DECIMALS = "x-max-digits", "x-decimal-places"

MODELS: dict[str, type[Document]] = {
    model.__name__.lower(): model for model in (Entry, *TERMS.values())
}


class _FrontMatter(GenerateJsonSchema):
    """As people write it: a key without a value is left out, a number is no text."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """`None` is what a key that was left out has."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Nothing and an empty list are no defaults that anybody could write."""
        made = super().default_schema(schema)
        if made.get("default") in (None, []):
            made.pop("default", None)
        return made

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """The number alone; pydantic would take a text too."""
        number: JsonSchemaValue = super().decimal_schema(schema)["anyOf"][0]
        limits = {DIGITS: schema.get("max_digits"), DECIMALS: schema.get("decimal_places")}
        return number | {key: most for key, most in limits.items() if most is not None}

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Each word with the label that readers see."""
        made = super().enum_schema(schema)
        del made["enum"]
        words = [{"const": word.value, "title": word.label} for word in schema["members"]]
        return {**made, "oneOf": words}


def front_matter_schema(model: type[Document]) -> dict[str, Any]:
    """The schema of one kind of file."""
    schema = model.model_json_schema(schema_generator=_FrontMatter)
    for place in Document.PLACE:
        del schema["properties"][place]
    return schema


def schema_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> JSON Schema, for each kind of file that people write."""
    for name, model in MODELS.items():
        path = schema_path(name)
        whole = {
            "$schema": GenerateJsonSchema.schema_dialect,
            "$id": site.absolute(path),
            **front_matter_schema(model),
        }
        yield path, json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"
