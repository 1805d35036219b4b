"""Days that matter: comments that close, rules that take effect, duties that fall due."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.source.collection import Collection, terms_of

PASSED_DAYS = 90


class DeadlineKind(StrEnum):
    """What falls on the day."""

    COMMENTS = "comments"
    EFFECT = "effect"
    DUTY = "duty"


@dataclass(frozen=True)
class DueDay:
    """One day with what is due. `instrument` is an id, or None for a duty of no instrument."""

    date: datetime.date
    kind: DeadlineKind
    what: str
    who: str | None
    entry: Entry
    instrument: str | None

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns."""
        if kind == "instruments" and self.instrument:
            return (self.instrument,)
        return terms_of(self.entry, kind)


def due_days(collection: Collection) -> tuple[DueDay, ...]:
    """All of them, earliest first."""
    found = [due for entry in collection.listed for due in due_of(entry)]
    return tuple(sorted(found, key=lambda due: (due.date, due.kind, due.entry.id, due.what)))


def due_of(entry: Entry) -> Iterator[DueDay]:
    """The days of one entry, in the order in which its file names them."""
    for step in entry.instruments:
        if step.comments_close:
            close = step.comments_close
            yield DueDay(close, DeadlineKind.COMMENTS, "comments close", None, entry, step.id)
        for effect in step.effective:
            what = "amendment takes effect" if step.stage == "amended" else "takes effect"
            yield DueDay(effect.date, DeadlineKind.EFFECT, what, effect.applies_to, entry, step.id)
    for duty in entry.deadlines:
        yield DueDay(duty.date, DeadlineKind.DUTY, duty.what, duty.who, entry, None)


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
