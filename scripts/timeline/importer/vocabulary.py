"""Compile the word lists of words.yml, and find the names of vocabulary pages in running text.

The names come from the pages themselves, so a new page or alias is recognised at once. The longest
matching name wins. Case is ignored, except in short forms.
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

MIN_SIMILARITY = 0.7  # the share of words in common of two names, weighted by rarity
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
    """Return the words of the lists, joined as alternatives of a regular expression."""
    return "|".join(word for name in names for word in LISTS[name])


def pattern(name: str) -> re.Pattern[str]:
    """Compile a list: plain words match as whole words, everything in any case."""
    words = (re.sub(r"^[A-Za-z ]+$", r"\\b\g<0>\\b", word) for word in LISTS[name])
    plain = "|".join(re.sub(r"^([A-Za-z ]+)\*$", r"\\b\1\\w*", word) for word in words)
    return re.compile(plain, re.IGNORECASE)


def numbers(text: str, kind: str) -> set[int]:
    """Return the numbers before the words of a list: 2 for `second edition` and for `第二版`."""
    number = rf"({'|'.join(_ORDINALS)})|(\d+)(?:st|nd|rd|th)|(\d+|[一二三四五六七八九十]{{1,3}})"
    matches = re.finditer(rf"(?:{number})(?:{alternatives(kind)})", text.lower())
    words = (match[match.lastindex or 0] for match in matches)
    return {_ORDINALS.get(word) or int(chinese_number(word)) for word in words}


def editions(text: str) -> set[int]:
    """Return the years and the edition numbers in a name."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", text)
    return {*map(int, years)} | numbers(text, "edition")


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return each word, Chinese character and end of a sentence with its start and end."""
    found = ((match[0].lower(), *match.span()) for match in _TOKEN.finditer(text))
    return [token for token in found if token[0] not in {"the", "and"}]


@functools.lru_cache(10_000)
def stems(text: str) -> frozenset[str]:
    """Return the first six letters of each distinctive word, and each pair of adjacent characters.

    The pairs make Chinese names comparable, which have no spaces between words.
    """
    words = [token for token in tokens(text) if token[0].isalnum()]
    found = {word[:6].rstrip("s") for word, _, _ in words if word < "\u2e80"} - _COMMON
    return frozenset(found | {a + b for (a, _, end), (b, at, _) in pairwise(words) if end == at})


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a text. `id` is that of its vocabulary page, or None if there is none."""

    start: int
    end: int
    name: str
    id: str | None = None
    name_zh: str | None = None  # of an instrument
    is_draft: bool = False
    other_edition: str | None = None  # the id of the page of another edition
    stages: tuple[Stage, ...] = ()  # possible readings of the text, the likeliest first
    round: int | None = None  # the number of the draft, reading or batch

    @property
    def stage(self) -> Stage | None:
        """The likeliest stage that the instrument reaches."""
        return self.stages[0] if self.stages else None

    def overlaps(self, others: Iterable["Span"]) -> bool:
        """Return whether the span shares a character with one of the others."""
        return any(self.start < other.end and other.start < self.end for other in others)


def longest(spans: Iterable[Span]) -> list[Span]:
    """Return the longest of any overlapping spans, in the order of the text."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        if not span.overlaps(found):
            found.append(span)
    return sorted(found, key=lambda one: one.start)


class Dictionary:
    """Spellings, each with the names and ids of the pages that it may stand for."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._known = defaultdict[tuple[str, ...], list[tuple[str, str, str | None]]](list)
        self._lengths = defaultdict[tuple[str, ...], set[int]](set)  # by the first word
        for term in terms:
            for spelling in _spellings(term):
                self.add(spelling, term.name, term.id)

    def add(self, spelling: str, name: str, page: str | None) -> None:
        """Add a spelling of a page's name; a short form matches only in the same case."""
        words = tuple(word for word, _, _ in tokens(spelling))
        is_short = len(words) == 1 and len(spelling) <= 8 and not spelling.islower()
        self._known[words].append((spelling if is_short else "", name, page))
        self._lengths[words[:1]].add(len(words))

    def find(self, text: str) -> Iterator[Span]:
        """Yield every name in a text, in order; a name that several pages share has no id."""
        found, end = tokens(text), 0
        words = tuple(word for word, _, _ in found)
        for first, (_, start, _) in enumerate(found):
            lengths = self._lengths.get(words[first : first + 1], ()) if start >= end else ()
            for last in sorted((first + length for length in lengths), reverse=True):
                written = text[start : found[min(last, len(found)) - 1][2]]
                known = self._known.get(words[first:last], ())
                pages = {page: name for exact, name, page in known if exact in {"", written}}
                if pages:
                    end, (page, name) = start + len(written), pages.popitem()
                    yield Span(start, end, name, None if pages else page)
                    break


