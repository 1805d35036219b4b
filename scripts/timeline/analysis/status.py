"""The status of an instrument on a day, always computed from its history and never entered by hand.

A status has two parts: *validity*, which states whether the instrument applies, and *pending*,
which lists what is still to come. A new consultation never lowers validity. If the entries do not
support a status, it is unknown.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from timeline.analysis.history import ENDS, Day, History, HistoryAsOf
from timeline.content.collection import EntryStep
from timeline.schema.dates import ONE_DAY, PartialDate
from timeline.schema.vocabulary import (
    APPLIES,
    EFFECT_STAGES,
    Commencement,
    PendingState,
    Rank,
    Stage,
    ValidityState,
)

# An instrument in one of these states has nothing pending.
_FINAL_STATES = frozenset(
    {
        *ENDS.values(),
        ValidityState.SUPERSEDED,
        ValidityState.OVERTAKEN,
        ValidityState.PERIOD_ENDED,
        ValidityState.CONCLUDED,
    }
)
# Stages that resolve a pending consultation.
_RESOLVING_STAGES = frozenset({*EFFECT_STAGES, *ENDS})


@dataclass(frozen=True)
class Displacement:
    """An instrument (`by`) that prevails over another in part, since when, and in which part."""

    by: str
    since: Day
    extent: str | None = None


@dataclass(frozen=True)
class Validity:
    """The state of validity of an instrument.

    `since` is the day from which the state holds, did hold or will hold, if known. `published` is
    the date of publication of an instrument that states no effective date and applies from then on.
    `amended` is the day from which the latest amendment applies, `by` the id of the successor,
    `then` further effective dates still to come, `until` the end of a limited period, `latest` the
    date of the latest batch of a recurrent campaign, `undated_parts` the parts that take effect on
    a day still to be fixed, and `why` the reason if the state is unknown.
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
    """Something still to come.

    `day` is the closing or effective date, if known. `since` is the day on which a consultation
    opened; otherwise it is the effective date, or the day of an amendment that has none. `via` is
    the id of the other instrument that brings the change about, if any.
    """

    state: PendingState
    day: Day | None
    since: Day
    via: str | None = None


@dataclass(frozen=True)
class Status:
    """The validity of an instrument and what is pending."""

    validity: Validity
    pending: tuple[Pending, ...]


@dataclass(frozen=True)
class Segment:
    """A status and the day from which it held or, as far as is known, will hold."""

    start: Day
    status: Status


def status_on(history: History, day: Day) -> Status:
    """Return the status on a day, as known on that day."""
    known = HistoryAsOf(history, day)
    validity = _validity(known)
    is_final = validity.state in _FINAL_STATES
    return Status(validity, () if is_final else tuple(dict.fromkeys(_pending(known))))


def segments(history: History) -> tuple[Segment, ...]:
    """Return the status from each day on which it changes, oldest first."""
    found: list[Segment] = []
    before = status_on(history, datetime.date.min)
    for day in sorted(set(_boundaries(history))):
        status = status_on(history, day)
        if status != (found[-1].status if found else before):
            found.append(Segment(day, status))
    return tuple(found)


def _boundaries(history: History) -> Iterator[Day]:
    """Yield the days on which the status can change, unsorted and with repetitions."""
    for related in history.affecting_status:
        for event in related.events:
            yield event.day
            yield from event.effects
            if event.step.comments_close:
                yield event.step.comments_close + ONE_DAY
        if related.instrument.in_force_from:
            yield related.instrument.in_force_from
    if history.instrument.start:
        yield history.instrument.start.first_day
    if history.instrument.end:
        yield history.instrument.end.last_day + ONE_DAY


def _validity(known: HistoryAsOf) -> Validity:
    """Return the validity, allowing for the instruments that overtake or replace this one."""
    if known.history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(known)
    if known.ended is not None and known.ended.step.stage is not None:
        return Validity(ENDS[known.ended.step.stage], known.ended.day)
    found = _adopted(known) or _before_adoption(known)
    succeeded = _overtaken(known, found) or _superseded(known, found)
    return succeeded or _within_period(known, found)


