"""The history of an instrument, and what was known of it on a day.

Its stages are those that entries record, oldest first; beside them stand the histories of the
instruments that bear on it.
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
# Ranks whose documents need not state an effective date.
_WITHOUT_DATE = frozenset({Commencement.PROGRAMME, Commencement.GUIDANCE})


@dataclass(frozen=True)
class History:
    """The stages of an instrument, oldest first, and the instruments that bear on it.

    `amended_by` and the others hold the histories of the instruments that amend it, replace it as a
    whole, prevail over it in part, overtake or interpret it; theirs are empty, since only the
    nearest bear on it.
    """

    instrument: Instrument
    events: tuple[EntryStep, ...]
    amended_by: tuple["History", ...] = ()
    replaced_by: tuple["History", ...] = ()
    displaced_by: tuple["History", ...] = ()
    overtaken_by: tuple["History", ...] = ()
    interpreted_by: tuple["History", ...] = ()

    @property
    def bearing(self) -> tuple["History", ...]:
        """Itself and all that bear on its status."""
        others = (self.amended_by, self.replaced_by, self.displaced_by, self.overtaken_by)
        return (self, *(history for histories in others for history in histories))

    @cached_property
    def replaced_dates(self) -> tuple[EffectiveDate, ...]:
        """All its effective dates, where an entry replaced one; else nothing."""
        dates = effective_dates(self.events)
        return tuple(dates) if any(date.replaces for date in dates) else ()


def histories(collection: Collection) -> dict[str, History]:
    """Every instrument's history by its id."""
    plain = {
        name: History(instrument, _events(collection, name))
        for name, instrument in collection.instruments.items()
    }
    bearing: dict[tuple[str, str], list[History]] = defaultdict(list)
    for history in plain.values():
        for relation in ("amends", "replaces", "displaces", "overtakes", "interprets"):
            for other in getattr(history.instrument, relation):
                # What replaces some articles only does not replace the whole.
                if relation != "replaces" or not other.articles:
                    bearing[other.id, relation].append(history)
    return {
        name: replace(
            history,
            amended_by=tuple(bearing[name, "amends"]),
            replaced_by=tuple(bearing[name, "replaces"]),
            displaced_by=tuple(bearing[name, "displaces"]),
            overtaken_by=tuple(bearing[name, "overtakes"]),
            interpreted_by=tuple(bearing[name, "interprets"]),
        )
        for name, history in plain.items()
    }


def _events(collection: Collection, instrument: str) -> tuple[EntryStep, ...]:
    return tuple(found for found in collection.steps(instrument) if found.step.stage is not None)


class HistoryAsOf:
    """What was known of an instrument on a day.

    An effective date that became known only later counts from its own day all the same.
    """

    def __init__(self, history: History, day: Day) -> None:
        self.history = history
        self.day = day
        self.events = [
            e for e in history.events if e.day <= day or (e.effects and e.effects[0] <= day)
        ]

    @cached_property
    def adoptions(self) -> list[EntryStep]:
        """Its passages and issues."""
        return [event for event in self.events if event.step.stage in ADOPTION_STAGES]

    @cached_property
    def amendments(self) -> list[EntryStep]:
        """Its own amendments."""
        return [event for event in self.events if event.step.stage is Stage.AMENDED]

    def effects_of(self, event: EntryStep) -> tuple[Day, ...]:
        """The days on which an event takes effect, in order, replaced dates as they are now.

        A date that replaces another belongs to the event that first recorded one. What states none
        and needs none takes effect on its publication.
        """
        found = event.effects
        if self.history.replaced_dates:
            found = self._current.get((event.entry.id, event.index), ())
        if not found and self.applies_from_publication(event):
            return (event.day,)
        return found

    def applies_from_publication(self, event: EntryStep) -> bool:
        """Whether an adoption or amendment takes effect without stating a date."""
        if event.step.stage not in EFFECT_STAGES or event.effects:
            return False
        return event.step.no_effective_date or self._commencement in _WITHOUT_DATE

    @property
    def _commencement(self) -> Commencement:
        return self.history.instrument.rank.commencement

    @cached_property
    def _current(self) -> dict[tuple[str, int], tuple[Day, ...]]:
        """Step that first recorded effective dates -> the dates that now stand for them."""
        known = {event.entry.id for event in self.events}
        found: dict[tuple[str, int], set[Day]] = defaultdict(set)
        for date in self.history.replaced_dates:
            is_replaced = date.replaced_by is not None and date.replaced_by.id in known
            if date.entry.id in known and not is_replaced:
                for original in date.originals:
                    found[original.entry.id, original.recorded.index].add(date.date)
        return {step: tuple(sorted(days)) for step, days in found.items()}

    @cached_property
    def ended(self) -> EntryStep | None:
        """Its repeal, expiry or abandonment, unless it was taken up again.

        A draft that is abandoned after an adoption was a revision: the text in force stays.
        """
        steps = [e for e in self.events if e.step.stage is not Stage.INTERPRETED]
        last = steps[-1] if steps else None
        if last is None or last.step.stage not in ENDS:
            return None
        is_revision = last.step.stage is Stage.ABANDONED and (self.adoptions or self.amendments)
        return None if is_revision else last

    @cached_property
    def effects(self) -> tuple[Day, ...]:
        """When it takes effect: by its first adoption with a date, unless that was postponed."""
        dated = [(e.day, days) for e in self.adoptions if (days := self.effects_of(e))]
        before = self.history.instrument.in_force_from
        if before:  # its first adoption predates the timeline
            dated.insert(0, (before, (before,)))
        if not dated:
            return ()
        _, chosen = dated[0]
        for day, effects in dated[1:]:
            if day < chosen[0]:  # postponed, or issued anew, before it applied
                chosen = effects
        return chosen

    @cached_property
    def undated_parts(self) -> str:
        """Which of its parts take effect on a day still to be fixed, by the latest adoption."""
        told = [e.step for e in self.adoptions if e.effects or e.step.undated_parts]
        return (told[-1].undated_parts or "") if told else ""

    @cached_property
    def published(self) -> PartialDate | None:
        """Its publication, where it applies from then on."""
        if self.history.instrument.in_force_from:
            return None
        first = next((event for event in self.adoptions if self.effects_of(event)), None)
        applies = first is not None and self.applies_from_publication(first)
        return first.entry.date if first and applies else None

    def others(self, histories: tuple[History, ...]) -> list["HistoryAsOf"]:
        """What was known of other instruments, without those that have ended."""
        known = (HistoryAsOf(other, self.day) for other in histories)
        return [other for other in known if not other.ended]
