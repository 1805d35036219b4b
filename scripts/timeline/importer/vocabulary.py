"""The words of words.yml as patterns, and the names of the site's pages in running text.

A page or alias that is added is known at once. The longest name that fits counts. Words are
compared without regard to case, but for short forms.
"""

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import babel
import yaml

from timeline.config import field_words
from timeline.content.collection import Collection
from timeline.content.dates import chinese_number
from timeline.content.loader import spellings
from timeline.content.text import CHARACTER, CHARACTERS
from timeline.schema.terms import Term
from timeline.schema.vocabulary import Rank, Stage

SURE = 0.7  # share of the words of two names, weighted by how rare they are
_TOKEN = re.compile(rf"[A-Za-z0-9]+|[{CHARACTERS}]|[.;!?](?=\s)|[。；！？|]")
LISTS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
)
LISTS |= {name: LISTS[name] + more for name, more in field_words().get("importer", {}).items()}
_COMMON = frozenset(LISTS["common"])
_LOCAL = frozenset(word[:6] for word in LISTS["of_a_place"])
_PLACES = re.compile("|".join(LISTS["place"]))
_ORDINALS = {word: number for number, word in enumerate(LISTS["ordinal"], 1)}


def alternatives(*names: str) -> str:
    """The words of these lists as they are, to be used in a pattern."""
    return "|".join(word for name in names for word in LISTS[name])


def pattern(name: str) -> re.Pattern[str]:
    """The words of a list, whole and in any case."""
    words = (re.sub(r"^[A-Za-z ]+$", r"\\b\g<0>\\b", word) for word in LISTS[name])
    plain = "|".join(re.sub(r"^([A-Za-z ]+)\*$", r"\\b\1\\w*", word) for word in words)
    return re.compile(plain, re.IGNORECASE)


def numbers(text: str, kind: str) -> set[int]:
    """The numbers before the words of a list: 2 for `second edition` and for `第二版`."""
    number = rf"({'|'.join(_ORDINALS)})|(\d+)(?:st|nd|rd|th)|(\d+|[一二三四五六七八九十]{{1,3}})"
    found = re.finditer(rf"(?:{number})(?:{alternatives(kind)})", text.lower())
    told = (match[match.lastindex or 0] for match in found)
    return {_ORDINALS.get(word) or int(chinese_number(word)) for word in told}


def editions(text: str) -> set[int]:
    """The years in a name, and the number of its edition."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", text)
    return {*map(int, years)} | numbers(text, "edition")


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The words, Chinese characters and ends of sentences in a text, with their places."""
    found = ((match[0].lower(), *match.span()) for match in _TOKEN.finditer(text))
    return [token for token in found if token[0] not in {"the", "and"}]


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
    other: str | None = None  # the page of another edition
    stages: tuple[Stage, ...] = ()  # that the text can mean, the likeliest first
    round: int | None = None  # of the draft, reading or batch

    @property
    def stage(self) -> Stage | None:
        """The stage that an instrument reaches."""
        return self.stages[0] if self.stages else None

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

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._known = defaultdict[tuple[str, ...], list[tuple[str, str, str | None]]](list)
        self._lengths = defaultdict[tuple[str, ...], set[int]](set)  # by the first word
        for term in terms:
            for spelling in _spellings(term):
                self.add(spelling, term.name, term.id)

    def add(self, spelling: str, name: str, page: str | None) -> None:
        """Add a spelling; a short form counts only in the very case in which it is written."""
        words = tuple(word for word, _, _ in tokens(spelling))
        is_short = len(words) == 1 and len(spelling) <= 8 and not spelling.islower()
        self._known[words].append((spelling if is_short else "", name, page))
        self._lengths[words[:1]].add(len(words))

    def find(self, text: str) -> Iterator[Span]:
        """Every name in a text, in its order; one of two pages has no id."""
        places, end = tokens(text), 0
        words = tuple(word for word, _, _ in places)
        for place, (_, start, _) in enumerate(places):
            lengths = self._lengths.get(words[place : place + 1], ()) if start >= end else ()
            for last in sorted((place + length for length in lengths), reverse=True):
                written = text[start : places[min(last, len(places)) - 1][2]]
                known = self._known.get(words[place:last], ())
                pages = {page: name for exact, name, page in known if exact in {"", written}}
                if pages:
                    end, (page, name) = start + len(written), pages.popitem()
                    yield Span(start, end, name, None if pages else page)
                    break


