"""The month's bulletin: what happened, what took effect, what is open for comment, what is next."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from timeline.model.dates import ONE_DAY, PartialDate, long_day, month_of
from timeline.model.entry import Entry
from timeline.model.vocabulary import PendingState, Stage
from timeline.standing.deadlines import DeadlineKind, DueDay, lies_ahead
from timeline.standing.due_names import name_of
from timeline.standing.history import History
from timeline.standing.known import Known
from timeline.standing.pending import Pending, pending
from timeline.standing.standing import Standing
from timeline.views.timeline_views import month_sections
from timeline.views.view import Section, month_url

ByMonth = dict[PartialDate, list[DueDay]]


@dataclass(frozen=True)
class Undated:
    """A consultation whose closing day nobody recorded. `instrument` is an id."""

    entry: Entry
    instrument: str

    @property
    def name(self) -> str:
        """As of a day that is due: with the day found out, the row keeps its place."""
        return name_of(self.entry, self.instrument, DeadlineKind.COMMENTS)


@dataclass(frozen=True)
class Days:
    """A headed list of days that matter, earliest first, and what has no day; never empty."""

    id: str
    title: str
    due: tuple[DueDay, ...]
    undated: tuple[Undated, ...] = ()

    @property
    def total(self) -> int:
        """How many things it names."""
        return len(self.due) + len(self.undated)


@dataclass(frozen=True)
class Bulletin:
    """A month, and what was known on its last day, or on the site's own day if that is earlier.

    An effect counts on its day even where it was reported later, as for the status.
    """

    title: str
    url: str  # of the month's page
    total: int  # developments
    sections: tuple[Section, ...]
    days: tuple[Days, ...]


def bulletins(standing: Standing) -> Iterator[Bulletin]:
    """One for each month that has entries, newest first."""
    falling, consulted = _falling(standing.recorded), _consulted(standing.due)
    for year, months in standing.collection.by_month.items():
        for number in filter(None, months):
            month = PartialDate(year, number)
            known = min(month.last_day, standing.as_of)
            undated = tuple(_undated(months[number], known, standing.histories))
            days = _days(month, known, falling, consulted[month], undated)
            yield Bulletin(
                title=month.long,
                url=month_url(year, number),
                total=len(months[number]),
                sections=tuple(month_sections(months[number])),
                days=tuple(found for found in days if found.total),
            )


def _days(
    month: PartialDate,
    known: datetime.date,
    falling: ByMonth,
    consulted: list[DueDay],
    undated: tuple[Undated, ...],
) -> Iterator[Days]:
    following = month_of(month.last_day + ONE_DAY)
    ended = known == month.last_day
    effects = (due for due in falling[month] if due.kind is DeadlineKind.EFFECT)
    took = tuple(due for due in effects if due.date <= known and due.stood(known))
    yield Days("effect", f"Took effect in {month.long}", took)
    on = f"at the end of {month.long}" if ended else f"on {long_day(known)}"
    yield Days("open", f"Open for comment {on}", _ahead(consulted, known), undated)
    coming = _ahead(falling[month] + falling[following], known)
    yield Days("next", f"What comes next, to the end of {following.long}", coming)


def _ahead(days: Iterable[DueDay], known: datetime.date) -> tuple[DueDay, ...]:
    """Those of which an entry had told by then, and that were still to come."""
    told = (due for due in days if due.entry.date.first_day <= known and due.stood(known))
    return tuple(due for due in told if lies_ahead(due, known))


def _undated(
    entries: Iterable[Entry], known: datetime.date, histories: Mapping[str, History]
) -> Iterator[Undated]:
    """Of a month's entries, oldest first: those of which nothing had come.

    They stand in their own month alone, since nobody knows until when they were open.
    """
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.id)):
        for step in entry.instruments:
            if step.stage is Stage.CONSULTATION and not step.comments_close:
                found = pending(Known(histories[step.id], known))
                if any(_is_of(one, entry) for one in found):
                    yield Undated(entry, step.id)


def _is_of(one: Pending, entry: Entry) -> bool:
    unknown = one.state is PendingState.CLOSING_DAY_UNKNOWN and one.via is None
    return unknown and one.since == entry.date.first_day


def _falling(days: Iterable[DueDay]) -> ByMonth:
    """The days by the month in which they fall."""
    found: ByMonth = defaultdict(list)
    for due in days:
        found[month_of(due.date)].append(due)
    return found


def _consulted(days: Iterable[DueDay]) -> ByMonth:
    """The closing days of comment periods, by each month in which the period runs."""
    found: ByMonth = defaultdict(list)
    for due in days:
        if due.kind is DeadlineKind.COMMENTS:
            month = month_of(due.entry.date.first_day)
            while month.first_day <= due.date:
                found[month].append(due)
                month = month_of(month.last_day + ONE_DAY)
    return found
