"""The monthly bulletin: developments, effective dates, open consultations and upcoming dates.

Each bulletin is published as a page of the site, as an e-mail in one file and as plain text.
"""

import datetime
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser

import css_inline
import jinja2
import wcwidth

from timeline import urls
from timeline.analysis.deadlines import (
    DeadlineKind,
    KeyDate,
    UndatedConsultation,
    undated_consultations,
)
from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.content.markup import body_html
from timeline.output import OutputFile
from timeline.schema.dates import ONE_DAY, PartialDate, long_day, month_of
from timeline.site.listings import month_sections
from timeline.site.page import Names, Section, names
from timeline.site.render import StatusWords, environment

WIDTH = 74  # columns of plain text; RFC 3676 recommends lines of at most 78 characters

_NARROW = re.compile("[ -~\u00b7-\u02ff\u2013-\u2026]*")  # only characters that are one column wide

ByMonth = dict[PartialDate, list[KeyDate]]


@dataclass(frozen=True)
class KeyDateList:
    """A list, with a heading, of key dates and of consultations without a closing date.

    Past dates are listed newest first, upcoming dates earliest first.
    """

    id: str
    title: str
    dated: tuple[KeyDate, ...]
    undated: tuple[UndatedConsultation, ...] = ()

    @property
    def total(self) -> int:
        """The number of items in the list."""
        return len(self.dated) + len(self.undated)


@dataclass(frozen=True)
class Bulletin:
    """A month's developments and key dates, as known on its last day or the build date, if earlier.

    As in statuses, a rule takes effect on its effective date even if that was reported later.
    """

    title: str
    url: str  # of the month's page
    total: int  # number of developments
    sections: tuple[Section, ...]
    key_dates: tuple[KeyDateList, ...]


def bulletins(snapshot: Snapshot) -> Iterator[Bulletin]:
    """Yield a bulletin for each month that has entries, newest first."""
    due, consulted = _by_date(snapshot.all_key_dates), _by_comment_period(snapshot.key_dates)
    for year, months in snapshot.collection.by_month.items():
        for number in filter(None, months):
            month = PartialDate(year, number)
            cutoff = min(month.last_day, snapshot.as_of)
            # Listed in their own month only, since it is not known how long they were open.
            undated = tuple(undated_consultations(months[number], snapshot.histories, cutoff))
            lists = _key_date_lists(month, cutoff, due, consulted[month], undated)
            yield Bulletin(
                title=month.long,
                url=urls.month_url(year, number),
                total=len(months[number]),
                sections=tuple(month_sections(months[number])),
                key_dates=tuple(one for one in lists if one.total),
            )


def _key_date_lists(
    month: PartialDate,
    cutoff: datetime.date,
    due: ByMonth,
    consulted: list[KeyDate],
    undated: tuple[UndatedConsultation, ...],
) -> Iterator[KeyDateList]:
    following = month_of(month.last_day + ONE_DAY)
    effects = (date for date in reversed(due[month]) if date.kind is DeadlineKind.EFFECT)
    past = tuple(date for date in effects if date.date <= cutoff and date.is_current_on(cutoff))
    yield KeyDateList("effect", f"Took effect in {month.long}", past)
    is_over = cutoff == month.last_day
    when = f"at the end of {month.long}" if is_over else f"on {long_day(cutoff)}"
    yield KeyDateList("open", f"Open for comments {when}", _upcoming(consulted, cutoff), undated)
    coming = _upcoming(due[month] + due[following], cutoff)
    yield KeyDateList("next", f"Coming up by the end of {following.long}", coming)


def _upcoming(dates: Iterable[KeyDate], cutoff: datetime.date) -> tuple[KeyDate, ...]:
    """Return the dates that were recorded by a day and were still upcoming on it."""
    recorded = (d for d in dates if d.entry.date.first_day <= cutoff and d.is_current_on(cutoff))
    return tuple(date for date in recorded if date.is_upcoming(cutoff))


def _by_date(dates: Iterable[KeyDate]) -> ByMonth:
    """Group key dates by month."""
    found: ByMonth = defaultdict(list)
    for due in dates:
        found[month_of(due.date)].append(due)
    return found


def _by_comment_period(dates: Iterable[KeyDate]) -> ByMonth:
    """Group closing dates of comment periods by each month in which the period runs."""
    found: ByMonth = defaultdict(list)
    for due in dates:
        if due.kind is DeadlineKind.COMMENTS:
            month = month_of(due.entry.date.first_day)
            while month.first_day <= due.date:
                found[month].append(due)
                month = month_of(month.last_day + ONE_DAY)
    return found


