"""Days that are due -> appointments under names that stay, for a calendar that is subscribed to.

Where a later entry moves a day of effect, the appointment goes on under the name of the day that
was first recorded, so that a calendar which has it moves it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.vocabulary import EFFECT_STAGES
from timeline.source.collection import Collection
from timeline.source.effects import EffectDay
from timeline.standing.deadlines import DueDay, Effects
from timeline.standing.due_names import due_names

Moves = dict[tuple[str, datetime.date], list[Entry]]  # by instrument and day


@dataclass(frozen=True)
class Appointment:
    """A day that is due. `moves` are the entries that moved it, those withdrawn since included.

    `corrected` are the later entries on its instrument that were corrected: nothing is left in them
    of what they said before, and that may have moved the day.
    """

    due: DueDay
    name: str
    moves: tuple[Entry, ...] = ()
    corrected: tuple[Entry, ...] = ()

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns."""
        return self.due.terms(kind)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those on which it rests, the latest first."""
        days = self.due.effect.chain if self.due.effect else ()
        found = (self.due.entry, *(day.entry for day in days), *self.moves)
        return tuple({entry.id: entry for entry in found}.values())

    @property
    def sequence(self) -> int:
        """How often it was revised (RFC 5545, 3.8.7.4): what is taken back is a revision too."""
        revised = (len(e.changes) + (1 if e.withdrawn else 0) for e in self.entries)
        taken_back = (len(e.changes) + 1 for e in self.corrected)
        return sum(revised) + len(self.moves) + sum(taken_back)


def appointments(collection: Collection, effects: Effects) -> list[Appointment]:
    """All of them, earliest first."""
    found = list(_appointments(collection, effects))
    return sorted(found, key=lambda appointment: (appointment.due.date, appointment.name))


def _appointments(collection: Collection, effects: Effects) -> Iterator[Appointment]:
    taken_back = _taken_back(collection)
    corrected = _corrected(collection)
    names: dict[int, list[str]] = {}  # by the identity of the step of effect
    for entry in collection.entries:
        for due, own in sorted(due_names(entry, effects), key=_place):
            day = due.effect
            if day is None:
                yield Appointment(due, own)
            elif not (entry.withdrawn and day.effect.instead_of):
                old = [name for gone in day.instead_of for name in names.pop(id(gone.effect), ())]
                names[id(day.effect)] = old or [own]
                moves = _moves(day, taken_back)
                others = _others(day, moves, corrected)
                for name in () if day.moved else names[id(day.effect)]:
                    yield Appointment(due, name, moves, others)


def _place(named: tuple[DueDay, str]) -> bool:
    """Of the parts of a divided step the first has its names, and first the one that stays."""
    day = named[0].effect
    return day is None or day.effect.instead_of != day.date


def _taken_back(collection: Collection) -> Moves:
    """The withdrawn entries that had moved a day."""
    found: Moves = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.withdrawn else ():
            for effect in step.effective:
                if effect.instead_of:
                    found[step.id, effect.instead_of].append(entry)
    return found


def _moves(day: EffectDay, taken_back: Moves) -> tuple[Entry, ...]:
    kept = [moved.entry for moved in day.chain if moved.instead_of]
    gone = [e for old in day.chain for e in taken_back.get((day.step.id, old.date), ())]
    return tuple({entry.id: entry for entry in (*kept, *gone)}.values())


def _corrected(collection: Collection) -> dict[str, list[Entry]]:
    """The entries that were corrected, by each instrument of which they can record an effect."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.changes else ():
            if step.stage in EFFECT_STAGES:
                found[step.id].append(entry)
    return found


def _others(
    day: EffectDay, moves: tuple[Entry, ...], corrected: dict[str, list[Entry]]
) -> tuple[Entry, ...]:
    """Those that were corrected, are later than the day's first entry and no longer move it."""
    first = min(root.entry.date.first_day for root in day.roots)
    own = {entry.id for entry in (*moves, *(moved.entry for moved in day.chain))}
    later = (e for e in corrected.get(day.step.id, ()) if e.date.first_day >= first)
    return tuple({entry.id: entry for entry in later if entry.id not in own}.values())
