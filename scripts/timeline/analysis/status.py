"""The status of an instrument on a day: computed from its history, never typed.

Always two lines. *Validity* says whether the instrument applies; *pending* what is still to come. A
new consultation never lowers validity, and where the entries do not support a status it is unknown.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from timeline.analysis.effective import EffectiveDate, effective_dates
from timeline.content.collection import Collection, EntryStep
from timeline.schema.dates import ONE_DAY, PartialDate
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import (
    ADOPTION_STAGES,
    APPLIES,
    EFFECT_STAGES,
    Commencement,
    PendingState,
    Rank,
    Stage,
    ValidityState,
)

Day = datetime.date

ENDS = {
    Stage.REPEALED: ValidityState.REPEALED,
    Stage.EXPIRED: ValidityState.EXPIRED,
    Stage.ABANDONED: ValidityState.ABANDONED,
}
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


# Ranks whose documents need not state an effective date.
_WITHOUT_DATE = frozenset({Commencement.PROGRAMME, Commencement.GUIDANCE})


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
