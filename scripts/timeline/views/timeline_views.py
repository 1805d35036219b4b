"""The timeline, its years and its months. Collection -> views; no text is rendered here."""

from collections.abc import Iterator

from timeline.model.dates import MONTHS, PartialDate
from timeline.model.entry import Entry
from timeline.model.vocabulary import EntryType
from timeline.source.collection import Collection
from timeline.views.view import MOST_ROWS, NEWEST, Link, Section, View, month_url, year_url

TIMELINE = Link("Timeline", "timeline/")


def timeline_views(collection: Collection) -> Iterator[View]:
    """Everything in order, and by year and month."""
    yield _timeline(collection)
    yield from _years(collection)
    yield from _months(collection)


def _timeline(collection: Collection) -> View:
    newest = collection.listed[:NEWEST]
    years = tuple(
        Link(str(year), year_url(year), count=sum(map(len, months.values())))
        for year, months in collection.by_month.items()
    )
    return View(
        url="timeline/",
        title="Timeline",
        kicker="Everything in order",
        total=len(collection.listed),
        unit="development",
        sections=(
            Section("years", "Years", len(years), links=years),
            Section("newest", "Newest", len(newest), newest),
        ),
        document=collection.prose.get("timeline/index"),
        entries=collection.listed,
        months=True,
    )


def _years(collection: Collection) -> Iterator[View]:
    years = list(collection.by_month)  # newest first
    for index, year in enumerate(years):
        months = collection.by_month[year]
        entries = tuple(entry for month in months.values() for entry in month)
        short = len(entries) <= MOST_ROWS
        yield View(
            url=year_url(year),
            title=str(year),
            kicker="Year",
            total=len(entries),
            unit="development",
            sections=tuple(_month_of_year(year, m, months[m], short=short) for m in months),
            trail=(TIMELINE,),
            entries=entries,
            neighbours=(
                _year_link(years[index + 1]) if index + 1 < len(years) else None,
                _year_link(years[index - 1]) if index else None,
            ),
        )


def _year_link(year: int) -> Link:
    return Link(str(year), year_url(year))


def _month_of_year(year: int, month: int, entries: tuple[Entry, ...], *, short: bool) -> Section:
    if not month:
        return Section("month-unknown", "Month not known", len(entries), entries)
    shown = entries if short else tuple(entry for entry in entries if entry.highlight)
    name = MONTHS[month - 1]
    return Section(name.lower(), name, len(entries), shown, url=month_url(year, month))


def _months(collection: Collection) -> Iterator[View]:
    months = [(y, m) for y, found in collection.by_month.items() for m in found if m]
    for index, (year, month) in enumerate(months):
        entries = collection.by_month[year][month]
        yield View(
            url=month_url(year, month),
            title=PartialDate(year, month).long,
            kicker="Month",
            total=len(entries),
            unit="development",
            sections=tuple(month_sections(entries)),
            trail=(TIMELINE, _year_link(year)),
            entries=entries,
            neighbours=(
                _month_link(*months[index + 1]) if index + 1 < len(months) else None,
                _month_link(*months[index - 1]) if index else None,
            ),
        )


def _month_link(year: int, month: int) -> Link:
    return Link(PartialDate(year, month).long, month_url(year, month))


def month_sections(entries: tuple[Entry, ...]) -> Iterator[Section]:
    """A month as the newsletters lay it out: the highlights, then by nature, in order of time."""
    oldest_first = tuple(reversed(entries))
    highlights = tuple(entry for entry in oldest_first if entry.highlight)
    if highlights:
        yield Section("highlights", "Highlights", len(highlights), highlights)
    for kind in EntryType:
        found = tuple(entry for entry in oldest_first if entry.type is kind)
        if found:
            yield Section(kind.value, kind.label, len(found), found, summaries=True)
