"""Where an instrument stands on a day: computed from its history, never typed.

Two lines, never one. *Validity* says whether it applies; *pending* what is still to come. A new
consultation never lowers validity, and where the entries do not bear a status it is unknown.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

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
    return Status(_validity(history, day), tuple(dict.fromkeys(_pending(history, day))))


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


def _known(history: History, day: Day) -> list[Event]:
    return [e for e in history.events if e.day <= day or (e.effects and e.effects[0] <= day)]


def _validity(history: History, day: Day) -> Validity:
    if history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(history, day)
    known = _known(history, day)
    ended = next((e for e in reversed(known) if e.step.stage in _ENDS), None)
    if ended is not None and ended.step.stage is not None:
        return Validity(_ENDS[ended.step.stage], ended.day)
    validity = _adopted(known, day, _amended(history, day))
    if validity is None:
        return _before_adoption(history, known)
    return _replaced(history, day, validity) or validity


def _amended(history: History, day: Day) -> Day | None:
    """From when the latest amendment applies, its own or by an instrument that amends it."""
    own = [e for e in _known(history, day) if e.step.stage is Stage.AMENDED]
    others = [
        e
        for amending in history.amended_by
        for e in _known(amending, day)
        if e.step.stage in ADOPTION_STAGES
    ]
    return max((d for e in own + others for d in e.effects if d <= day), default=None)


def _adopted(known: list[Event], day: Day, amended: Day | None) -> Validity | None:
    """Its validity by its own passing, issue and amendments; None where there are none."""
    adoptions = [e for e in known if e.step.stage in ADOPTION_STAGES]
    amendments = [e for e in known if e.step.stage is Stage.AMENDED]
    dated = [e for e in adoptions if e.effects]
    if not adoptions and not amendments:
        return None
    if not adoptions:  # what is amended was there before the timeline tells of it
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not dated:
        if amended:
            return Validity(ValidityState.IN_FORCE, amended=amended)
        why = f"{adoptions[-1].step.stage or ''} on {adoptions[-1].entry.date.long}"
        return Validity(ValidityState.UNKNOWN, why=f"{why}; the day of effect is not recorded")
    return _by_effects(dated[0].effects, day, amended)


def _by_effects(effects: tuple[Day, ...], day: Day, amended: Day | None) -> Validity:
    ahead = tuple(effect for effect in effects if effect > day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead:
        return Validity(ValidityState.PARTLY_IN_FORCE, effects[0], amended, then=ahead)
    return Validity(ValidityState.IN_FORCE, effects[-1], amended)


def _before_adoption(history: History, known: list[Event]) -> Validity:
    made = (e.step.stage for e in history.events if e.step.stage in _MAKING)
    if next(made, None) is Stage.AMENDED:
        why = "it is older than its first entry here"
        return Validity(ValidityState.UNKNOWN, why=why)
    if known:
        return Validity(ValidityState.NOT_YET_ADOPTED)
    return Validity(ValidityState.UNKNOWN, why="no entry tells of its making")


def _replaced(history: History, day: Day, own: Validity) -> Validity | None:
    """Superseded from the day on which a successor applies as a whole."""
    for successor in history.replaced_by:
        adoptions = [e for e in _known(successor, day) if e.step.stage in ADOPTION_STAGES]
        effects = [effect for e in adoptions[:1] for effect in e.effects]
        name = successor.instrument.id
        if effects and max(effects) <= day:
            return Validity(ValidityState.SUPERSEDED, max(effects), by=name)
        if adoptions and not effects and own.state is ValidityState.IN_FORCE:
            issued = adoptions[0].entry.date.long
            why = f"a successor was adopted on {issued}; from when it applies is not recorded"
            return Validity(ValidityState.UNKNOWN, by=name, why=why)
    return None


def _campaign(history: History, day: Day) -> Validity:
    known, campaign = _known(history, day), history.instrument
    concluded = next((e for e in known if e.step.stage is Stage.CONCLUDED), None)
    start = campaign.start.first_day if campaign.start else None
    if concluded is not None:
        return Validity(ValidityState.CONCLUDED, concluded.day)
    if not known:
        return Validity(ValidityState.UNKNOWN, why="no entry tells of its start")
    if start and start > day:
        return Validity(ValidityState.NOT_YET_IN_FORCE, start)
    if campaign.end is None:
        return Validity(ValidityState.UNKNOWN, start, why="its end is not recorded")
    if campaign.end.last_day < day:
        return Validity(ValidityState.CONCLUDED, campaign.end.last_day + ONE_DAY)
    return Validity(ValidityState.IN_FORCE, start)


def _pending(history: History, day: Day) -> Iterator[Pending]:
    yield from _consultation(history, day, None)
    in_force = _in_force_since(history, day)
    for event in _known(history, day):
        later = event.step.stage is Stage.AMENDED or (
            event.step.stage in ADOPTION_STAGES and in_force is not None and event.day > in_force
        )
        for effect in event.effects if later else ():
            if effect > day:
                yield Pending(PendingState.AMENDMENT, effect, effect)
    for amending in history.amended_by:
        yield from _by_amendment(amending, day, set(_own_amendments(history, day)))


def _own_amendments(history: History, day: Day) -> Iterator[Day]:
    for event in _known(history, day):
        if event.step.stage is Stage.AMENDED:
            yield from event.effects


def _in_force_since(history: History, day: Day) -> Day | None:
    effects = [d for e in history.events if e.step.stage in ADOPTION_STAGES for d in e.effects]
    return min((effect for effect in effects if effect <= day), default=None)


def _by_amendment(amending: History, day: Day, own: set[Day]) -> Iterator[Pending]:
    """What is pending under an instrument of its own: its drafts, or its effect ahead."""
    name = amending.instrument.id
    adopted = [e for e in _known(amending, day) if e.step.stage in ADOPTION_STAGES]
    if not adopted:
        yield from _consultation(amending, day, name)
    for event in adopted:
        for effect in event.effects:
            if effect > day and effect not in own:
                yield Pending(PendingState.AMENDMENT, effect, effect, name)


def _consultation(history: History, day: Day, via: str | None) -> Iterator[Pending]:
    """The last consultation, while nothing has come of it."""
    known = [e for e in history.events if e.day <= day]
    stages = [e.step.stage for e in known]
    last = max((i for i, stage in enumerate(stages) if stage is Stage.CONSULTATION), default=None)
    if last is None or any(stage in _RESOLVING for stage in stages[last + 1 :]):
        return
    close, opened = known[last].step.comments_close, known[last].day
    if close is None:
        yield Pending(PendingState.CLOSING_DAY_UNKNOWN, None, opened, via)
    elif day <= close:
        yield Pending(PendingState.OPEN_FOR_COMMENTS, close, opened, via)
    else:
        yield Pending(PendingState.AWAITING_OUTCOME, close, opened, via)
