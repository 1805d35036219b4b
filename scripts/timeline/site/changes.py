"""The page of what is new on the site, and one for each month of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from timeline.analysis.news import News, NewsKind, newest
from timeline.analysis.snapshot import Snapshot
from timeline.schema.dates import MONTHS, PartialDate, month_of
from timeline.site.page import MAX_ROWS, NEWEST, Link, Page, heading, source_of
from timeline.urls import CHANGES, changes_url

_TEMPLATE = "changes.md.j2"
COLLECTION = 100  # entries: more that are added on one day are a collection, not news
OF_COLLECTION = 20  # the newest developments of a collection are shown


@dataclass(frozen=True)
class NewsGroup:
    """The news of one kind on one day. `total` counts what is not shown too.

    Of a whole collection that was added at once only the newest developments are shown; `is_launch`
    says that it was the first.
    """

    kind: NewsKind
    total: int
    items: tuple[News, ...]
    is_launch: bool = False

    @property
    def is_collection(self) -> bool:
        """Whether so many entries were added that they are a collection, not news."""
        return self.kind is NewsKind.ADDED and self.total > COLLECTION


def changes_pages(snapshot: Snapshot) -> Iterator[Page]:
    """What the feeds report, for people: the newest, then every month."""
    prose, news = snapshot.collection.prose.get("changes"), snapshot.news
    months = {
        month: tuple(found) for month, found in groupby(news, key=lambda item: month_of(item.day))
    }
    title, description = heading(prose, "What is new on the site")
    first = min((item.day for item in news), default=snapshot.as_of)
    last = newest(news, snapshot.as_of)[-1:]  # its day is shown whole
    recent = [item for item in news if item.day >= last[0].day]
    context: dict[str, Any] = {
        "document": prose,
        "days": tuple(_days(recent, NEWEST, first)),
        "years": tuple(_years({month: len(found) for month, found in months.items()})),
        "is_month": False,
        "newest": next(iter(snapshot.collection.listed), None),
    }
    yield Page(CHANGES, _TEMPLATE, title, description, source_of(prose), context, feeds="")
    order = list(months)
    for place, month in enumerate(order):
        earlier = order[place + 1] if place + 1 < len(order) else None
        later = order[place - 1] if place else None
        yield Page(
            url=changes_url(month.year, month.month),
            template=_TEMPLATE,
            title=f"New in {month.long}",
            description=f"{description} {month.long}.",
            context={
                "document": None,
                "days": tuple(_days(months[month], MAX_ROWS, first)),
                "years": (),
                "is_month": True,
                "neighbours": (_month_link(earlier), _month_link(later)),
            },
            trail=(Link(title, CHANGES),),
            feeds="",
        )


def _month_link(month: PartialDate | None) -> Link | None:
    return Link(month.long, changes_url(month.year, month.month)) if month else None


def _years(counts: dict[PartialDate, int]) -> Iterator[tuple[int, tuple[Link, ...]]]:
    """The months by year, newest first."""
    for year, months in groupby(counts, key=lambda month: month.year):
        yield (
            year,
            tuple(
                Link(MONTHS[m.month - 1], changes_url(year, m.month), count=counts[m])
                for m in months
            ),
        )


def _days(
    items: Sequence[News], limit: int, first: date
) -> Iterator[tuple[date, tuple[NewsGroup, ...]]]:
    """Items by day, newest first, at most `limit` of a kind. `first` is the day of the launch."""
    for day, found in groupby(items, key=lambda item: item.day):
        of_day = tuple(found)
        of_kinds = ((k, tuple(item for item in of_day if item.kind is k)) for k in NewsKind)
        yield day, tuple(_group(k, own, limit, day == first) for k, own in of_kinds if own)


def _group(kind: NewsKind, items: tuple[News, ...], limit: int, is_first: bool) -> NewsGroup:
    found = NewsGroup(kind, len(items), items[:limit], is_first)
    return replace(found, items=items[:OF_COLLECTION]) if found.is_collection else found
