"""What a page is before it is rendered, and what every page may show."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from timeline.model.body import plain
from timeline.model.dates import long_day
from timeline.model.entry import Entry
from timeline.model.fields import Document, Kind
from timeline.model.terms import Instrument, Newsletter, Prose, Regulator, Term
from timeline.source.collection import Collection
from timeline.views.view import KINDS

LONGEST_DESCRIPTION = 160


@dataclass(frozen=True)
class Picture:
    """The picture of a page that is shared: 1,200 × 630 pixels, at a whole address."""

    address: str
    text: str  # what it shows, in words


@dataclass(frozen=True)
class Twin:
    """The same page in another form, at a whole address; `type` is a media type."""

    type: str
    address: str


@dataclass(frozen=True)
class Head:
    """What other programs read of a page, in its head.

    `kind` is an OpenGraph type, `data` JSON-LD that can stand in a script element.
    """

    kind: str
    address: str
    site: str
    picture: Picture
    data: Markup
    twins: tuple[Twin, ...] = ()
    published: datetime.date | None = None
    changed: datetime.date | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()


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
    scripts: tuple[str, ...] = ()  # of this page alone, below assets/
    feeds: str | None = None  # the address below which the page's own feeds and calendar stand
    head: Head | None = None  # a preview has none

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


def head(prose: Prose | None, title: str) -> tuple[str, str]:
    """Title and description, from what people wrote where they did."""
    return (prose.title, prose.description) if prose else (title, title)


def description_of(entry: Entry) -> str:
    """What is said of an entry where it is shared: of a withdrawn one, that it is, and why."""
    gone = entry.withdrawn
    if gone:
        return cut(f"Withdrawn on {long_day(gone.date)}: {gone.reason}")
    return cut(plain(entry.body))


def path_of(document: Document | None) -> str | None:
    """The file to edit."""
    return document.path if document else None


def cut(text: str) -> str:
    """At most as long as search engines show, cut between words."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:") + "…"
