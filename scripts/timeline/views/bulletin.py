"""The month's bulletin: what happened, what took effect, what is open for comment, what is next."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline.model.dates import PartialDate, long_day
from timeline.standing.deadlines import DeadlineKind, DueDay, lies_ahead
from timeline.standing.standing import Standing
from timeline.views.timeline_views import month_sections
from timeline.views.view import Section, month_url

ONE_DAY = datetime.timedelta(days=1)
ByMonth = dict[PartialDate, list[DueDay]]


@dataclass(frozen=True)
class Days:
    """A headed list of days that matter, earliest first; never empty."""

    id: str
    title: str
    due: tuple[DueDay, ...]


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
            days = _days(month, min(month.last_day, standing.as_of), falling, consulted[month])
            yield Bulletin(
                title=month.long,
                url=month_url(year, number),
                total=len(months[number]),
                sections=tuple(month_sections(months[number])),
                days=tuple(found for found in days if found.due),
            )


def _days(
    month: PartialDate, known: datetime.date, falling: ByMonth, consulted: list[DueDay]
) -> Iterator[Days]:
    following = _month(month.last_day + ONE_DAY)
    ended = known == month.last_day
    effects = (due for due in falling[month] if due.kind is DeadlineKind.EFFECT)
    took = tuple(due for due in effects if due.date <= known and due.stood(known))
    yield Days("effect", f"Took effect in {month.long}", took)
    on = f"at the end of {month.long}" if ended else f"on {long_day(known)}"
    yield Days("open", f"Open for comment {on}", _ahead(consulted, known))
    coming = _ahead(falling[month] + falling[following], known)
    yield Days("next", f"What comes next, to the end of {following.long}", coming)


def _ahead(days: Iterable[DueDay], known: datetime.date) -> tuple[DueDay, ...]:
    """Those of which an entry had told by then, and that were still to come."""
    told = (due for due in days if due.entry.date.first_day <= known and due.stood(known))
    return tuple(due for due in told if lies_ahead(due, known))


def _month(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month)


def _falling(days: Iterable[DueDay]) -> ByMonth:
    """The days by the month in which they fall."""
    found: ByMonth = defaultdict(list)
    for due in days:
        found[_month(due.date)].append(due)
    return found


def _consulted(days: Iterable[DueDay]) -> ByMonth:
    """The closing days of comment periods, by each month in which the period runs."""
    found: ByMonth = defaultdict(list)
    for due in days:
        if due.kind is DeadlineKind.COMMENTS:
            month = _month(due.entry.date.first_day)
            while month.first_day <= due.date:
                found[month].append(due)
                month = _month(month.last_day + ONE_DAY)
    return found
