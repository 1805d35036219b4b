"""Regulators, topics, instruments and newsletters: their indexes, and a view of each."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from timeline.model.dates import MONTHS
from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.terms import Instrument, Newsletter, Regulator, Term
from timeline.model.vocabulary import BodyKind, Rank
from timeline.source.collection import Collection
from timeline.views.view import KINDS, MOST_ROWS, NEWEST, Link, Section, View


def term_views(collection: Collection) -> Iterator[View]:
    """For each kind of term its index, then each term, divided by years where it is long."""
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
        links = tuple(
            Link(str(y), f"{url}{y}/", count=len(found), anchor=f"y{y}") for y, found in years
        )
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
