"""What was known of an instrument on a day."""

import datetime
from collections import defaultdict
from functools import cached_property

from timeline.model.vocabulary import ADOPTION_STAGES, Stage, ValidityState
from timeline.standing.history import Event, History

Day = datetime.date

ENDS = {
    Stage.REPEALED: ValidityState.REPEALED,
    Stage.EXPIRED: ValidityState.EXPIRED,
    Stage.ABANDONED: ValidityState.ABANDONED,
}


class Known:
    """What was known of an instrument on a day."""

    def __init__(self, history: History, day: Day) -> None:
        self.history = history
        self.day = day
        self.events = [
            e for e in history.events if e.day <= day or (e.effects and e.effects[0] <= day)
        ]

    @cached_property
    def adoptions(self) -> list[Event]:
        """Its passings and issues."""
        return [event for event in self.events if event.step.stage in ADOPTION_STAGES]

    @cached_property
    def amendments(self) -> list[Event]:
        """Its own amendments."""
        return [event for event in self.events if event.step.stage is Stage.AMENDED]

    def effects_of(self, event: Event) -> tuple[Day, ...]:
        """The days on which an event takes effect, in order, those put in their place included.

        A day that takes the place of another is no event's but that of the first recorded.
        """
        return self._days.get(id(event.step), ()) if self.history.moved_days else event.effects

    @cached_property
    def _days(self) -> dict[int, tuple[Day, ...]]:
        """Identity of a step that recorded days at first -> the days that stand for them."""
        told = {id(event.entry) for event in self.events}
        found: dict[int, set[Day]] = defaultdict(set)
        for day in self.history.moved_days:
            if id(day.entry) in told and (day.moved is None or id(day.moved) not in told):
                for root in day.roots:
                    found[id(root.step)].add(day.date)
        return {step: tuple(sorted(days)) for step, days in found.items()}

    @cached_property
    def ended(self) -> Event | None:
        """Its repeal, expiry or abandonment, unless it was taken up again.

        A draft that is abandoned after an adoption was of a revision: the text in force stays.
        """
        moves = [e for e in self.events if e.step.stage is not Stage.INTERPRETED]
        last = moves[-1] if moves else None
        if last is None or last.step.stage not in ENDS:
            return None
        revision = last.step.stage is Stage.ABANDONED and (self.adoptions or self.amendments)
        return None if revision else last

    @cached_property
    def effects(self) -> tuple[Day, ...]:
        """When it takes effect: by its first adoption with a day, unless that was put off."""
        dated = [(e.day, days) for e in self.adoptions if (days := self.effects_of(e))]
        if not dated:
            return ()
        _, chosen = dated[0]
        for day, effects in dated[1:]:
            if day < chosen[0]:  # put off, or issued anew, before it applied
                chosen = effects
        return chosen

    @cached_property
    def amended_by(self) -> list["Known"]:
        """What was known of the instruments that amend it."""
        return [Known(other, self.day) for other in self.history.amended_by]

    @cached_property
    def replaced_by(self) -> list["Known"]:
        """What was known of those that take its place."""
        return [Known(other, self.day) for other in self.history.replaced_by]
