"""The page of what is new on the site, and a page for each month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from timeline.analysis.news import News, NewsKind, newest
from timeline.analysis.snapshot import Snapshot
from timeline.schema.dates import MONTHS, PartialDate, month_of
from timeline.site.page import MAX_ROWS, NEWEST, Link, Page, heading, neighbours, source_of
from timeline.urls import CHANGES, changes_url

_TEMPLATE = "changes.md.j2"
BULK = 100  # entries: if more are added on a day, they are not listed one by one
SHOWN_OF_BULK = 20  # the newest of them are shown


@dataclass(frozen=True)
class NewsGroup:
    """The news of one kind on one day. `total` also counts items that are not shown.

    Of entries added in bulk only the newest are shown. `is_launch` marks the first day of the site.
    """

    kind: NewsKind
    total: int
    items: tuple[News, ...]
    is_launch: bool = False

    @property
    def is_bulk(self) -> bool:
        """True if too many entries were added for each to be news."""
        return self.kind is NewsKind.ADDED and self.total > BULK


def changes_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Yield the pages with the news of the feeds: the newest, then each month."""
    prose, news = snapshot.collection.prose.get("changes"), snapshot.news
    months = {
        month: tuple(found) for month, found in groupby(news, key=lambda item: month_of(item.day))
    }
    title, description = heading(prose, "What is new on the site")
    first = min((item.day for item in news), default=snapshot.as_of)
    last = newest(news, snapshot.as_of)[-1:]  # all news of its day is shown
    recent = [item for item in news if item.day >= last[0].day]
    context: dict[str, Any] = {
        "document": prose,
        "days": tuple(_days(recent, NEWEST, first)),
        "years": tuple(_years({month: len(found) for month, found in months.items()})),
        "is_month": False,
        "newest": next(iter(snapshot.collection.listed), None),
    }
    yield Page(CHANGES, _TEMPLATE, title, description, source_of(prose), context, feeds="")
    links = [_month_link(month, month.long) for month in months]
    for month, adjacent in zip(months, neighbours(links), strict=True):
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
                "neighbours": adjacent,
            },
            trail=(Link(title, CHANGES),),
            feeds="",
        )


def _month_link(month: PartialDate, title: str, count: int | None = None) -> Link:
    return Link(title, changes_url(month.year, month.month), count=count)


def _years(counts: dict[PartialDate, int]) -> Iterator[tuple[int, tuple[Link, ...]]]:
    """Yield years with links to their months, newest first."""
    for year, months in groupby(counts, key=lambda month: month.year):
        yield year, tuple(_month_link(m, MONTHS[m.month - 1], counts[m]) for m in months)


def _days(
    items: Sequence[News], limit: int, first: date
) -> Iterator[tuple[date, tuple[NewsGroup, ...]]]:
    """Yield days with their news, newest first, at most `limit` of a kind; `first`: launch day."""
    for day, found in groupby(items, key=lambda item: item.day):
        of_day = tuple(found)
        of_kinds = ((k, tuple(item for item in of_day if item.kind is k)) for k in NewsKind)
        yield day, tuple(_group(k, own, limit, day == first) for k, own in of_kinds if own)


def _group(kind: NewsKind, items: tuple[News, ...], limit: int, is_first: bool) -> NewsGroup:
    found = NewsGroup(kind, len(items), items[:limit], is_first)
    return replace(found, items=items[:SHOWN_OF_BULK]) if found.is_bulk else found
