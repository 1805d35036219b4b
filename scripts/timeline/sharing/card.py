"""One picture by which a page is shared: what stands on it, and its drawing."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from timeline.model.body import han_runs
from timeline.rendering.rendering import environment
from timeline.sharing.line_breaking import balanced, lines_of, listed, wrapped

WIDTH = 1072  # of the text, in pixels: 1,200 less a margin on either side
SIZES = (60, 3), (50, 4)  # of the title, with how many lines; at the last it is cut
SIZES_ZH, LEADING_ZH = (32, 26), 42
KIND_BASE = 150  # of the line over the title
FOOT = 594  # the base of the last line of all
SIZE, LEADING = 28, 36  # of what stands below
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Card:
    """What stands on a picture: texts, each of them possibly empty."""

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
        """The name of its PNG, by content: the same card is never drawn twice."""
        return hashlib.sha256(self.svg.encode()).hexdigest() + ".png"

    @property
    def text(self) -> str:
        """What it says, for those who do not see it."""
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
        "bodies": _typeset(listed(card.bodies, WIDTH / SIZE)),
        "foot": foot,
        "status": status,
        "status_top": status_top,
    }
    return environment().get_template("card.svg.j2").render(context, card=card)


def _fitted(text: str, *sizes: tuple[int, int]) -> tuple[int, list[str]]:
    """The first size at which the text fits into so many lines, and these; the last is cut."""
    text = _typeset(text)
    for size, most in sizes[:-1]:
        lines = list(lines_of(text, WIDTH / size))
        if len(lines) <= most:
            return size, balanced(text, WIDTH / size)
    size, most = sizes[-1]
    return size, wrapped(text, WIDTH / size, most)


def _typeset(text: str) -> str:
    """Quotation marks as wide as their neighbours: the fonts hold only the Chinese, wide ones."""
    return "".join(
        piece if chinese else piece.translate(_STRAIGHT) for piece, chinese in han_runs(text)
    )
