"""The effective dates of an instrument, and those that later entries replaced.

An entry may postpone, bring forward or divide an effective date that an earlier one recorded: the
date that it records instead names the earlier one (`instead_of`). Before that entry nothing is
known of it.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from timeline.content.collection import EntryStep
from timeline.schema.entry import Effect, Entry

Key = tuple[str, int, int]  # entry, number of the step, number of the phase


@dataclass(frozen=True)
class EffectiveDate:
    """One phase of an instrument's taking effect, as an entry records it.

    `replaces` holds the dates that it replaces, `replaced_by` is the entry that replaced it in
    turn.
    """

    recorded: EntryStep
    number: int  # of the phase in its step
    replaces: tuple["EffectiveDate", ...] = ()
    replaced_by: Entry | None = None

    @property
    def key(self) -> Key:
        """What identifies it, however often it is read."""
        return self.entry.id, self.recorded.index, self.number

    @property
    def entry(self) -> Entry:
        """The entry that records it."""
        return self.recorded.entry

    @property
    def instrument(self) -> str:
        """The id of the instrument."""
        return self.recorded.step.id

    @property
    def effect(self) -> Effect:
        """The phase as it is written."""
        return self.recorded.step.effective[self.number]

    @property
    def date(self) -> datetime.date:
        """The date."""
        return self.effect.date

    @property
    def lineage(self) -> tuple["EffectiveDate", ...]:
        """Itself and all that it replaces, newest first."""
        return (self, *(date for old in self.replaces for date in old.lineage))

    @property
    def originals(self) -> tuple["EffectiveDate", ...]:
        """What was first recorded: itself, where it replaces nothing."""
        return tuple(date for date in self.lineage if not date.replaces)

    @property
    def applies_to(self) -> str | None:
        """Its scope: that of the date which it replaces, where its own entry does not say."""
        return next((d.effect.applies_to for d in self.lineage if d.effect.applies_to), None)

    @property
    def earlier(self) -> datetime.date | None:
        """The date from which it was postponed or brought forward."""
        return next((old.date for old in self.replaces if old.date != self.date), None)

    @property
    def change(self) -> str:
        """What was done to the earlier date, in words."""
        return "postponed" if self.earlier and self.earlier < self.date else "brought forward"


def effective_dates(steps: Iterable[EntryStep]) -> list[EffectiveDate]:
    """All that were ever recorded of one instrument, from its steps, the oldest first.

    What an entry replaces it replaces at once: two phases may each be postponed to the date of the
    next. A date that names none that is recorded and still to come replaces nothing.
    """
    found: list[EffectiveDate] = []
    for recorded in steps:
        named = {e.instead_of for e in recorded.step.effective if e.instead_of}
        open_ = [i for i, date in enumerate(found) if named and _is_replaceable(date, recorded)]
        again = [found[i] for i in open_ if found[i].earlier in named]
        replaced = [i for i in open_ if found[i].date in named]
        for i in replaced:
            found[i] = replace(found[i], replaced_by=recorded.entry)
        found += _recorded(recorded, [found[i] for i in replaced], again)
    return found


def _is_replaceable(date: EffectiveDate, recorded: EntryStep) -> bool:
    """Whether a step can replace a date: what has taken effect stays."""
    is_open = date.replaced_by is None and date.entry is not recorded.entry
    return is_open and date.date >= recorded.day


def _recorded(
    recorded: EntryStep, replaced: list[EffectiveDate], again: list[EffectiveDate]
) -> Iterator[EffectiveDate]:
    """The dates of a step. `again` are those by which another entry reported the same change."""
    for number, effect in enumerate(recorded.step.effective):
        olds = tuple(old for old in replaced if old.date == effect.instead_of)
        if not olds:
            same = (a for a in again if (a.earlier, a.date) == (effect.instead_of, effect.date))
            olds = next((a.replaces for a in same), ())
        yield EffectiveDate(recorded, number, olds)
