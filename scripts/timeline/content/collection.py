"""The collection of all items, its indexes, and its state as of an earlier day."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from timeline.schema.entry import Entry, Step
from timeline.schema.terms import RELATIONS, TERMS, Instrument, Newsletter, Prose, Regulator, Topic
from timeline.schema.types import Kind


@dataclass(frozen=True)
class Collection:
    """All items known on a day. Entries are in chronological order, oldest first."""

    entries: tuple[Entry, ...]
    regulators: dict[str, Regulator]
    topics: dict[str, Topic]
    instruments: dict[str, Instrument]
    newsletters: dict[str, Newsletter]
    prose: dict[str, Prose]  # by path relative to docs/, without .md

    @staticmethod
    def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Sort entries by date, then id; a month without a day comes before its days."""
        return tuple(sorted(entries, key=lambda entry: (entry.date, entry.id)))

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """All entries except withdrawn ones, newest first."""
        return tuple(entry for entry in reversed(self.entries) if entry.withdrawn is None)

    @cached_property
    def by_month(self) -> dict[int, dict[int, tuple[Entry, ...]]]:
        """Year -> month -> entries, newest first. Month 0 has the entries dated by year alone."""
        found: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.listed:
            found[entry.date.year][entry.date.month].append(entry)
        return {
            year: {month: tuple(entries) for month, entries in months.items()}
            for year, months in found.items()
        }

    def of(self, kind: Kind) -> dict[str, tuple[Entry, ...]]:
        """Return the entries of each vocabulary page of a kind: id -> entries, newest first."""
        return self._by_term[kind]

    @cached_property
    def _by_term(self) -> dict[Kind, dict[str, tuple[Entry, ...]]]:
        found: dict[Kind, dict[str, list[Entry]]] = {kind: defaultdict(list) for kind in TERMS}
        for entry in self.listed:
            for kind in TERMS:
                for term in terms_of(entry, kind):
                    found[kind][term].append(entry)
        return {
            kind: {term: tuple(entries) for term, entries in groups.items()}
            for kind, groups in found.items()
        }

    def steps(self, instrument: str) -> list["EntryStep"]:
        """Return the steps of an instrument that entries record, oldest first."""
        return self._steps.get(instrument, [])

    @cached_property
    def _steps(self) -> dict[str, list["EntryStep"]]:
        return steps_by_instrument(reversed(self.listed))

    def predecessors(self, regulator: str) -> list[str]:
        """Return the ids of the bodies that a regulator succeeded."""
        return [
            other.id
            for other in self.regulators.values()
            if any(successor.id == regulator for successor in other.successors)
        ]


@dataclass(frozen=True)
class EntryStep:
    """A step of an instrument that an entry records. `index` is its place in the entry."""

    entry: Entry
    index: int

    @property
    def step(self) -> Step:
        """The step as written in the entry."""
        return self.entry.instruments[self.index]

    @property
    def day(self) -> datetime.date:
        """The day from which the step is known: the first day that the entry's date can mean."""
        return self.entry.date.first_day

    @property
    def anchor(self) -> str:
        """The permanent anchor of the step on the instrument's page."""
        assert self.step.stage is not None
        number = f"-{self.step.round}" if self.step.round else ""
        return f"{self.step.stage.value}{number}-{self.entry.first_id}"

    @cached_property
    def effects(self) -> tuple[datetime.date, ...]:
        """The effective dates that the step records, in order."""
        return tuple(sorted({effect.date for effect in self.step.effective}))


def steps_by_instrument(entries: Iterable[Entry]) -> dict[str, list[EntryStep]]:
    """Return the steps of each instrument that the entries record, in the order of the entries."""
    found: dict[str, list[EntryStep]] = defaultdict(list)
    for entry in entries:
        for index, step in enumerate(entry.instruments):
            found[step.id].append(EntryStep(entry, index))
    return dict(found)


