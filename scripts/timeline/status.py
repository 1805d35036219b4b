"""Where an instrument stands on a day: computed from its history, never typed.

Two lines, never one. *Validity* says whether it applies; *pending* what is still to come. A new
consultation never lowers validity, and where the entries do not bear a status it is unknown.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from timeline.history import Event, History
from timeline.vocabulary import ADOPTION_STAGES, PendingState, Rank, Stage, ValidityState

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)

_ENDS = {
    Stage.REPEALED: ValidityState.REPEALED,
    Stage.EXPIRED: ValidityState.EXPIRED,
    Stage.ABANDONED: ValidityState.ABANDONED,
}
_MAKING = frozenset({*ADOPTION_STAGES, Stage.AMENDED})
_RESOLVING = frozenset({*ADOPTION_STAGES, Stage.AMENDED, *_ENDS})


@dataclass(frozen=True)
class Validity:
    """Whether it applies. `since` is the day from which it has been or will be so, where known.

    `amended` is the day from which the latest amendment applies, `by` the id of a successor,
    `then` further days of effect still to come, and `why` what is not known.
    """

    state: ValidityState
    since: Day | None = None
    amended: Day | None = None
    by: str | None = None
    then: tuple[Day, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Pending:
    """Something still to come. `via` is the amending instrument's id where it is not its own."""

    state: PendingState
    day: Day | None
    since: Day
    via: str | None = None


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
    known = _Known(history, day)
    return Status(_validity(known), tuple(dict.fromkeys(_pending(known))))


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


class _Known:
    """What was known of an instrument on a day."""

    def __init__(self, history: History, day: Day) -> None:
        self.history = history
        self.day = day
        self.events = [
            e for e in history.events if e.day <= day or (e.effects and e.effects[0] <= day)
        ]

    @cached_property
    def adoptions(self) -> list[Event]:
        return [event for event in self.events if event.step.stage in ADOPTION_STAGES]

    @cached_property
    def amendments(self) -> list[Event]:
        return [event for event in self.events if event.step.stage is Stage.AMENDED]

    @cached_property
    def amended_by(self) -> list["_Known"]:
        return [_Known(other, self.day) for other in self.history.amended_by]

    @cached_property
    def replaced_by(self) -> list["_Known"]:
        return [_Known(other, self.day) for other in self.history.replaced_by]


def _validity(known: _Known) -> Validity:
    if known.history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(known)
    last = next((e for e in reversed(known.events) if e.step.stage is not Stage.INTERPRETED), None)
    if last is not None and last.step.stage in _ENDS:  # else it was taken up again
        return Validity(_ENDS[last.step.stage], last.day)
    validity = _adopted(known)
    if validity is None:
        return _before_adoption(known)
    return _replaced(known, validity) or validity


def _amended(known: _Known) -> Day | None:
    """From when the latest amendment applies, its own or by an instrument that amends it."""
    others = [event for amending in known.amended_by for event in amending.adoptions]
    days = (d for event in known.amendments + others for d in event.effects if d <= known.day)
    return max(days, default=None)


def _adopted(known: _Known) -> Validity | None:
    """Its validity by its own passing, issue and amendments; None where there are none."""
    adoptions, amended = known.adoptions, _amended(known)
    dated = next((event for event in adoptions if event.effects), None)
    if dated is not None:
        return _by_effects(dated.effects, known.day, amended)
    if amended or (known.amendments and not adoptions):
        # What is amended was there before the timeline tells of it.
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not adoptions:
        return None
    last = adoptions[-1]
    why = f"{last.step.stage} on {last.entry.date.long}; the day of effect is not recorded"
    return Validity(ValidityState.UNKNOWN, why=why)


