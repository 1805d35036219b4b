"""The open data as JSON: front matter as plain data, and the values computed from it.

No field is renamed or removed within a version; `tests/api-v1-shape.json` lists the fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from timeline.analysis.deadlines import KeyDate
from timeline.analysis.snapshot import Snapshot
from timeline.analysis.status import Pending, Status, Validity
from timeline.config import LICENCE, Site
from timeline.content.text import link_entries
from timeline.schema.entry import Entry
from timeline.schema.introspect import plain_fields, plain_value
from timeline.schema.terms import TERMS, Instrument, Term
from timeline.schema.types import Document, Kind
from timeline.schema.vocabulary import PendingState
from timeline.urls import API, api_entry, api_list, entry_url, term_url

Record = dict[str, Any]

# In a record `url` is always the address of the page; `url` in front matter is the original's.
RENAMED = {"url": "original_url"}


def full_text(document: Document, site: Site) -> str:
    """Return the Markdown below the front matter, its links to entries made permalinks."""
    return link_entries(document.body, lambda entry: site.absolute(entry_url(entry)))


@dataclass(frozen=True)
class Records:
    """The records of a snapshot, from which lists and tables are made.

    `entries` and `withdrawn` map ids to records, in the order of the lists. Those of entries have
    no text, those of withdrawn entries only an address, a title and the withdrawal.
    """

    entries: dict[str, Record]
    withdrawn: dict[str, Record]
    terms: dict[Kind, list[Record]]
    deadlines: list[Record]


def records(snapshot: Snapshot, site: Site) -> Records:
    """Return all records of a snapshot."""
    collection = snapshot.collection
    withdrawn = (entry for entry in collection.entries if entry.withdrawn)
    return Records(
        entries={e.id: _identified(e, site) | plain_fields(e) for e in collection.listed},
        withdrawn={e.id: _identified(e, site) | _withdrawal(e) for e in withdrawn},
        terms={
            kind: [_term(kind, term, snapshot, site) for term in getattr(collection, kind).values()]
            for kind in TERMS
        },
        deadlines=[_deadline(due) for due in snapshot.key_dates],
    )


def _identified(entry: Entry, site: Site) -> Record:
    return {"id": entry.id, "url": site.absolute(entry_url(entry.id))}


def _withdrawal(entry: Entry) -> Record:
    return {"title": entry.title, "withdrawn": plain_value(entry.withdrawn)}


def _term(kind: Kind, term: Term, snapshot: Snapshot, site: Site) -> Record:
    """Return the record of a regulator, topic, instrument or newsletter, with its introduction."""
    found: Record = {"id": term.id, "url": site.absolute(term_url(kind, term.id))}
    found |= {RENAMED.get(name, name): value for name, value in plain_fields(term).items()}
    if isinstance(term, Instrument):
        found["force"] = (term.force or term.rank.force).value
        found |= _status(snapshot.statuses[term.id])
    found["entry_count"] = len(snapshot.collection.of(kind).get(term.id, ()))
    return found | {"body": full_text(term, site)}


def _status(status: Status) -> Record:
    successions = [p for p in status.pending if p.state is PendingState.SUPERSESSION]
    return {
        "validity": _validity(status.validity),
        "pending": [_pending(p) for p in status.pending if p not in successions],
        "successors": [{"id": p.via, "from": plain_value(p.day)} for p in successions],
    }


def _validity(validity: Validity) -> Record:
    return {
        "state": validity.state.value,
        "from": plain_value(validity.since),
        "published": plain_value(validity.published),
        "amended": plain_value(validity.amended),
        "displaced": [{"by": one.by, "from": plain_value(one.since)} for one in validity.displaced],
        "by": validity.by,
        "then": plain_value(validity.then),
        "until": plain_value(validity.until),
        "latest": plain_value(validity.latest),
        "undated_parts": validity.undated_parts or None,
        "why": validity.why or None,
    }


def _pending(pending: Pending) -> Record:
    return {
        "state": pending.state.value,
        "day": plain_value(pending.day),
        "since": plain_value(pending.since),
        "via": pending.via,
    }


def _deadline(due: KeyDate) -> Record:
    """Return the record of a key date."""
    return {
        "date": plain_value(due.date),
        "kind": due.kind.value,
        "what": due.what,
        "who": due.who,
        "entry": due.entry.id,
        "instrument": due.instrument,
        "regulators": list(due.entry.regulators),
        "instead_of": plain_value(due.earlier),
    }


def api_files(found: Records, snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield (path below the site, JSON) of each list, each year, and each entry by every id."""
    entries = snapshot.collection.entries
    whole = found.withdrawn | {
        entry.id: found.entries[entry.id] | {"body": full_text(entry, site)}
        for entry in entries
        if not entry.withdrawn
    }
    for name, lists in _lists(found, snapshot, whole):
        about = {
            "version": API.split("/")[1],
            "url": site.absolute(api_list(name)),
            "as_of": snapshot.as_of.isoformat(),
            "licence": LICENCE,
        }
        yield api_list(name), json_file(about | lists)
    for entry in entries:
        yield api_entry(entry.id), json_file(whole[entry.id])
        for alias in entry.aliases:
            yield api_entry(alias), json_file(whole[entry.id] | {"moved_from": alias})


def _lists(
    found: Records, snapshot: Snapshot, whole: dict[str, Record]
) -> Iterator[tuple[str, dict[str, list[Record]]]]:
    withdrawn = list(found.withdrawn.values())
    yield "entries", {"entries": list(found.entries.values()), "withdrawn": withdrawn}
    for year, months in snapshot.collection.by_month.items():
        of_year = [whole[entry.id] for month in months.values() for entry in month]
        yield f"years/{year}", {"entries": of_year}
    for kind, terms in found.terms.items():
        yield kind, {kind: terms}
    yield "deadlines", {"deadlines": found.deadlines}


def json_file(value: Any) -> bytes:
    """Return a value as compact JSON with a final line ending."""
    return to_json(value) + b"\n"
