"""What is still to come of an instrument on a day."""

from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.vocabulary import ADOPTION_STAGES, PendingState, Stage
from timeline.standing.history import Event
from timeline.standing.known import ENDS, Day, Known

_RESOLVING = frozenset({*ADOPTION_STAGES, Stage.AMENDED, *ENDS})


@dataclass(frozen=True)
class Pending:
    """Something still to come. `via` is the amending instrument's id where it is not its own."""

    state: PendingState
    day: Day | None
    since: Day
    via: str | None = None


def pending(known: Known) -> Iterator[Pending]:
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


def _amendments_ahead(known: Known) -> Iterator[Day]:
    """Effects to come of amendments, and of new versions of what applies already."""
    days = (d for e in known.adoptions for d in known.effects_of(e) if d <= known.day)
    applied = min(days, default=None)
    versions = [e for e in known.adoptions if applied is not None and e.day > applied]
    for event in known.amendments + versions:
        yield from (effect for effect in known.effects_of(event) if effect > known.day)


def _by_amendment(amending: Known, own: set[Day]) -> Iterator[Pending]:
    """What is pending under an instrument of its own: its drafts, or its effect ahead."""
    name = amending.history.instrument.id
    if not amending.adoptions:
        yield from _consultation(amending, name)
    for event in amending.adoptions:
        for effect in amending.effects_of(event):
            if effect > amending.day and effect not in own:
                yield Pending(PendingState.AMENDMENT, effect, effect, name)


def _consultation(known: Known, via: str | None) -> Iterator[Pending]:
    """The last consultation while nothing has come of it, and earlier ones still open."""
    unresolved: list[Event] = []
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