def _by_effects(effects: tuple[Day, ...], day: Day, amended: Day | None) -> Validity:
    ahead = tuple(effect for effect in effects if effect > day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead:
        return Validity(ValidityState.PARTLY_IN_FORCE, effects[0], amended, then=ahead)
    return Validity(ValidityState.IN_FORCE, effects[-1], amended)


def _before_adoption(known: _Known) -> Validity:
    made = (e.step.stage for e in known.history.events if e.step.stage in _MAKING)
    if next(made, None) is Stage.AMENDED:
        return Validity(ValidityState.UNKNOWN, why="it is older than its first entry here")
    if known.events:
        return Validity(ValidityState.NOT_YET_ADOPTED)
    return Validity(ValidityState.UNKNOWN, why="no entry tells of its making")


def _replaced(known: _Known, own: Validity) -> Validity | None:
    """Superseded from the day on which a successor applies as a whole."""
    for successor in known.replaced_by:
        adoptions, name = successor.adoptions, successor.history.instrument.id
        effects = [effect for event in adoptions[:1] for effect in event.effects]
        if effects and max(effects) <= known.day:
            return Validity(ValidityState.SUPERSEDED, max(effects), by=name)
        if adoptions and not effects and own.state is ValidityState.IN_FORCE:
            issued = adoptions[0].entry.date.long
            why = f"a successor was adopted on {issued}; from when it applies is not recorded"
            return Validity(ValidityState.UNKNOWN, by=name, why=why)
    return None


def _campaign(known: _Known) -> Validity:
    campaign, day = known.history.instrument, known.day
    concluded = next((e for e in known.events if e.step.stage is Stage.CONCLUDED), None)
    start = campaign.start.first_day if campaign.start else None
    if concluded is not None:
        return Validity(ValidityState.CONCLUDED, concluded.day)
    if not known.events:
        return Validity(ValidityState.UNKNOWN, why="no entry tells of its start")
    if start and start > day:
        return Validity(ValidityState.NOT_YET_IN_FORCE, start)
    if campaign.end is None:
        return Validity(ValidityState.UNKNOWN, start, why="its end is not recorded")
    if campaign.end.last_day < day:
        return Validity(ValidityState.CONCLUDED, campaign.end.last_day + ONE_DAY)
    return Validity(ValidityState.IN_FORCE, start)


def _pending(known: _Known) -> Iterator[Pending]:
    yield from _consultation(known, None)
    own = set(_amendments_ahead(known))
    for effect in sorted(own):
        yield Pending(PendingState.AMENDMENT, effect, effect)
    for amending in known.amended_by:
        yield from _by_amendment(amending, own)


def _amendments_ahead(known: _Known) -> Iterator[Day]:
    """Effects to come of amendments, and of new versions of what applies already."""
    applied = min((d for e in known.adoptions for d in e.effects if d <= known.day), default=None)
    versions = [e for e in known.adoptions if applied is not None and e.day > applied]
    for event in known.amendments + versions:
        yield from (effect for effect in event.effects if effect > known.day)


def _by_amendment(amending: _Known, own: set[Day]) -> Iterator[Pending]:
    """What is pending under an instrument of its own: its drafts, or its effect ahead."""
    name = amending.history.instrument.id
    if not amending.adoptions:
        yield from _consultation(amending, name)
    for event in amending.adoptions:
        for effect in event.effects:
            if effect > amending.day and effect not in own:
                yield Pending(PendingState.AMENDMENT, effect, effect, name)


def _consultation(known: _Known, via: str | None) -> Iterator[Pending]:
    """The last consultation, while nothing has come of it."""
    last: Event | None = None
    for event in known.events:
        if event.step.stage is Stage.CONSULTATION:
            last = event
        elif event.step.stage in _RESOLVING:
            last = None
    if last is None:
        return
    close, opened = last.step.comments_close, last.day
    if close is None:
        yield Pending(PendingState.CLOSING_DAY_UNKNOWN, None, opened, via)
    elif known.day <= close:
        yield Pending(PendingState.OPEN_FOR_COMMENTS, close, opened, via)
    else:
        yield Pending(PendingState.AWAITING_OUTCOME, close, opened, via)
