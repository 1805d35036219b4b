"""What the calendar alone does to an instrument: it takes effect, comments close, it is superseded.

A day on which an entry moves the instrument is that entry's to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.dates import ONE_DAY
from timeline.model.entry import Entry
from timeline.model.terms import Instrument
from timeline.model.vocabulary import PendingState, Rank, ValidityState
from timeline.standing.history import Event, History
from timeline.standing.known import Day
from timeline.standing.status import Status, status_on

_SAID = {
    ValidityState.IN_FORCE: "Took effect",
    ValidityState.PARTLY_IN_FORCE: "Took effect in part",
    ValidityState.SUPERSEDED: "Superseded",
    ValidityState.CONCLUDED: "Campaign ended",
}
_APPLIES = frozenset({ValidityState.IN_FORCE, ValidityState.PARTLY_IN_FORCE})


@dataclass(frozen=True)
class Move:
    """A state that an instrument reached. `entry` is the one by which the day was known."""

    instrument: Instrument
    state: ValidityState | PendingState
    day: Day
    said: str  # what happened, in words
    entry: Entry
    by: str | None = None  # the id of what supersedes it


def moves(history: History, until: Day) -> Iterator[Move]:
    """Those up to a day, oldest first."""
    told = {event.day for event in history.events}
    for day, entry in sorted(_appointed(history).items()):
        if day <= until and day not in told:
            before, after = status_on(history, day - ONE_DAY), status_on(history, day)
            for state, said in _reached(before, after, day, history.instrument):
                by = after.validity.by if state is ValidityState.SUPERSEDED else None
                yield Move(history.instrument, state, day, said, entry, by)


def _appointed(history: History) -> dict[Day, Entry]:
    """The days that were known beforehand, with the entry by which each was."""
    found: dict[Day, Entry] = {}
    for bearing in (history, *history.amended_by, *history.replaced_by):
        for event in bearing.events:
            found |= dict.fromkeys(_days_ahead(event), event.entry)
    campaign = history.instrument
    ends = campaign.end.last_day + ONE_DAY if campaign.end else None
    for day in (campaign.start.first_day if campaign.start else None, ends):
        earlier = [event.entry for event in history.events if day and event.day < day]
        if day and earlier:
            found[day] = earlier[-1]
    return found


def _days_ahead(event: Event) -> Iterator[Day]:
    yield from (effect for effect in event.effects if effect > event.day)
    if event.step.comments_close:
        yield event.step.comments_close + ONE_DAY


def _reached(
    before: Status, after: Status, day: Day, instrument: Instrument
) -> Iterator[tuple[ValidityState | PendingState, str]]:
    """The states that were reached between two days, in words."""
    old, new = before.validity, after.validity
    if new.state is not old.state and new.state in _SAID:
        in_full = old.state is ValidityState.PARTLY_IN_FORCE and new.state in _APPLIES
        yield new.state, "Took effect in full" if in_full else _said(new.state, instrument)
    elif new.state is old.state is ValidityState.PARTLY_IN_FORCE and new.then != old.then:
        yield new.state, "A further part took effect"
    if new.state in _APPLIES and new.amended == day:
        yield PendingState.AMENDMENT, "Amendment took effect"
    if day - ONE_DAY in _closing_days(before) - _closing_days(after):
        yield PendingState.AWAITING_OUTCOME, "Comments closed"


def _said(state: ValidityState, instrument: Instrument) -> str:
    begins = instrument.rank is Rank.CAMPAIGN and state is ValidityState.IN_FORCE
    return "Campaign began" if begins else _SAID[state]


def _closing_days(status: Status) -> set[Day]:
    """Of its own consultations that are open; those on what amends it are told there."""
    return {
        pending.day
        for pending in status.pending
        if pending.state is PendingState.OPEN_FOR_COMMENTS and pending.day and not pending.via
    }
