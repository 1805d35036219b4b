"""What a page is before it is rendered, and the parts that many pages have."""

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from markupsafe import Markup

from timeline.content.collection import Collection
from timeline.content.loader import SECTIONS
from timeline.content.text import first_paragraph
from timeline.schema.dates import long_day
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS, Instrument, Newsletter, Prose, Regulator, Term
from timeline.schema.types import Document, Kind
from timeline.urls import entry_url

if TYPE_CHECKING:
    from timeline.site.citations import Citation

MAX_ROWS = 150  # a list of more entries is divided by years or months
NEWEST = 30  # how many entries a divided list still shows
MAX_DESCRIPTION = 160


@dataclass(frozen=True)
class Link:
    """A row that leads to another page of the site."""

    title: str
    url: str
    title_zh: str | None = None
    count: int | None = None
    note: str = ""
    anchor: str = ""  # of the row, where it is not made of the address


@dataclass(frozen=True)
class Section:
    """A headed part of a listing: entries, links, or both. `total` counts what it stands for.

    `style` is how dates of entries are shown: a year's heading need not be repeated in every row.
    Sections of the same `part` stand under a heading of that name.
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
    """A page that lists entries or links. `total` counts entries, or the links of an index."""

    url: str
    title: str
    total: int
    unit: str  # what `total` counts, in the singular
    sections: tuple[Section, ...]
    period: Literal["", "year", "month"] = ""
    trail: tuple[Link, ...] = ()
    document: Document | None = None  # what people wrote about it
    kind: Kind | None = None  # of the document, where it is a vocabulary page
    entries: tuple[Entry, ...] = ()
    has_month_table: bool = False
    by_predecessors: int = 0  # of the entries
    neighbours: tuple[Link | None, Link | None] = (None, None)  # earlier, later


@dataclass(frozen=True)
class Picture:
    """The image by which a page is shared: 1,200 × 630 pixels, at a whole address."""

    address: str
    text: str  # its content in words


@dataclass(frozen=True)
class AlternateVersion:
    """The same page in another format, at a whole address; `type` is a media type."""

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
    versions: tuple[AlternateVersion, ...] = ()
    published: datetime.date | None = None
    changed: datetime.date | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    citation: "Citation | None" = None


@dataclass(frozen=True)
class Page:
    """One page before it is rendered.

    `url` is its address below the site, `subject` the entry or instrument that it is about. Two
    pages that are equal come out the same, so an equal page need not be rendered again.
    """

    url: str
    template: str
    title: str
    description: str
    source: str | None = None  # the file to edit, relative to the project
    context: dict[str, Any] = field(default_factory=dict)
    subject: Entry | Instrument | None = None
    trail: tuple[Link, ...] = ()
    scripts: tuple[str, ...] = ()  # of this page alone, below assets/
    feeds: str | None = None  # the address below which its own feeds and calendar stand
    lists_deadlines: bool = False
    head: Head | None = None  # a preview has none

    @property
    def path(self) -> str:
        """Where its Markdown is staged: like the file in docs/ or entries/, so that links fit."""
        name = self.url.rstrip("/")
        return f"{self.url}index.md" if name in ("", *SECTIONS) else f"{name}.md"

    def href(self, url: str) -> str:
        """The address of another page, relative to this one."""
        return href(self.url, url)


def href(page: str, url: str) -> str:
    """The address `url` as a link on the page at the address `page`."""
    return "../" * page.count("/") + url or "./"


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
        for kind in TERMS
    }


def _name(term: Term) -> Name:
    if isinstance(term, Newsletter):
        return Name(term.id, term.title, None, term.name, term.publisher, term.language)
    short = term.label if isinstance(term, Instrument) else term.name
    if isinstance(term, Regulator):
        short = term.short
    return Name(term.id, term.name, term.name_zh, short)


def heading(prose: Prose | None, title: str) -> tuple[str, str]:
    """Title and description, from what people wrote where they did."""
    return (prose.title, prose.description) if prose else (title, title)


def description_of(entry: Entry) -> str:
    """The description of an entry where it is shared: of a withdrawn one, that it is, and why."""
    gone = entry.withdrawn
    if gone:
        return shortened(f"Withdrawn on {long_day(gone.date)}: {gone.reason}")
    return shortened(first_paragraph(entry.body))


def source_of(document: Document | None) -> str | None:
    """The file to edit."""
    return document.path if document else None


def shortened(text: str) -> str:
    """At most as long as search engines show, cut between words."""
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[:MAX_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def entry_link(entry: Entry | None) -> Link | None:
    """A link to an entry, with its date."""
    return Link(entry.title, entry_url(entry.id), note=entry.date.long) if entry else None
