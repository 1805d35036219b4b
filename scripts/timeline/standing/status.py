"""Where an instrument stands on a day: computed from its history, never typed.

Two lines, never one. *Validity* says whether it applies; *pending* what is still to come. A new
consultation never lowers validity, and where the entries do not bear a status it is unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.dates import ONE_DAY
from timeline.model.vocabulary import ValidityState
from timeline.standing.history import History
from timeline.standing.known import ENDS, Day, Known
from timeline.standing.pending import Pending, pending
from timeline.standing.validity import Validity, validity

# What is over has nothing to come.
_OVER = frozenset({*ENDS.values(), ValidityState.SUPERSEDED, ValidityState.CONCLUDED})


@dataclass(frozen=True)
class Status:
    """Both lines."""

    validity: Validity
    pending: tuple[Pending, ...]


@dataclass(frozen=True)
class Segment:
    """A status and the day from which it held, or will hold as far as is known."""

    start: Day
    status: Status


def status_on(history: History, day: Day) -> Status:
    """The status on a day, by what was known then.

    An effect that was made known only later counts from its own day all the same.
    """
    known = Known(history, day)
    found = validity(known)
    to_come = () if found.state in _OVER else tuple(dict.fromkeys(pending(known)))
    return Status(found, to_come)


def segments(history: History) -> tuple[Segment, ...]:
    """The status from each day on which it changes, oldest first."""
    found: list[Segment] = []
    for day in sorted(set(_boundaries(history))):
        status = status_on(history, day)
        if not found or found[-1].status != status:
            found.append(Segment(day, status))
    return tuple(found)


def _boundaries(history: History) -> Iterator[Day]:
    for bearing in (history, *history.amended_by, *history.replaced_by):
        for event in bearing.events:
            yield event.day
            yield from event.effects
            if event.step.comments_close:
                yield event.step.comments_close + ONE_DAY
    if history.instrument.start:
        yield history.instrument.start.first_day
    if history.instrument.end:
        yield history.instrument.end.last_day + ONE_DAY
