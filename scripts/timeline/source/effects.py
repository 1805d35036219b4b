"""The days on which an instrument takes effect, and those that later entries put in their place.

An entry may put off, bring forward or divide a step of effect that an earlier one recorded: what
it records in its place names that day (`instead_of`). Nothing is known of it before that entry.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from timeline.model.entry import Entry
from timeline.model.entry_parts import Effect, Step


@dataclass(frozen=True)
class EffectDay:
    """One step of effect, as an entry records it.

    `instead_of` holds what it takes the place of, `moved` is the entry that put another in its own.
    """

    entry: Entry
    step: Step
    effect: Effect
    instead_of: tuple["EffectDay", ...] = ()
    moved: Entry | None = None

    @property
    def date(self) -> datetime.date:
        """The day."""
        return self.effect.date

    @property
    def chain(self) -> tuple["EffectDay", ...]:
        """Itself and all that it took the place of, newest first."""
        return (self, *(day for old in self.instead_of for day in old.chain))

    @property
    def roots(self) -> tuple["EffectDay", ...]:
        """What was recorded at first: itself, where it takes the place of nothing."""
        return tuple(day for day in self.chain if not day.instead_of)

    @property
    def applies_to(self) -> str | None:
        """To what or whom: the same as before, where its entry does not say."""
        return next((day.effect.applies_to for day in self.chain if day.effect.applies_to), None)

    @property
    def earlier(self) -> datetime.date | None:
        """The day from which it was put off or brought forward."""
        return next((old.date for old in self.instead_of if old.date != self.date), None)

    @property
    def manner(self) -> str:
        """What was done to the earlier day, in words."""
        return "put off" if self.earlier and self.earlier < self.date else "brought forward"


def steps_by_instrument(entries: Iterable[Entry]) -> dict[str, list[tuple[Entry, Step]]]:
    """Instrument -> what these entries do to it, in their order."""
    steps: dict[str, list[tuple[Entry, Step]]] = defaultdict(list)
    for entry in entries:
        for step in entry.instruments:
            steps[step.id].append((entry, step))
    return steps


def days_of_effect(steps: Iterable[tuple[Entry, Step]]) -> list[EffectDay]:
    """All that was ever recorded of one instrument, from its steps, the oldest first.

    What an entry moves it moves at once: two steps may each be put off to the day of the next.
    A day that names none that is recorded and still to come stands for itself.
    """
    found: list[EffectDay] = []
    for entry, step in steps:
        named = {effect.instead_of for effect in step.effective if effect.instead_of}
        ahead = [place for place, day in enumerate(found) if named and _is_ahead(day, entry)]
        again = [found[place] for place in ahead if found[place].earlier in named]
        moved = [place for place in ahead if found[place].date in named]
        for place in moved:
            found[place] = replace(found[place], moved=entry)
        olds = [found[place] for place in moved]
        found += _recorded(entry, step, olds, again)
    return found


def _is_ahead(day: EffectDay, entry: Entry) -> bool:
    """Whether an entry can move it: what has passed stays as it was."""
    return day.moved is None and day.entry is not entry and day.date >= entry.date.first_day


def _recorded(
    entry: Entry, step: Step, olds: list[EffectDay], again: list[EffectDay]
) -> Iterator[EffectDay]:
    """`again` are the days that another entry moved before: two may tell of one postponement."""
    for effect in step.effective:
        taken = tuple(old for old in olds if old.date == effect.instead_of)
        same = (a for a in again if (a.earlier, a.date) == (effect.instead_of, effect.date))
        told = next(same, None)
        yield EffectDay(entry, step, effect, taken or (told.instead_of if told else ()))
