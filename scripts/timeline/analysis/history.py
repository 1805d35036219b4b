"""The history of an instrument, and the part of it that was known on a day.

A history consists of the stages that entries record, oldest first, and of the histories of other
instruments that affect the instrument.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from timeline.analysis.effective import EffectiveDate, effective_dates
from timeline.content.collection import Collection, EntryStep
from timeline.schema.dates import PartialDate
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import (
    ADOPTION_STAGES,
    EFFECT_STAGES,
    Commencement,
    Stage,
    ValidityState,
)

Day = datetime.date

ENDS = {
    Stage.REPEALED: ValidityState.REPEALED,
    Stage.EXPIRED: ValidityState.EXPIRED,
    Stage.ABANDONED: ValidityState.ABANDONED,
}
# Documents of these kinds need not state an effective date.
_NEEDS_NO_DATE = frozenset({Commencement.PROGRAMME, Commencement.GUIDANCE})


@dataclass(frozen=True)
class History:
    """The stages of an instrument, oldest first, and the histories of instruments that affect it.

    `amended_by` and the fields after it hold the histories of the instruments that amend it,
    replace it as a whole, prevail over it in part, overtake it or interpret it. In those histories
    these fields are empty, since only directly related instruments matter.
    """

    instrument: Instrument
    events: tuple[EntryStep, ...]
    amended_by: tuple["History", ...] = ()
    replaced_by: tuple["History", ...] = ()
    displaced_by: tuple["History", ...] = ()
    overtaken_by: tuple["History", ...] = ()
    interpreted_by: tuple["History", ...] = ()

    @property
    def affecting_status(self) -> tuple["History", ...]:
        """This history and those of the other instruments that affect the status."""
        others = (self.amended_by, self.replaced_by, self.displaced_by, self.overtaken_by)
        return (self, *(history for histories in others for history in histories))

    @cached_property
    def revised_dates(self) -> tuple[EffectiveDate, ...]:
        """All effective dates if an entry replaced any of them; otherwise empty."""
        dates = effective_dates(self.events)
        return tuple(dates) if any(date.replaces for date in dates) else ()


def histories(collection: Collection) -> dict[str, History]:
    """Return the history of every instrument by the instrument's id."""
    plain = {
        name: History(instrument, _events(collection, name))
        for name, instrument in collection.instruments.items()
    }
    related: dict[tuple[str, str], list[History]] = defaultdict(list)
    for history in plain.values():
        for relation in ("amends", "replaces", "displaces", "overtakes", "interprets"):
            for other in getattr(history.instrument, relation):
                # An instrument that replaces only some articles does not replace the whole text.
                if relation != "replaces" or not other.articles:
                    related[other.id, relation].append(history)
    return {
        name: replace(
            history,
            amended_by=tuple(related[name, "amends"]),
            replaced_by=tuple(related[name, "replaces"]),
            displaced_by=tuple(related[name, "displaces"]),
            overtaken_by=tuple(related[name, "overtakes"]),
            interpreted_by=tuple(related[name, "interprets"]),
        )
        for name, history in plain.items()
    }


def _events(collection: Collection, instrument: str) -> tuple[EntryStep, ...]:
    return tuple(found for found in collection.steps(instrument) if found.step.stage is not None)


class HistoryAsOf:
    """The history of an instrument as known on a day.

    A stage that was reported only after it had taken effect counts from its effective date.
    """

    def __init__(self, history: History, day: Day) -> None:
        self.history = history
        self.day = day
        self.events = [
            e for e in history.events if e.day <= day or (e.effects and e.effects[0] <= day)
        ]

    @cached_property
    def adoptions(self) -> list[EntryStep]:
        """The steps by which the instrument was passed or issued."""
        return [event for event in self.events if event.step.stage in ADOPTION_STAGES]

    @cached_property
    def amendments(self) -> list[EntryStep]:
        """The steps by which the instrument itself was amended."""
        return [event for event in self.events if event.step.stage is Stage.AMENDED]

    def effects_of(self, event: EntryStep) -> tuple[Day, ...]:
        """Return the days on which an event takes effect, in order, allowing for replaced dates.

        A date that replaces another belongs to the event that recorded the first date. An event
        that states no date and needs none takes effect on publication.
        """
        found = event.effects
        if self.history.revised_dates:
            found = self._current_dates.get((event.entry.id, event.index), ())
        if not found and self.applies_from_publication(event):
            return (event.day,)
        return found

    def applies_from_publication(self, event: EntryStep) -> bool:
        """Return whether an adoption or amendment takes effect without stating a date."""
        if event.step.stage not in EFFECT_STAGES or event.effects:
            return False
        needs_none = self.history.instrument.rank.commencement in _NEEDS_NO_DATE
        return event.step.no_effective_date or needs_none

    @cached_property
    def _current_dates(self) -> dict[tuple[str, int], tuple[Day, ...]]:
        """The dates now valid, by the step (entry id and index) that recorded the first ones."""
        known = {event.entry.id for event in self.events}
        found: dict[tuple[str, int], set[Day]] = defaultdict(set)
        for date in self.history.revised_dates:
            is_replaced = date.replaced_by is not None and date.replaced_by.id in known
            if date.entry.id in known and not is_replaced:
                for original in date.originals:
                    found[original.entry.id, original.recorded.index].add(date.date)
        return {step: tuple(sorted(days)) for step, days in found.items()}

    @cached_property
    def ended(self) -> EntryStep | None:
        """The repeal, expiry or abandonment of the instrument, unless a later step resumed it.

        A draft abandoned after an adoption was a revision, and the text in force remains.
        """
        steps = [e for e in self.events if e.step.stage is not Stage.INTERPRETED]
        last = steps[-1] if steps else None
        if last is None or last.step.stage not in ENDS:
            return None
        is_revision = last.step.stage is Stage.ABANDONED and (self.adoptions or self.amendments)
        return None if is_revision else last

    @cached_property
    def effects(self) -> tuple[Day, ...]:
        """The days on which the instrument takes effect.

        They are those of the first adoption with a date, or of a later adoption made before that
        date, which postponed it or issued the text anew.
        """
        dated = [(e.day, days) for e in self.adoptions if (days := self.effects_of(e))]
        before = self.history.instrument.in_force_from
        if before:  # its first adoption predates the timeline
            dated.insert(0, (before, (before,)))
        if not dated:
            return ()
        _, chosen = dated[0]
        for day, effects in dated[1:]:
            if day < chosen[0]:
                chosen = effects
        return chosen

    @cached_property
    def undated_parts(self) -> str:
        """The parts that take effect on a day still to be fixed, as stated by the last adoption."""
        steps = [e.step for e in self.adoptions if e.effects or e.step.undated_parts]
        return (steps[-1].undated_parts or "") if steps else ""

    @cached_property
    def published(self) -> PartialDate | None:
        """The date of publication, if the instrument applies from its publication."""
        if self.history.instrument.in_force_from:
            return None
        first = next((event for event in self.adoptions if self.effects_of(event)), None)
        return first.entry.date if first and self.applies_from_publication(first) else None

    def not_ended(self, histories: tuple[History, ...]) -> list["HistoryAsOf"]:
        """Return other histories as known on the same day, without instruments that have ended."""
        known = (HistoryAsOf(other, self.day) for other in histories)
        return [other for other in known if not other.ended]
