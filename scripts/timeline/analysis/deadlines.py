"""Key dates (closing dates of comment periods, effective dates, other deadlines) and their ids.

An effective date that a later entry replaced is no longer due; the new date is due instead.

The id of a key date is permanent: it is the anchor of its row and the start of its calendar event's
UID. It consists of the entry's first id, the instrument and the kind of date. It contains neither
the date, which may be corrected, nor a position among other dates. Several dates of one kind are
distinguished by a digest of the contributor's words (the scope of an effective date, or what is due
and for whom); a date without such words gets no digest.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from timeline.analysis.effective import EffectiveDate, Key, effective_dates
from timeline.analysis.history import History
from timeline.analysis.status import Pending, status_on
from timeline.content.collection import (
    Collection,
    EntryStep,
    steps_by_instrument,
    terms_of,
)
from timeline.schema.dates import long_day
from timeline.schema.entry import Entry
from timeline.schema.types import Kind
from timeline.schema.vocabulary import PendingState, Stage
from timeline.urls import numbered

PASSED_DAYS = 90
# Comment periods usually last thirty days (Regulation on the Procedure for Making Administrative
# Regulations, art. 13; Regulation on the Procedure for Making Rules, art. 15).
PROBABLY_CLOSED_DAYS = 60
DIGEST_LENGTH = 8  # hexadecimal digits

Effects = Mapping[Key, EffectiveDate]


class DeadlineKind(StrEnum):
    """The kinds of key date: a closing date for comments, an effective date, another duty."""

    COMMENTS = "comments"
    EFFECT = "effect"
    DUTY = "duty"


@dataclass(frozen=True)
class KeyDate:
    """A date and what is due on it.

    `instrument` is an id, or None if the deadline belongs to no instrument. For effective dates,
    `effective` tells which dates this one replaces, and whether it was replaced itself.
    """

    date: datetime.date
    kind: DeadlineKind
    what: str
    who: str | None
    entry: Entry
    instrument: str | None
    effective: EffectiveDate | None = None

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """Return the regulators, topics or instruments concerned, also of the dates replaced."""
        if kind == "instruments" and self.instrument:
            return (self.instrument,)
        lineage = self.effective.lineage if self.effective else ()
        entries = [date.entry for date in lineage] or [self.entry]
        return tuple(dict.fromkeys(term for entry in entries for term in terms_of(entry, kind)))

    @property
    def earlier(self) -> datetime.date | None:
        """The date from which this one was postponed or brought forward, if any."""
        return self.effective.earlier if self.effective else None

    @property
    def postponement(self) -> str:
        """The change in words, `postponed from 2 August 2027`; empty if the date did not change."""
        if self.effective is None or self.effective.earlier is None:
            return ""
        return f"{self.effective.change} from {long_day(self.effective.earlier)}"

    def is_current_on(self, day: datetime.date) -> bool:
        """Return whether, as known on a day, no other date had replaced this one."""
        replaced_by = self.effective.replaced_by if self.effective else None
        return replaced_by is None or replaced_by.date.first_day > day

    def is_upcoming(self, day: datetime.date) -> bool:
        """Return whether the date is still to come.

        Comment periods and duties are upcoming on their last day too, effective dates are not.
        """
        return self.date > day or (self.date == day and self.kind is not DeadlineKind.EFFECT)


def all_effective_dates(collection: Collection) -> Effects:
    """Return every effective date by its key."""
    steps = steps_by_instrument(reversed(collection.listed))
    return {date.key: date for found in steps.values() for date in effective_dates(found)}


def all_key_dates(collection: Collection, effects: Effects) -> tuple[KeyDate, ...]:
    """Return all key dates ever recorded, including replaced ones, earliest first."""
    found = [date for entry in collection.listed for date in key_dates_of(entry, effects)]
    return tuple(sorted(found, key=lambda due: (due.date, due.kind, due.entry.id, due.what)))


def key_dates_of(entry: Entry, effects: Effects) -> Iterator[KeyDate]:
    """Yield the key dates of one entry in the order of its file.

    The effective dates of a withdrawn entry replace nothing.
    """
    for index, step in enumerate(entry.instruments):
        recorded = EntryStep(entry, index)
        if step.comments_close:
            close = step.comments_close
            yield KeyDate(close, DeadlineKind.COMMENTS, "comments close", None, entry, step.id)
        for number in range(len(step.effective)):
            alone = EffectiveDate(recorded, number)
            yield _effective_key_date(effects.get(alone.key, alone))
    for deadline in entry.deadlines:
        yield KeyDate(
            deadline.date, DeadlineKind.DUTY, deadline.what, deadline.who, entry, instrument=None
        )


def _effective_key_date(date: EffectiveDate) -> KeyDate:
    """Return an effective date as a key date.

    The step first recorded decides whether the instrument or an amendment takes effect, because a
    postponement is itself recorded as an amendment.
    """
    is_amendment = date.originals[0].recorded.step.stage is Stage.AMENDED
    what = "amendment takes effect" if is_amendment else "takes effect"
    kind, who = DeadlineKind.EFFECT, date.applies_to
    return KeyDate(date.date, kind, what, who, date.entry, date.instrument, date)


@dataclass(frozen=True)
class UndatedConsultation:
    """A consultation without a recorded closing date. `instrument` is an id."""

    entry: Entry
    instrument: str

    @property
    def id(self) -> str:
        """The id that its key date would have, so that the anchor stays once a date is known."""
        return _base_id(self.entry, self.instrument, DeadlineKind.COMMENTS)

    def is_probably_closed(self, day: datetime.date) -> bool:
        """Return whether it opened so long before a day that it has very likely closed."""
        return (day - self.entry.date.first_day).days > PROBABLY_CLOSED_DAYS


def undated_consultations(
    entries: Iterable[Entry], histories: Mapping[str, History], known: datetime.date
) -> Iterator[UndatedConsultation]:
    """Yield the pending consultations of some entries that have no closing date, oldest first.

    Statuses are taken as of the day `known`.
    """
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.id)):
        for step in entry.instruments:
            if step.stage is Stage.CONSULTATION and not step.comments_close:
                opened = entry.date.first_day
                undated = Pending(PendingState.CLOSING_DAY_UNKNOWN, day=None, since=opened)
                if undated in status_on(histories[step.id], known).pending:
                    yield UndatedConsultation(entry, step.id)


@dataclass(frozen=True)
class DeadlineOverview:
    """The key dates as seen from a day.

    Upcoming dates are sorted with domestic before foreign ones, then the nearest first. `open` are
    the closing dates of comment periods, `ahead` all other upcoming dates.
    """

    open: tuple[KeyDate, ...]
    ahead: tuple[KeyDate, ...]
    passed: tuple[KeyDate, ...]  # newest first

    @property
    def coming(self) -> tuple[KeyDate, ...]:
        """All upcoming key dates, nearest first."""
        return tuple(sorted((*self.open, *self.ahead), key=lambda due: (due.date, due.entry.id)))


def overview(dates: tuple[KeyDate, ...], as_of: datetime.date) -> DeadlineOverview:
    """Sort key dates into open for comments, ahead, and passed in the last `PASSED_DAYS`."""
    ahead = sorted(
        (due for due in dates if due.is_upcoming(as_of)),
        key=lambda due: (due.entry.is_foreign, due.date),
    )
    since = as_of - datetime.timedelta(days=PASSED_DAYS)
    return DeadlineOverview(
        open=tuple(due for due in ahead if due.kind is DeadlineKind.COMMENTS),
        ahead=tuple(due for due in ahead if due.kind is not DeadlineKind.COMMENTS),
        passed=tuple(
            due for due in reversed(dates) if since <= due.date and not due.is_upcoming(as_of)
        ),
    )


def key_dates_with_ids(entry: Entry, effects: Effects) -> Iterator[tuple[KeyDate, str]]:
    """Yield the key dates of an entry, each with its id; only identical ids get a number."""
    dates = tuple(key_dates_of(entry, effects))
    counts = Counter(map(_base_id_of, dates))
    ids = (_id_with_digest(d) if counts[_base_id_of(d)] > 1 else _base_id_of(d) for d in dates)
    yield from zip(dates, numbered(ids), strict=True)


def key_date_id(due: KeyDate) -> str:
    """Return the id of one key date, which does not depend on the dates that it replaces."""
    return next(name for other, name in key_dates_with_ids(due.entry, {}) if _is_same(other, due))


def _is_same(one: KeyDate, other: KeyDate) -> bool:
    if one.effective and other.effective:
        return one.effective.key == other.effective.key
    return one == other


def _base_id(entry: Entry, instrument: str | None, kind: DeadlineKind) -> str:
    """Return the id for the only key date of a kind that an entry records of an instrument."""
    return ".".join(filter(None, (entry.first_id, instrument, kind.value)))


def _base_id_of(due: KeyDate) -> str:
    return _base_id(due.entry, due.instrument, due.kind)


def _id_with_digest(due: KeyDate) -> str:
    """Return the id with a digest of the contributor's words, if there are any.

    These are the scope of an effective date, or what is due and for whom.
    """
    words = f"{due.what}|{due.who or ''}" if due.kind is DeadlineKind.DUTY else ""
    if due.effective:
        words = due.effective.effect.applies_to or ""
    digest = hashlib.sha256(words.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{_base_id_of(due)}.{digest}" if words else _base_id_of(due)
