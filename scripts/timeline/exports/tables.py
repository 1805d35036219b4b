"""The open data as tables, with columns from the models and rows from the records.

A list is one cell, its items joined by `; `. For an item with fields of its own the cell holds its
address, or else the first field with a value. Such items of entries also have a table of their own.
The tables are described by a Data Package, in version 1.0 because that is the version widely read:
https://specs.frictionlessdata.io/data-package/
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

from timeline import urls
from timeline.analysis.deadlines import DeadlineKind
from timeline.analysis.penalties import penalty_rows
from timeline.analysis.snapshot import Snapshot
from timeline.config import LICENCE, Site
from timeline.exports.api import RENAMED, Record, Records
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Basis, Entry
from timeline.schema.introspect import PRECISION, FieldSpec, field_specs, plain_value
from timeline.schema.terms import KIND_TITLES, TERMS
from timeline.schema.types import Kind
from timeline.schema.vocabulary import PendingState, ValidityState

# Spreadsheets treat a cell that begins with one of these as a formula, in some locales also with
# the full-width ones. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_FORMULA_STARTS = tuple(FORMULA_STARTS)

_TABLE_SCHEMA_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    datetime.date: "date",
}


@dataclass(frozen=True)
class Column:
    """A column, with its Table Schema type and the values allowed, if limited."""

    name: str
    description: str
    type: str = "string"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table. `key` is the primary key, `foreign` holds (column, table whose ids it contains)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Record]
    key: str | None = None
    foreign: tuple[tuple[str, str], ...] = ()

    def csv(self) -> bytes:
        """Return the table as CSV (RFC 4180) in UTF-8, with a byte-order mark.

        Without the mark Excel reads Chinese as Latin characters.
        """
        text = io.StringIO(newline="")
        names = [column.name for column in self.columns]
        writer = csv.DictWriter(text, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(_flat(row) for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


_ID = (Column("id", "permanent part of the address"), Column("url", "address of the page"))
_OF_ENTRY = (
    Column("entry", "id of the entry"),
    Column("entry_date", "date of the entry"),
    Column("entry_title", "title of the entry"),
)
_COUNT = Column("entry_count", "number of entries that name it", "integer")
_STATUS = (
    Column("validity_state", "state of validity", choices=tuple(ValidityState)),
    Column("validity_from", "day from which the state holds or will hold", "date"),
    Column("validity_published", "date of publication, if it applies from then on"),
    Column("validity_amended", "day from which the latest amendment applies", "date"),
    Column("validity_displaced", "instruments that prevail over it in part; joined by '; '"),
    Column("validity_by", "id of the instrument that superseded or overtook it"),
    Column("validity_until", "end of its period of validity"),
    Column("validity_latest", "date of the latest batch of a recurrent campaign"),
    Column("validity_undated_parts", "parts whose effective date is still to be fixed"),
    Column("validity_why", "reason if the state is unknown"),
    Column("pending", f"what is pending: {', '.join(PendingState)}"),
)
_COMPUTED = (
    Column("authorities", "bodies that imposed it; joined by '; '"),
    Column("total", "total amount for all parties", "number"),
    Column("legal_basis", "legal basis, with articles; joined by '; '"),
    Column("is_judicial", "whether a court imposed it; summed separately", "boolean"),
    Column("outside_scope", "whether it is out of scope and excluded from sums", "boolean"),
)
_DEADLINE = (
    Column("date", "the date", "date"),
    Column("kind", "kind of date", choices=tuple(DeadlineKind)),
    Column("what", "what is due"),
    Column("who", "who must comply, or the scope"),
    Column("entry", "id of the entry"),
    Column("instrument", "id of the instrument"),
    Column("regulators", "bodies that acted; joined by '; '"),
    Column("instead_of", "date from which it was postponed or brought forward", "date"),
)


def table_files(found: Records, snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield (path below the site, CSV) of each table, then `datapackage.json` on all of them."""
    resources = []
    for table in tables(found, snapshot):
        content = table.csv()
        resources.append(_resource(table, content))
        yield urls.table(table.name), content
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
    yield urls.DATA_PACKAGE, json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def tables(found: Records, snapshot: Snapshot) -> Iterator[Table]:
    """Yield all tables: entries and their items, key dates, withdrawn entries, and vocabularies."""
    entries = list(found.entries.values())
    shown = (*_ID, *_columns(Entry, (key for key in field_specs(Entry) if key != "withdrawn")))
    yield Table("entries", "Entries", shown, entries, key="id")
    for key, spec in field_specs(Entry).items():
        if spec.is_list and spec.model and key != "deadlines":  # these are among the key dates
            items = _items(key, spec.model, entries)
            yield _with_computed(items, snapshot) if key == "penalties" else items
    foreign = (("entry", "entries"),)
    yield Table("deadlines", "Deadlines", _DEADLINE, found.deadlines, foreign=foreign)
    withdrawn = list(found.withdrawn.values())
    shown = (*_ID, *_columns(Entry, ("title", "withdrawn")))
    yield Table("withdrawn", "Withdrawn entries", shown, withdrawn, key="id")
    for kind, title in KIND_TITLES.items():
        yield _vocabulary(kind, title, found.terms[kind])