def _spellings(term: Term) -> list[str]:
    more = [*getattr(term, "former_titles", ()), getattr(term, "number", None)]
    return [*spellings(term)[1:], *filter(None, more)]


class Vocabulary:
    """The names of a collection's vocabulary pages and of countries."""

    def __init__(self, collection: Collection) -> None:
        self.collection, self.topics = collection, Dictionary(collection.topics.values())
        for topic in collection.topics.values():
            for name in spellings(topic):
                self.topics.add(f"{name}s", topic.name, topic.id)
        instruments = collection.instruments.values()
        self.bodies = Dictionary(collection.regulators.values())
        self.instruments = Dictionary(instruments)
        names = babel.Locale.parse("en").territories
        self.territories = {n.lower().partition(" sar ")[0]: code for code, n in names.items()}
        self.home = collection.entries[0].home if collection.entries else ""
        self._stems = {x.id: [stems(name) for name in _spellings(x)] for x in instruments}
        self._count = Counter(s for names in self._stems.values() for s in set().union(*names))

    def _weight(self, words: Iterable[str]) -> float:
        """Return the total weight of stems: the fewer instruments have a stem, the heavier."""
        return sum(math.log((2 + len(self._stems)) / (1 + self._count[word])) for word in words)

    def find_body(self, part: str) -> str | None:
        """Return the only body whose name starts with the words or has them in another order."""
        start = f"{part} ".lower() if len(part.split()) > 2 else "-"
        words = stems(part) - _LOCAL
        found = {
            body.id
            for body in self.collection.regulators.values()
            for name in _spellings(body)
            if name.lower().startswith(start) or stems(name) - _LOCAL == words
        }
        return found.pop() if len(found) == 1 else None

    def find_instrument(self, name: str, issuers: Iterable[str]) -> str | None:
        """Return the instrument of which a name is another translation, or None if uncertain."""
        if len(stems(name)) < 3 or CHARACTER.match(name):  # too vague; Chinese has one spelling
            return None
        acting, scores = set(issuers), dict[str, float]()
        for instrument, names in self._stems.items():
            has_issuer = bool(acting & {*self.collection.instruments[instrument].issuers})
            similarity = max(self._similarity(stems(name), known) for known in names)
            scores[instrument] = similarity + 0.15 * has_issuer
        return _clear_winner(scores)

    def is_of_another_place(self, instrument: str, acting: Iterable[Span]) -> bool:
        """Return whether an instrument and the acting bodies, if any, belong to different places.

        An instrument without a place only needs one acting body without a place.
        """
        known = self.collection.regulators
        issuers = self.collection.instruments[instrument].issuers
        names = (known[x.id].place or "" if x.id else x.name for x in acting)
        places = [{*_PLACES.findall(name)} for name in names]
        issued_in = {place for x in issuers for place in _PLACES.findall(known[x].place or "")}
        is_shared = issued_in & set().union(*places) if issued_in else not all(places)
        return bool(places) and not is_shared

    def is_other_edition(self, instrument: str, name: str, text: str = "") -> bool:
        """Return whether a name in a text has a year or edition that the instrument does not have.

        The instrument has those of its names; without a year in them, the years of its entries.
        """
        page, steps = self.collection.instruments[instrument], self.collection.of("instruments")
        asked = editions(name) | numbers(text.partition(name)[0][-30:], "edition")
        entries = () if page.rank is Rank.CAMPAIGN else steps.get(instrument, ())
        known = editions(" ".join(_spellings(page)))
        years = {x for x in known if x > 99} or {x.date.year for x in entries}
        return bool(years) and not asked <= years | {1, *known}

    def _similarity(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return how similar the stems of two names are, from 0 to 1."""
        shared = one & other
        return self._weight(shared) / self._weight(one | other) if len(shared) > 1 else 0.0

    def find_campaign(self, text: str, issuers: Iterable[str]) -> str | None:
        """Return the only campaign of the bodies whose name is paraphrased in a text."""
        words, acting = stems(f"{text} campaign"), set(issuers)
        candidates = defaultdict[float, set[str]](set)  # by the weight of the words in common
        for instrument, names in self._stems.items():
            page = self.collection.instruments[instrument]
            is_theirs = page.rank is Rank.CAMPAIGN and acting & {*page.issuers}
            for name in names if is_theirs else ():
                weight = self._weight(name & words)
                if weight >= MIN_SIMILARITY * self._weight(name):
                    candidates[weight].add(instrument)
        best = candidates[max(candidates, default=0.0)]
        return best.pop() if len(best) == 1 else None


def _clear_winner(scores: dict[str, float]) -> str | None:
    """Return the key of the highest score if it is high enough and well ahead of the second."""
    ranked = sorted([(0.0, ""), (0.0, ""), *((score, name) for name, score in scores.items())])
    (second, _), (score, best) = ranked[-2:]
    return best if score >= MIN_SIMILARITY and score > second + 0.05 else None