def terms_of(entry: Entry, kind: Kind) -> tuple[str, ...]:
    """Return the ids of the given kind that an entry names, each once."""
    if kind == "instruments":
        bases = (basis.id for penalty in entry.penalties for basis in penalty.basis)
        named = (*(step.id for step in entry.instruments), *filter(None, bases))
        return tuple(dict.fromkeys(named))
    if kind == "regulators":
        imposers = (penalty.imposed_by for penalty in entry.penalties)
        return tuple(dict.fromkeys((*entry.regulators, *filter(None, imposers))))
    found: tuple[str, ...] = entry.related if kind == "entries" else getattr(entry, kind)
    return found


def closure(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> list[str]:
    """Return the starts and everything reachable from them, nearest first, each once."""
    found: dict[str, None] = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        for name in following(waiting.pop(0)):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def as_of_day(collection: Collection, day: datetime.date) -> Collection:
    """Return the collection as of a day.

    Later entries, corrections and withdrawals are left out, and so are the vocabulary pages that
    only they name. References to related entries that are unknown or withdrawn on that day are left
    out too. The texts of vocabulary pages are not dated and stay as they are.
    """
    known = tuple(
        _entry_on(entry, day) for entry in collection.entries if entry.date.first_day <= day
    )
    listed = {entry.id for entry in known if entry.withdrawn is None}
    entries = tuple(_with_related(entry, listed) for entry in known)
    if entries == collection.entries:
        return collection
    later = _named(collection.entries, "instruments") - _named(entries, "instruments")
    instruments = collection.instruments.keys() - later
    ever = _active(collection, collection.entries, collection.instruments)
    regulators = collection.regulators.keys() - (ever - _active(collection, entries, instruments))
    newsletters = _named(entries, "newsletters")
    return replace(
        collection,
        entries=entries,
        instruments={
            name: _instrument_on(instrument, instruments)
            for name, instrument in collection.instruments.items()
            if name in instruments
        },
        regulators={
            name: _regulator_on(regulator, day, regulators)
            for name, regulator in collection.regulators.items()
            if name in regulators
        },
        newsletters={
            name: newsletter
            for name, newsletter in collection.newsletters.items()
            if newsletter.issued <= day.isoformat()[:7] or name in newsletters
        },
    )


def _entry_on(entry: Entry, day: datetime.date) -> Entry:
    changes = tuple(change for change in entry.changes if change.date <= day)
    is_withdrawn = entry.withdrawn is not None and entry.withdrawn.date <= day
    withdrawn = entry.withdrawn if is_withdrawn else None
    if (changes, withdrawn) == (entry.changes, entry.withdrawn):
        return entry
    return entry.model_copy(update={"changes": changes, "withdrawn": withdrawn})


def _with_related(entry: Entry, listed: set[str]) -> Entry:
    """Return the entry with only the related entries that are listed."""
    if listed.issuperset(entry.related):
        return entry
    related = tuple(other for other in entry.related if other in listed)
    return entry.model_copy(update={"related": related})


def _named(entries: tuple[Entry, ...], kind: Kind) -> set[str]:
    """Return the ids of the given kind that the entries name."""
    return {term for entry in entries for term in terms_of(entry, kind)}


def _active(
    collection: Collection, entries: tuple[Entry, ...], instruments: Iterable[str]
) -> set[str]:
    """Return the bodies that act in the entries or issue the instruments, and their parents."""
    issuers = {name for i in instruments for name in collection.instruments[i].issuers}
    named = sorted(_named(entries, "regulators") | issuers)
    return set(closure(named, lambda name: filter(None, [collection.regulators[name].parent])))


def _regulator_on(regulator: Regulator, day: datetime.date, known: Container[str]) -> Regulator:
    successors = tuple(
        successor
        for successor in regulator.successors
        if successor.date.first_day <= day and successor.id in known
    )
    return regulator.model_copy(update={"successors": successors})


def _instrument_on(instrument: Instrument, known: Container[str]) -> Instrument:
    relations = {
        name: tuple(relation for relation in getattr(instrument, name) if relation.id in known)
        for name in RELATIONS
    }
    return instrument.model_copy(update=relations)
