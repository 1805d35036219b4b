"""All items together, in order of time and by what they name; and the same as of an earlier day."""

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
    """Everything that is known on a day. Entries are in order of time, oldest first."""

    entries: tuple[Entry, ...]
    regulators: dict[str, Regulator]
    topics: dict[str, Topic]
    instruments: dict[str, Instrument]
    newsletters: dict[str, Newsletter]
    prose: dict[str, Prose]  # by path below docs/, without .md

    @staticmethod
    def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """By date, then id; a month without a day comes before its days."""
        return tuple(sorted(entries, key=lambda entry: (entry.date, entry.id)))

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """The entries that count: all but the withdrawn ones, newest first."""
        return tuple(entry for entry in reversed(self.entries) if entry.withdrawn is None)

    @cached_property
    def by_month(self) -> dict[int, dict[int, tuple[Entry, ...]]]:
        """Year -> month -> entries, newest first; month 0 holds those known to the year only."""
        found: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.listed:
            found[entry.date.year][entry.date.month].append(entry)
        return {
            year: {month: tuple(entries) for month, entries in months.items()}
            for year, months in found.items()
        }

    def of(self, kind: Kind) -> dict[str, tuple[Entry, ...]]:
        """Id of a regulator, topic, instrument or newsletter -> its entries, newest first."""
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
        """What entries do to an instrument, oldest first."""
        return self._steps.get(instrument, [])

    @cached_property
    def _steps(self) -> dict[str, list["EntryStep"]]:
        return steps_by_instrument(reversed(self.listed))

    def predecessors(self, regulator: str) -> list[str]:
        """The bodies that this one succeeded."""
        return [
            other.id
            for other in self.regulators.values()
            if any(successor.id == regulator for successor in other.successors)
        ]


@dataclass(frozen=True)
class EntryStep:
    """One step of an entry: what it does to an instrument. `index` is its place in the entry."""

    entry: Entry
    index: int

    @property
    def step(self) -> Step:
        """The step as it is written."""
        return self.entry.instruments[self.index]

    @property
    def day(self) -> datetime.date:
        """The day from which it is known: the first that the entry's date can mean."""
        return self.entry.date.first_day

    @property
    def anchor(self) -> str:
        """Its anchor on the instrument's page, which stays whatever is found out later."""
        assert self.step.stage is not None
        number = f"-{self.step.round}" if self.step.round else ""
        return f"{self.step.stage.value}{number}-{self.entry.first_id}"

    @cached_property
    def effects(self) -> tuple[datetime.date, ...]:
        """The effective dates that it records, in order."""
        return tuple(sorted({effect.date for effect in self.step.effective}))


def steps_by_instrument(entries: Iterable[Entry]) -> dict[str, list[EntryStep]]:
    """Instrument -> what these entries do to it, in their order."""
    found: dict[str, list[EntryStep]] = defaultdict(list)
    for entry in entries:
        for index, step in enumerate(entry.instruments):
            found[step.id].append(EntryStep(entry, index))
    return dict(found)


def terms_of(entry: Entry, kind: Kind) -> tuple[str, ...]:
    """The regulators, topics, instruments or newsletters that an entry names, each once."""
    if kind == "instruments":
        bases = (basis.id for penalty in entry.penalties for basis in penalty.basis)
        named = (*(step.id for step in entry.instruments), *(basis for basis in bases if basis))
        return tuple(dict.fromkeys(named))
    if kind == "regulators":
        courts = (penalty.imposed_by for penalty in entry.penalties)
        return tuple(dict.fromkeys((*entry.regulators, *filter(None, courts))))
    found: tuple[str, ...] = entry.related if kind == "entries" else getattr(entry, kind)
    return found


def closure(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> list[str]:
    """The starts and all that can be reached from them, nearest first, each once."""
    found: dict[str, None] = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        for name in following(waiting.pop(0)):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def as_of_day(collection: Collection, day: datetime.date) -> Collection:
    """Leave out later entries, corrections and withdrawals, and the terms that only they name.

    No entry names as related one that is not known by then, or withdrawn. The texts of vocabulary
    pages are not dated; they stay as they are.
    """
    known = tuple(
        _entry_on(entry, day) for entry in collection.entries if entry.date.first_day <= day
    )
    counting = {entry.id for entry in known if entry.withdrawn is None}
    entries = tuple(_with_related(entry, counting) for entry in known)
    if entries == collection.entries:
        return collection
    later = _named(collection.entries, "instruments") - _named(entries, "instruments")
    instruments = collection.instruments.keys() - later
    ever = _acting(collection, collection.entries, collection.instruments)
    regulators = collection.regulators.keys() - (ever - _acting(collection, entries, instruments))
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


def _with_related(entry: Entry, counting: set[str]) -> Entry:
    """The entry, related only to entries that count."""
    if counting.issuperset(entry.related):
        return entry
    related = tuple(other for other in entry.related if other in counting)
    return entry.model_copy(update={"related": related})


def _named(entries: tuple[Entry, ...], kind: Kind) -> set[str]:
    """The terms that these entries name."""
    return {term for entry in entries for term in terms_of(entry, kind)}


def _acting(
    collection: Collection, entries: tuple[Entry, ...], instruments: Iterable[str]
) -> set[str]:
    """The bodies that act in these entries or issue these instruments, and those above them."""
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
