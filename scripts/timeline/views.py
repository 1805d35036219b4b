"""Every listing of the site as one thing: a View. Collection -> views; no text is rendered here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from timeline.collection import Collection
from timeline.dates import MONTHS, PartialDate
from timeline.entry import Entry
from timeline.fields import Document, Kind
from timeline.terms import Instrument, Newsletter, Regulator, Term
from timeline.vocabulary import BodyKind, EntryType, Rank

MOST_ROWS = 150  # a page with more entries than this is divided by years or months
NEWEST = 30  # how many a divided page still shows


@dataclass(frozen=True)
class Link:
    """A row that leads to another page of the site."""

    title: str
    url: str
    title_zh: str | None = None
    count: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A headed part of a listing: entries, links, or both. `total` counts what it stands for."""

    id: str
    title: str
    total: int
    entries: tuple[Entry, ...] = ()
    links: tuple[Link, ...] = ()
    url: str | None = None
    summaries: bool = False


@dataclass(frozen=True)
class View:
    """A listing page. `total` counts entries, or the links of an index."""

    url: str
    title: str
    kicker: str
    total: int
    unit: str  # what `total` counts, in the singular
    sections: tuple[Section, ...]
    trail: tuple[Link, ...] = ()
    document: Document | None = None  # what people wrote about it
    term: Kind | None = None  # of which kind the document is, where it is a vocabulary page
    entries: tuple[Entry, ...] = ()
    months: bool = False  # whether to draw the table of months
    neighbours: tuple[Link | None, Link | None] = (None, None)  # earlier, later


KINDS: dict[Kind, str] = {
    "regulators": "Regulators",
    "topics": "Topics",
    "instruments": "Instruments",
    "newsletters": "Newsletters",
}
TIMELINE = Link("Timeline", "timeline/")


def views(collection: Collection) -> Iterator[View]:
    """All listings of the site."""
    yield _timeline(collection)
    yield from _years(collection)
    yield from _months(collection)
    for kind, title in KINDS.items():
        terms: dict[str, Term] = getattr(collection, kind)
        groups = collection.of(kind)
        yield _index(collection, kind, title, terms, groups)
        for term in terms.values():
            entries = groups.get(term.id, ())
            if isinstance(term, Regulator):
                entries = with_predecessors(term.id, collection)
            yield from _term(kind, title, term, entries)


def with_predecessors(regulator: str, collection: Collection) -> tuple[Entry, ...]:
    """What a body and those that it followed did, newest first."""
    bodies, ahead = set[str](), [regulator]
    while ahead:
        body = ahead.pop()
        if body not in bodies:
            bodies.add(body)
            ahead += predecessors(body, collection)
    if len(bodies) == 1:
        return collection.of("regulators").get(regulator, ())
    groups = collection.of("regulators")
    found = {entry.id: entry for body in bodies for entry in groups.get(body, ())}
    return tuple(reversed(collection.ordered(found.values())))


def predecessors(regulator: str, collection: Collection) -> list[str]:
    """The bodies that this one followed."""
    return [
        other.id
        for other in collection.regulators.values()
        if any(successor.id == regulator for successor in other.successors)
    ]


def year_url(year: int) -> str:
    """Address of a year."""
    return f"timeline/{year:04}/"


def month_url(year: int, month: int) -> str:
    """Address of a month; of the year for what is known to the year only."""
    return f"timeline/{year:04}/{month:02}/" if month else year_url(year)


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
            sections=tuple(_bulletin(entries)),
            trail=(TIMELINE, _year_link(year)),
            entries=entries,
            neighbours=(
                _month_link(*months[index + 1]) if index + 1 < len(months) else None,
                _month_link(*months[index - 1]) if index else None,
            ),
        )


def _month_link(year: int, month: int) -> Link:
    return Link(PartialDate(year, month).long, month_url(year, month))


def _bulletin(entries: tuple[Entry, ...]) -> Iterator[Section]:
    """A month as the newsletters lay it out: the highlights, then by nature, in order of time."""
    oldest_first = tuple(reversed(entries))
    highlights = tuple(entry for entry in oldest_first if entry.highlight)
    if highlights:
        yield Section("highlights", "Highlights", len(highlights), highlights)
    for kind in EntryType:
        found = tuple(entry for entry in oldest_first if entry.type is kind)
        if found:
            yield Section(kind.value, kind.label, len(found), found, summaries=True)


