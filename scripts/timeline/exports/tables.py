"""The open data as tables: columns from the models, rows from the records; and their Data Package.

A list is one cell, its items joined by `; `; of an item with fields of its own the cell shows the
address, else the first of them. Where an entry has such items, they have a table too. Data Package
1.0, which its readers share: https://specs.frictionlessdata.io/data-package/
"""

import csv
import datetime
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from timeline.analysis.deadlines import DeadlineKind
from timeline.analysis.penalties import penalty_rows
from timeline.analysis.snapshot import Snapshot
from timeline.config import LICENCE, Site
from timeline.exports.api import (
    RENAMED,
    Record,
    deadline_record,
    entry_record,
    term_record,
    withdrawn_record,
)
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Basis, Entry
from timeline.schema.introspect import PRECISION, FieldSpec, field_specs, plain_value
from timeline.schema.terms import KIND_TITLES, TERMS
from timeline.schema.types import Kind
from timeline.schema.vocabulary import PendingState, ValidityState
from timeline.urls import DATA_PACKAGE, table

# Spreadsheets take a cell that begins with one of these for a formula; the wide ones too in some
# locales. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"

_TABLE_SCHEMA_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    datetime.date: "date",
}


@dataclass(frozen=True)
class Column:
    """A column: its type in the words of Table Schema, and the values that it allows."""

    name: str
    description: str
    type: str = "string"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table. `key` is the column that tells rows apart, `foreign` columns -> tables' ids."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Record, ...]
    key: str | None = None
    foreign: tuple[tuple[str, str], ...] = ()

    def csv(self) -> bytes:
        """RFC 4180, UTF-8 with a byte-order mark: without one Excel takes Chinese for Latin."""
        text = io.StringIO(newline="")
        names = [column.name for column in self.columns]
        writer = csv.DictWriter(text, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(_flat(row) for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


_ID = (Column("id", "permanent part of its address"), Column("url", "its page"))
_OF_ENTRY = (
    Column("entry", "id of the entry"),
    Column("entry_date", "date of the entry"),
    Column("entry_title", "title of the entry"),
)
_COUNT = Column("entry_count", "how many entries name it", "integer")
_STATUS = (
    Column("validity_state", "whether it applies", choices=tuple(ValidityState)),
    Column("validity_from", "since when, or from when", "date"),
    Column("validity_published", "publication, where it applies from then on"),
    Column("validity_amended", "from when the latest amendment applies", "date"),
    Column("validity_displaced", "instruments that prevail over it in part; joined by '; '"),
    Column("validity_by", "id of the instrument that superseded or overtook it"),
    Column("validity_until", "end of its period"),
    Column("validity_latest", "latest batch of a recurrent campaign"),
    Column("validity_undated_parts", "parts whose effective date is still to be fixed"),
    Column("validity_why", "reason why the status is unknown"),
    Column("pending", f"what is to come: {', '.join(PendingState)}"),
)
_COMPUTED = (
    Column("authorities", "bodies that imposed it; joined by '; '"),
    Column("total", "the amount for all parties together", "number"),
    Column("legal_basis", "what it is based on, with articles; joined by '; '"),
    Column("is_judicial", "whether a court imposed it; sums keep these apart", "boolean"),
    Column("outside_scope", "whether sums leave it out, as outside the subject", "boolean"),
)
_DEADLINE = (
    Column("date", "the date", "date"),
    Column("kind", "what falls on it", choices=tuple(DeadlineKind)),
    Column("what", "what is due"),
    Column("who", "who must do it, or the scope"),
    Column("entry", "id of the entry"),
    Column("instrument", "id of the instrument"),
    Column("regulators", "bodies that acted; joined by '; '"),
    Column("instead_of", "date from which it was postponed or brought forward", "date"),
)


def table_files(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> CSV, and `datapackage.json`, which describes them."""
    resources = []
    for one in tables(snapshot, site):
        content = one.csv()
        resources.append(_resource(one, content))
        yield table(one.name), content
    package = {
        "profile": "tabular-data-package",
        "name": "timeline",
        "title": site.name,
        "description": site.description,
        "homepage": site.url,
        "version": snapshot.as_of.isoformat(),
        "licenses": [LICENCE],
        "resources": resources,
    }
    yield DATA_PACKAGE, json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def tables(snapshot: Snapshot, site: Site) -> Iterator[Table]:
    """Every table: entries and what they hold, withdrawn entries, and the vocabularies."""
    collection = snapshot.collection
    entries = tuple(entry_record(entry, site) for entry in collection.listed)
    shown = (*_ID, *_columns(Entry, (key for key in field_specs(Entry) if key != "withdrawn")))
    yield Table("entries", "Entries", shown, entries, key="id")
    for key, spec in field_specs(Entry).items():
        if spec.is_list and spec.model and key != "deadlines":  # they are among all key dates
            parts = _parts(key, spec.model, entries)
            yield _with_authorities(parts, snapshot) if key == "penalties" else parts
    due = tuple(deadline_record(date) for date in snapshot.key_dates)
    yield Table("deadlines", "Deadlines", _DEADLINE, due, foreign=(("entry", "entries"),))
    gone = tuple(withdrawn_record(e, site) for e in collection.entries if e.withdrawn)
    shown = (*_ID, *_columns(Entry, ("title", "withdrawn")))
    yield Table("withdrawn", "Withdrawn entries", shown, gone, key="id")
    for kind, title in KIND_TITLES.items():
        yield _vocabulary(kind, title, snapshot, site)


def _parts(key: str, model: type[BaseModel], entries: tuple[Record, ...]) -> Table:
    """A row for each item of a list of entries; a list of pages is called after its class."""
    rows = tuple(
        {"entry": entry["id"], "entry_date": entry["date"], "entry_title": entry["title"]} | part
        for entry in entries
        for part in entry[key]
    )
    name = f"{model.__name__.lower()}s" if key in TERMS else key
    foreign = [("entry", "entries"), *([("id", key)] if key in TERMS else [])]
    shown = (*_OF_ENTRY, *_columns(model, field_specs(model)))
    return Table(name, f"{name.capitalize()} of entries", shown, rows, foreign=tuple(foreign))


def _with_authorities(penalties: Table, snapshot: Snapshot) -> Table:
    """The table of penalties with what the page of enforcement computes of them."""
    rows = zip(penalties.rows, penalty_rows(snapshot.collection), strict=True)
    return replace(
        penalties,
        columns=(*penalties.columns, *_COMPUTED),
        rows=tuple(
            cells
            | {
                "authorities": list(row.bodies),
                "total": row.penalty.total,
                "legal_basis": [_cited(basis, snapshot) for basis in row.penalty.basis],
                "is_judicial": row.is_judicial,
                "outside_scope": row.entry.outside_scope,
            }
            for cells, row in rows
        ),
    )


def _cited(basis: Basis, snapshot: Snapshot) -> str:
    name = snapshot.collection.instruments[basis.id].name if basis.id else basis.text
    return f"{name} Art. {', '.join(basis.articles)}" if basis.articles else str(name)


def _vocabulary(kind: Kind, title: str, snapshot: Snapshot, site: Site) -> Table:
    model, terms = TERMS[kind], getattr(snapshot.collection, kind).values()
    rows = tuple(term_record(kind, term, snapshot, site) for term in terms)
    own = (replace(c, name=RENAMED.get(c.name, c.name)) for c in _columns(model, model.keys()))
    status = _STATUS if kind == "instruments" else ()
    return Table(kind, title, (*_ID, *own, *status, _COUNT), rows, key="id")


def _columns(model: type[BaseModel], names: Iterable[str]) -> Iterator[Column]:
    """The columns of these fields; an item within becomes a column for each field of its own."""
    specs = field_specs(model)
    for name in names:
        spec = specs[name]
        if spec.model and not spec.is_list:
            for part in _columns(spec.model, field_specs(spec.model)):
                yield replace(part, name=f"{name}_{part.name}")
        else:
            yield _column(spec)
        if spec.value_type is PartialDate:
            choices = ("day", "month", "year")
            yield Column(f"{name}{PRECISION}", f"how exactly {name} is known", choices=choices)


def _column(spec: FieldSpec) -> Column:
    if spec.is_list:
        return Column(spec.name, f"{spec.description}; joined by '; '")
    kind = _TABLE_SCHEMA_TYPES.get(spec.value_type, "string")
    return Column(spec.name, spec.description, kind, tuple(map(str, spec.choices)))


def _resource(one: Table, content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(one, column) for column in one.columns]}
    if one.key:
        schema["primaryKey"] = one.key
    if one.foreign:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": "id"}}
            for column, other in one.foreign
        ]
    return {
        "profile": "tabular-data-resource",
        "name": one.name,
        "title": one.title,
        "path": f"{one.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(one: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    if column.name == one.key:
        field["constraints"] = {"required": True, "unique": True}
    elif column.choices:
        field["constraints"] = {"enum": list(column.choices)}
    return field


def _flat(record: Record) -> dict[str, str]:
    """Column -> cell."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= {f"{name}_{part}": _cell(inner) for part, inner in value.items()}
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(_cell(one) for one in value)
        case dict():
            plain = (one for one in value.values() if one and not isinstance(one, list))
            return _cell(value.get("url") or next(plain, None))
        case str():
            return f"'{value}" if value.startswith(tuple(FORMULA_STARTS)) else value
        case _:
            return str(plain_value(value)).lower()
