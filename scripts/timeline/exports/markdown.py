"""Files in Markdown: a version of each entry and instrument, and `/llms.txt`.

Templates escape every value that is not `Markdown` already (CommonMark 0.31.2, 2.4,
https://spec.commonmark.org/0.31.2/), so that no title becomes a link, a heading or HTML.
"""

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import jinja2

from timeline import urls
from timeline.analysis.since import adopted_since
from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.exports.api import full_text
from timeline.output import OutputFile
from timeline.schema.codes import language_name, territory_name
from timeline.schema.dates import long_day
from timeline.schema.entry import Entry
from timeline.schema.terms import KIND_TITLES, Instrument
from timeline.site.page import Names, names
from timeline.site.render import TEMPLATES, StatusWords, amount
from timeline.urls import (
    API,
    API_LISTS,
    DATA_PACKAGE,
    LLMS,
    MARKDOWN,
    api_entry,
    api_list,
    entry_url,
    term_url,
)

_SPECIAL = re.compile(r"[\\`*_\[\]>#]")
_ENTITY = re.compile(r"&(?=#?\w+;)")


class Markdown(str):
    """Text that is already Markdown and needs no escaping."""

    __slots__ = ()


def _escape(value: object) -> Markdown:
    """Return a value as Markdown; dates are written in words."""
    if isinstance(value, Markdown):
        return value
    return _escape_text(long_day(value) if isinstance(value, datetime.date) else str(value))


@functools.lru_cache(maxsize=100_000)  # the same names are on many pages
def _escape_text(text: str) -> Markdown:
    text = _SPECIAL.sub(r"\\\g<0>", _ENTITY.sub("&amp;", text))
    return Markdown(text.replace("<", "&lt;"))  # not every renderer understands `\<`


def _link(text: str, url: str) -> Markdown:
    """Return a link to an address that has been checked or is the site's own."""
    target = f"<{url}>" if set("()") & set(url) else url
    return Markdown(f"[{_escape(text)}]({target})")


def _address(url: str) -> Markdown:
    """Return a link whose text is the address itself."""
    return Markdown(f"<{url}>")


@functools.cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown
        finalize=_escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals |= {"link": _link, "address": _address, "urls": urls}
    made.filters |= {"amount": amount, "language": language_name, "territory": territory_name}
    return made


@dataclass(frozen=True)
class Renderer:
    """Renders files of a site in Markdown."""

    site: Site
    names: Names

    def render(self, template: str, context: dict[str, Any]) -> bytes:
        """Return the file."""
        found = _environment().get_template(template)
        return found.render(context, site=self.site, names=self.names).encode()


def markdown_versions(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield the Markdown version of each instrument, and of each entry by every id."""
    words = StatusWords(snapshot)
    render = Renderer(site, names(snapshot.collection)).render
    by_id = {entry.id: entry for entry in snapshot.collection.entries}
    for entry in by_id.values():
        context = _entry(entry, by_id, site)
        context["replacements"] = snapshot.replacements_in(entry)
        context["since"] = since = snapshot.since(entry)
        context["validity"] = {name: words.validity(name) for name in since}
        context["drafts"] = tuple(adopted_since(entry, since))
        for name in (entry.id, *entry.aliases):
            former = {"moved_from": None if name == entry.id else name}
            version = partial(render, "entry_version.md.j2", context | former)
            yield entry_url(name) + MARKDOWN, version
    for instrument in snapshot.collection.instruments.values():
        context = _instrument(instrument, snapshot, site)
        context["validity"] = words.validity(instrument.id)
        path = term_url("instruments", instrument.id) + MARKDOWN
        yield path, partial(render, "instrument_version.md.j2", context)


def _entry(entry: Entry, by_id: dict[str, Entry], site: Site) -> dict[str, Any]:
    return {
        "entry": entry,
        "text": Markdown(full_text(entry, site)),
        "url": site.absolute(entry_url(entry.id)),
        "json": site.absolute(api_entry(entry.id)),
        "related": [by_id[other] for other in entry.related if other in by_id],
    }


def _instrument(instrument: Instrument, snapshot: Snapshot, site: Site) -> dict[str, Any]:
    return {
        "instrument": instrument,
        "text": Markdown(full_text(instrument, site)),
        "url": site.absolute(term_url("instruments", instrument.id)),
        "json": site.absolute(api_list("instruments")),
        "status": snapshot.statuses[instrument.id],
        "events": snapshot.histories[instrument.id].events,
        "as_of": snapshot.as_of,
    }


def llms_file(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield `/llms.txt`, which points language models to lists and data (https://llmstxt.org)."""
    collection = snapshot.collection
    counts = {kind: len(getattr(collection, kind)) for kind in KIND_TITLES}
    context = {
        "as_of": snapshot.as_of,
        "total": len(collection.listed),
        "api": API,
        "kinds": [(kind, title, counts[kind]) for kind, title in KIND_TITLES.items()],
        "data": [
            *((f"{name.capitalize()} as JSON", api_list(name)) for name in API_LISTS),
            ("Tables as a Data Package", DATA_PACKAGE),
        ],
        "years": [
            (year, sum(map(len, months.values()))) for year, months in collection.by_month.items()
        ],
    }
    yield LLMS, Renderer(site, names(collection)).render("llms.txt.j2", context)
