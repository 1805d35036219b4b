"""Key dates: comment periods that close, rules that take effect, other deadlines; and their ids.

An effective date that a later entry replaced is no longer due; the new one stands in its place.

The id of a key date is permanent: it is the anchor of its row and the beginning of its event's UID.
It is made of the entry's first id, the instrument and the kind of date, never of the date itself,
which may be corrected, nor of its place among others. Dates of one kind are told apart by the
contributor's words: for whom a rule takes effect, what is due. A date without words of its own
needs none.
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
# Comment periods last thirty days as a rule (Regulation on the Procedure for Making Administrative
# Regulations, art. 13; Regulation on the Procedure for Making Rules, art. 15).
PROBABLY_CLOSED_DAYS = 60
WORDS_IN_ID = 8  # hexadecimal digits

Effects = Mapping[Key, EffectiveDate]


class DeadlineKind(StrEnum):
    """What falls on a key date."""

    COMMENTS = "comments"
    EFFECT = "effect"
    DUTY = "duty"


@dataclass(frozen=True)
class KeyDate:
    """One date with what is due. `instrument` is an id, or None for a deadline of no instrument.

    `effective` says of an effective date what it replaces, and whether it was replaced itself.
    """

    date: datetime.date
    kind: DeadlineKind
    what: str
    who: str | None
    entry: Entry
    instrument: str | None
    effective: EffectiveDate | None = None

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns, or did before it was replaced."""
        if kind == "instruments" and self.instrument:
            return (self.instrument,)
        lineage = self.effective.lineage if self.effective else ()
        entries = [date.entry for date in lineage] or [self.entry]
        return tuple(dict.fromkeys(term for entry in entries for term in terms_of(entry, kind)))

    @property
    def earlier(self) -> datetime.date | None:
        """The date from which it was postponed or brought forward."""
        return self.effective.earlier if self.effective else None

    @property
    def postponement(self) -> str:
        """`postponed from 2 August 2027`; empty where it stands as first recorded."""
        if self.effective is None or self.effective.earlier is None:
            return ""
        return f"{self.effective.change} from {long_day(self.effective.earlier)}"

    def stood_on(self, day: datetime.date) -> bool:
        """Whether, by what was known on a day, no other date had replaced it."""
        replaced_by = self.effective.replaced_by if self.effective else None
        return replaced_by is None or replaced_by.date.first_day > day

    def is_upcoming(self, day: datetime.date) -> bool:
        """Whether it is still to come: comments and duties can be met on their last day."""
        return self.date > day or (self.date == day and self.kind is not DeadlineKind.EFFECT)


def all_effective_dates(collection: Collection) -> Effects:
    """Every effective date by its key."""
    steps = steps_by_instrument(reversed(collection.listed))
    return {date.key: date for found in steps.values() for date in effective_dates(found)}


def all_key_dates(collection: Collection, effects: Effects) -> tuple[KeyDate, ...]:
    """All that were ever recorded, earliest first, those that were replaced among them."""
    found = [date for entry in collection.listed for date in key_dates_of(entry, effects)]
    return tuple(sorted(found, key=lambda due: (due.date, due.kind, due.entry.id, due.what)))


def key_dates_of(entry: Entry, effects: Effects) -> Iterator[KeyDate]:
    """The key dates of one entry, in the order in which its file names them.

    A withdrawn entry's effective dates replace nothing.
    """
    for index, step in enumerate(entry.instruments):
        recorded = EntryStep(entry, index)
        if step.comments_close:
            close = step.comments_close
            yield KeyDate(close, DeadlineKind.COMMENTS, "comments close", None, entry, step.id)
        for number in range(len(step.effective)):
            alone = EffectiveDate(recorded, number)
            yield _effect(effects.get(alone.key, alone))
    for deadline in entry.deadlines:
        yield KeyDate(
            deadline.date, DeadlineKind.DUTY, deadline.what, deadline.who, entry, instrument=None
        )


