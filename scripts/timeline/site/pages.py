"""Snapshot -> pages: the address, template and context of each page of the site."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from typing import Any

from timeline import urls
from timeline.analysis.deadlines import PROBABLY_CLOSED_DAYS
from timeline.analysis.penalties import (
    PenaltyRow,
    in_scope,
    largest,
    main_currency,
    penalty_rows,
)
from timeline.analysis.snapshot import Snapshot
from timeline.content.collection import Collection
from timeline.content.text import first_paragraph
from timeline.contribute.entry_form import entry_form
from timeline.contribute.issue_forms import FORMS
from timeline.schema.introspect import MODELS
from timeline.schema.terms import (
    KIND_TITLES,
    RELATIONS,
    SUBSCRIBABLE_KINDS,
    Instrument,
    Prose,
    Regulator,
)
from timeline.schema.types import Document, Kind
from timeline.schema.vocabulary import APPLIES, Rank, Standing, standing
from timeline.site.bulletin import Bulletin, bulletins
from timeline.site.changes import changes_pages
from timeline.site.charts import month_table
from timeline.site.enforcement import enforcement_pages
from timeline.site.entries import (
    InstrumentRow,
    LazyReview,
    entry_pages,
    instrument_context,
    instrument_rows,
    topic_law,
)
from timeline.site.listings import term_link, term_listings, timeline_listings
from timeline.site.page import Listing, Page, heading, names, shortened, source_of
from timeline.site.search import VALUES_SHOWN, facet_groups

NEWEST_ON_HOME, LAW_SHOWN = 8, 12
COMING_ON_HOME, LAW_ON_HOME = 5, 6
PENALTIES_ON_HOME = 3  # the largest, and as many of the newest
BUSIEST_ON_HOME = 10
NEWEST = 20  # entries that the search page lists before a search
OPEN_FACETS = 4  # shown expanded on the search page; the others are collapsed
GUIDE = "CONTRIBUTING.md"
# Pages of docs/ with a template of their own.
_WITH_TEMPLATE = {"index", "deadlines", "enforcement", "explore", "changes", "contribute", "data"}


def pages(snapshot: Snapshot, *, preview: bool = False) -> Iterator[Page]:
    """Yield every page of the site.

    A `preview` leaves out what is slow and does not help in writing an entry: the facets of the
    search, which need its index, the changes by day and the form.
    """
    collection = snapshot.collection
    yield _home(snapshot)
    listings = [*timeline_listings(collection), *term_listings(collection)]
    months = {bulletin.url: bulletin for bulletin in bulletins(snapshot)}
    for listing in listings:
        yield _listing(listing, snapshot, months.get(listing.url))
    yield from entry_pages(snapshot)
    yield _deadlines(snapshot)
    yield from enforcement_pages(snapshot)
    yield _explore(snapshot, preview=preview)
    yield _data(collection, preview=preview)
    if not preview:
        yield from changes_pages(snapshot)
        yield _contribute(collection)
    introductions = {f"{listing.url}index" for listing in listings}
    for path, prose in collection.prose.items():
        if path not in introductions | _WITH_TEMPLATE:
            yield _prose(path, prose, snapshot)


def with_reviews(found: Iterable[Page], collection: Collection) -> Iterator[Page]:
    """Yield the pages of a preview; those of entries get the review of the entry."""
    for page in found:
        if page.template == "entry.md.j2":
            review = LazyReview(page.context["entry"], collection)
            yield replace(page, context=page.context | {"review": review})
        else:
            yield page


def _home(snapshot: Snapshot) -> Page:
    collection = snapshot.collection
    prose = collection.prose.get("index")
    newest = collection.listed[:NEWEST_ON_HOME]
    coming = snapshot.deadlines.coming
    domestic = [due for due in coming if not due.entry.is_foreign]
    highlights = tuple(e for e in collection.listed if e.highlight and e not in newest)
    context = {
        "document": prose,
        "newest": newest,
        "highlights": highlights[:NEWEST_ON_HOME],
        "total": len(collection.listed),
        "months": tuple(month_table(collection)),
        "entries": collection.listed,
        "as_of": snapshot.as_of,
        "law": _core_law(snapshot),
        "coming": tuple(domestic[:COMING_ON_HOME]),
        "penalties": _largest_and_newest(collection),
        "ahead": len(domestic),
        "abroad": len(coming) - len(domestic),
        "kinds": [_busiest(collection, kind) for kind in KIND_TITLES],
    }
    title, description = heading(prose, "Timeline")
    source = source_of(prose)
    return Page(urls.HOME, "home.md.j2", title, description, source, context, feeds="")


def _core_law(snapshot: Snapshot) -> tuple[InstrumentRow, ...]:
    """Return the laws and rules in force with the most entries, by rank."""
    ranks = {Rank.LAW, Rank.ADMINISTRATIVE_REGULATION, Rank.DEPARTMENTAL_RULE}
    rows = [
        row
        for row in instrument_rows(snapshot)
        if row.instrument.rank in ranks and row.status.validity.state in APPLIES
    ]
    core = sorted(rows, key=lambda row: -row.count)[:LAW_ON_HOME]
    return tuple(sorted(core, key=lambda row: row.instrument.rank.order))


def _largest_and_newest(collection: Collection) -> dict[str, tuple[PenaltyRow, ...]]:
    """Return the largest penalties in the main currency and the newest others, by heading."""
    rows = in_scope(penalty_rows(collection))
    first = largest(rows, main_currency(rows))[:PENALTIES_ON_HOME]
    others = (row for row in rows if row.penalty.amount is not None and row not in first)
    found = {"Largest": first, "Newest": tuple(islice(others, PENALTIES_ON_HOME))}
    return {title: rows for title, rows in found.items() if rows}


def _busiest(collection: Collection, kind: Kind) -> dict[str, Any]:
    """Return links to the vocabulary pages of a kind with the most entries."""
    groups, terms = collection.of(kind), getattr(collection, kind)
    busiest = sorted(groups, key=lambda term: (-len(groups[term]), term))[:BUSIEST_ON_HOME]
    links = [term_link(kind, terms[term], groups) for term in busiest]
    title, url = KIND_TITLES[kind], urls.index_url(kind)
    return {"title": title, "url": url, "total": len(terms), "links": links}


def _listing(listing: Listing, snapshot: Snapshot, bulletin: Bulletin | None) -> Page:
    document, kind, collection = listing.document, listing.kind, snapshot.collection
    prints_years = kind in ("regulators", "topics")
    context = {
        "listing": listing,
        "prints_years": prints_years,
        "bulletin": bulletin,
        "law_today": {
            entry.id: snapshot.law_today(entry)
            for section in listing.sections
            if section.summaries
            for entry in section.entries
        },
        "months": tuple(month_table(collection)) if listing.has_month_table else (),
        "term": _related_terms(document, collection),
        "coming": snapshot.coming(kind, document.id) if kind and document else (),
    }
    if kind == "topics" and document:
        context |= {"law": topic_law(document.id, snapshot), "LAW_SHOWN": LAW_SHOWN}
    template, subject = "listing.md.j2", None
    if listing.url == urls.index_url("instruments"):
        template, context = "instruments.md.j2", context | _instruments_by_rank(snapshot)
    elif isinstance(document, Instrument):
        template, subject = "instrument.md.j2", document
        context |= instrument_context(document, snapshot)
    is_timeline_year = listing.period == "year" and listing.url.startswith(urls.TIMELINE)
    title = f"Timeline {listing.title}" if is_timeline_year else listing.title
    counted = f"{listing.total:,} {listing.unit}{'' if listing.total == 1 else 's'}"
    described = first_paragraph(document.body) if document else ""
    return Page(
        url=listing.url,
        template=template,
        title=title,
        description=shortened(described or f"{counted}: {title}."),
        source=source_of(document),
        context=context,
        subject=subject,
        trail=listing.trail,
        scripts=_scripts_of(template, prints=bool(listing.period or prints_years)),
        feeds=listing.url if kind in SUBSCRIBABLE_KINDS else None,
    )


def _scripts_of(template: str, *, prints: bool) -> tuple[str, ...]:
    if template == "instruments.md.j2":
        return ("list.js",)
    return ("print.js",) if prints else ()


def _instruments_by_rank(snapshot: Snapshot) -> dict[str, Any]:
    """Return all instruments with their topics, by rank, and the filters of the list."""
    topics = snapshot.collection.topics
    rows = instrument_rows(snapshot)
    topics_of_rows = [
        tuple(topic for topic in topics if topic in snapshot.topics_of[row.instrument.id])
        for row in rows
    ]
    statuses = Counter(standing(row.status.validity.state) for row in rows)
    by_topic = Counter(topic for found in topics_of_rows for topic in found)
    pairs = zip(rows, topics_of_rows, strict=True)
    by_rank = groupby(pairs, key=lambda pair: pair[0].instrument.rank)
    ranks = tuple((rank, tuple(found)) for rank, found in by_rank)
    chips = (
        ("status", "Status", tuple((s.value, s.label, statuses[s]) for s in Standing)),
        ("rank", "Rank", tuple((rank.value, rank.label, len(found)) for rank, found in ranks)),
        ("topic", "Topic", tuple((t, topics[t].name, by_topic[t]) for t in topics if by_topic[t])),
    )
    return {"ranks": ranks, "chips": chips}


def _related_terms(document: Document | None, collection: Collection) -> dict[str, Any]:
    """Return the terms related to a term: parent, successors, issuers and related instruments."""
    regulators, instruments = collection.regulators, collection.instruments
    parent = getattr(document, "parent", None)
    return {
        "parent": regulators[parent] if parent else None,
        "successors": [(s, regulators[s.id]) for s in getattr(document, "successors", ())],
        "predecessors": [
            (successor, other)
            for other in (regulators.values() if isinstance(document, Regulator) else ())
            for successor in other.successors
            if document and successor.id == document.id
        ],
        "issuers": [regulators[issuer] for issuer in getattr(document, "issuers", ())],
        **{
            name: [(other, instruments[other.id]) for other in getattr(document, name, ())]
            for name in RELATIONS
        },
    }


def _deadlines(snapshot: Snapshot) -> Page:
    prose = snapshot.collection.prose.get("deadlines")
    undated = snapshot.undated_consultations
    context = {
        "document": prose,
        "deadlines": snapshot.deadlines,
        "newest": next(iter(snapshot.collection.listed), None),
        "undated": [one for one in undated if not one.is_probably_closed(snapshot.as_of)],
        "probably_closed": [one for one in undated if one.is_probably_closed(snapshot.as_of)],
        "awaiting": snapshot.awaiting_outcome,
        "probably_closed_days": PROBABLY_CLOSED_DAYS,
        "as_of": snapshot.as_of,
    }
    title, description = heading(prose, "Deadlines")
    return Page(
        urls.DEADLINES, "deadlines.md.j2", title, description, source_of(prose), context,
        feeds="", lists_deadlines=True,
    )  # fmt: skip


def _explore(snapshot: Snapshot, *, preview: bool) -> Page:
    """Return the search page with its facets and the entries that it lists before a search.

    The browser adds the results of a search. A preview has no index.
    """
    collection = snapshot.collection
    prose = collection.prose.get("explore")
    title, description = heading(prose, "Explore")
    context = {
        "document": prose,
        "groups": () if preview else facet_groups(snapshot, names(collection)),
        "total": len(collection.listed),
        "newest": collection.listed[:NEWEST],
        "months": json.dumps(Counter(str(entry.date)[:7] for entry in collection.listed)),
        "open_facets": OPEN_FACETS,
        "VALUES_SHOWN": VALUES_SHOWN,
    }
    source, scripts = source_of(prose), ("search/explore.js",)
    return Page(urls.EXPLORE, "explore.md.j2", title, description, source, context, scripts=scripts)


def _data(collection: Collection, *, preview: bool) -> Page:
    """Return the page on open data, with a list of the files, which a preview does not have."""
    prose = collection.prose.get("data")
    title, description = heading(prose, "Data")
    files = (
        ("JSON", [urls.api_list(name) for name in urls.API_LISTS]),
        ("CSV", [urls.table(name) for name in urls.TABLES]),
        ("Data Package", [urls.DATA_PACKAGE]),
        ("JSON Schema", [urls.schema(name) for name in MODELS]),
        ("Markdown", [urls.LLMS]),
        ("Feeds", [urls.ATOM, urls.JSON_FEED, urls.OPML]),
        ("Calendar", [urls.CALENDAR]),
    )
    context = {"document": prose, "files": () if preview else files}
    return Page(urls.DATA, "data.md.j2", title, description, source_of(prose), context)


def _contribute(collection: Collection) -> Page:
    """Return the page with the form for new entries, which has every field of the models."""
    prose = collection.prose.get("contribute")
    title, description = heading(prose, "Contribute")
    context = {
        "document": prose,
        "form": entry_form(
            has_chinese=any(body.name_zh for body in collection.regulators.values())
        ),
        "codes": _codes(collection),
        "issue_forms": FORMS,
        "guide": GUIDE,
    }
    source, scripts = source_of(prose), ("form/form.js",)
    return Page(
        urls.CONTRIBUTE, "contribute.md.j2", title, description, source, context, scripts=scripts
    )


def _codes(collection: Collection) -> dict[str, list[str]]:
    """Return key -> the codes that entries use under it, the most frequent first."""
    entries = collection.listed
    used = {
        "lang": (source.lang for entry in entries for source in entry.sources),
        "currency": (penalty.currency for entry in entries for penalty in entry.penalties),
        "jurisdiction": (entry.jurisdiction for entry in entries),
    }
    return {
        key: [code for code, _ in Counter(filter(None, codes)).most_common()]
        for key, codes in used.items()
    }


def _prose(path: str, prose: Prose, snapshot: Snapshot) -> Page:
    url = path.removesuffix("index") if path.endswith("/index") else f"{path}/"
    context: dict[str, Any] = {"document": prose, "coverage": None}
    if path == "about":
        context |= {"coverage": snapshot.coverage, "as_of": snapshot.as_of}
    return Page(url, "prose.md.j2", prose.title, prose.description, prose.path, context)
