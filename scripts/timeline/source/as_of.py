"""The collection as it would have stood on an earlier day: what came later is unknown to it."""

import datetime
from dataclasses import replace

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.terms import Instrument, Regulator
from timeline.source.collection import Collection, terms_of


def known_on(collection: Collection, day: datetime.date) -> Collection:
    """Leave out later entries, corrections and withdrawals, and the terms that only they name.

    No entry names one as related that is not known by then, or withdrawn. The texts of vocabulary
    pages are not dated; they stay as they are.
    """
    known = tuple(
        _entry_on(entry, day) for entry in collection.entries if entry.date.first_day <= day
    )
    counting = {entry.id for entry in known if entry.withdrawn is None}
    entries = tuple(_with_related(entry, counting) for entry in known)
    if entries == collection.entries:
        return collection
    instruments = _named(entries, "instruments")
    kept = {name: collection.instruments[name] for name in instruments}
    regulators = _named(entries, "regulators")
    for instrument in kept.values():
        regulators |= set(instrument.issuers)
    regulators = _with_parents(regulators, collection)
    return replace(
        collection,
        entries=entries,
        instruments={name: _instrument_on(kept[name], instruments) for name in sorted(kept)},
        regulators={
            name: _regulator_on(collection.regulators[name], day, regulators)
            for name in sorted(regulators)
        },
        newsletters={
            name: newsletter
            for name, newsletter in collection.newsletters.items()
            if newsletter.issued <= day.isoformat()[:7] or name in _named(entries, "newsletters")
        },
    )


def _entry_on(entry: Entry, day: datetime.date) -> Entry:
    later = [change for change in entry.changes if change.date > day]
    withdrawn = entry.withdrawn
    if not later and (withdrawn is None or withdrawn.date <= day):
        return entry
    changes = tuple(change for change in entry.changes if change.date <= day)
    still = withdrawn if withdrawn and withdrawn.date <= day else None
    return entry.model_copy(update={"changes": changes, "withdrawn": still})


def _with_related(entry: Entry, counting: set[str]) -> Entry:
    """The entry, related to none but those that count."""
    if counting.issuperset(entry.related):
        return entry
    related = tuple(other for other in entry.related if other in counting)
    return entry.model_copy(update={"related": related})


def _named(entries: tuple[Entry, ...], kind: Kind) -> set[str]:
    """The terms that these entries name."""
    return {term for entry in entries for term in terms_of(entry, kind)}


def _with_parents(names: set[str], collection: Collection) -> set[str]:
    found, ahead = set[str](), list(names)
    while ahead:
        name = ahead.pop()
        parent = collection.regulators[name].parent
        if name not in found and parent:
            ahead.append(parent)
        found.add(name)
    return found


def _regulator_on(regulator: Regulator, day: datetime.date, known: set[str]) -> Regulator:
    successors = tuple(
        successor
        for successor in regulator.successors
        if successor.date.first_day <= day and successor.id in known
    )
    return regulator.model_copy(update={"successors": successors})


def _instrument_on(instrument: Instrument, known: set[str]) -> Instrument:
    relations = ("implements", "amends", "replaces", "interprets")
    found = {
        name: tuple(relation for relation in getattr(instrument, name) if relation.id in known)
        for name in relations
    }
    return instrument.model_copy(update=found)
