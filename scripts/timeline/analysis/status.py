"""The status of an instrument on a day: computed from its history, never typed.

Always two lines. *Validity* says whether the instrument applies; *pending* what is still to come. A
new consultation never lowers validity, and where the entries do not support a status it is unknown.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from timeline.analysis.history import ENDS, Day, History, HistoryAsOf
from timeline.content.collection import EntryStep
from timeline.schema.dates import ONE_DAY, PartialDate
from timeline.schema.vocabulary import (
    ADOPTION_STAGES,
    APPLIES,
    Commencement,
    PendingState,
    Rank,
    Stage,
    ValidityState,
)

# What is over has nothing to come.
_OVER = frozenset(
    {
        *ENDS.values(),
        ValidityState.SUPERSEDED,
        ValidityState.OVERTAKEN,
        ValidityState.PERIOD_ENDED,
        ValidityState.CONCLUDED,
    }
)
_MAKING = frozenset({*ADOPTION_STAGES, Stage.AMENDED})
_RESOLVING = frozenset({*_MAKING, *ENDS})


@dataclass(frozen=True)
class Displacement:
    """Another instrument that prevails over one in part, since when, and in which part."""

    by: str
    since: Day
    extent: str | None = None


@dataclass(frozen=True)
class Validity:
    """Whether it applies. `since` is the day from which it does, did or will, where known.

    `published` is the date of its publication where it states no effective date and applies from
    then on. `amended` is the day from which the latest amendment applies, `by` the id of a
    successor, `then` further effective dates still to come, `until` the end of its period, `latest`
    the date of the latest batch of a recurrent campaign, and `why` the reason for which the state
    is unknown. `undated_parts` take effect on a day still to be fixed.
    """

    state: ValidityState
    since: Day | None = None
    published: PartialDate | None = None
    amended: Day | None = None
    displaced: tuple[Displacement, ...] = ()
    by: str | None = None
    then: tuple[Day, ...] = ()
    until: PartialDate | None = None
    latest: PartialDate | None = None
    undated_parts: str = ""
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
    """The status on a day, by what was known then."""
    known = HistoryAsOf(history, day)
    found = _validity(known)
    to_come = () if found.state in _OVER else tuple(dict.fromkeys(pending(known)))
    return Status(found, to_come)


def segments(history: History) -> tuple[Segment, ...]:
    """The status from each day on which it changes, oldest first."""
    found: list[Segment] = []
    before = status_on(history, datetime.date.min)
    for day in sorted(set(_boundaries(history))):
        status = status_on(history, day)
        if status != (found[-1].status if found else before):
            found.append(Segment(day, status))
    return tuple(found)


def _boundaries(history: History) -> Iterator[Day]:
    for bearing in history.bearing:
        for event in bearing.events:
            yield event.day
            yield from event.effects
            if event.step.comments_close:
                yield event.step.comments_close + ONE_DAY
    if history.instrument.in_force_from:
        yield history.instrument.in_force_from
    if history.instrument.start:
        yield history.instrument.start.first_day
    if history.instrument.end:
        yield history.instrument.end.last_day + ONE_DAY


def _validity(known: HistoryAsOf) -> Validity:
    """By its own history, and by what replaces it."""
    if known.history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(known)
    if known.ended is not None and known.ended.step.stage is not None:
        return Validity(ENDS[known.ended.step.stage], known.ended.day)
    found = _adopted(known) or _before_adoption(known)
    succeeded = _overtaken(known, found) or _superseded(known, found)
    return succeeded or _within_period(known, found)


def _latest_amendment(known: HistoryAsOf) -> Day | None:
    """From when the latest amendment applies, its own or by an instrument that amends it."""
    others = [
        (other, event)
        for other in known.others(known.history.amended_by)
        for event in other.adoptions
    ]
    own = [(known, event) for event in known.amendments]
    days = (d for of, event in own + others for d in of.effects_of(event) if d <= known.day)
    return max(days, default=None)


def _adopted(known: HistoryAsOf) -> Validity | None:
    """Its validity by its own passage, issue and amendments; None where there are none."""
    adoptions, amended = known.adoptions, _latest_amendment(known)
    if known.effects:
        return _by_effects(known, amended)
    if known.amendments or (amended and adoptions):
        # What is amended existed before the timeline reports on it.
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not adoptions:
        return None
    last = adoptions[-1]
    why = f"{last.step.stage} {_when(last.entry.date)}; effective date not recorded"
    return Validity(ValidityState.UNKNOWN, why=why)


def _by_effects(known: HistoryAsOf, amended: Day | None) -> Validity:
    effects = known.effects
    ahead = tuple(effect for effect in effects if effect > known.day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead or known.undated_parts:
        state, parts = ValidityState.PARTLY_IN_FORCE, known.undated_parts
        return Validity(state, effects[0], amended=amended, then=ahead, undated_parts=parts)
    commencement = known.history.instrument.rank.commencement
    state = _APPLYING.get(commencement, ValidityState.IN_FORCE)
    return Validity(state, effects[-1], known.published, amended)


# The state of a document that applies, where it is not said to be in force.
_APPLYING = {
    Commencement.PROGRAMME: ValidityState.PROGRAMME,
    Commencement.GUIDANCE: ValidityState.GUIDANCE,
}


def _within_period(known: HistoryAsOf, found: Validity) -> Validity:
    """What applies, with what displaces it and the end of its period; or that the period ended."""
    if found.state not in APPLIES:
        return found
    end = known.history.instrument.end
    if end and end.last_day < known.day:
        return Validity(ValidityState.PERIOD_ENDED, end.last_day + ONE_DAY, until=end)
    displaced = []
    for other in known.others(known.history.displaced_by):
        by, day = other.history.instrument, min(other.effects, default=None)
        if day and day <= known.day:
            extents = {one.id: one.extent for one in by.displaces}
            displaced.append(Displacement(by.id, day, extents.get(known.history.instrument.id)))
    displaced.sort(key=lambda one: one.by)
    return replace(found, displaced=tuple(displaced), until=end)


def _before_adoption(known: HistoryAsOf) -> Validity:
    made = (e.step.stage for e in known.history.events if e.step.stage in _MAKING)
    interpreted = any(e.step.stage is Stage.INTERPRETED for e in known.events)
    if interpreted or next(made, None) is Stage.AMENDED:
        return Validity(ValidityState.UNKNOWN, why="predates our coverage")
    if known.events:
        return Validity(ValidityState.NOT_YET_ADOPTED)
    return Validity(ValidityState.UNKNOWN, why="adoption not recorded")


def _superseded(known: HistoryAsOf, own: Validity) -> Validity | None:
    """Superseded from the day on which a successor applies as a whole, the first where several do.

    A successor that ended before it applied supersedes nothing.
    """
    found: list[Validity] = []
    for other in known.history.replaced_by:
        successor = HistoryAsOf(other, known.day)
        adoptions, name = successor.adoptions, other.instrument.id
        last = max(successor.effects, default=None)
        ended = successor.ended
        if last and last <= known.day and not (ended and ended.day < last):
            found.append(Validity(ValidityState.SUPERSEDED, last, by=name))
        elif adoptions and not successor.effects and not ended and own.state in APPLIES:
            adopted = _when(adoptions[0].entry.date)
            why = f"its successor was adopted {adopted}; effective date not recorded"
            found.append(Validity(ValidityState.UNKNOWN, by=name, why=why))
    return min(found, key=lambda one: (one.since is None, one.since), default=None)


def _overtaken(known: HistoryAsOf, own: Validity) -> Validity | None:
    """A draft is overtaken once a later text is published, other documents once that applies."""
    found: list[Validity] = []
    for other in known.others(known.history.overtaken_by):
        if own.state is ValidityState.NOT_YET_ADOPTED:
            last = known.events[-1].day
            day = min((event.day for event in other.events if event.day > last), default=None)
        else:
            day = max(other.effects, default=None)
        if day and day <= known.day:
            name = other.history.instrument.id
            found.append(Validity(ValidityState.OVERTAKEN, day, by=name))
    return min(found, key=lambda one: one.since or known.day, default=None)


def _campaign(known: HistoryAsOf) -> Validity:  # noqa: PLR0911 - one return a state
    campaign, day = known.history.instrument, known.day
    start = campaign.start.first_day if campaign.start else None
    if not known.events:
        return Validity(ValidityState.UNKNOWN, why="start not recorded")
    last = known.events[-1]
    if last.step.stage is Stage.CONCLUDED:
        return Validity(ValidityState.CONCLUDED, last.day)
    if start and start > day:
        return Validity(ValidityState.NOT_YET_IN_FORCE, start)
    if campaign.recurrent:
        return Validity(ValidityState.IN_FORCE, start, latest=last.entry.date)
    if campaign.end is None:
        return Validity(ValidityState.UNKNOWN, start, why="end of the campaign not recorded")
    end = campaign.end.last_day
    if last.day > end:
        return Validity(ValidityState.UNKNOWN, start, why="activity recorded after its end")
    if end < day:
        return Validity(ValidityState.CONCLUDED, end + ONE_DAY)
    return Validity(ValidityState.IN_FORCE, start, until=campaign.end)


def _when(date: PartialDate) -> str:
    return f"{'on' if date.day else 'in'} {date.long}"


def pending(known: HistoryAsOf) -> Iterator[Pending]:
    """Comments, amendments and successors still to come, also by instruments of their own."""
    yield from _consultation(known, None)
    own = set(_amendments_ahead(known))
    for effect in sorted(own):
        yield Pending(PendingState.AMENDMENT, effect, effect)
    for event in known.amendments:
        if not (event.effects or known.applies_from_publication(event)):
            yield Pending(PendingState.AMENDMENT, None, event.day)
    for amending in known.others(known.history.amended_by):
        yield from _by_amendment(amending, own)
    for other in known.others(known.history.displaced_by):
        first = min(other.effects, default=None)
        if first and first > known.day:
            yield Pending(PendingState.DISPLACEMENT, first, first, other.history.instrument.id)
    for successor in known.others(known.history.replaced_by):
        last = max(successor.effects, default=None)
        if last and last > known.day:
            yield Pending(PendingState.SUPERSESSION, last, last, successor.history.instrument.id)


def _amendments_ahead(known: HistoryAsOf) -> Iterator[Day]:
    """Effective dates to come of amendments, and of new versions of what applies already."""
    days = (d for e in known.adoptions for d in known.effects_of(e) if d <= known.day)
    applied = min(days, default=None)
    later = [e for e in known.adoptions if applied is not None and e.day > applied]
    versions = [e for e in later if applied not in known.effects_of(e)]
    for event in known.amendments + versions:
        yield from (effect for effect in known.effects_of(event) if effect > known.day)


def _by_amendment(amending: HistoryAsOf, own: set[Day]) -> Iterator[Pending]:
    """What is pending under an amending instrument: its drafts, or its effect ahead."""
    name = amending.history.instrument.id
    if not amending.adoptions:
        yield from _consultation(amending, name)
    for event in amending.adoptions:
        for effect in amending.effects_of(event):
            if effect > amending.day and effect not in own:
                yield Pending(PendingState.AMENDMENT, effect, effect, name)


def _consultation(known: HistoryAsOf, via: str | None) -> Iterator[Pending]:
    """The last consultation while nothing has come of it, and earlier ones still open."""
    unresolved: list[EntryStep] = []
    for event in known.events:
        if event.step.stage is Stage.CONSULTATION:
            unresolved.append(event)
        elif event.step.stage in _RESOLVING:
            unresolved = []
    if not unresolved:
        return
    last = unresolved[-1]
    for event in unresolved[:-1]:
        earlier = event.step.comments_close
        if earlier and earlier >= known.day:
            yield Pending(PendingState.OPEN_FOR_COMMENTS, earlier, event.day, via)
    close, opened = last.step.comments_close, last.day
    if close is None:
        yield Pending(PendingState.CLOSING_DAY_UNKNOWN, None, opened, via)
    elif known.day <= close:
        yield Pending(PendingState.OPEN_FOR_COMMENTS, close, opened, via)
    else:
        yield Pending(PendingState.AWAITING_OUTCOME, close, opened, via)
