"""Collection -> pages: what stands where, from which template, made of what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from timeline.body import plain
from timeline.collection import Collection
from timeline.entry import Entry
from timeline.fields import Document, Kind
from timeline.terms import Instrument, Newsletter, Regulator, Term
from timeline.views import KINDS, Link, View, month_url, term_link, views, year_url

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


def pages(collection: Collection) -> Iterator[Page]:
    """Every page of the site."""
    yield _home(collection)
    every = list(views(collection))
    for view in every:
        yield _listing(view, collection)
    yield from _entries(collection)
    listed = {f"{view.url}index" for view in every} | {"index"}
    for path, prose in collection.prose.items():
        if path not in listed:
            yield _prose(path, prose)


def _home(collection: Collection) -> Page:
    prose = collection.prose.get("index")
    newest = collection.listed[:NEWEST_ON_HOME]
    highlights = tuple(e for e in collection.listed if e.highlight and e not in newest)
    context = {
        "document": prose,
        "newest": newest,
        "highlights": highlights[:NEWEST_ON_HOME],
        "total": len(collection.listed),
        "months": _month_table(collection),
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


def _listing(view: View, collection: Collection) -> Page:
    document = view.document
    context = {
        "view": view,
        "months": _month_table(collection) if view.months else (),
        "term": _facts_of_term(document, collection),
    }
    title = view.title
    if view.trail and view.kicker == "Year" and title.isdigit():
        title = f"Timeline {view.title}"
    described = plain(document.body) if document else ""
    counted = f"{view.total:,} {view.unit}{'' if view.total == 1 else 's'}: {title}."
    description = _cut(described or counted)
    source = _path(document)
    return Page(
        f"{view.url}index.md", view.url, "listing.md.j2", title, description, source, context
    )


def _entries(collection: Collection) -> Iterator[Page]:
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


def _prose(path: str, prose: Any) -> Page:
    url = path.removesuffix("index") if path.endswith("/index") else f"{path}/"
    context = {"document": prose}
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
