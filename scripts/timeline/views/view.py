"""Every listing of the site is one thing: a View."""

from dataclasses import dataclass

from timeline.model.entry import Entry
from timeline.model.fields import Document, Kind

MOST_ROWS = 150  # a page with more entries than this is divided by years or months
NEWEST = 30  # how many a divided page still shows


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
    """A headed part of a listing: entries, links, or both. `total` counts what it stands for."""

    id: str
    title: str
    total: int
    entries: tuple[Entry, ...] = ()
    links: tuple[Link, ...] = ()
    url: str | None = None
    summaries: bool = False


@dataclass(frozen=True)
class View:
    """A listing page. `total` counts entries, or the links of an index."""

    url: str
    title: str
    kicker: str
    total: int
    unit: str  # what `total` counts, in the singular
    sections: tuple[Section, ...]
    trail: tuple[Link, ...] = ()
    document: Document | None = None  # what people wrote about it
    term: Kind | None = None  # of which kind the document is, where it is a vocabulary page
    entries: tuple[Entry, ...] = ()
    months: bool = False  # whether to draw the table of months
    neighbours: tuple[Link | None, Link | None] = (None, None)  # earlier, later


KINDS: dict[Kind, str] = {
    "regulators": "Regulators",
    "topics": "Topics",
    "instruments": "Instruments",
    "newsletters": "Newsletters",
}


def year_url(year: int) -> str:
    """Address of a year."""
    return f"timeline/{year:04}/"


def month_url(year: int, month: int) -> str:
    """Address of a month; of the year for what is known to the year only."""
    return f"timeline/{year:04}/{month:02}/" if month else year_url(year)