def _index(
    collection: Collection,
    kind: Kind,
    title: str,
    terms: dict[str, Term],
    groups: dict[str, tuple[Entry, ...]],
) -> View:
    links = [(_section_of(term), term_link(kind, term, groups)) for term in terms.values()]
    links.sort(key=lambda pair: (pair[0], pair[1].title.casefold()))
    sections = tuple(
        Section(id=name, title=label, total=len(found), links=found)
        for (_, name, label), pairs in groupby(links, key=lambda pair: pair[0])
        if (found := tuple(link for _, link in pairs))
    )
    return View(
        url=f"{kind}/",
        title=title,
        kicker="Index",
        total=len(links),
        unit=title.lower().removesuffix("s"),
        sections=sections,
        document=collection.prose.get(f"{kind}/index"),
    )


def _section_of(term: Term) -> tuple[int, str, str]:
    """Where a term stands in its index: a place to sort by, an anchor, a heading."""
    if isinstance(term, Regulator):
        return list(BodyKind).index(term.kind), term.kind.value, term.kind.heading
    if isinstance(term, Instrument):
        return list(Rank).index(term.rank), term.rank.value, term.rank.label
    if isinstance(term, Newsletter):
        return -int(term.issued[:4]), f"y{term.issued[:4]}", term.issued[:4]
    return 0, "all", "All topics"


def term_link(kind: Kind, term: Term, groups: dict[str, tuple[Entry, ...]]) -> Link:
    """A row that leads to a regulator, topic, instrument or newsletter, with its count."""
    note = ""
    if isinstance(term, Regulator):
        note = term.abbreviation or ""
    elif isinstance(term, Instrument):
        note = term.short or ""
    elif isinstance(term, Newsletter):
        note = term.title
    count = len(groups.get(term.id, ()))
    return Link(term.name, f"{kind}/{term.id}/", getattr(term, "name_zh", None), count, note)


def _term(kind: Kind, title: str, term: Term, entries: tuple[Entry, ...]) -> Iterator[View]:
    url = f"{kind}/{term.id}/"
    index = Link(title, f"{kind}/")
    years = _by_year(entries)
    if len(entries) <= MOST_ROWS:
        sections = tuple(Section(f"y{y}", str(y), len(found), found) for y, found in years)
    else:
        links = tuple(Link(str(y), f"{url}{y}/", count=len(found)) for y, found in years)
        newest = entries[:NEWEST]
        sections = (
            Section("years", "Years", len(links), links=links),
            Section("newest", "Newest", len(newest), newest),
        )
        for year, found in years:
            yield _year_of_term(url, term, year, found, index)
    kicker = title.removesuffix("s")
    name = term.title if isinstance(term, Newsletter) else term.name
    yield View(
        url=url,
        title=name,
        kicker=kicker,
        total=len(entries),
        unit="development",
        sections=sections,
        trail=(index,),
        document=term,
        term=kind,
        entries=entries,
    )


def _year_of_term(url: str, term: Term, year: int, entries: tuple[Entry, ...], index: Link) -> View:
    months = groupby(entries, key=lambda entry: entry.date.month)
    sections = tuple(_plain_month(month, tuple(found)) for month, found in months)
    return View(
        url=f"{url}{year}/",
        title=f"{term.name}, {year}",
        kicker="Year",
        total=len(entries),
        unit="development",
        sections=sections,
        trail=(index, Link(term.name, url)),
        entries=entries,
    )


def _plain_month(month: int, entries: tuple[Entry, ...]) -> Section:
    name = MONTHS[month - 1] if month else "Month not known"
    return Section(name.lower().replace(" ", "-"), name, len(entries), entries)


def _by_year(entries: Iterable[Entry]) -> list[tuple[int, tuple[Entry, ...]]]:
    years = groupby(entries, key=lambda entry: entry.date.year)
    return [(year, tuple(found)) for year, found in years]
