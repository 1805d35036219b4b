"""The month's bulletin: what happened, what took effect, what is open for comment, what is next.

It is a page of the site, an e-mail in one file, and a plain text.
"""

import datetime
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

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
from timeline.schema.dates import ONE_DAY, PartialDate, long_day, month_of
from timeline.site.listings import month_sections
from timeline.site.page import Section, names
from timeline.site.render import StatusWords, environment

WIDTH = 74  # columns of plain text; RFC 3676 wants lines of e-mail below 78

_NARROW = re.compile("[ -~\u00b7-\u02ff\u2013-\u2026]*")  # of characters as wide as a letter each

ByMonth = dict[PartialDate, list[KeyDate]]


@dataclass(frozen=True)
class KeyDates:
    """A headed list of key dates and of what has no date; never empty.

    What is past is listed newest first, what is ahead nearest first.
    """

    id: str
    title: str
    dated: tuple[KeyDate, ...]
    undated: tuple[UndatedConsultation, ...] = ()

    @property
    def total(self) -> int:
        """How many items it lists."""
        return len(self.dated) + len(self.undated)


@dataclass(frozen=True)
class Bulletin:
    """A month, and what was known on its last day, or on the site's own date if that is earlier.

    An effective date counts on its day even where it was reported later, as for the status.
    """

    title: str
    url: str  # of the month's page
    total: int  # developments
    sections: tuple[Section, ...]
    key_dates: tuple[KeyDates, ...]


def bulletins(snapshot: Snapshot) -> Iterator[Bulletin]:
    """One for each month that has entries, newest first."""
    due, consulted = _by_date(snapshot.all_key_dates), _by_comment_period(snapshot.key_dates)
    for year, months in snapshot.collection.by_month.items():
        for number in filter(None, months):
            month = PartialDate(year, number)
            known = min(month.last_day, snapshot.as_of)
            # Listed in their own month alone, since nobody knows until when they were open.
            undated = tuple(undated_consultations(months[number], snapshot.histories, known))
            lists = _key_dates(month, known, due, consulted[month], undated)
            yield Bulletin(
                title=month.long,
                url=urls.month_url(year, number),
                total=len(months[number]),
                sections=tuple(month_sections(months[number])),
                key_dates=tuple(found for found in lists if found.total),
            )


def _key_dates(
    month: PartialDate,
    known: datetime.date,
    due: ByMonth,
    consulted: list[KeyDate],
    undated: tuple[UndatedConsultation, ...],
) -> Iterator[KeyDates]:
    following = month_of(month.last_day + ONE_DAY)
    effects = (date for date in reversed(due[month]) if date.kind is DeadlineKind.EFFECT)
    took = tuple(date for date in effects if date.date <= known and date.stood_on(known))
    yield KeyDates("effect", f"Took effect in {month.long}", took)
    is_over = known == month.last_day
    on = f"at the end of {month.long}" if is_over else f"on {long_day(known)}"
    yield KeyDates("open", f"Open for comment {on}", _upcoming(consulted, known), undated)
    coming = _upcoming(due[month] + due[following], known)
    yield KeyDates("next", f"What comes next, to the end of {following.long}", coming)


def _upcoming(dates: Iterable[KeyDate], known: datetime.date) -> tuple[KeyDate, ...]:
    """Those that an entry had recorded by then, and that were still to come."""
    recorded = (d for d in dates if d.entry.date.first_day <= known and d.stood_on(known))
    return tuple(date for date in recorded if date.is_upcoming(known))


def _by_date(dates: Iterable[KeyDate]) -> ByMonth:
    """Key dates by the month in which they fall."""
    found: ByMonth = defaultdict(list)
    for due in dates:
        found[month_of(due.date)].append(due)
    return found


def _by_comment_period(dates: Iterable[KeyDate]) -> ByMonth:
    """Closing dates of comment periods, by each month in which the period runs."""
    found: ByMonth = defaultdict(list)
    for due in dates:
        if due.kind is DeadlineKind.COMMENTS:
            month = month_of(due.entry.date.first_day)
            while month.first_day <= due.date:
                found[month].append(due)
                month = month_of(month.last_day + ONE_DAY)
    return found