def _effect(date: EffectiveDate) -> KeyDate:
    """An effective date; what was postponed takes effect itself, not its amendment."""
    is_amendment = date.originals[0].recorded.step.stage is Stage.AMENDED
    what = "amendment takes effect" if is_amendment else "takes effect"
    kind, who = DeadlineKind.EFFECT, date.applies_to
    return KeyDate(date.date, kind, what, who, date.entry, date.instrument, date)


@dataclass(frozen=True)
class UndatedConsultation:
    """A consultation whose closing date nobody recorded. `instrument` is an id."""

    entry: Entry
    instrument: str

    @property
    def id(self) -> str:
        """As of a key date: when the date is found out, the row keeps its anchor."""
        return plain_id(self.entry, self.instrument, DeadlineKind.COMMENTS)

    def is_probably_closed(self, day: datetime.date) -> bool:
        """Whether it opened so long before a day that it has very likely closed."""
        return (day - self.entry.date.first_day).days > PROBABLY_CLOSED_DAYS


def undated_consultations(
    entries: Iterable[Entry], histories: Mapping[str, History], known: datetime.date
) -> Iterator[UndatedConsultation]:
    """The consultations of some entries that are pending without a closing date, oldest first.

    `known` is the day by which something was known.
    """
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.id)):
        for step in entry.instruments:
            if step.stage is Stage.CONSULTATION and not step.comments_close:
                found = status_on(histories[step.id], known).pending
                if any(_is_of(one, entry) for one in found):
                    yield UndatedConsultation(entry, step.id)


def _is_of(one: Pending, entry: Entry) -> bool:
    is_unknown = one.state is PendingState.CLOSING_DAY_UNKNOWN and one.via is None
    return is_unknown and one.since == entry.date.first_day


@dataclass(frozen=True)
class DeadlineOverview:
    """The key dates as seen from a day: those at home before those abroad, then the nearest."""

    open: tuple[KeyDate, ...]
    ahead: tuple[KeyDate, ...]
    passed: tuple[KeyDate, ...]  # newest first

    @property
    def coming(self) -> tuple[KeyDate, ...]:
        """All that are upcoming, nearest first."""
        return tuple(sorted((*self.open, *self.ahead), key=lambda due: (due.date, due.entry.id)))


def overview(dates: tuple[KeyDate, ...], as_of: datetime.date) -> DeadlineOverview:
    """Divide key dates into open for comments, ahead, and passed in the last ninety days."""
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


def with_ids(entry: Entry, effects: Effects) -> Iterator[tuple[KeyDate, str]]:
    """The key dates of an entry, each with its id; only dates in the same words are numbered."""
    dates = tuple(key_dates_of(entry, effects))
    alike = Counter(map(_subject, dates))
    names = (_with_words(due) if alike[_subject(due)] > 1 else _subject(due) for due in dates)
    yield from zip(dates, numbered(names), strict=True)


def key_date_id(due: KeyDate) -> str:
    """The id of one key date, whatever it replaces."""
    return next(name for other, name in with_ids(due.entry, {}) if _is_same(other, due))


def plain_id(entry: Entry, instrument: str | None, kind: DeadlineKind) -> str:
    """The id of an entry's only key date of a kind, or of one of an instrument."""
    return ".".join(filter(None, (entry.first_id, instrument, kind.value)))


def _is_same(one: KeyDate, other: KeyDate) -> bool:
    if one.effective and other.effective:
        return one.effective.key == other.effective.key
    return one == other


def _subject(due: KeyDate) -> str:
    return plain_id(due.entry, due.instrument, due.kind)


def _with_words(due: KeyDate) -> str:
    """The id with a digest of the contributor's words: of an effect its scope, of a duty both."""
    words = f"{due.what}|{due.who or ''}" if due.kind is DeadlineKind.DUTY else ""
    if due.effective:
        words = due.effective.effect.applies_to or ""
    digest = hashlib.sha256(words.encode()).hexdigest()[:WORDS_IN_ID]
    return f"{_subject(due)}.{digest}" if words else _subject(due)
