"""What the open data says of each thing: its front matter, typed, and what is computed from it.

A field is never renamed or removed within a version; `tests/golden/api-v1.json` holds them.
"""

from typing import Any

from timeline.downloads.typed_data import typed, typed_fields
from timeline.model import body
from timeline.model.entry import Entry
from timeline.model.fields import Document, Kind
from timeline.model.site import Site
from timeline.model.terms import Instrument, Term
from timeline.model.vocabulary import PendingState
from timeline.standing.deadlines import DueDay
from timeline.standing.pending import Pending
from timeline.standing.standing import Standing
from timeline.standing.status import Status
from timeline.standing.validity import Validity

Record = dict[str, Any]
_FIELDS = tuple(Entry.keys())

# `url` is always the page here; where the front matter has a `url`, it is that of the original.
OWN_NAMES = {"url": "original_url"}


def entry_url(entry: str, site: Site) -> str:
    """The permalink of an entry."""
    return site.absolute(f"entries/{entry}/")


def full_text(document: Document, site: Site) -> str:
    """The Markdown under the front matter, its links to entries made permalinks."""
    return body.linked(document.body, lambda entry: entry_url(entry, site))


def entry_record(entry: Entry, site: Site) -> Record:
    """An entry without its text."""
    own: Record = {"id": entry.id, "url": entry_url(entry.id, site)}
    return own | typed_fields(entry, _FIELDS)


def withdrawn_record(entry: Entry, site: Site) -> Record:
    """What is left of an entry that no longer counts."""
    own: Record = {"id": entry.id, "url": entry_url(entry.id, site), "title": entry.title}
    return own | {"withdrawn": typed(entry.withdrawn)}


def whole_record(entry: Entry, site: Site) -> Record:
    """An entry with its text, or what is left of it."""
    if entry.withdrawn:
        return withdrawn_record(entry, site)
    return entry_record(entry, site) | {"body": full_text(entry, site)}


def without_text(record: Record) -> Record:
    """A record as it stands in a list."""
    return {name: value for name, value in record.items() if name != "body"}


def term_record(kind: Kind, term: Term, standing: Standing, site: Site) -> Record:
    """A regulator, topic, instrument or newsletter, with its introduction."""
    found: Record = {"id": term.id, "url": site.absolute(f"{kind}/{term.id}/")}
    fields = typed_fields(term, tuple(term.keys()))
    found |= {OWN_NAMES.get(name, name): value for name, value in fields.items()}
    if isinstance(term, Instrument):
        found["force"] = (term.force or term.rank.force).value
        found |= _status(standing.statuses[term.id])
    found["entry_count"] = len(standing.collection.of(kind).get(term.id, ()))
    return found | {"body": full_text(term, site)}


def _status(status: Status) -> Record:
    successions = [p for p in status.pending if p.state is PendingState.SUPERSESSION]
    return {
        "validity": _validity(status.validity),
        "pending": [_pending(p) for p in status.pending if p not in successions],
        "successors": [{"id": p.via, "from": typed(p.day)} for p in successions],
    }


def _validity(validity: Validity) -> Record:
    return {
        "state": validity.state.value,
        "from": typed(validity.since),
        "amended": typed(validity.amended),
        "by": validity.by,
        "then": typed(validity.then),
        "why": validity.why or None,
    }


def _pending(pending: Pending) -> Record:
    return {
        "state": pending.state.value,
        "day": typed(pending.day),
        "since": typed(pending.since),
        "via": pending.via,
    }


def deadline_record(due: DueDay) -> Record:
    """A day on which something closes, takes effect or falls due."""
    return {
        "date": typed(due.date),
        "kind": due.kind.value,
        "what": due.what,
        "who": due.who,
        "entry": due.entry.id,
        "instrument": due.instrument,
        "regulators": typed(due.entry.regulators),
        "instead_of": typed(due.earlier),
    }
