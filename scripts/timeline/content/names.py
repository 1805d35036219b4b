"""Names of bodies, instruments and topics in running text, by the spellings of the site's pages.

A page or an alias that is added is known at the next run. The longest name that fits counts; words
are compared without regard to case, but for short forms, and to spelling variants.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import babel

from timeline.content.collection import Collection
from timeline.content.loader import spellings
from timeline.content.text import CHARACTERS
from timeline.schema.vocabulary import Rank

_TOKEN = re.compile(rf"[A-Za-z0-9]+|[{CHARACTERS}]")
_SENTENCE_END = re.compile(r"[.;!?](?=\s)|[。；！？|]")
_IGNORED = frozenset({"the", "and"})
_COMMON = frozenset(
    "a an of on for in to s by with draft comments prc china chinese".split()  # noqa: SIM905
)
_YEAR = re.compile(r"(?:19|20)\d\d")
SURE = 0.7  # share of the words of two names, weighted by how rare they are


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The words of a text and its Chinese characters, as names are compared, with their places."""
    found = ((match[0].lower(), *match.span()) for match in _TOKEN.finditer(text))
    return [(_folded(word), start, end) for word, start, end in found if word not in _IGNORED]


def _folded(word: str) -> str:
    return "center" if word == "centre" else word.replace("isation", "ization")


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that tell names apart."""
    words = tokens(text)
    found = {word[:6].rstrip("s") for word, _, _ in words if word not in _COMMON}
    pairs = ((a, b) for (a, _, end), (b, start, _) in pairwise(words) if end == start)
    return frozenset({one for one in found if one < "\u2e80"} | {a + b for a, b in pairs})


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a text. `id` is None where the site has no page of that name."""

    start: int
    end: int
    name: str
    id: str | None = None
    name_zh: str | None = None  # of an instrument
    is_draft: bool = False

    def overlaps(self, others: Iterable["Span"]) -> bool:
        """Whether it has a character in common with one of the others."""
        return any(self.start < other.end and other.start < self.end for other in others)


def longest(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap the longest, in the order of the text."""
    found: list[Span] = []  # in the order of the text
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        place = bisect_left(found, span.start, key=lambda one: one.start)
        if not span.overlaps(found[max(0, place - 1) : place + 1]):
            found.insert(place, span)
    return found


class Dictionary:
    """Spellings, and the name and id that each means. The longest that fits counts."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, spelling: str, name: str, page: str | None) -> None:
        """Add a spelling; a short form counts only in the very case in which it is written."""
        words, node = tokens(spelling), self._root
        for word, _, _ in words:
            node = node.setdefault(word, {})
        is_short = len(words) == 1 and len(spelling) <= 8 and not spelling.islower()
        meanings, key = node.setdefault("", {}), spelling if is_short else ""
        is_unsure = meanings.get(key, (name, page))[1] != page  # it is that of two pages
        meanings[key] = (name, None if is_unsure else page)

    def find(self, text: str) -> Iterator[Span]:
        """Every name in a text, in its order."""
        words, place = tokens(text), 0
        while place < len(words):
            node, best, after = self._root, None, place + 1
            for at in range(place, len(words)):
                gap = text[words[at - 1][2] : words[at][1]] if at > place else ""
                node = {} if _SENTENCE_END.match(gap) else node.get(words[at][0], {})
                if not node:
                    break
                start, end = words[place][1], words[at][2]
                meaning = node.get("", {}).get(text[start:end]) or node.get("", {}).get("")
                if meaning:
                    best, after = Span(start, end, *meaning), at + 1
            if best:
                yield best
            place = after


class Vocabulary:
    """The names of the site's pages."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.bodies, self.instruments, self.topics = Dictionary(), Dictionary(), Dictionary()
        for dictionary, terms in (
            (self.bodies, collection.regulators),
            (self.instruments, collection.instruments),
            (self.topics, collection.topics),
        ):
            for term in terms.values():
                for spelling in (*spellings(term)[1:], *getattr(term, "former_titles", ())):
                    dictionary.add(spelling, term.name, term.id)
        names = babel.Locale.parse("en").territories
        self.territories = {n.lower().removesuffix(" sar china"): code for code, n in names.items()}
        self._stems = {
            law.id: [stems(name) for name in (*spellings(law)[1:], *law.former_titles)]
            for law in collection.instruments.values()
        }
        self._count = Counter(s for names in self._stems.values() for s in set().union(*names))

    def _weight(self, found: Iterable[str]) -> float:
        return sum(math.log((2 + len(self._stems)) / (1 + self._count[one])) for one in found)

    def instrument(self, name: str, issuers: Iterable[str]) -> str | None:
        """The instrument that a name means in another translation; None where that is unsure."""
        if len(stems(name)) < 3:  # a short name says too little, unless it is a spelling
            return None
        pages, acting = self.collection.instruments, set(issuers)
        scores: dict[str | None, float] = {
            law: likeness + 0.15 * bool(acting & set(pages[law].issuers))
            for law in self._stems
            if (likeness := self.likeness(name, law))
        }
        (best, score), (_, second) = _two_best(scores)
        return best if score >= SURE and score > second + 0.05 else None

    def likeness(self, name: str, law: str) -> float:
        """How alike a name is to one of an instrument's, from 0 to 1; 0 where the years differ."""
        wanted, best = stems(name), 0.0
        for known in self._stems[law]:
            years = [{stem for stem in one if _YEAR.fullmatch(stem)} for one in (known, wanted)]
            if len(known & wanted) > 1 and not (all(years) and not years[0] & years[1]):
                share = self._weight(known & wanted) / self._weight(known | wanted)
                best = max(best, share)
        return best

    def campaign(self, text: str, issuers: Iterable[str]) -> str | None:
        """The campaign of these bodies whose name a text holds, though not as a name."""
        told, scores = stems(text), dict[str | None, float]()
        for law, names in self._stems.items():
            page = self.collection.instruments[law]
            if page.rank is Rank.CAMPAIGN and set(issuers) & set(page.issuers):
                shares = (self._weight(n & told) / self._weight(n) for n in names if len(n) > 2)
                scores[law] = max(shares, default=0.0)
        (best, score), _ = _two_best(scores)
        return best if score >= SURE else None


def _two_best(scores: dict[str | None, float]) -> list[tuple[str | None, float]]:
    none: list[tuple[str | None, float]] = [(None, 0.0)] * 2
    return sorted([*scores.items(), *none], key=lambda found: -found[1])[:2]
