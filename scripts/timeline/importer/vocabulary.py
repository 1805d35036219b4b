"""The names of the site's pages in running text; a page or alias that is added is known at once.

The longest name that fits counts. Words are compared without regard to case, but for short forms.
"""

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import babel

from timeline.content.collection import Collection
from timeline.content.loader import spellings
from timeline.content.text import CHARACTERS
from timeline.importer.words import LISTS
from timeline.schema.vocabulary import Rank

SURE = 0.7  # share of the words of two names, weighted by how rare they are
_TOKEN = re.compile(rf"[A-Za-z0-9]+|[{CHARACTERS}]|[.;!?](?=\s)|[。；！？|]")
_COMMON = frozenset(LISTS["common"])


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The words, Chinese characters and ends of sentences in a text, with their places."""
    found = ((_folded(match[0].lower()), *match.span()) for match in _TOKEN.finditer(text))
    return [token for token in found if token[0] not in {"the", "and"}]


def _folded(word: str) -> str:
    return "center" if word == "centre" else word.replace("isation", "ization")


@functools.lru_cache(10_000)
def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that tell names apart; of Chinese, pairs of characters."""
    words = [token for token in tokens(text) if token[0].isalnum()]
    found = {word[:6].rstrip("s") for word, _, _ in words if word < "\u2e80"} - _COMMON
    return frozenset(found | {a + b for (a, _, end), (b, at, _) in pairwise(words) if end == at})


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
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        if not span.overlaps(found):
            found.append(span)
    return sorted(found, key=lambda one: one.start)


class Dictionary:
    """Spellings, and the name and id that each means."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[list[str], str, str, str | None]]] = defaultdict(list)

    def add(self, spelling: str, name: str, page: str | None) -> None:
        """Add a spelling; a short form counts only in the very case in which it is written."""
        words = [word for word, _, _ in tokens(spelling)]
        is_short = len(words) == 1 and len(spelling) <= 8 and not spelling.islower()
        if words:
            self._known[words[0]].append((words, spelling if is_short else "", name, page))

    def find(self, text: str) -> Iterator[Span]:
        """Every name in a text, in its order; one of two pages has no id."""
        found, place = tokens(text), 0
        words = [word for word, _, _ in found]
        while place < len(words):
            best, start = 0, found[place][1]
            meanings: dict[str | None, str] = {}
            for known, exact, name, page in self._known.get(words[place], ()):
                count = len(known)
                is_there = count >= best and words[place : place + count] == known
                if is_there and exact in {"", text[start : found[place + count - 1][2]]}:
                    meanings = meanings if count == best else {}
                    meanings[page], best = name, count
            if best:
                page = next(iter(meanings)) if len(meanings) == 1 else None
                yield Span(start, found[place + best - 1][2], [*meanings.values()][-1], page)
            place += best or 1


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
        self.territories = {n.lower().partition(" sar ")[0]: code for code, n in names.items()}
        self._stems = {
            law.id: [stems(name) for name in (*spellings(law)[1:], *law.former_titles)]
            for law in collection.instruments.values()
        }
        self._count = Counter(s for names in self._stems.values() for s in set().union(*names))

    def _weight(self, found: Iterable[str]) -> float:
        return sum(math.log((2 + len(self._stems)) / (1 + self._count[one])) for one in found)

    def instrument(self, name: str, issuers: Iterable[str]) -> str | None:
        """The instrument that a name means in another translation; None where that is unsure."""
        if len(stems(name)) < 3:  # it says too little, unless it is a spelling
            return None
        acting, pages = set(issuers), self.collection.instruments
        scores = ((law, self.likeness(name, law)) for law in self._stems)
        return _best({a: b + 0.15 * bool(acting & {*pages[a].issuers}) for a, b in scores if b})

    def likeness(self, name: str, law: str) -> float:
        """How alike a name is to one of an instrument's, from 0 to 1; 0 where the years differ."""
        wanted, best = stems(name), 0.0
        for known in self._stems[law]:
            shared, years, others = known & wanted, _years(known), _years(wanted)
            if len(shared) > 1 and not (years and others and not years & others):
                best = max(best, self._weight(shared) / self._weight(known | wanted))
        return best

    def campaign(self, text: str, issuers: Iterable[str]) -> str | None:
        """The campaign of these bodies whose name a text holds, though not as a name."""
        told, acting, scores = stems(f"{text} campaign"), set(issuers), dict[str, float]()
        for law in self.collection.instruments.values():
            if law.rank is Rank.CAMPAIGN and acting & {*law.issuers}:
                names = (name for name in self._stems[law.id] if len(name) > 2)
                shares = (self._weight(name & told) / self._weight(name) for name in names)
                scores[law.id] = max(shares, default=0.0)
        return _best(scores)


def _years(found: frozenset[str]) -> set[str]:
    return {stem for stem in found if re.fullmatch(r"(?:19|20)\d\d", stem)}


def _best(scores: dict[str, float]) -> str | None:
    """The best of the scores, if it is high enough and no other comes near."""
    (best, score), (_, second), *_ = sorted(
        [*scores.items(), ("", 0.0), ("", 0.0)], key=lambda x: -x[1]
    )
    return best if score >= SURE and score > second + 0.05 else None
