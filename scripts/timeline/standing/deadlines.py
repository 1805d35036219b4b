"""Days that matter: comments that close, rules that take effect, duties that fall due.

A day of effect that a later entry moved is due no more; the new one stands in its place.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from timeline.model.dates import long_day
from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.vocabulary import Stage
from timeline.source.collection import Collection, terms_of
from timeline.source.effects import EffectDay, days_of_effect, steps_by_instrument

PASSED_DAYS = 90


class DeadlineKind(StrEnum):
    """What falls on the day."""

    COMMENTS = "comments"
    EFFECT = "effect"
    DUTY = "duty"


@dataclass(frozen=True)
class DueDay:
    """One day with what is due. `instrument` is an id, or None for a duty of no instrument.

    `effect` says of a day of effect what it takes the place of, and whether it was moved itself.
    """

    date: datetime.date
    kind: DeadlineKind
    what: str
    who: str | None
    entry: Entry
    instrument: str | None
    effect: EffectDay | None = None

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns, or did before it was moved."""
        if kind == "instruments" and self.instrument:
            return (self.instrument,)
        entries = [day.entry for day in self.effect.chain] if self.effect else [self.entry]
        return tuple(dict.fromkeys(term for entry in entries for term in terms_of(entry, kind)))

    @property
    def earlier(self) -> datetime.date | None:
        """The day from which it was put off or brought forward."""
        return self.effect.earlier if self.effect else None

    @property
    def put_off(self) -> str:
        """`put off from 2 August 2027`; empty where it stands as first recorded."""
        if self.effect is None or self.effect.earlier is None:
            return ""
        return f"{self.effect.manner} from {long_day(self.effect.earlier)}"

    def stood(self, day: datetime.date) -> bool:
        """Whether, by what was known on a day, nothing else had taken its place."""
        moved = self.effect.moved if self.effect else None
        return moved is None or moved.date.first_day > day


Effects = Mapping[int, EffectDay]


def effect_days(collection: Collection) -> Effects:
    """Every step of effect, by the identity of the item in its entry's front matter."""
    steps = steps_by_instrument(reversed(collection.listed))
    return {id(day.effect): day for found in steps.values() for day in days_of_effect(found)}


def recorded_days(collection: Collection, effects: Effects) -> tuple[DueDay, ...]:
    """All that were ever recorded, earliest first; those that were moved among them."""
    found = [due for entry in collection.listed for due in due_of(entry, effects)]
    return tuple(sorted(found, key=lambda due: (due.date, due.kind, due.entry.id, due.what)))


def due_of(entry: Entry, effects: Effects) -> Iterator[DueDay]:
    """The days of one entry, in the order in which its file names them.

    A withdrawn entry's effects stand for themselves.
    """
    for step in entry.instruments:
        if step.comments_close:
            close = step.comments_close
            yield DueDay(close, DeadlineKind.COMMENTS, "comments close", None, entry, step.id)
        for effect in step.effective:
            yield _effect(effects.get(id(effect), EffectDay(entry, step, effect)))
    for duty in entry.deadlines:
        yield DueDay(duty.date, DeadlineKind.DUTY, duty.what, duty.who, entry, None)


def _effect(day: EffectDay) -> DueDay:
    """A step of effect; what was put off takes effect itself, and not its amendment."""
    amendment = day.roots[0].step.stage is Stage.AMENDED
    what = "amendment takes effect" if amendment else "takes effect"
    kind, who = DeadlineKind.EFFECT, day.applies_to
    return DueDay(day.date, kind, what, who, day.entry, day.step.id, day)


@dataclass(frozen=True)
class Board:
    """The deadlines as of a day."""

    open: tuple[DueDay, ...]
    ahead: tuple[DueDay, ...]
    passed: tuple[DueDay, ...]  # newest first

    @property
    def coming(self) -> tuple[DueDay, ...]:
        """All that lies ahead, nearest first."""
        return tuple(sorted((*self.open, *self.ahead), key=lambda due: (due.date, due.entry.id)))


def lies_ahead(due: DueDay, day: datetime.date) -> bool:
    """Whether it is still to come on a day: comments and duties may be done on their last day."""
    return due.date > day or (due.date == day and due.kind is not DeadlineKind.EFFECT)


def board(days: tuple[DueDay, ...], as_of: datetime.date) -> Board:
    """Sort days into open for comments, ahead, and passed in the last ninety days."""
    ahead = [due for due in days if lies_ahead(due, as_of)]
    since = as_of - datetime.timedelta(days=PASSED_DAYS)
    return Board(
        open=tuple(due for due in ahead if due.kind is DeadlineKind.COMMENTS),
        ahead=tuple(due for due in ahead if due.kind is not DeadlineKind.COMMENTS),
        passed=tuple(
            due for due in reversed(days) if since <= due.date and not lies_ahead(due, as_of)
        ),
    )