def _items(key: str, model: type[BaseModel], entries: list[Record]) -> Table:
    """Return a table with a row for each item in a list of the entries.

    The table has the name of the key; if a vocabulary's table has that name, that of the model.
    """
    rows = [
        {"entry": entry["id"], "entry_date": entry["date"], "entry_title": entry["title"]} | item
        for entry in entries
        for item in entry[key]
    ]
    name = f"{model.__name__.lower()}s" if key in TERMS else key
    foreign = [("entry", "entries"), *([("id", key)] if key in TERMS else [])]
    shown = (*_OF_ENTRY, *_columns(model, field_specs(model)))
    return Table(name, f"{name.capitalize()} of entries", shown, rows, foreign=tuple(foreign))


def _with_computed(penalties: Table, snapshot: Snapshot) -> Table:
    """Return the table of penalties with the values computed for the enforcement page."""
    rows = zip(penalties.rows, penalty_rows(snapshot.collection), strict=True)
    return replace(
        penalties,
        columns=(*penalties.columns, *_COMPUTED),
        rows=[
            cells
            | {
                "authorities": list(row.bodies),
                "total": row.penalty.total,
                "legal_basis": [_cited(basis, snapshot) for basis in row.penalty.basis],
                "is_judicial": row.is_judicial,
                "outside_scope": row.entry.outside_scope,
            }
            for cells, row in rows
        ],
    )


def _cited(basis: Basis, snapshot: Snapshot) -> str:
    name = snapshot.collection.instruments[basis.id].name if basis.id else basis.text
    return f"{name} Art. {', '.join(basis.articles)}" if basis.articles else str(name)


def _vocabulary(kind: Kind, title: str, rows: list[Record]) -> Table:
    model = TERMS[kind]
    own = (replace(c, name=RENAMED.get(c.name, c.name)) for c in _columns(model, model.keys()))
    status = _STATUS if kind == "instruments" else ()
    return Table(kind, title, (*_ID, *own, *status, _COUNT), rows, key="id")


def _columns(model: type[BaseModel], names: Iterable[str]) -> Iterator[Column]:
    """Yield the columns of the named fields; a nested item has a column for each of its fields."""
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
            yield Column(f"{name}{PRECISION}", f"precision of `{name}`", choices=choices)


def _column(spec: FieldSpec) -> Column:
    if spec.is_list:
        return Column(spec.name, f"{spec.description}; joined by '; '")
    kind = _TABLE_SCHEMA_TYPES.get(spec.value_type, "string")
    return Column(spec.name, spec.description, kind, tuple(map(str, spec.choices)))


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    """Return the description of a table in the Data Package."""
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = table.key
    if table.foreign:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": "id"}}
            for column, other in table.foreign
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    if column.name == table.key:
        field["constraints"] = {"required": True, "unique": True}
    elif column.choices:
        field["constraints"] = {"enum": list(column.choices)}
    return field


def _flat(record: Record) -> dict[str, str]:
    """Return the cells of a record by the names of their columns."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= {f"{name}_{part}": _cell(inner) for part, inner in value.items()}
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    if type(value) is str:  # most are
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    match value:
        case None:
            return ""
        case list():
            return "; ".join(map(_cell, value))
        case dict():
            plain = (one for one in value.values() if one and not isinstance(one, list))
            return _cell(value.get("url") or next(plain, None))  # the address or the first value
        case _:
            return str(plain_value(value)).lower()