def bulletin_files(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content: an e-mail and a plain text beside each month's page."""
    templates = _environment(site)
    words = StatusWords(snapshot)
    shared = {
        "site": site,
        "names": names(snapshot.collection),
        "as_of": snapshot.as_of,
        "today": lambda entry: [words.named(law.id) for law, _ in snapshot.law_today(entry)],
    }
    for bulletin in bulletins(snapshot):
        context: dict[str, Any] = shared | {"bulletin": bulletin}
        html = templates.get_template("bulletin.html.j2").render(context)
        yield bulletin.url + urls.EMAIL, _inliner().inline(html).encode()
        text = templates.get_template("bulletin.txt.j2").render(context)
        yield bulletin.url + urls.PLAIN_TEXT, text.encode()


def _environment(site: Site) -> jinja2.Environment:
    made = environment().overlay()
    made.filters = environment().filters | {
        "html": lambda body: body_html(body, site.url),
        "plain_text": lambda body: plain_text(body_html(body, site.url)),
        "wrapped": wrapped,
        "underlined": underlined,
    }
    return made


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    """Moves the style sheet onto the elements; what depends on the reader's screen stays in it."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


# Plain text: lines of a fixed width, in which Chinese counts as wide as it is.


@dataclass
class PlainText:
    """A text in blocks, each with the mark of its list item or none, and the links' targets."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def plain_text(html: str) -> PlainText:
    """The HTML of a body as plain text: a link is followed by its number, `[1]`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.text


def wrapped(text: str, first: str = "") -> str:
    """The text in lines of at most `WIDTH` columns, indented as far as `first`, which begins it."""
    indent = " " * _width(first)
    room = WIDTH - len(indent)
    text = " ".join(text.split())
    if _NARROW.fullmatch(text):  # most are
        found = re.findall(rf"\S(?:.{{,{room - 2}}}\S)?(?!\S)|\S{{{room}}}", text)
    else:
        found = list(_lines(text, room))
    return first + f"\n{indent}".join(found)


def _lines(text: str, room: int) -> Iterator[str]:
    """Lines of at most so many columns."""
    line: list[str] = []
    used = 0
    for word, width in _words(text, room):
        if line and used + 1 + width > room:
            yield " ".join(line)
            line, used = [], 0
        used += width + bool(line)
        line.append(word)
    yield " ".join(line)


def _words(text: str, room: int) -> Iterator[tuple[str, int]]:
    """Words and their widths; one that is wider than a line is divided: Chinese has no spaces."""
    for word in text.split():
        width = _width(word)
        if width > room:
            yield from ((piece, _width(piece)) for piece in _pieces(word, room))
        else:
            yield word, width


def _pieces(word: str, room: int) -> Iterator[str]:
    """A long word in pieces of at most `room` columns; a mark stays with what it belongs to."""
    start = used = 0
    for place, character in enumerate(word):
        width = max(wcwidth.wcwidth(character), 0)
        if used + width > room:
            yield word[start:place]
            start, used = place, 0
        used += width
    yield word[start:]


def _width(text: str) -> int:
    """Columns of a text on a terminal. Most words are ASCII, which is quickly seen."""
    return len(text) if text.isascii() else wcwidth.wcswidth(text)


def underlined(text: str, mark: str) -> str:
    """The text as a heading: wrapped, and a line of marks as wide under it."""
    heading = wrapped(text)
    width = max(_width(line) for line in heading.split("\n"))
    return f"{heading}\n{mark * width}"


_BLOCKS = frozenset({"p", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})


class _Reader(HTMLParser):
    """Collects the blocks of a rendered body."""

    def __init__(self) -> None:
        super().__init__()
        self.text = PlainText()
        self._pieces: list[str] = []
        self._mark = ""
        self._lists: list[int | None] = []  # the last number of each open list; None: no numbers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list or a link."""
        if tag in _BLOCKS | _LISTS:
            self.end_block()
        if tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            self._mark = self._next_mark()
        elif tag == "br":
            self._pieces.append(" ")
        elif tag == "a":
            self.text.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a block, a list, a link or a table's cell."""
        if tag in _BLOCKS:
            self.end_block()
        elif tag in _LISTS:
            self._lists.pop()
        elif tag == "a":
            self._pieces.append(f" [{len(self.text.links)}]")
        elif tag in {"td", "th"}:
            self._pieces.append("  ")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self._pieces.append(data)

    def end_block(self) -> None:
        """Keep the block that has been read, unless it is empty."""
        text = " ".join("".join(self._pieces).split())
        if text:
            self.text.blocks.append((self._mark, text))
            self._mark = ""
        self._pieces = []

    def _next_mark(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "
