"""Collection -> pages: what stands where, from which template, made of what."""

from collections.abc import Iterator
from typing import Any

from timeline.model.body import plain
from timeline.model.fields import Document
from timeline.model.terms import Instrument, Prose, Regulator
from timeline.pages.changes_pages import changes
from timeline.pages.contribute_page import contribute
from timeline.pages.data_page import data_page
from timeline.pages.entry_pages import entry_pages
from timeline.pages.explore_page import explore
from timeline.pages.instrument_pages import instrument_facts, instrument_rows
from timeline.pages.ledger_pages import enforcement
from timeline.source.collection import Collection
from timeline.standing.channels import FOLLOWED
from timeline.standing.standing import Standing
from timeline.views.activity import month_table
from timeline.views.bulletin import Bulletin, bulletins
from timeline.views.page import Page, cut, head, path_of
from timeline.views.term_views import term_link, term_views
from timeline.views.timeline_views import timeline_views
from timeline.views.view import KINDS, View

NEWEST_ON_HOME = 8
COMING_ON_HOME = 5
# Drawn from templates of their own.
OWN_PAGES = {
    "index",
    "deadlines",
    "enforcement",
    "explore",
    "changes",
    "contribute",
}
BUSIEST = 10
PRINTED_BY_YEAR = ("regulators", "topics")


def pages(standing: Standing, *, preview: bool = False) -> Iterator[Page]:
    """Every page of the site.

    `preview`: without what takes long and tells nothing of an entry at which somebody works: the
    facets of the search, which needs its index, and the changes by day.
    """
    collection = standing.collection
    yield _home(standing)
    every = [*timeline_views(collection), *term_views(collection)]
    months = {bulletin.url: bulletin for bulletin in bulletins(standing)}
    for view in every:
        yield _listing(view, standing, months.get(view.url))
    yield from entry_pages(standing)
    yield _deadlines(standing)
    yield from enforcement(standing)
    yield explore(standing, preview=preview)
    if not preview:
        yield from changes(standing)
        yield contribute(standing)
    made = {f"{view.url}index" for view in every}
    for path, prose in collection.prose.items():
        if path == "data":
            yield data_page(prose)
        elif path not in made | OWN_PAGES:
            yield _prose(path, prose, standing)


def _home(standing: Standing) -> Page:
    collection = standing.collection
    prose = collection.prose.get("index")
    newest = collection.listed[:NEWEST_ON_HOME]
    coming = standing.board.coming
    at_home = [due for due in coming if not due.entry.abroad]
    highlights = tuple(e for e in collection.listed if e.highlight and e not in newest)
    context = {
        "document": prose,
        "newest": newest,
        "highlights": highlights[:NEWEST_ON_HOME],
        "total": len(collection.listed),
        "months": month_table(collection),
        "entries": collection.listed,
        "coming": tuple(at_home[:COMING_ON_HOME]),
        "ahead": len(at_home),
        "abroad": len(coming) - len(at_home),
        "kinds": [_kind_summary(collection, kind, title) for kind, title in KINDS.items()],
    }
    title, description = (prose.title, prose.description) if prose else ("Timeline", "Timeline")
    source = path_of(prose)
    return Page("index.md", "", "home.md.j2", title, description, source, context, feeds="")


def _kind_summary(collection: Collection, kind: Any, title: str) -> dict[str, Any]:
    """The terms of a kind with most entries, for the home page."""
    groups = collection.of(kind)
    terms = getattr(collection, kind)
    busiest = sorted(groups, key=lambda term: (-len(groups[term]), term))[:BUSIEST]
    links = [term_link(kind, terms[term], groups) for term in busiest]
    return {"title": title, "url": f"{kind}/", "total": len(terms), "links": links}


def _listing(view: View, standing: Standing, bulletin: Bulletin | None) -> Page:
    document, collection = view.document, standing.collection
    context = {
        "view": view,
        "printed_by_year": view.term in PRINTED_BY_YEAR,
        "bulletin": bulletin,
        "months": month_table(collection) if view.months else (),
        "term": _facts_of_term(document, collection),
        "coming": standing.coming(view.term, document.id) if view.term and document else (),
    }
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
    description = cut(described or counted)
    source = path_of(document)
    feeds = view.url if view.term in FOLLOWED else None
    path = f"{view.url}index.md"
    printed = view.kicker in ("Month", "Year") or context["printed_by_year"]
    scripts = ("print.js",) if printed else ()
    return Page(path, view.url, template, title, description, source, context, scripts, feeds)


def _deadlines(standing: Standing) -> Page:
    prose = standing.collection.prose.get("deadlines")
    context = {"document": prose, "board": standing.board, "as_of": standing.as_of}
    title, description = head(prose, "Deadlines")
    path, url, source = "deadlines/index.md", "deadlines/", path_of(prose)
    return Page(path, url, "deadlines.md.j2", title, description, source, context, feeds="")


def _prose(path: str, prose: Prose, standing: Standing) -> Page:
    url = path.removesuffix("index") if path.endswith("/index") else f"{path}/"
    context: dict[str, Any] = {"document": prose, "coverage": None}
    if path == "about":
        context["coverage"] = standing.coverage
        context["as_of"] = standing.as_of
    staged = f"{path}.md"
    return Page(staged, url, "prose.md.j2", prose.title, prose.description, prose.path, context)


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
