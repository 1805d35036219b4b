"""Days that entries put in the place of others, where no such day is there to be moved."""

from collections.abc import Iterable, Iterator

from timeline.model.document import Location
from timeline.model.entry import Entry
from timeline.model.problems import listed, suggestion
from timeline.model.wording import Wording
from timeline.source.collection import Collection
from timeline.source.effects import EffectDay, days_of_effect, steps_by_instrument


def bad_moves(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Location, str]]:
    """What `instead_of` names, none of it recorded by an earlier entry and still to come.

    A day that had passed on the entry's own date is told of by a rule of the entry alone.
    """
    for found in steps_by_instrument(Collection.ordered(entries)).values():
        for day in days_of_effect(found):
            old = day.effect.instead_of
            if old and not day.instead_of and old >= day.entry.date.first_day:
                places = [place for place, (entry, _) in enumerate(found) if entry is day.entry]
                before = days_of_effect(found[: places[0]])
                yield day.entry, _location(day), _message(day, before)


def _location(day: EffectDay) -> Location:
    steps, effects = day.entry.instruments, day.step.effective
    step = next(index for index, step in enumerate(steps) if step is day.step)
    place = next(index for index, effect in enumerate(effects) if effect is day.effect)
    return "instruments", step, "effective", place, "instead_of"


def _message(day: EffectDay, before: list[EffectDay]) -> str:
    """Why the day cannot be moved; `before` is all that was recorded when its entry came."""
    old = day.effect.instead_of
    named = {"day": old, "instrument": repr(day.step.id)}
    standing = [earlier for earlier in before if earlier.moved is None]
    for new in standing:
        if any(gone.date == old for gone in new.chain[1:]):
            instead = {"entry": new.entry.id, "instead": new.date}
            return Wording.MOVED_ALREADY.format(**named, **instead)
    ahead = {str(one.date) for one in standing if one.date >= day.entry.date.first_day}
    if not ahead:
        return Wording.NOTHING_TO_MOVE.format(**named)
    told = Wording.NOT_RECORDED.format(allowed=listed(sorted(ahead)), **named)
    return told + suggestion(str(old), {one: one for one in sorted(ahead)})