def bulletin_files(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield each month's e-mail and plain text file."""
    words = StatusWords(snapshot)
    made = BulletinFiles(site, names(snapshot.collection), snapshot.as_of)
    for bulletin in bulletins(snapshot):
        law_today = {
            entry.id: [words.named(law.id) for law, _ in snapshot.law_today(entry)]
            for section in bulletin.sections
            for entry in section.entries
        }
        yield bulletin.url + urls.EMAIL, partial(made.email, bulletin, law_today)
        yield bulletin.url + urls.PLAIN_TEXT, partial(made.text, bulletin, law_today)


LawToday = dict[str, list[str]]  # entry id -> instruments that changed since, with their status


@dataclass(frozen=True)
class BulletinFiles:
    """Makes the bulletins of a site as files."""

    site: Site
    names: Names
    as_of: datetime.date

    def email(self, bulletin: Bulletin, law_today: LawToday) -> bytes:
        """Return a bulletin as an e-mail in HTML."""
        html = self._rendered("bulletin.html.j2", bulletin, law_today)
        return _inliner().inline(html).encode()

    def text(self, bulletin: Bulletin, law_today: LawToday) -> bytes:
        """Return a bulletin as plain text."""
        return self._rendered("bulletin.txt.j2", bulletin, law_today).encode()

    def _rendered(self, template: str, bulletin: Bulletin, law_today: LawToday) -> str:
        found = _environment(self.site).get_template(template)
        return found.render(vars(self), bulletin=bulletin, law_today=law_today)


@functools.cache
def _environment(site: Site) -> jinja2.Environment:
    overlay = environment().overlay()
    overlay.filters = environment().filters | {
        "html": lambda body: body_html(body, site.url),
        "plain_text": lambda body: plain_text(body_html(body, site.url)),
        "wrapped": wrapped,
        "underlined": underlined,
    }
    return overlay


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    """Return the converter of the style sheet to inline styles; media queries stay as they are."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


# Plain text in lines of limited width, in which a Chinese character takes two columns.


@dataclass
class PlainText:
    """A plain text: blocks, each with the marker of its list item or "", and targets of links."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def plain_text(html: str) -> PlainText:
    """Convert the HTML of a body to plain text, with a number such as `[1]` after each link."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.text


def wrapped(text: str, first: str = "") -> str:
    """Wrap a text, which begins with `first`, at `WIDTH` columns; indent later lines as far."""
    indent = " " * wcwidth.wcswidth(first)
    width = WIDTH - len(indent)
    text = " ".join(text.split())
    if _NARROW.fullmatch(text):  # nearly every text; twenty times as fast as the library
        lines = re.findall(rf"\S(?:.{{,{width - 2}}}\S)?(?!\S)|\S{{{width}}}", text)
    else:
        lines = wcwidth.wrap(text, width, break_on_hyphens=False)
    return first + f"\n{indent}".join(lines)


def underlined(text: str, character: str) -> str:
    """Return a text as a heading: wrapped, and underlined with a character."""
    heading = wrapped(text)
    width = max(wcwidth.wcswidth(line) for line in heading.split("\n"))
    return f"{heading}\n{character * width}"


_BLOCKS = frozenset({"p", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})


class _Reader(HTMLParser):
    """A parser that collects the text blocks and the links of a rendered body."""

    def __init__(self) -> None:
        super().__init__()
        self.text = PlainText()
        self._pieces: list[str] = []
        self._marker = ""
        self._lists: list[int | None] = []  # the last number in each open list; None if unordered

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a block, list or link."""
        if tag in _BLOCKS | _LISTS:
            self.end_block()
        if tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            self._marker = self._next_marker()
        elif tag == "br":
            self._pieces.append(" ")
        elif tag == "a":
            self.text.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a block, list, link or table cell."""
        if tag in _BLOCKS:
            self.end_block()
        elif tag in _LISTS:
            self._lists.pop()
        elif tag == "a":
            self._pieces.append(f" [{len(self.text.links)}]")
        elif tag in {"td", "th"}:
            self._pieces.append("  ")

    def handle_data(self, data: str) -> None:
        """Add text to the current block."""
        self._pieces.append(data)

    def end_block(self) -> None:
        """Add the current block to the text, unless it is empty."""
        text = " ".join("".join(self._pieces).split())
        if text:
            self.text.blocks.append((self._marker, text))
            self._marker = ""
        self._pieces = []

    def _next_marker(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "
