"""The page of what is new on the site, and one for each month of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from timeline.model.dates import PartialDate, month_of
from timeline.standing.news import News, NewsKind, newest
from timeline.standing.standing import Standing
from timeline.views.page import Page, head, path_of
from timeline.views.view import MOST_ROWS, NEWEST, Link, month_url

URL, TEMPLATE = "changes/", "changes.md.j2"


@dataclass(frozen=True)
class Group:
    """What a day tells of one kind. `total` counts what is not shown too.

    Where very much was added on a day, it stands in `parts`, by when it happened.
    """

    kind: NewsKind
    total: int
    items: tuple[News, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Part:
    """What was added on a day of one year, or where all is of one year, of one month."""

    date: PartialDate
    total: int
    items: tuple[News, ...]

    @property
    def url(self) -> str:
        """Where all that happened then stands."""
        return month_url(self.date.year, self.date.month)


def changes(standing: Standing) -> Iterator[Page]:
    """What feeds tell, for people: the newest, then every month."""
    prose, every = standing.collection.prose.get("changes"), standing.news
    months = {
        month: tuple(found) for month, found in groupby(every, key=lambda item: month_of(item.day))
    }
    links = [_link(month, len(found)) for month, found in months.items()]
    title, description = head(prose, "What is new on the site")
    last = newest(every, standing.as_of)[-1:]  # its day is told whole
    recent = [item for item in every if item.day >= last[0].day]
    days = tuple(_days(recent, NEWEST))
    context: dict[str, Any] = {"document": prose, "days": days, "months": _years(links)}
    yield Page("changes.md", URL, TEMPLATE, title, description, path_of(prose), context, feeds="")
    order = list(months)
    for place, month in enumerate(order):
        later = _link(order[place - 1]) if place else None
        earlier = _link(order[place + 1]) if place + 1 < len(order) else None
        context = {
            "document": None,
            "days": tuple(_days(months[month], MOST_ROWS)),
            "trail": (Link(title, URL),),
            "neighbours": (earlier, later),
        }
        url, name = _link(month).url, f"New in {month.long}"
        said = f"{description} {month.long}."
        yield Page(f"{url}index.md", url, TEMPLATE, name, said, None, context, feeds="")


def _link(month: PartialDate, count: int | None = None) -> Link:
    return Link(month.long, f"{URL}{month.year:04}/{month.month:02}/", count=count)


def _years(months: Sequence[Link]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Months by year, newest first."""
    years = groupby(months, key=lambda link: link.title[-4:])
    return tuple((year, tuple(links)) for year, links in years)


def _days(items: Sequence[News], most: int) -> Iterator[tuple[date, tuple[Group, ...]]]:
    """Items by day, newest first, at most so many of a kind, or of a part of it, on a day."""
    for day, found in groupby(items, key=lambda item: item.day):
        of_day = tuple(found)
        groups = []
        for kind in NewsKind:
            told = tuple(item for item in of_day if item.kind is kind)
            if told:
                groups.append(_group(kind, told, most))
        yield day, tuple(groups)


def _group(kind: NewsKind, told: tuple[News, ...], most: int) -> Group:
    if kind is NewsKind.ADDED and len(told) > NEWEST:
        return Group(kind, len(told), parts=tuple(_parts(told, most)))
    return Group(kind, len(told), told[:most])


def _parts(told: tuple[News, ...], most: int) -> Iterator[Part]:
    by_month = len({item.happened.year for item in told}) == 1

    def part(item: News) -> PartialDate:
        date = item.entry.date
        return PartialDate(date.year, date.month if by_month else 0)

    for period, found in groupby(told, key=part):
        items = tuple(found)
        yield Part(period, len(items), items[:most])
