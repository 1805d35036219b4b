"""The open data as tables: columns from the models, rows from the records.

A list stands in one cell, its items joined by `; `; of an item with fields of its own the cell
shows the address, else the first of them. Where an entry has such items, they have a table too.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from timeline.downloads.columns import Column, columns, inner_class, is_list
from timeline.downloads.records import (
    OWN_NAMES,
    Record,
    deadline_record,
    entry_record,
    term_record,
    withdrawn_record,
)
from timeline.downloads.typed_data import typed
from timeline.model.entry import Entry
from timeline.model.fields import Item, Kind
from timeline.model.site import Site
from timeline.model.terms import TERMS
from timeline.model.vocabulary import PendingState, ValidityState
from timeline.standing.deadlines import DeadlineKind
from timeline.standing.standing import Standing
from timeline.views.view import KINDS

# Spreadsheets take a cell that begins with one of these for a formula; the wide ones too in some
# locales. https://owasp.org/www-community/attacks/CSV_Injection
_ACTIVE = tuple("=+-@\t\r\n＝＋－＠")


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
        writer.writerows(flat(row) for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


_ID = (Column("id", "part of its address, for ever"), Column("url", "its page"))
_OF_ENTRY = (
    Column("entry", "id of the entry"),
    Column("entry_date", "date of the entry"),
    Column("entry_title", "title of the entry"),
)
_COUNT = Column("entry_count", "how many entries name it", "integer")
_STATUS = (
    Column("validity_state", "whether it applies", words=tuple(ValidityState)),
    Column("validity_from", "since when, or from when", "date"),
    Column("validity_amended", "from when the latest amendment applies", "date"),
    Column("validity_by", "id of the instrument that superseded it"),
    Column("validity_why", "what is not known"),
    Column("pending", f"what is to come: {', '.join(PendingState)}"),
)

_DUE = (
    Column("date", "the day", "date"),
    Column("kind", "what falls on it", words=tuple(DeadlineKind)),
    Column("what", "what is due"),
    Column("who", "from whom, or for what"),
    Column("entry", "id of the entry"),
    Column("instrument", "id of the instrument"),
    Column("regulators", "bodies that acted; joined by '; '"),
    Column("instead_of", "the day from which it was put off or brought forward", "date"),
)


def tables(standing: Standing, site: Site) -> Iterator[Table]:
    """Every table: entries and what they hold, withdrawn entries, and the vocabularies."""
    collection = standing.collection
    found = tuple(entry_record(entry, site) for entry in collection.listed)
    shown = (*_ID, *columns(Entry, Entry.keys(), without="withdrawn"))
    yield Table("entries", "Entries", shown, found, key="id")
    for name, field, model in _parts_of_entries():
        yield _parts(name, field, model, found)
    due = tuple(deadline_record(day) for day in standing.due)
    yield Table("deadlines", "Deadlines", _DUE, due, foreign=(("entry", "entries"),))
    gone = tuple(withdrawn_record(e, site) for e in collection.entries if e.withdrawn)
    shown = (*_ID, *columns(Entry, ("title", "withdrawn")))
    yield Table("withdrawn", "Withdrawn entries", shown, gone, key="id")
    for kind, title in KINDS.items():
        yield _vocabulary(kind, title, standing, site)


def table_names() -> tuple[str, ...]:
    """Every table, in this order."""
    parts = (name for name, _, _ in _parts_of_entries())
    return ("entries", *parts, "deadlines", "withdrawn", *KINDS)


def _parts_of_entries() -> Iterator[tuple[str, str, type[Item]]]:
    """(table, field, model) for each list of an entry whose items have fields of their own."""
    for field, info in Entry.model_fields.items():
        model = inner_class(info.annotation)
        parts = model and issubclass(model, Item) and is_list(info.annotation)
        if model and parts and field != "deadlines":  # they stand among all days that are due
            yield f"{model.__name__.lower()}s" if field in KINDS else field, field, model


def _parts(name: str, field: str, model: type[Item], entries: tuple[Record, ...]) -> Table:
    rows = tuple(
        {"entry": entry["id"], "entry_date": entry["date"], "entry_title": entry["title"]} | part
        for entry in entries
        for part in entry[field]
    )
    foreign = [("entry", "entries"), *([("id", field)] if field in KINDS else [])]
    shown = (*_OF_ENTRY, *columns(model, model.model_fields))
    return Table(name, f"{name.capitalize()} of entries", shown, rows, foreign=tuple(foreign))


def _vocabulary(kind: Kind, title: str, standing: Standing, site: Site) -> Table:
    model, terms = TERMS[kind], getattr(standing.collection, kind).values()
    rows = tuple(term_record(kind, term, standing, site) for term in terms)
    status = _STATUS if kind == "instruments" else ()
    own = (
        replace(column, name=OWN_NAMES.get(column.name, column.name))
        for column in columns(model, model.keys())
    )
    shown = (*_ID, *own, *status, _COUNT)
    return Table(kind, title, shown, rows, key="id")


def flat(record: Record) -> dict[str, str]:
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
            return f"'{value}" if value.startswith(_ACTIVE) else value
        case _:
            return str(typed(value)).lower()
