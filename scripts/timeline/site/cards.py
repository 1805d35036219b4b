"""Social cards, the preview images shown when a page is shared: their text and their SVG drawing.

Widths of text are estimated, since the fonts are available only when cards are drawn, not when the
site is built.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.content.text import CHARACTERS, split_chinese
from timeline.schema.dates import long_day
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import EntryType
from timeline.site.citations import chinese_title
from timeline.site.render import StatusWords, environment

_NARROW = frozenset("iIjlft.,;:'!|()[]{}/ -")
_WIDE = frozenset("mwMW@%—…")
_SHARES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # of the width, tried for balanced lines
# A line can break after a space or hyphen, and before and after each East Asian character.
_WIDE_TEXT = f"{CHARACTERS}\u3000-\u303f\uff00-\uffef"
_PIECE = re.compile(rf"[{_WIDE_TEXT}]|[^\s{_WIDE_TEXT}-]*-?\s?")


def wrapped(text: str, ems: float, limit: int) -> list[str]:
    """Wrap a text into at most `limit` lines of `ems` width; an ellipsis shows that it was cut."""
    lines = list(lines_of(text, ems))
    if len(lines) <= limit:
        return lines
    shown = lines[:limit]
    if shown:
        shown[-1] = _truncated(shown[-1], ems)
    return shown


def balanced(text: str, ems: float) -> list[str]:
    """Wrap a text into as few lines as possible, of similar length, so that no word is orphaned."""
    fewest = len(list(lines_of(text, ems)))
    for share in _SHARES:
        lines = list(lines_of(text, ems * share))
        if len(lines) == fewest and all(measure(line) <= ems * share for line in lines):
            return lines
    return list(lines_of(text, ems))


def fitting_names(names: Sequence[str], ems: float) -> str:
    """Return as many names as fit on one line, and the number of the others."""
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        line = ", ".join(names[:count]) + more
        if measure(line) <= ems:
            return line
    return _truncated(names[0], ems) if names else ""


def lines_of(text: str, ems: float) -> Iterator[str]:
    """Yield the lines of a text that is wrapped at a width of `ems`."""
    line, used = "", 0.0
    for piece in _pieces(text, ems):
        needed = measure(piece.rstrip())
        if line and used + needed > ems:
            yield line.rstrip()
            line, used = "", 0.0
        line += piece
        used += measure(piece)
    if line.strip():
        yield line.rstrip()


def _pieces(text: str, ems: float) -> Iterator[str]:
    """Yield the parts of a text that may not be broken; a word longer than a line is divided."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        while measure(piece) > ems:
            head = next(n for n in range(len(piece), 0, -1) if measure(piece[:n]) <= ems)
            yield piece[:head]
            piece = piece[head:]
        if piece:
            yield piece


def _truncated(line: str, ems: float) -> str:
    """Cut a line after a whole word, if possible, or a Chinese character, and add an ellipsis."""
    start, ellipsis = "", measure("…")
    for piece in _pieces(line, ems - ellipsis):
        if measure((start + piece).rstrip()) + ellipsis > ems:
            break
        start += piece
    return start.rstrip(" ,;:，、；：") + "…"