def _spellings(term: Term) -> list[str]:
    more = [*getattr(term, "former_titles", ()), getattr(term, "number", None)]
    return [*spellings(term)[1:], *filter(None, more)]


class Vocabulary:
    """The names of the site's pages."""

    def __init__(self, collection: Collection) -> None:
        self.collection, self.topics = collection, Dictionary(collection.topics.values())
        for one, name in ((x, n) for x in collection.topics.values() for n in spellings(x)):
            self.topics.add(f"{name}s", one.name, one.id)
        laws, bodies = collection.instruments.values(), collection.regulators.values()
        self.bodies = Dictionary(bodies)
        self.instruments = Dictionary(laws)
        names = babel.Locale.parse("en").territories
        self.territories = {n.lower().partition(" sar ")[0]: code for code, n in names.items()}
        self.home = collection.entries[0].home if collection.entries else ""
        self._stems = {law.id: [stems(name) for name in _spellings(law)] for law in laws}
        self._count = Counter(s for names in self._stems.values() for s in set().union(*names))

    def _weight(self, found: Iterable[str]) -> float:
        return sum(math.log((2 + len(self._stems)) / (1 + self._count[one])) for one in found)

    def body_of(self, part: str) -> str | None:
        """The one body whose name begins with these words, or has them in another order."""
        start = f"{part} ".lower() if len(part.split()) > 2 else "-"
        words, bodies = stems(part) - _LOCAL, self.collection.regulators.values()
        names = ((name, body.id) for body in bodies for name in _spellings(body))
        alike = (
            x for x in names if x[0].lower().startswith(start) or stems(x[0]) - _LOCAL == words
        )
        found = {page for _, page in alike}
        return found.pop() if len(found) == 1 else None

    def instrument(self, name: str, issuers: Iterable[str]) -> str | None:
        """The instrument that a name means in another translation; None where that is unsure."""
        if len(stems(name)) < 3 or CHARACTER.match(name):  # says too little; is written one way
            return None
        acting, scores = set(issuers), dict[str, float]()
        for law, names in self._stems.items():
            is_theirs = bool(acting & {*self.collection.instruments[law].issuers})
            likest = max(self._likeness(stems(name), known) for known in names)
            scores[law] = likest + 0.15 * is_theirs
        return _best(scores)

    def is_elsewhere(self, page: str, acting: Iterable[Span]) -> bool:
        """Whether an instrument is that of another place than the bodies that act, if of any."""
        known, issuers = self.collection.regulators, self.collection.instruments[page].issuers
        named = (known[x.id].place or "" if x.id else x.name for x in acting)
        places = [{*_PLACES.findall(name)} for name in named]
        of_page = {place for x in issuers for place in _PLACES.findall(known[x].place or "")}
        return bool(places) and not (of_page & set().union(*places) if of_page else not all(places))

    def is_other_edition(self, page: str, name: str, text: str = "") -> bool:
        """Whether a name in a text has a year that page and entries have not, or other edition."""
        law, steps = self.collection.instruments[page], self.collection.of("instruments")
        asked = editions(name) | numbers(text.partition(name)[0][-30:], "edition")
        entries = () if law.rank is Rank.CAMPAIGN else steps.get(page, ())
        known = editions(" ".join(_spellings(law)))
        years = {x for x in known if x > 99} or {x.date.year for x in entries}
        return bool(years) and not asked <= years | {1, *known}

    def _likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """How alike two names are, from 0 to 1."""
        shared = one & other
        return self._weight(shared) / self._weight(one | other) if len(shared) > 1 else 0.0

    def campaign(self, text: str, issuers: Iterable[str]) -> str | None:
        """The campaign of these bodies whose name a text holds, though not as a name."""
        told, acting = stems(f"{text} campaign"), set(issuers)
        held = defaultdict[float, set[str]](set)  # the more words are told, the surer
        for law, names in self._stems.items():
            page = self.collection.instruments[law]
            is_theirs = page.rank is Rank.CAMPAIGN and acting & {*page.issuers}
            for name in names if is_theirs else ():
                weight = self._weight(name & told)
                if weight >= SURE * self._weight(name):
                    held[weight].add(law)
        best = held[max(held, default=0.0)]
        return best.pop() if len(best) == 1 else None


def _best(scores: dict[str, float]) -> str | None:
    """The best of the scores, if it is high enough and no other comes near."""
    ranked = sorted([(0.0, ""), (0.0, ""), *((score, name) for name, score in scores.items())])
    (second, _), (score, best) = ranked[-2:]
    return best if score >= SURE and score > second + 0.05 else None
