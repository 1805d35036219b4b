"""The lists of the site: the timeline, its years and months, and the pages of terms."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from timeline.content.collection import Collection, closure
from timeline.schema.dates import MONTHS, PartialDate
from timeline.schema.entry import Entry
from timeline.schema.terms import (
    KIND_TITLES,
    Instrument,
    Newsletter,
    Regulator,
    Term,
)
from timeline.schema.types import Kind
from timeline.schema.vocabulary import AuthorityType, EntryType
from timeline.site.page import MAX_ROWS, NEWEST, Link, Listing, Section, neighbours
from timeline.urls import TIMELINE, index_url, month_url, term_url, year_of_url, year_url

_TIMELINE = Link("Timeline", TIMELINE)


def timeline_listings(collection: Collection) -> Iterator[Listing]:
    """Yield the timeline, then its years and months."""
    yield _timeline(collection)
    yield from _years(collection)
    yield from _months(collection)


def _timeline(collection: Collection) -> Listing:
    newest = collection.listed[:NEWEST]
    years = tuple(
        Link(str(year), year_url(year), count=sum(map(len, months.values())))
        for year, months in collection.by_month.items()
    )
    return Listing(
        url=TIMELINE,
        title="Timeline",
        total=len(collection.listed),
        unit="development",
        sections=(
            Section("years", "Years", len(years), links=years),
            Section("newest", "Newest", len(newest), newest),
        ),
        document=collection.prose.get("timeline/index"),
        entries=collection.listed,
        has_month_table=True,
    )


def _years(collection: Collection) -> Iterator[Listing]:
    years = collection.by_month.items()  # newest first
    links = [_year_link(year) for year, _ in years]
    for (year, months), adjacent in zip(years, neighbours(links), strict=True):
        entries = tuple(entry for month in months.values() for entry in month)
        whole = len(entries) <= MAX_ROWS
        yield Listing(
            url=year_url(year),
            title=str(year),
            total=len(entries),
            unit="development",
            period="year",
            sections=tuple(_month_of_year(year, m, months[m], whole=whole) for m in months),
            trail=(_TIMELINE,),
            entries=entries,
            neighbours=adjacent,
        )


def _year_link(year: int) -> Link:
    return Link(str(year), year_url(year))


def _month_of_year(year: int, month: int, entries: tuple[Entry, ...], *, whole: bool) -> Section:
    if not month:
        return Section("month-unknown", "Month not known", len(entries), entries, style="day")
    shown = entries if whole else tuple(entry for entry in entries if entry.highlight)
    name, url = MONTHS[month - 1], month_url(year, month)
    return Section(name.lower(), name, len(entries), shown, url=url, style="day")


def _months(collection: Collection) -> Iterator[Listing]:
    months = [(y, m) for y, found in collection.by_month.items() for m in found if m]
    links = [_month_link(year, month) for year, month in months]
    for (year, month), adjacent in zip(months, neighbours(links), strict=True):
        entries = collection.by_month[year][month]
        yield Listing(
            url=month_url(year, month),
            title=PartialDate(year, month).long,
            total=len(entries),
            unit="development",
            period="month",
            sections=tuple(month_sections(entries)),
            trail=(_TIMELINE, _year_link(year)),
            entries=entries,
            neighbours=adjacent,
        )


def _month_link(year: int, month: int) -> Link:
    return Link(PartialDate(year, month).long, month_url(year, month))


def month_sections(entries: tuple[Entry, ...]) -> Iterator[Section]:
    """Yield the sections of a month: the highlights, then entries by type, newest first."""
    highlights = tuple(entry for entry in entries if entry.highlight)
    if highlights:
        yield Section("highlights", "Highlights", len(highlights), highlights)
    for one in EntryType:
        found = tuple(entry for entry in entries if entry.type is one)
        if found:
            yield Section(one.value, one.label, len(found), found, summaries=True, style="day")


def term_listings(collection: Collection) -> Iterator[Listing]:
    """Yield for each kind of term its index, then each term, split by year if it is long."""
    for kind in KIND_TITLES:
        terms: dict[str, Term] = getattr(collection, kind)
        groups = collection.of(kind)
        yield _index(collection, kind, terms, groups)
        for term in terms.values():
            entries = groups.get(term.id, ())
            own = len(entries)
            if isinstance(term, Regulator):
                entries = _with_predecessors(term.id, collection)
            yield from _term(kind, term, entries, by_predecessors=len(entries) - own)


def _with_predecessors(regulator: str, collection: Collection) -> tuple[Entry, ...]:
    """Return the entries of a body and of those that it succeeded, newest first."""
    bodies = closure([regulator], collection.predecessors)
    groups = collection.of("regulators")
    if len(bodies) == 1:
        return groups.get(regulator, ())
    found = {entry.id: entry for body in bodies for entry in groups.get(body, ())}
    return tuple(reversed(collection.ordered(found.values())))


def _index(
    collection: Collection,
    kind: Kind,
    terms: dict[str, Term],
    groups: dict[str, tuple[Entry, ...]],
) -> Listing:
    links = [(_section_of(term), term_link(kind, term, groups)) for term in terms.values()]
    links.sort(key=lambda pair: (pair[0], pair[1].title.casefold()))
    sections = tuple(
        Section(id=name, title=label, total=len(found), links=found, part=part)
        for (_, name, label, part), pairs in groupby(links, key=lambda pair: pair[0])
        if (found := tuple(link for _, link in pairs))
    )
    return Listing(
        url=index_url(kind),
        title=KIND_TITLES[kind],
        total=len(links),
        unit=kind.removesuffix("s"),
        sections=sections,
        document=collection.prose.get(f"{kind}/index"),
    )


def _section_of(term: Term) -> tuple[tuple[int, int], str, str, str]:
    """Return the section of a term in its index: sort key, anchor, heading and part."""
    if isinstance(term, Regulator):
        kind = term.kind
        if kind in {AuthorityType.FOREIGN, AuthorityType.INTERNATIONAL}:
            return (2, kind.order), kind.value, kind.heading, "Abroad"
        if kind is AuthorityType.BRANCH or (term.level and term.level.is_local):
            anchor = kind.value if kind is AuthorityType.BRANCH else f"local-{kind.value}"
            return (1, kind.order), anchor, kind.local_heading, "Local bodies"
        return (0, kind.order), kind.value, kind.heading, "National bodies"
    if isinstance(term, Instrument):
        return (0, term.rank.order), f"rank-{term.rank.value}", term.rank.label, ""
    if isinstance(term, Newsletter):
        year = term.issued[:4]
        return (-int(year), 0), f"y{year}", year, ""
    return (0, 0), "all", "All topics", ""


def term_link(kind: Kind, term: Term, groups: dict[str, tuple[Entry, ...]]) -> Link:
    """Return a link to a regulator, topic, instrument or newsletter, with its count."""
    note = ""
    if isinstance(term, Regulator):
        note = term.abbreviation or ""
    elif isinstance(term, Instrument):
        note = term.short or ""
    elif isinstance(term, Newsletter):
        note = term.title
    count = len(groups.get(term.id, ()))
    return Link(term.name, term_url(kind, term.id), getattr(term, "name_zh", None), count, note)


def _term(
    kind: Kind, term: Term, entries: tuple[Entry, ...], by_predecessors: int
) -> Iterator[Listing]:
    url, index = term_url(kind, term.id), Link(KIND_TITLES[kind], index_url(kind))
    years = _by_year(entries)
    if len(entries) <= MAX_ROWS:
        sections = tuple(
            Section(f"y{y}", str(y), len(found), found, style="day", is_year=True)
            for y, found in years
        )
    else:
        links = tuple(
            Link(str(y), year_of_url(url, y), count=len(found), anchor=f"y{y}")
            for y, found in years
        )
        newest = entries[:NEWEST]
        sections = (
            Section("years", "Years", len(links), links=links),
            Section("newest", "Newest", len(newest), newest),
        )
        for (year, found), adjacent in zip(years, neighbours(links), strict=True):
            listing = _year_of_term(url, term, year, found, index)
            yield replace(listing, neighbours=adjacent)
    yield Listing(
        url=url,
        title=term.title if isinstance(term, Newsletter) else term.name,
        total=len(entries),
        unit="development",
        sections=sections,
        trail=(index,),
        document=term,
        kind=kind,
        entries=entries,
        by_predecessors=by_predecessors,
    )


def _year_of_term(
    url: str, term: Term, year: int, entries: tuple[Entry, ...], index: Link
) -> Listing:
    months = groupby(entries, key=lambda entry: entry.date.month)
    return Listing(
        url=year_of_url(url, year),
        title=f"{term.name}, {year}",
        total=len(entries),
        unit="development",
        period="year",
        sections=tuple(_month_of_term(month, tuple(found)) for month, found in months),
        trail=(index, Link(term.name, url)),
        entries=entries,
    )


def _month_of_term(month: int, entries: tuple[Entry, ...]) -> Section:
    name = MONTHS[month - 1] if month else "Month not known"
    return Section(name.lower().replace(" ", "-"), name, len(entries), entries, style="day")


def _by_year(entries: Iterable[Entry]) -> list[tuple[int, tuple[Entry, ...]]]:
    years = groupby(entries, key=lambda entry: entry.date.year)
    return [(year, tuple(found)) for year, found in years]
