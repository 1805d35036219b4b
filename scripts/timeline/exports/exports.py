"""Everything beside the pages that MkDocs need not render; here also its smaller kinds.

A redirect is a page at a former address of an entry that leads to the present one, without script.
It says what it leads to, since programs that show a link in a chat do not follow it.

The form in the browser loads names of pages, and the entries of each year. The page itself says
what each field is (see `contribute.entry_form`); here is what may be chosen, and what may be a
duplicate. An entry is here without its text, and only in the file of its year: nobody downloads the
whole collection to add one.
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
from timeline.exports.api import api_files, to_json
from timeline.exports.calendars import calendars
from timeline.exports.feeds import feeds
from timeline.exports.markdown import llms_file, markdown_versions
from timeline.exports.tables import FORMULA_STARTS, table_files
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

# What a page cannot say of itself; a picture that is opened alone may run nothing.
_HEADERS = b"""/*
  Content-Security-Policy: frame-ancestors 'none'
  Referrer-Policy: strict-origin-when-cross-origin
  Strict-Transport-Security: max-age=31536000
  X-Content-Type-Options: nosniff
/*.svg
  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox
"""


def redirects(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> HTML, for each alias of an entry."""
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
    """Path below the site -> JSON."""
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
            # An address fills in no list, and nothing of a first row: rows go whole with the rest.
            "fields": [
                {"id": q.id, "label": q.label, "key": q.key, "is_front_matter": q.model is Entry}
                for q in form.questions
                if q.model in {None, Entry} and not q.choices
            ],
        },
    }
    yield FORM_DATA, to_json(data)
    for year, found in years.items():
        yield form_year(year), to_json(found)


def _names(collection: Collection) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Kind -> the names of its pages by id: first what is probably meant.

    That is the newest issue of a newsletter, and else what most entries name.
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
    """Instrument -> the stages that it has had, oldest first, each with its date."""
    for name in collection.instruments:
        found = [
            f"{one.step.stage.label} {one.entry.date}"
            for one in collection.steps(name)
            if one.step.stage
        ]
        if found:
            yield name, found


def _spellings(term: Term) -> list[str]:
    """The name, the Chinese one or nothing, and every other spelling."""
    chinese = "" if isinstance(term, Newsletter) else term.name_zh or ""
    more = [term.title] if isinstance(term, Newsletter) else []
    if isinstance(term, Instrument):
        more += [*term.former_titles, *([term.number] if term.number else [])]
    first = [term.name, chinese]
    others = (name for name in (*spellings(term), *more) if name not in {*first, term.id})
    return [*first, *dict.fromkeys(others)]


def _years(snapshot: Snapshot) -> dict[str, Data]:
    """Year -> the entries, and every id that is taken, in it."""
    years: dict[str, Data] = defaultdict(lambda: {"entries": [], "taken": []})
    for entry in snapshot.collection.entries:
        for name in (entry.id, *entry.aliases):
            years[name[:4]]["taken"].append(name)
        if not entry.withdrawn:
            years[f"{entry.date.year:04}"]["entries"].append(_features(entry))
    return dict(years)


def _features(entry: Entry) -> Data:
    """What a development is recognised by."""
    return {
        "id": entry.id,
        "title": entry.title,
        "date": str(entry.date),
        "regulators": entry.regulators,
        "instruments": [step.id for step in entry.instruments],
        "addresses": [canonical_address(s.url) for s in entry.sources if s.url],
    }


def exports(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content."""
    yield HEADERS, _HEADERS
    yield ROBOTS, f"User-agent: *\nSitemap: {site.absolute(SITEMAP)}\n".encode()
    yield from bulletin_files(snapshot, site)
    yield from api_files(snapshot, site)
    yield from table_files(snapshot, site)
    for name, model in MODELS.items():
        whole = front_matter_schema(model, site.absolute(schema(name)))
        yield schema(name), json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"
    yield BROWSER_CONSTANTS, browser_constants(snapshot, FORMULA_STARTS)
    yield SEARCH_NAMES, names_file(snapshot)
    yield from form_files(snapshot, site)
    yield from markdown_versions(snapshot, site)
    yield from redirects(snapshot, site)
    yield from llms_file(snapshot, site)
    yield from feeds(snapshot, site)
    yield from calendars(snapshot, site)
