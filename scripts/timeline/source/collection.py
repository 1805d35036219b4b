"""All items together: their order, their groups, and the rules that look across files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from timeline.model.entry import Entry
from timeline.model.entry_parts import Step
from timeline.model.fields import Kind
from timeline.model.terms import Instrument, Newsletter, Prose, Regulator, Topic


@dataclass(frozen=True)
class Collection:
    """Everything that is known on a day. Entries stand in the order of time, oldest first."""

    entries: tuple[Entry, ...]
    regulators: dict[str, Regulator]
    topics: dict[str, Topic]
    instruments: dict[str, Instrument]
    newsletters: dict[str, Newsletter]
    prose: dict[str, Prose]  # by path below docs/, without .md

    @staticmethod
    def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """By date, then id; a month without a day stands before its days."""
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
        kinds: tuple[Kind, ...] = ("regulators", "topics", "instruments", "newsletters")
        found: dict[Kind, dict[str, list[Entry]]] = {kind: defaultdict(list) for kind in kinds}
        for entry in self.listed:
            for kind in kinds:
                for term in terms_of(entry, kind):
                    found[kind][term].append(entry)
        return {
            kind: {term: tuple(entries) for term, entries in groups.items()}
            for kind, groups in found.items()
        }

    def steps(self, instrument: str) -> Iterator[tuple[Entry, Step]]:
        """What entries do to an instrument, oldest first."""
        for entry in reversed(self.of("instruments").get(instrument, ())):
            for step in entry.instruments:
                if step.id == instrument:
                    yield entry, step


def terms_of(entry: Entry, kind: Kind) -> tuple[str, ...]:
    """The regulators, topics, instruments or newsletters that an entry names, each once."""
    if kind == "instruments":
        bases = (basis.id for penalty in entry.penalties for basis in penalty.basis)
        named = (*(step.id for step in entry.instruments), *(basis for basis in bases if basis))
        return tuple(dict.fromkeys(named))
    if kind == "entries":
        return entry.related
    names: dict[Kind, tuple[str, ...]] = {
        "regulators": entry.regulators,
        "topics": entry.topics,
        "newsletters": entry.newsletters,
    }
    return names[kind]