def _latest_amendment(known: HistoryAsOf) -> Day | None:
    """Return the day from which the latest amendment applies.

    The amendment may be a step of the instrument itself or a separate amending instrument.
    """
    days = [day for event in known.amendments for day in known.effects_of(event)]
    for other in known.not_ended(known.history.amended_by):
        days += [day for event in other.adoptions for day in other.effects_of(event)]
    return max((day for day in days if day <= known.day), default=None)


def _adopted(known: HistoryAsOf) -> Validity | None:
    """Return the validity by the instrument's own adoptions and amendments, or None without any."""
    adoptions, amended = known.adoptions, _latest_amendment(known)
    if known.effects:
        return _by_effects(known, amended)
    if known.amendments or (amended and adoptions):
        # An amended instrument was adopted before the first entry that reports on it.
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not adoptions:
        return None
    last = adoptions[-1]
    why = f"{last.step.stage} {_when(last.entry.date)}; effective date not recorded"
    return Validity(ValidityState.UNKNOWN, why=why)


def _by_effects(known: HistoryAsOf, amended: Day | None) -> Validity:
    """Return the validity of an instrument that has effective dates."""
    effects = known.effects
    ahead = tuple(effect for effect in effects if effect > known.day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead or known.undated_parts:
        state, parts = ValidityState.PARTLY_IN_FORCE, known.undated_parts
        return Validity(state, effects[0], amended=amended, then=ahead, undated_parts=parts)
    match known.history.instrument.rank.commencement:
        case Commencement.PROGRAMME:
            state = ValidityState.PROGRAMME
        case Commencement.GUIDANCE:
            state = ValidityState.GUIDANCE
        case _:
            state = ValidityState.IN_FORCE
    return Validity(state, effects[-1], known.published, amended)


def _within_period(known: HistoryAsOf, found: Validity) -> Validity:
    """Return the validity with the end of its period and the instruments that displace it.

    If the period has ended, return that state instead. The validity of an instrument that does not
    apply is returned unchanged.
    """
    if found.state not in APPLIES:
        return found
    end = known.history.instrument.end
    if end and end.last_day < known.day:
        return Validity(ValidityState.PERIOD_ENDED, end.last_day + ONE_DAY, until=end)
    displaced = []
    for other in known.not_ended(known.history.displaced_by):
        by, day = other.history.instrument, min(other.effects, default=None)
        if day and day <= known.day:
            extents = {one.id: one.extent for one in by.displaces}
            displaced.append(Displacement(by.id, day, extents.get(known.history.instrument.id)))
    displaced.sort(key=lambda one: one.by)
    return replace(found, displaced=tuple(displaced), until=end)


def _before_adoption(known: HistoryAsOf) -> Validity:
    """Return the validity of an instrument without a known adoption or amendment.

    An interpretation, or an amendment recorded before any adoption (even if only later), shows that
    the instrument is older than the entries on it.
    """
    made = (e.step.stage for e in known.history.events if e.step.stage in EFFECT_STAGES)
    interpreted = any(e.step.stage is Stage.INTERPRETED for e in known.events)
    if interpreted or next(made, None) is Stage.AMENDED:
        return Validity(ValidityState.UNKNOWN, why="predates our coverage")
    if known.events:
        return Validity(ValidityState.NOT_YET_ADOPTED)
    return Validity(ValidityState.UNKNOWN, why="adoption not recorded")


def _superseded(known: HistoryAsOf, own: Validity) -> Validity | None:
    """Return the validity of an instrument that a successor replaces, or None without one.

    It is superseded from the day on which a successor applies as a whole, the first one if there
    are several. A successor that ended before it applied supersedes nothing.
    """
    found: list[Validity] = []
    for other in known.history.replaced_by:
        successor = HistoryAsOf(other, known.day)
        adoptions, ended, name = successor.adoptions, successor.ended, other.instrument.id
        last = max(successor.effects, default=None)
        if last and last <= known.day and not (ended and ended.day < last):
            found.append(Validity(ValidityState.SUPERSEDED, last, by=name))
        elif adoptions and not successor.effects and not ended and own.state in APPLIES:
            adopted = _when(adoptions[0].entry.date)
            why = f"its successor was adopted {adopted}; effective date not recorded"
            found.append(Validity(ValidityState.UNKNOWN, by=name, why=why))
    return min(found, key=lambda one: (one.since is None, one.since), default=None)


def _overtaken(known: HistoryAsOf, own: Validity) -> Validity | None:
    """Return the validity of an instrument that another overtakes, or None without one.

    A draft is overtaken once a later text is published, any other document once that text applies.
    """
    found: list[Validity] = []
    for other in known.not_ended(known.history.overtaken_by):
        if own.state is ValidityState.NOT_YET_ADOPTED:
            last = known.events[-1].day
            day = min((event.day for event in other.events if event.day > last), default=None)
        else:
            day = max(other.effects, default=None)
        if day and day <= known.day:
            name = other.history.instrument.id
            found.append(Validity(ValidityState.OVERTAKEN, day, by=name))
    return min(found, key=lambda one: one.since or known.day, default=None)


def _campaign(known: HistoryAsOf) -> Validity:  # noqa: PLR0911 - one return per state
    """Return the validity of an enforcement campaign."""
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


def _pending(known: HistoryAsOf) -> Iterator[Pending]:
    """Yield what is pending: consultations, amendments, displacements and supersessions.

    The instrument's own come first, then those brought about by other instruments.
    """
    yield from _consultation(known, None)
    own = set(_amendments_ahead(known))
    for effect in sorted(own):
        yield Pending(PendingState.AMENDMENT, effect, effect)
    for event in known.amendments:
        if not (event.effects or known.applies_from_publication(event)):
            yield Pending(PendingState.AMENDMENT, None, event.day)
    for amending in known.not_ended(known.history.amended_by):
        yield from _by_amendment(amending, own)
    for other in known.not_ended(known.history.displaced_by):
        first = min(other.effects, default=None)
        if first and first > known.day:
            yield Pending(PendingState.DISPLACEMENT, first, first, other.history.instrument.id)
    for successor in known.not_ended(known.history.replaced_by):
        last = max(successor.effects, default=None)
        if last and last > known.day:
            yield Pending(PendingState.SUPERSESSION, last, last, successor.history.instrument.id)


def _amendments_ahead(known: HistoryAsOf) -> Iterator[Day]:
    """Yield the effective dates still to come of amendments and new versions.

    A new version is an adoption made after the instrument first applied.
    """
    days = (d for e in known.adoptions for d in known.effects_of(e) if d <= known.day)
    applied = min(days, default=None)
    later = [e for e in known.adoptions if applied is not None and e.day > applied]
    versions = [e for e in later if applied not in known.effects_of(e)]
    for event in known.amendments + versions:
        yield from (effect for effect in known.effects_of(event) if effect > known.day)


def _by_amendment(amending: HistoryAsOf, own: set[Day]) -> Iterator[Pending]:
    """Yield what an amending instrument leaves pending: its consultations, or its coming effects.

    `own` are the effective dates to come that the amended instrument records itself.
    """
    name = amending.history.instrument.id
    if not amending.adoptions:
        yield from _consultation(amending, name)
    for event in amending.adoptions:
        for effect in amending.effects_of(event):
            if effect > amending.day and effect not in own:
                yield Pending(PendingState.AMENDMENT, effect, effect, name)


def _consultation(known: HistoryAsOf, via: str | None) -> Iterator[Pending]:
    """Yield the last consultation if it has led to nothing yet, and earlier ones still open."""
    unresolved: list[EntryStep] = []
    for event in known.events:
        if event.step.stage is Stage.CONSULTATION:
            unresolved.append(event)
        elif event.step.stage in _RESOLVING_STAGES:
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
