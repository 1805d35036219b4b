"""Whether an instrument applies on a day."""

from dataclasses import dataclass

from timeline.model.dates import ONE_DAY
from timeline.model.vocabulary import ADOPTION_STAGES, Rank, Stage, ValidityState
from timeline.standing.history import Event
from timeline.standing.known import ENDS, Day, Known

_APPLIES = frozenset({ValidityState.IN_FORCE, ValidityState.PARTLY_IN_FORCE})
_MAKING = frozenset({*ADOPTION_STAGES, Stage.AMENDED})


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


def validity(known: Known) -> Validity:
    """By its own history, and by what takes its place. Unknown where the entries bear nothing."""
    if known.history.instrument.rank is Rank.CAMPAIGN:
        return _campaign(known)
    ended = known.ended
    if ended is not None and ended.step.stage is not None:
        return Validity(ENDS[ended.step.stage], ended.day)
    found = _adopted(known)
    if found is None:
        return _before_adoption(known)
    return _replaced(known, found) or found


def _amended(known: Known) -> Day | None:
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


def _adopted(known: Known) -> Validity | None:
    """Its validity by its own passing, issue and amendments; None where there are none."""
    adoptions, amended = known.adoptions, _amended(known)
    if known.effects:
        return _by_effects(known.effects, known.day, amended)
    if known.amendments or (amended and adoptions):
        # What is amended was there before the timeline tells of it.
        return Validity(ValidityState.IN_FORCE, amended=amended)
    if not adoptions:
        return None
    last = adoptions[-1]
    when = f"{'on' if last.entry.date.day else 'in'} {last.entry.date.long}"
    why = f"{last.step.stage} {when}; the day of effect is not recorded"
    return Validity(ValidityState.UNKNOWN, why=why)


def _by_effects(effects: tuple[Day, ...], day: Day, amended: Day | None) -> Validity:
    ahead = tuple(effect for effect in effects if effect > day)
    if len(ahead) == len(effects):
        return Validity(ValidityState.NOT_YET_IN_FORCE, effects[0], then=effects[1:])
    if ahead:
        return Validity(ValidityState.PARTLY_IN_FORCE, effects[0], amended, then=ahead)
    return Validity(ValidityState.IN_FORCE, effects[-1], amended)


def _before_adoption(known: Known) -> Validity:
    made = (e.step.stage for e in known.history.events if e.step.stage in _MAKING)
    interpreted = any(e.step.stage is Stage.INTERPRETED for e in known.events)
    if interpreted or next(made, None) is Stage.AMENDED:
        return Validity(ValidityState.UNKNOWN, why="it is older than its first entry here")
    if known.events:
        return Validity(ValidityState.NOT_YET_ADOPTED)
    return Validity(ValidityState.UNKNOWN, why="no entry tells of its making")


def _replaced(known: Known, own: Validity) -> Validity | None:
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
        elif adoptions and not successor.effects and not ended and own.state in _APPLIES:
            date = adoptions[0].entry.date
            when = f"{'on' if date.day else 'in'} {date.long}"
            why = f"a successor was adopted {when}; from when it applies is not recorded"
            found.append(Validity(ValidityState.UNKNOWN, by=name, why=why))
    return min(found, key=lambda one: (one.since is None, one.since), default=None)


def _campaign(known: Known) -> Validity:
    campaign, day = known.history.instrument, known.day
    start = campaign.start.first_day if campaign.start else None
    if not known.events:
        return Validity(ValidityState.UNKNOWN, why="no entry tells of its start")
    last = known.events[-1]
    if last.step.stage is Stage.CONCLUDED:
        return Validity(ValidityState.CONCLUDED, last.day)
    if start and start > day:
        return Validity(ValidityState.NOT_YET_IN_FORCE, start)
    if campaign.end is None:
        return Validity(ValidityState.UNKNOWN, start, why="its end is not recorded")
    return _by_end(last, campaign.end.last_day, start, day)


def _by_end(last: Event, end: Day, start: Day | None, day: Day) -> Validity:
    if last.day > end:
        return Validity(ValidityState.UNKNOWN, start, why="entries tell of it after its end")
    if end < day:
        return Validity(ValidityState.CONCLUDED, end + ONE_DAY)
    return Validity(ValidityState.IN_FORCE, start)
