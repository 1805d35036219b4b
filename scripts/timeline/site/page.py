"""Pages before rendering, and the parts that many pages share."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from markupsafe import Markup

from timeline.content.collection import Collection
from timeline.content.loader import SECTIONS
from timeline.content.text import first_paragraph
from timeline.schema.dates import long_day
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS, Instrument, Newsletter, Prose, Regulator, Term
from timeline.schema.types import Document, Kind
from timeline.urls import entry_url

MAX_ROWS = 150  # a longer list of entries is split by year or month
NEWEST = 30  # entries shown of a list that is split
MAX_DESCRIPTION = 160


@dataclass(frozen=True)
class Link:
    """A row that leads to another page of the site."""

    title: str
    url: str
    title_zh: str | None = None
    count: int | None = None
    note: str = ""
    anchor: str = ""  # of the row, if not derived from the address


@dataclass(frozen=True)
class Section:
    """A part of a listing under a heading: entries, links or both.

    `total` also counts entries that are not shown. `style` is the format of dates: `day` leaves out
    a year that is in the heading. Consecutive sections of a `part` share a heading of that name.
    """

    id: str
    title: str
    total: int
    entries: tuple[Entry, ...] = ()
    links: tuple[Link, ...] = ()
    url: str | None = None
    summaries: bool = False
    style: Literal["short", "day"] = "short"
    is_year: bool = False
    part: str = ""


@dataclass(frozen=True)
class Listing:
    """A page that lists entries or links. `total` counts the entries, or the links of an index."""

    url: str
    title: str
    total: int
    unit: str  # what `total` counts, in the singular
    sections: tuple[Section, ...]
    period: Literal["", "year", "month"] = ""
    trail: tuple[Link, ...] = ()
    document: Document | None = None  # its introduction, or the vocabulary page
    kind: Kind | None = None  # of the document, if it is a vocabulary page
    entries: tuple[Entry, ...] = ()
    has_month_table: bool = False
    by_predecessors: int = 0  # entries in which only predecessors acted
    neighbours: tuple[Link | None, Link | None] = (None, None)  # earlier, later


@dataclass(frozen=True)
class Picture:
    """The social card of a page: 1,200 × 630 pixels, at an absolute address."""

    address: str
    text: str  # alternative text


@dataclass(frozen=True)
class AlternateVersion:
    """A version of a page in another format, at an absolute address; `type` is a media type."""

    type: str
    address: str


@dataclass(frozen=True)
class Head:
    """The metadata of a page for other programs, in its head element.

    `kind` is an OpenGraph type.
    """

    kind: str
    address: str
    site: str
    picture: Picture
    json_ld: Markup
    versions: tuple[AlternateVersion, ...] = ()
    published: datetime.date | None = None
    changed: datetime.date | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page before rendering.

    `url` is its address below the site's, `subject` the entry or instrument that it is about. Equal
    pages render alike, so a page that equals an earlier one need not be rendered again.
    """

    url: str
    template: str
    title: str
    description: str
    source: str | None = None  # the file to edit, relative to the project
    context: dict[str, Any] = field(default_factory=dict)
    subject: Entry | Instrument | None = None
    trail: tuple[Link, ...] = ()
    scripts: tuple[str, ...] = ()  # loaded by this page alone, below assets/
    feeds: str | None = None  # the address below which its feeds and calendar are
    lists_deadlines: bool = False
    head: Head | None = None  # a preview has none

    @property
    def path(self) -> str:
        """The path of its Markdown, as in docs/ or entries/, so that relative links work."""
        name = self.url.rstrip("/")
        return f"{self.url}index.md" if name in ("", *SECTIONS) else f"{name}.md"

    def href(self, url: str) -> str:
        """Return the address of another page relative to this one."""
        return href(self.url, url)


def href(page: str, url: str) -> str:
    """Return the address `url` relative to the page at the address `page`."""
    return "../" * page.count("/") + url or "./"


class Name(NamedTuple):
    """The names of a regulator, topic, instrument or newsletter, as shown on other pages."""

    id: str
    name: str
    name_zh: str | None
    short: str
    publisher: str | None = None
    language: str | None = None


Names = dict[Kind, dict[str, Name]]


def names(collection: Collection) -> Names:
    """Return the names of all terms, by kind and id, for use on any page."""
    return {
        kind: {term.id: _name(term) for term in getattr(collection, kind).values()}
        for kind in TERMS
    }


def _name(term: Term) -> Name:
    if isinstance(term, Newsletter):
        return Name(term.id, term.title, None, term.name, term.publisher, term.language)
    if isinstance(term, Instrument):
        short = term.label
    else:
        short = term.short if isinstance(term, Regulator) else term.name
    return Name(term.id, term.name, term.name_zh, short)


def heading(prose: Prose | None, title: str) -> tuple[str, str]:
    """Return the title and description of a page, from its prose if there is any."""
    return (prose.title, prose.description) if prose else (title, title)


def description_of(entry: Entry) -> str:
    """Return the description of an entry for previews; for a withdrawn one, why and when it was."""
    withdrawal = entry.withdrawn
    if withdrawal:
        return shortened(f"Withdrawn on {long_day(withdrawal.date)}: {withdrawal.reason}")
    return shortened(first_paragraph(entry.body))


def source_of(document: Document | None) -> str | None:
    """Return the path of the file to edit."""
    return document.path if document else None


def shortened(text: str) -> str:
    """Cut a text between words to the length that search engines show."""
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[:MAX_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def neighbours(links: Sequence[Link]) -> list[tuple[Link | None, Link | None]]:
    """Return (earlier, later) for each of some links that are listed newest first."""
    return list(zip([*links[1:], None], [None, *links[:-1]], strict=True)) if links else []


def entry_link(entry: Entry | None) -> Link | None:
    """Return a link to an entry, with its date."""
    return Link(entry.title, entry_url(entry.id), note=entry.date.long) if entry else None
