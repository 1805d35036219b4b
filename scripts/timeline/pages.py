"""Collection -> pages: what stands where, from which template, made of what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from timeline import charts, ledger
from timeline.body import plain
from timeline.collection import Collection
from timeline.coverage import coverage
from timeline.dates import PartialDate
from timeline.entry import Entry
from timeline.fields import Document, Kind
from timeline.instrument_pages import instrument_facts, instrument_rows, state_label, strips
from timeline.standing import Standing
from timeline.terms import Instrument, Newsletter, Prose, Regulator, Term
from timeline.views import KINDS, MOST_ROWS, Link, View, month_url, term_link, views, year_url
from timeline.vocabulary import Measure

NEWEST_ON_HOME = 8
BUSIEST = 10
LONGEST_DESCRIPTION = 160


@dataclass(frozen=True)
class Page:
    """One page before it is rendered.

    `path` is where its Markdown is staged, `url` its address below the site. Two pages that are
    equal come out the same, so an equal page need not be rendered again.
    """

    path: str
    url: str
    template: str
    title: str
    description: str
    source: str | None  # the file to edit, relative to the project
    context: dict[str, Any]

    def href(self, url: str) -> str:
        """The address of another page, relative to this one."""
        return "../" * self.url.count("/") + url or "./"


class Name(NamedTuple):
    """What other pages show of a regulator, topic, instrument or newsletter."""

    id: str
    name: str
    name_zh: str | None
    short: str
    publisher: str | None = None
    language: str | None = None


Names = dict[Kind, dict[str, Name]]


def names(collection: Collection) -> Names:
    """The names of all terms, by kind and id: every page may show them."""
    return {
        kind: {term.id: _name(term) for term in getattr(collection, kind).values()}
        for kind in KINDS
    }


def _name(term: Term) -> Name:
    if isinstance(term, Newsletter):
        return Name(term.id, term.title, None, term.name, term.publisher, term.language)
    short = term.label if isinstance(term, Instrument) else term.name
    if isinstance(term, Regulator):
        short = term.short
    return Name(term.id, term.name, term.name_zh, short)


def pages(standing: Standing) -> Iterator[Page]:
    """Every page of the site."""
    collection = standing.collection
    yield _home(standing)
    every = list(views(collection))
    for view in every:
        yield _listing(view, standing)
    yield from _entries(standing)
    yield _deadlines(standing)
    yield from _enforcement(standing)
    made = {f"{view.url}index" for view in every}
    for path, prose in collection.prose.items():
        if path not in made | {"index", "deadlines", "enforcement"}:
            yield _prose(path, prose, standing)


def _home(standing: Standing) -> Page:
    collection = standing.collection
    prose = collection.prose.get("index")
    newest = collection.listed[:NEWEST_ON_HOME]
    highlights = tuple(e for e in collection.listed if e.highlight and e not in newest)
    context = {
        "document": prose,
        "newest": newest,
        "highlights": highlights[:NEWEST_ON_HOME],
        "total": len(collection.listed),
        "months": _month_table(collection),
        "chart": _chart(collection.listed, "", "Developments by month"),
        "coming": standing.board.coming[:NEWEST_ON_HOME],
        "ahead": len(standing.board.coming),
        "kinds": [_kind_summary(collection, kind, title) for kind, title in KINDS.items()],
    }
    title, description = (prose.title, prose.description) if prose else ("Timeline", "Timeline")
    return Page("index.md", "", "home.md.j2", title, description, _path(prose), context)


def _kind_summary(collection: Collection, kind: Any, title: str) -> dict[str, Any]:
    """The terms of a kind with most entries, for the home page."""
    groups = collection.of(kind)
    terms = getattr(collection, kind)
    busiest = sorted(groups, key=lambda term: (-len(groups[term]), term))[:BUSIEST]
    links = [term_link(kind, terms[term], groups) for term in busiest]
    return {"title": title, "url": f"{kind}/", "total": len(terms), "links": links}


def _listing(view: View, standing: Standing) -> Page:
    document, collection = view.document, standing.collection
    context = {
        "view": view,
        "months": _month_table(collection) if view.months else (),
        "term": _facts_of_term(document, collection),
        "chart": "",
        "coming": standing.coming(view.term, document.id) if view.term and document else (),
    }
    if view.months or view.term in {"regulators", "topics"}:
        context["chart"] = _chart(view.entries, view.url, f"{view.title}: developments by month")
    template = "listing.md.j2"
    if view.url == "instruments/":
        template, context = "instruments.md.j2", context | {"rows": instrument_rows(standing)}
    elif isinstance(document, Instrument):
        template, context = "instrument.md.j2", context | instrument_facts(document, standing)
    title = view.title
    if view.trail and view.kicker == "Year" and title.isdigit():
        title = f"Timeline {view.title}"
    described = plain(document.body) if document else ""
    counted = f"{view.total:,} {view.unit}{'' if view.total == 1 else 's'}: {title}."
    description = _cut(described or counted)
    source = _path(document)
    return Page(f"{view.url}index.md", view.url, template, title, description, source, context)


def _entries(standing: Standing) -> Iterator[Page]:
    collection = standing.collection
    listed = tuple(reversed(collection.listed))
    places = {entry.id: place for place, entry in enumerate(listed)}
    by_id = {entry.id: entry for entry in collection.entries}
    for entry in collection.entries:
        place = places.get(entry.id)
        earlier = listed[place - 1] if place else None
        later = listed[place + 1] if place is not None and place + 1 < len(listed) else None
        context = {
            "entry": entry,
            "earlier": _entry_link(earlier),
            "later": _entry_link(later),
            "related": tuple(
                _entry_link(by_id[other]) for other in entry.related if other in by_id
            ),
            "trail": tuple(_trail(entry)),
            "strips": tuple(strips(entry, standing)),
        }
        description = _cut(plain(entry.body))
        url = f"entries/{entry.id}/"
        path = f"entries/{entry.id}.md"
        yield Page(path, url, "entry.md.j2", entry.title, description, entry.path, context)


def _trail(entry: Entry) -> Iterator[Link]:
    yield Link("Timeline", "timeline/")
    yield Link(str(entry.date.year), year_url(entry.date.year))
    if entry.date.month:
        month = entry.date.long.removeprefix(f"{entry.date.day} ")
        yield Link(month, month_url(entry.date.year, entry.date.month))


def _deadlines(standing: Standing) -> Page:
    prose = standing.collection.prose.get("deadlines")
    context = {"document": prose, "board": standing.board, "as_of": standing.as_of}
    title, description = _head(prose, "Deadlines")
    path, url = "deadlines/index.md", "deadlines/"
    return Page(path, url, "deadlines.md.j2", title, description, _path(prose), context)


def _enforcement(standing: Standing) -> Iterator[Page]:
    """The ledger; where it is long, its years are pages of their own."""
    found = ledger.rows(standing.collection)
    prose = standing.collection.prose.get("enforcement")
    title, description = _head(prose, "Enforcement")
    context: dict[str, Any] = {
        "document": prose,
        "total": len(found),
        "rows": found[:MOST_ROWS],
        "by_year": ledger.by_year(found),
        "by_regulator": ledger.by_regulator(found),
        "year": None,
        "years": (),
        "chart": _fines_chart(found),
    }
    years = tuple(dict.fromkeys(row.entry.date.year for row in found))
    if len(found) > MOST_ROWS:
        context["years"] = tuple(
            Link(str(y), f"enforcement/{y}/", count=sum(r.entry.date.year == y for r in found))
            for y in years
        )
    path, url = "enforcement/index.md", "enforcement/"
    yield Page(path, url, "enforcement.md.j2", title, description, _path(prose), context)
    for link in context["years"]:
        of_year = tuple(row for row in found if str(row.entry.date.year) == link.title)
        name = f"{title}, {link.title}"
        own = context | {"rows": of_year, "total": len(of_year), "year": link.title, "years": ()}
        path = f"{link.url}index.md"
        yield Page(path, link.url, "enforcement.md.j2", name, name, None, own)


def _fines_chart(found: tuple[ledger.Row, ...]) -> str:
    """Administrative fines in CNY a year, the only sum that is long enough to draw."""
    totals = {
        t.group: t.amount
        for t in ledger.by_year(found)
        if (t.measure, t.currency) == (Measure.ADMINISTRATIVE_FINE, "CNY")
    }
    if not totals:
        return ""
    years = range(int(min(totals)), int(max(totals)) + 1)
    drawn = [
        charts.Bar(
            totals.get(str(year), 0),
            f"{year}: CNY {totals.get(str(year), 0):,}",
            year_url(year),
            str(year),
        )
        for year in years
    ]
    page = Page("", "enforcement/", "", "", "", None, {})
    return charts.bars(drawn, "Administrative fines in CNY a year", page.href, 28)


def _chart(entries: tuple[Entry, ...], url: str, title: str) -> str:
    """Developments by month, from the first year to the last."""
    if not entries:
        return ""
    counts = Counter((entry.date.year, entry.date.month) for entry in entries)
    years = range(entries[-1].date.year, entries[0].date.year + 1)
    drawn = [
        charts.Bar(
            counts[year, month],
            f"{PartialDate(year, month).long}: {counts[year, month]}",
            month_url(year, month),
            str(year) if month == 1 else "",
        )
        for year in years
        for month in range(1, 13)
    ]
    return charts.bars(drawn, title, Page("", url, "", "", "", None, {}).href)


def _head(prose: Prose | None, title: str) -> tuple[str, str]:
    return (prose.title, prose.description) if prose else (title, title)


def _prose(path: str, prose: Prose, standing: Standing) -> Page:
    url = path.removesuffix("index") if path.endswith("/index") else f"{path}/"
    context: dict[str, Any] = {"document": prose, "coverage": None}
    if path == "about":
        states = {
            name: state_label(standing.collection.instruments[name], status.validity.state)
            for name, status in standing.statuses.items()
        }
        context["coverage"] = coverage(standing.collection, states, standing.as_of)
        context["as_of"] = standing.as_of
    staged = f"{path}.md"
    return Page(staged, url, "prose.md.j2", prose.title, prose.description, prose.path, context)


def _entry_link(entry: Entry | None) -> Link | None:
    if entry is None:
        return None
    return Link(entry.title, f"entries/{entry.id}/", note=entry.date.long)


def _facts_of_term(document: Document | None, collection: Collection) -> dict[str, Any]:
    """Other terms that a term's page speaks of: its parent, successors, issuers, relations."""
    regulators = collection.regulators
    parent = getattr(document, "parent", None)
    facts: dict[str, Any] = {"parent": regulators[parent] if parent else None}
    successors = getattr(document, "successors", ())
    facts["successors"] = [(successor, regulators[successor.id]) for successor in successors]
    if isinstance(document, Regulator):
        facts["predecessors"] = [
            (successor, other)
            for other in regulators.values()
            for successor in other.successors
            if successor.id == document.id
        ]
    facts["issuers"] = [regulators[issuer] for issuer in getattr(document, "issuers", ())]
    for relation in ("implements", "amends", "replaces", "interprets"):
        related = getattr(document, relation, ())
        facts[relation] = [(other, collection.instruments[other.id]) for other in related]
    return facts


def _month_table(collection: Collection) -> tuple[Any, ...]:
    """Rows of (year, address, twelve of (month, address, count), total), newest year first."""
    rows = []
    for year, months in collection.by_month.items():
        cells = tuple((m, month_url(year, m), len(months.get(m, ()))) for m in range(1, 13))
        rows.append((year, year_url(year), cells, sum(map(len, months.values()))))
    return tuple(rows)


def _path(document: Document | None) -> str | None:
    return document.path if document else None


def _cut(text: str) -> str:
    """At most as long as search engines show, cut between words."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:") + "…"
