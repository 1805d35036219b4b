"""The status of an instrument on a day: computed from its history, never typed.

Always two lines. *Validity* says whether the instrument applies; *pending* what is still to come. A
new consultation never lowers validity, and where the entries do not support a status it is unknown.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from timeline.analysis.effective import EffectiveDate, effective_dates
from timeline.content.collection import Collection, EntryStep
from timeline.schema.dates import ONE_DAY, PartialDate
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import ADOPTION_STAGES, PendingState, Rank, Stage, ValidityState

Day = datetime.date

ENDS = {
    Stage.REPEALED: ValidityState.REPEALED,
    Stage.EXPIRED: ValidityState.EXPIRED,
    Stage.ABANDONED: ValidityState.ABANDONED,
}
APPLIES = frozenset({ValidityState.IN_FORCE, ValidityState.PARTLY_IN_FORCE})
# What is over has nothing to come.
_OVER = frozenset({*ENDS.values(), ValidityState.SUPERSEDED, ValidityState.CONCLUDED})
_MAKING = frozenset({*ADOPTION_STAGES, Stage.AMENDED})
_RESOLVING = frozenset({*_MAKING, *ENDS})


@dataclass(frozen=True)
class History:
    """The stages of an instrument, oldest first, and the instruments that bear on it.

    `amended_by` and `replaced_by` hold the histories of the instruments that amend it or replace it
    as a whole; theirs are empty, since only the nearest bear on it.
    """

    instrument: Instrument
    events: tuple[EntryStep, ...]
    amended_by: tuple["History", ...] = ()
    replaced_by: tuple["History", ...] = ()

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
    amended: dict[str, list[History]] = defaultdict(list)
    replaced: dict[str, list[History]] = defaultdict(list)
    for history in plain.values():
        for relation in history.instrument.amends:
            amended[relation.id].append(history)
        for relation in history.instrument.replaces:
            if not relation.articles:  # else it replaces these articles only
                replaced[relation.id].append(history)
    return {
        name: History(h.instrument, h.events, tuple(amended[name]), tuple(replaced[name]))
        for name, h in plain.items()
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

        A date that replaces another belongs to the event that first recorded one.
        """
        if not self.history.replaced_dates:
            return event.effects
        return self._current.get((event.entry.id, event.index), ())

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
        if not dated:
            return ()
        _, chosen = dated[0]
        for day, effects in dated[1:]:
            if day < chosen[0]:  # postponed, or issued anew, before it applied
                chosen = effects
        return chosen

    @cached_property
    def amended_by(self) -> list["HistoryAsOf"]:
        """What was known of the instruments that amend it."""
        return [HistoryAsOf(other, self.day) for other in self.history.amended_by]

    @cached_property
    def replaced_by(self) -> list["HistoryAsOf"]:
        """What was known of the instruments that replace it."""
        return [HistoryAsOf(other, self.day) for other in self.history.replaced_by]


@dataclass(frozen=True)
class Validity:
    """Whether it applies. `since` is the day from which it does, did or will, where known.

    `amended` is the day from which the latest amendment applies, `by` the id of a successor, `then`
    further effective dates still to come, and `why` the reason for which the state is unknown.
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
    """The status on a day, by what was known then."""
    known = HistoryAsOf(history, day)
    found = _validity(known)
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


def _validity(known: HistoryAsOf) -> Validity:
    """By its own history, and by what replaces it."""
    if known.history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(known)
    if known.ended is not None and known.ended.step.stage is not None:
        return Validity(ENDS[known.ended.step.stage], known.ended.day)
    found = _adopted(known)
    if found is None:
        return _before_adoption(known)
    return _superseded(known, found) or found


def _latest_amendment(known: HistoryAsOf) -> Day | None:
    """From when the latest amendment applies, its own or by an instrument that amends it."""
    others = [
        (amending, event)
        for amending in known.amended_by
        if not amending.ended
        for event in amending.adoptions
    ]
    own = [(known, event) for event in known.amendments]
    days = (d for of, event in own + others for d in of.effects_of(event) if d <= known.day)
    return max(days, default=None)


def _adopted(known: HistoryAsOf) -> Validity | None:
    """Its validity by its own passage, issue and amendments; None where there are none."""
    adoptions, amended = known.adoptions, _latest_amendment(known)
    if known.effects:
        return _by_effects(known.effects, known.day, amended)
    if known.amendments or (amended and adoptions):
        # What is amended existed before the timeline reports on it.
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not adoptions:
        return None
    last = adoptions[-1]
    why = f"{last.step.stage} {_when(last.entry.date)}; effective date not recorded"
    return Validity(ValidityState.UNKNOWN, why=why)


def _by_effects(effects: tuple[Day, ...], day: Day, amended: Day | None) -> Validity:
    ahead = tuple(effect for effect in effects if effect > day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead:
        return Validity(ValidityState.PARTLY_IN_FORCE, effects[0], amended, then=ahead)
    return Validity(ValidityState.IN_FORCE, effects[-1], amended)


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
    for successor in known.replaced_by:
        adoptions, name = successor.adoptions, successor.history.instrument.id
        last = max(successor.effects, default=None)
        ended = successor.ended
        if last and last <= known.day and not (ended and ended.day < last):
            found.append(Validity(ValidityState.SUPERSEDED, last, by=name))
        elif adoptions and not successor.effects and not ended and own.state in APPLIES:
            adopted = _when(adoptions[0].entry.date)
            why = f"its successor was adopted {adopted}; effective date not recorded"
            found.append(Validity(ValidityState.UNKNOWN, by=name, why=why))
    return min(found, key=lambda one: (one.since is None, one.since), default=None)


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
    if campaign.end is None:
        return Validity(ValidityState.UNKNOWN, start, why="its end is not recorded")
    end = campaign.end.last_day
    if last.day > end:
        return Validity(ValidityState.UNKNOWN, start, why="activity recorded after its end")
    if end < day:
        return Validity(ValidityState.CONCLUDED, end + ONE_DAY)
    return Validity(ValidityState.IN_FORCE, start)


def _when(date: PartialDate) -> str:
    return f"{'on' if date.day else 'in'} {date.long}"


def pending(known: HistoryAsOf) -> Iterator[Pending]:
    """Comments, amendments and successors still to come, also by instruments of their own."""
    yield from _consultation(known, None)
    own = set(_amendments_ahead(known))
    for effect in sorted(own):
        yield Pending(PendingState.AMENDMENT, effect, effect)
    for event in known.amendments:
        if not event.effects:
            yield Pending(PendingState.AMENDMENT, None, event.day)
    for amending in known.amended_by:
        if not amending.ended:
            yield from _by_amendment(amending, own)
    for successor in known.replaced_by:
        last = max(successor.effects, default=None)
        if last and last > known.day and not successor.ended:
            name = successor.history.instrument.id
            yield Pending(PendingState.SUPERSESSION, last, last, name)


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
