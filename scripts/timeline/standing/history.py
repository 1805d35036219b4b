"""What has happened to an instrument, and which other instruments bear on it."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from timeline.model.entry import Entry
from timeline.model.entry_parts import Step
from timeline.model.terms import Instrument
from timeline.source.collection import Collection
from timeline.source.effects import EffectDay, days_of_effect


@dataclass(frozen=True)
class Event:
    """One entry's step of an instrument."""

    entry: Entry
    step: Step

    @cached_property
    def day(self) -> datetime.date:
        """The day from which it is known: the first that its date can mean."""
        return self.entry.date.first_day

    @property
    def anchor(self) -> str:
        """Where it stands on the instrument's page: the same whatever is found out later."""
        assert self.step.stage is not None
        number = f"-{self.step.round}" if self.step.round else ""
        return f"{self.step.stage.value}{number}-{self.entry.identity}"

    @cached_property
    def effects(self) -> tuple[datetime.date, ...]:
        """The days of effect that it records, in order."""
        return tuple(sorted({effect.date for effect in self.step.effective}))


@dataclass(frozen=True)
class History:
    """The steps of an instrument that moved it, oldest first, and those of others that bear on it.

    `amended_by` and `replaced_by` hold the histories of the instruments that amend it or, as a
    whole, take its place; theirs are empty, since only the nearest bear on it.
    """

    instrument: Instrument
    events: tuple[Event, ...]
    amended_by: tuple["History", ...] = ()
    replaced_by: tuple["History", ...] = ()

    @cached_property
    def moved_days(self) -> tuple[EffectDay, ...]:
        """All its days of effect, where an entry put another in the place of one; else nothing."""
        days = days_of_effect((event.entry, event.step) for event in self.events)
        return tuple(days) if any(day.instead_of for day in days) else ()


def histories(collection: Collection) -> dict[str, History]:
    """Every instrument's history by its id."""
    plain = {
        name: History(instrument, _events(collection, name))
        for name, instrument in collection.instruments.items()
    }
    amended: dict[str, list[History]] = defaultdict(list)
    replaced: dict[str, list[History]] = defaultdict(list)
    for history in plain.values():
        for relation in history.instrument.amends:
            amended[relation.id].append(history)
        for relation in history.instrument.replaces:
            if not relation.articles:  # else it takes the place of these articles only
                replaced[relation.id].append(history)
    return {
        name: History(
            history.instrument, history.events, tuple(amended[name]), tuple(replaced[name])
        )
        for name, history in plain.items()
    }


def _events(collection: Collection, instrument: str) -> tuple[Event, ...]:
    return tuple(
        Event(entry, step) for entry, step in collection.steps(instrument) if step.stage is not None
    )
