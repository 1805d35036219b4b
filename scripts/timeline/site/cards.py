"""Social cards: the images by which pages are shared, what is on each, and its drawing as SVG.

Widths of text are estimated: the fonts are only there when cards are drawn, not when the site is
built.
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

# In ems; rather too wide, so that a line never runs over the edge.
_NARROW = frozenset("iIjlft.,;:'!|()[]{}/ -")
_WIDE = frozenset("mwMW@%—…")
_SHARES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # of the width, tried for even lines
# A line can break after a space or hyphen, and around each wide character.
_WIDE_TEXT = f"{CHARACTERS}\u3000-\u303f\uff00-\uffef"
_PIECE = re.compile(rf"[{_WIDE_TEXT}]|[^\s{_WIDE_TEXT}-]*-?\s?")


def wrapped(text: str, ems: float, limit: int) -> list[str]:
    """At most `limit` lines of so many ems, the last with an ellipsis where it is cut."""
    lines = list(lines_of(text, ems))
    if len(lines) <= limit:
        return lines
    kept = lines[:limit]
    if kept:
        kept[-1] = _cut(kept[-1], ems)
    return kept


def balanced(text: str, ems: float) -> list[str]:
    """In as few lines as fit, as even as possible: no last word stands alone."""
    fewest = len(list(lines_of(text, ems)))
    for share in _SHARES:
        lines = list(lines_of(text, ems * share))
        if len(lines) == fewest and all(measure(line) <= ems * share for line in lines):
            return lines
    return list(lines_of(text, ems))


def fitting_names(names: Sequence[str], ems: float) -> str:
    """As many names as fit on one line, and how many more there are."""
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        line = ", ".join(names[:count]) + more
        if measure(line) <= ems:
            return line
    return _cut(names[0], ems) if names else ""


def lines_of(text: str, ems: float) -> Iterator[str]:
    """The text in lines of so many ems."""
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
    """The parts that must stay together; a word longer than a line is broken."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        while measure(piece) > ems:
            head = next(n for n in range(len(piece), 0, -1) if measure(piece[:n]) <= ems)
            yield piece[:head]
            piece = piece[head:]
        if piece:
            yield piece


def _cut(line: str, ems: float) -> str:
    """Cut after a whole word where there is one, or after any Chinese character."""
    kept, ellipsis = "", measure("…")
    for piece in _pieces(line, ems - ellipsis):
        if measure((kept + piece).rstrip()) + ellipsis > ems:
            break
        kept += piece
    return kept.rstrip(" ,;:，、；：") + "…"


def measure(text: str) -> float:
    """The estimated width in ems."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if ord(character) >= 0x2E80:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 1.0
    return 0.72 if character.isupper() else 0.57


WIDTH = 1072  # of the text, in pixels: 1,200 less a margin on either side
SIZES = (60, 3), (50, 4)  # of the title, with how many lines; at the last it is cut
SIZES_ZH, LEADING_ZH = (32, 26), 42
KIND_BASE = 150  # of the line over the title
FOOT = 594  # the base of the last line of all
SIZE, LEADING = 28, 36  # of what stands below
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Card:
    """The texts of one image, each of them possibly empty."""

    site: str
    kind: str
    title: str
    title_zh: str = ""
    date: str = ""
    bodies: tuple[str, ...] = ()
    status: str = ""

    @cached_property
    def svg(self) -> str:
        """Its drawing, 1,200 × 630 pixels."""
        return _drawing(self)

    @cached_property
    def file(self) -> str:
        """The name of its PNG, made of its content: the same card is never drawn twice."""
        return hashlib.sha256(self.svg.encode()).hexdigest() + ".png"

    @property
    def text(self) -> str:
        """Its text, for those who do not see it."""
        bodies = ", ".join(self.bodies)
        said = (self.kind, self.date, self.title, self.title_zh, bodies, self.status)
        return ". ".join(filter(None, said))


def _drawing(card: Card) -> str:
    size, title = _fitted(card.title, *SIZES)
    leading = round(size * 1.28)
    status = wrapped(_typeset(card.status), (WIDTH - 20) / SIZE, 2)
    status_top = FOOT - LEADING * (len(status) - 1)
    foot = status_top - 46 if status else FOOT
    title_top = KIND_BASE + round(size * 1.05) + 12
    title_zh_top = title_top + leading * len(title)
    room = max(0, min(2, (foot - 60 - title_zh_top) // LEADING_ZH + 1))
    size_zh, title_zh = _fitted(card.title_zh, *((size, room) for size in SIZES_ZH))
    context = {
        "title": title,
        "size": size,
        "leading": leading,
        "title_top": title_top,
        "kind_base": KIND_BASE,
        "title_zh": title_zh,
        "size_zh": size_zh,
        "leading_zh": LEADING_ZH,
        "title_zh_top": title_zh_top,
        "bodies": _typeset(fitting_names(card.bodies, WIDTH / SIZE)),
        "foot": foot,
        "status": status,
        "status_top": status_top,
    }
    return environment().get_template("card.svg.j2").render(context, card=card)


def _fitted(text: str, *sizes: tuple[int, int]) -> tuple[int, list[str]]:
    """The first size at which the text fits into so many lines, and the lines; the last is cut."""
    text = _typeset(text)
    for size, limit in sizes[:-1]:
        lines = list(lines_of(text, WIDTH / size))
        if len(lines) <= limit:
            return size, balanced(text, WIDTH / size)
    size, limit = sizes[-1]
    return size, wrapped(text, WIDTH / size, limit)


def _typeset(text: str) -> str:
    """Straight quotation marks: of the curly ones the fonts hold only the wide, Chinese forms."""
    return "".join(
        piece if chinese else piece.translate(_STRAIGHT) for piece, chinese in split_chinese(text)
    )


MAX_ENTRIES = 2_000  # of a larger site, only highlights have a card of their own


@dataclass
class Cards:
    """The cards of a snapshot. A status that changes makes a new card."""

    snapshot: Snapshot
    site: Site
    words: StatusWords
    _of_types: dict[EntryType, Card] = field(default_factory=dict)

    def every(self) -> Iterator[Card]:
        """All that the pages of the site could show, the general one first."""
        collection = self.snapshot.collection
        yield self.general()
        yield from (self._of_type(kind) for kind in EntryType)
        yield from (self._instrument(one) for one in collection.instruments.values())
        yield from (self._entry(one) for one in collection.entries if self.has_own(one))

    def has_own(self, about: Entry | Instrument) -> bool:
        """Whether it has a card of its own instead of one for its type."""
        few = len(self.snapshot.collection.entries) <= MAX_ENTRIES
        return few or isinstance(about, Instrument) or about.highlight

    def of(self, about: Entry | Instrument) -> Card:
        """The card of an entry or an instrument."""
        if isinstance(about, Instrument):
            return self._instrument(about)
        return self._entry(about) if self.has_own(about) else self.shared(about)

    def shared(self, about: Entry | Instrument) -> Card:
        """The card in its place where it has none: that of its type, or the general one."""
        return self._of_type(about.type) if isinstance(about, Entry) else self.general()

    def general(self) -> Card:
        """The site's own."""
        return self._plain("", self.site.name)

    def _plain(self, kind: str, title: str) -> Card:
        return Card(self.site.name, kind, title, status=self.site.description)

    def _of_type(self, kind: EntryType) -> Card:
        if kind not in self._of_types:
            self._of_types[kind] = self._plain("Timeline", kind.label)
        return self._of_types[kind]

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
