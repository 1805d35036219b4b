"""All files that the site has in addition to the pages rendered by MkDocs.

Redirects and the data of the entry form are made here. A redirect is a page at a former address of
an entry that leads to the present address without a script. It describes the entry, since programs
that preview a link in a chat do not follow redirects.

The entry form in the browser loads the names of pages, and the entries of each year. The page of
the form describes the fields (see `contribute.entry_form`); the files made here hold the values to
choose from and the data by which duplicates are found. The entries have no text and are divided by
year, so that nobody has to download the whole collection to add an entry.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from timeline.analysis.snapshot import Snapshot
from timeline.checks.duplicates import WINDOW, canonical_address
from timeline.config import Site
from timeline.content.collection import Collection
from timeline.content.loader import spellings
from timeline.content.text import MAX_SLUG, STOPWORDS
from timeline.contribute.issue_forms import FORMS
from timeline.exports.api import api_files, json_file, records
from timeline.exports.calendars import calendars
from timeline.exports.feeds import feeds
from timeline.exports.markdown import llms_file, markdown_versions
from timeline.exports.tables import FORMULA_STARTS, table_files
from timeline.output import OutputFile
from timeline.schema.entry import Entry
from timeline.schema.introspect import MODELS, front_matter_schema
from timeline.schema.terms import TERMS, Instrument, Newsletter, Term
from timeline.site.bulletin import bulletin_files
from timeline.site.page import description_of
from timeline.site.render import environment
from timeline.site.search import browser_constants
from timeline.site.search_names import names_file
from timeline.urls import (
    BROWSER_CONSTANTS,
    CARD,
    FORM_DATA,
    HEADERS,
    ROBOTS,
    SEARCH_NAMES,
    SITEMAP,
    entry_url,
    form_year,
    schema,
)

# Headers with no equivalent in a page. An SVG image opened on its own must not run scripts.
_HEADERS = b"""/*
  Content-Security-Policy: frame-ancestors 'none'
  Referrer-Policy: strict-origin-when-cross-origin
  Strict-Transport-Security: max-age=31536000
  X-Content-Type-Options: nosniff
/*.svg
  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox
"""


def redirects(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield (path below the site, HTML) of each alias of an entry."""
    template = environment().get_template("redirect.html.j2")
    for entry in snapshot.collection.entries:
        context = {
            "entry": entry,
            "site": site,
            "address": site.absolute(entry_url(entry.id)),
            "description": description_of(entry),
            "picture": site.absolute(CARD),
        }
        for alias in entry.aliases:
            path = f"{entry_url(alias)}index.html"
            yield path, template.render(context, alias=alias).encode()


Data = dict[str, Any]


def form_files(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield (path below the site, JSON) of the files that the entry form loads."""
    years = _years(snapshot)
    github, form = site.github, FORMS[0]
    data = {
        "names": dict(_names(snapshot.collection)),
        "stages": dict(_stages(snapshot.collection)),
        "years": sorted(years),
        "slug": {"stopwords": STOPWORDS, "max": MAX_SLUG},
        "window": WINDOW,
        "github": {"new_file": github.new_file, "new_issue": github.new_issue} if github else None,
        "issue": {
            "template": form.file,
            # A link cannot preselect a choice. Items of lists are sent whole, with the other keys.
            "fields": [
                {"id": q.id, "label": q.label, "key": q.key, "is_front_matter": q.model is Entry}
                for q in form.questions
                if q.model in {None, Entry} and not q.choices
            ],
        },
    }
    yield FORM_DATA, json_file(data)
    for year, found in years.items():
        yield form_year(year), json_file(found)


def _names(collection: Collection) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield (kind, names of its pages by id), the most likely choices first.

    These are the newest newsletter issues, and otherwise the pages that most entries name.
    """
    uses = Counter(
        (kind, name)
        for entry in collection.listed
        for kind, names in (
            ("regulators", entry.regulators),
            ("topics", entry.topics),
            ("instruments", [step.id for step in entry.instruments]),
        )
        for name in names
    )
    for kind in TERMS:
        terms: list[Term] = sorted(getattr(collection, kind).values(), key=lambda term: term.id)
        if kind == "newsletters":
            terms.sort(key=lambda term: getattr(term, "issued", ""), reverse=True)
        else:
            terms.sort(key=lambda term: -uses[kind, term.id])
        yield kind, {term.id: _spellings(term) for term in terms}


def _stages(collection: Collection) -> Iterator[tuple[str, list[str]]]:
    """Yield (id of an instrument, its stages with their dates, oldest first)."""
    for name in collection.instruments:
        found = [
            f"{one.step.stage.label} {one.entry.date}"
            for one in collection.steps(name)
            if one.step.stage
        ]
        if found:
            yield name, found


def _spellings(term: Term) -> list[str]:
    """Return the name, the Chinese name or an empty string, and every other spelling."""
    chinese = "" if isinstance(term, Newsletter) else term.name_zh or ""
    more = [term.title] if isinstance(term, Newsletter) else []
    if isinstance(term, Instrument):
        more += [*term.former_titles, *([term.number] if term.number else [])]
    first = [term.name, chinese]
    others = (name for name in (*spellings(term), *more) if name not in {*first, term.id})
    return [*first, *dict.fromkeys(others)]


def _years(snapshot: Snapshot) -> dict[str, Data]:
    """Return the entries and all ids in use, by year."""
    years: dict[str, Data] = defaultdict(lambda: {"entries": [], "taken": []})
    for entry in snapshot.collection.entries:
        for name in (entry.id, *entry.aliases):
            years[name[:4]]["taken"].append(name)
        if not entry.withdrawn:
            years[f"{entry.date.year:04}"]["entries"].append(_form_record(entry))
    return dict(years)


def _form_record(entry: Entry) -> Data:
    """Return the data by which the form recognises an entry on the same development."""
    return {
        "id": entry.id,
        "title": entry.title,
        "date": str(entry.date),
        "regulators": entry.regulators,
        "instruments": [step.id for step in entry.instruments],
        "addresses": [canonical_address(s.url) for s in entry.sources if s.url],
    }


def exports(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield every file."""
    yield HEADERS, _HEADERS
    yield ROBOTS, f"User-agent: *\nSitemap: {site.absolute(SITEMAP)}\n".encode()
    yield from bulletin_files(snapshot, site)
    found = records(snapshot, site)
    yield from api_files(found, snapshot, site)
    yield from table_files(found, snapshot, site)
    for name, model in MODELS.items():
        definition = front_matter_schema(model, site.absolute(schema(name)))
        yield schema(name), json.dumps(definition, ensure_ascii=False, indent=2).encode() + b"\n"
    yield BROWSER_CONSTANTS, browser_constants(snapshot, FORMULA_STARTS)
    yield SEARCH_NAMES, names_file(snapshot)
    yield from form_files(snapshot, site)
    yield from markdown_versions(snapshot, site)
    yield from redirects(snapshot, site)
    yield from llms_file(snapshot, site)
    yield from feeds(snapshot, site)
    yield from calendars(snapshot, site)
