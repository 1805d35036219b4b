"""The effective dates of an instrument, including those that later entries replaced.

An entry may postpone, bring forward or divide an effective date that an earlier entry recorded: its
own date then names the earlier date (`instead_of`). The change is unknown before the entry that
reports it.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from timeline.content.collection import EntryStep
from timeline.schema.entry import Effect, Entry

Key = tuple[str, int, int]  # id of the entry, index of the step, index of the phase


@dataclass(frozen=True)
class EffectiveDate:
    """An effective date of an instrument or of a part of it (a phase), as an entry records it.

    `replaces` holds the earlier dates that this one replaces; `replaced_by` is the entry that
    replaced this one in turn.
    """

    recorded: EntryStep
    number: int  # index of the phase in its step
    replaces: tuple["EffectiveDate", ...] = ()
    replaced_by: Entry | None = None

    @property
    def key(self) -> Key:
        """The key of this date, the same for every object made of the same phase."""
        return self.entry.id, self.recorded.index, self.number

    @property
    def entry(self) -> Entry:
        """The entry that records the date."""
        return self.recorded.entry

    @property
    def instrument(self) -> str:
        """The id of the instrument."""
        return self.recorded.step.id

    @property
    def effect(self) -> Effect:
        """The phase as written in the front matter."""
        return self.recorded.step.effective[self.number]

    @property
    def date(self) -> datetime.date:
        """The day on which the phase takes effect."""
        return self.effect.date

    @property
    def lineage(self) -> tuple["EffectiveDate", ...]:
        """This date and all the dates that it replaces, directly or not, newest first."""
        return (self, *(date for old in self.replaces for date in old.lineage))

    @property
    def originals(self) -> tuple["EffectiveDate", ...]:
        """The dates first recorded: those of its lineage that replace nothing."""
        return tuple(date for date in self.lineage if not date.replaces)

    @property
    def applies_to(self) -> str | None:
        """The scope, taken from the replaced date if the entry does not state one."""
        return next((d.effect.applies_to for d in self.lineage if d.effect.applies_to), None)

    @property
    def earlier(self) -> datetime.date | None:
        """The date from which this one was postponed or brought forward, if any."""
        return next((old.date for old in self.replaces if old.date != self.date), None)

    @property
    def change(self) -> str:
        """The kind of change to the earlier date: `postponed` or `brought forward`."""
        return "postponed" if self.earlier and self.earlier < self.date else "brought forward"


def effective_dates(steps: Iterable[EntryStep]) -> list[EffectiveDate]:
    """Return every effective date ever recorded of one instrument, given its steps, oldest first.

    All dates of a step replace earlier ones simultaneously, since two phases may each be postponed
    to the date of the next. If `instead_of` names no recorded date that is still to come, the date
    replaces nothing.
    """
    found: list[EffectiveDate] = []
    for recorded in steps:
        named = {e.instead_of for e in recorded.step.effective if e.instead_of}
        open_ = [i for i, date in enumerate(found) if named and _is_replaceable(date, recorded)]
        reported = [found[i] for i in open_ if found[i].earlier in named]
        replaced = [i for i in open_ if found[i].date in named]
        for i in replaced:
            found[i] = replace(found[i], replaced_by=recorded.entry)
        found += _dates_of(recorded, [found[i] for i in replaced], reported)
    return found


def _is_replaceable(date: EffectiveDate, recorded: EntryStep) -> bool:
    """Return whether a step can replace a date; a date that has passed can no longer change."""
    is_open = date.replaced_by is None and date.entry is not recorded.entry
    return is_open and date.date >= recorded.day


def _dates_of(
    recorded: EntryStep, replaced: list[EffectiveDate], reported: list[EffectiveDate]
) -> Iterator[EffectiveDate]:
    """Yield the dates of a step, each with the dates that it replaces.

    `reported` are the dates of other entries that may have reported the same change already.
    """
    for number, effect in enumerate(recorded.step.effective):
        olds = tuple(old for old in replaced if old.date == effect.instead_of)
        if not olds:
            change = (effect.instead_of, effect.date)
            olds = next((d.replaces for d in reported if (d.earlier, d.date) == change), ())
        yield EffectiveDate(recorded, number, olds)