def measure(text: str) -> float:
    """Estimate the width of a text in ems, slightly too wide so that no line overflows."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if ord(character) >= 0x2E80:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 1.0
    return 0.72 if character.isupper() else 0.57


WIDTH = 1072  # of the text, in pixels: 1,200 less the margins
SIZES = (60, 3), (50, 4)  # of the title, with the maximum number of lines
SIZES_ZH, LEADING_ZH = (32, 26), 42  # of the Chinese title
KIND_BASELINE = 150  # of the line above the title
LAST_BASELINE = 594  # of the last line on the card
SIZE, LEADING = 28, 36  # of the lines below the titles
_STRAIGHT_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Card:
    """The texts on a social card, any of which may be empty."""

    site: str
    kind: str
    title: str
    title_zh: str = ""
    date: str = ""
    bodies: tuple[str, ...] = ()
    status: str = ""

    @cached_property
    def svg(self) -> str:
        """The drawing, 1,200 × 630 pixels."""
        return _drawing(self)

    @cached_property
    def file(self) -> str:
        """The name of the PNG file, a hash of the drawing: no card is drawn twice."""
        return hashlib.sha256(self.svg.encode()).hexdigest() + ".png"

    @property
    def text(self) -> str:
        """The alternative text of the image."""
        bodies = ", ".join(self.bodies)
        texts = (self.kind, self.date, self.title, self.title_zh, bodies, self.status)
        return ". ".join(filter(None, texts))


def _drawing(card: Card) -> str:
    size, title = _fitted(card.title, *SIZES)
    leading = round(size * 1.28)
    status = wrapped(_with_straight_quotes(card.status), (WIDTH - 20) / SIZE, 2)
    status_baseline = LAST_BASELINE - LEADING * (len(status) - 1)
    bodies_baseline = status_baseline - 46 if status else LAST_BASELINE
    title_baseline = KIND_BASELINE + round(size * 1.05) + 12
    title_zh_baseline = title_baseline + leading * len(title)
    lines_zh = max(0, min(2, (bodies_baseline - 60 - title_zh_baseline) // LEADING_ZH + 1))
    size_zh, title_zh = _fitted(card.title_zh, *((size, lines_zh) for size in SIZES_ZH))
    context = {
        "title": title,
        "size": size,
        "leading": leading,
        "title_baseline": title_baseline,
        "kind_baseline": KIND_BASELINE,
        "title_zh": title_zh,
        "size_zh": size_zh,
        "leading_zh": LEADING_ZH,
        "title_zh_baseline": title_zh_baseline,
        "bodies": _with_straight_quotes(fitting_names(card.bodies, WIDTH / SIZE)),
        "bodies_baseline": bodies_baseline,
        "status": status,
        "status_baseline": status_baseline,
    }
    return environment().get_template("card.svg.j2").render(context, card=card)


def _fitted(text: str, *sizes: tuple[int, int]) -> tuple[int, list[str]]:
    """Return the first size at which a text fits, and its lines, which are cut at the last size.

    `sizes`: pairs of a font size and the maximum number of lines.
    """
    text = _with_straight_quotes(text)
    for size, limit in sizes[:-1]:
        lines = list(lines_of(text, WIDTH / size))
        if len(lines) <= limit:
            return size, balanced(text, WIDTH / size)
    size, limit = sizes[-1]
    return size, wrapped(text, WIDTH / size, limit)


def _with_straight_quotes(text: str) -> str:
    """Use straight quotes outside Chinese, since the fonts' curly quotes are wide, Chinese ones."""
    return "".join(
        piece if chinese else piece.translate(_STRAIGHT_QUOTES)
        for piece, chinese in split_chinese(text)
    )


MAX_ENTRIES = 2_000  # if a site has more entries, only highlights have their own cards


@dataclass
class Cards:
    """The social cards of a snapshot. A change of status makes a new card."""

    snapshot: Snapshot
    site: Site
    words: StatusWords
    _type_cards: dict[EntryType, Card] = field(default_factory=dict)

    def every(self) -> Iterator[Card]:
        """Yield all cards that the pages of the site may use, the general card first."""
        collection = self.snapshot.collection
        yield self.general()
        yield from (self._type_card(kind) for kind in EntryType)
        yield from (self._instrument(one) for one in collection.instruments.values())
        yield from (self._entry(one) for one in collection.entries if self.has_own(one))

    def has_own(self, about: Entry | Instrument) -> bool:
        """Return whether an entry or instrument has its own card instead of its type's."""
        few = len(self.snapshot.collection.entries) <= MAX_ENTRIES
        return few or isinstance(about, Instrument) or about.highlight

    def of(self, about: Entry | Instrument) -> Card:
        """Return the card of an entry or instrument."""
        if isinstance(about, Instrument):
            return self._instrument(about)
        return self._entry(about) if self.has_own(about) else self.shared(about)

    def shared(self, about: Entry | Instrument) -> Card:
        """Return the fallback card: that of the entry's type, or the general card."""
        return self._type_card(about.type) if isinstance(about, Entry) else self.general()

    def general(self) -> Card:
        """Return the card of the site as a whole."""
        return self._site_card("", self.site.name)

    def _site_card(self, kind: str, title: str) -> Card:
        return Card(self.site.name, kind, title, status=self.site.description)

    def _type_card(self, kind: EntryType) -> Card:
        if kind not in self._type_cards:
            self._type_cards[kind] = self._site_card("Timeline", kind.label)
        return self._type_cards[kind]

    def _entry(self, entry: Entry) -> Card:
        instruments = self.snapshot.collection.instruments
        concerned = next((step.id for step in entry.instruments if step.stage), None)
        status = ""
        if entry.withdrawn:
            status = f"Withdrawn on {long_day(entry.withdrawn.date)}"
        elif concerned:
            status = self._with_pending(concerned, self.words.named(concerned))
        return Card(
            site=self.site.name,
            kind=entry.type.label,
            title=entry.title,
            title_zh=chinese_title(entry, instruments) or "",
            date=entry.date.long,
            bodies=self._bodies(entry.regulators),
            status=status,
        )

    def _instrument(self, instrument: Instrument) -> Card:
        events = self.snapshot.histories[instrument.id].events
        return Card(
            site=self.site.name,
            kind=instrument.rank.label,
            title=instrument.name,
            title_zh=instrument.name_zh or "",
            date=events[-1].entry.date.long if events else "",
            bodies=self._bodies(instrument.issuers),
            status=self._with_pending(instrument.id, self.words.validity(instrument.id)),
        )

    def _with_pending(self, instrument: str, validity: str) -> str:
        pending = self.words.pending(instrument)
        return f"{validity}. {pending}" if pending else validity

    def _bodies(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.snapshot.collection.regulators[name].short for name in ids)
