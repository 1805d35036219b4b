"""Entries that may report the same development: how likely it is, and why.

The evidence is added up: what two entries share speaks for it, what sets them apart (other stages,
other instruments, other bodies, other figures) against. Compared are only entries of neighbouring
days that share a body, an instrument or an address, so that the time grows with the size of the
collection. The weights were chosen by trial on the pairs in tests/duplicates/, where a test counts
how many are found.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from timeline.config import field_words
from timeline.content.collection import Collection
from timeline.content.front_matter import Value
from timeline.content.parser import validate
from timeline.content.text import CHARACTER, CHARACTERS
from timeline.problems import Problem
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.types import NameIndex
from timeline.schema.vocabulary import Stage

STEM_LENGTH = 6  # letters; `publishes`, `published` and `publication` share as many

_WORD = re.compile(rf"[a-z0-9]+(?:[.,][0-9]+)*|[{CHARACTERS}]+")
_FIGURE = re.compile(r"(?<![a-z0-9])[0-9]+(?:[., ][0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Fingerprint:
    """The features by which a development is recognised; a draft may have none of them."""

    id: str
    title: str = ""
    text: str = ""
    bodies: str = ""  # the names of the regulators, with which most titles begin
    date: PartialDate | None = None
    regulators: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    stages: dict[str, Stage | None] = field(default_factory=dict)  # by instrument
    rounds: dict[str, int] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The stems of the title without the bodies' names, which are compared by themselves."""
        return frozenset(_stems(self.title)) - frozenset(_stems(self.bodies))

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of title and text."""
        return self.title_words | frozenset(_stems(self.text))

    @cached_property
    def is_chinese(self) -> bool:
        """Whether the title is Chinese."""
        return 2 * len(CHARACTER.findall(self.title)) > len(self.title)

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of the title that distinguish it from others of its form."""
        common = set(_synonyms().values())
        return frozenset(w for w in self.title_words - common if len(w) > 2 and not w.isdigit())

    @cached_property
    def figures(self) -> frozenset[str]:
        """The numbers in the title, except years."""
        found = (re.sub(r"\D", "", figure) for figure in _FIGURE.findall(self.title))
        return frozenset(f for f in found if not re.fullmatch(r"(19|20)\d\d", f))

    @cached_property
    def staged(self) -> frozenset[str]:
        """The instruments that reach a stage; others are only mentioned."""
        return frozenset(name for name, stage in self.stages.items() if stage)

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """Entries that share none of these are not compared."""
        yield from (("regulator", name) for name in self.regulators)
        yield from (("instrument", name) for name in self.stages)
        yield from (("address", name) for name in self.addresses)


def fingerprint(entry: Entry, collection: Collection) -> Fingerprint:
    """The features of an entry; keys that could not be typed are None."""
    steps = entry.instruments or ()
    laws = [collection.instruments.get(step.id) for step in steps]
    acting = [collection.regulators.get(name) for name in entry.regulators or ()]
    titles = [source.title for source in entry.sources or ()]
    said = [word for law in laws if law for word in (law.name, law.short, law.name_zh)]
    names = [word for body in acting if body for word in (body.name, body.abbreviation)]
    return Fingerprint(
        id=entry.id,
        title=entry.title or "",
        text=" ".join(filter(None, [entry.body, *titles, *said])),
        bodies=" ".join(filter(None, names)),
        date=entry.date,
        regulators=frozenset(entry.regulators or ()),
        topics=frozenset(entry.topics or ()),
        stages={step.id: step.stage for step in steps},
        rounds={step.id: step.round for step in steps if step.round},
        addresses=frozenset(canonical_address(s.url) for s in entry.sources or () if s.url),
        related=frozenset(entry.related or ()),
    )


@cache
def _synonyms() -> dict[str, str]:
    """Stem -> the first of the words that headlines use for one another."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    groups: list[list[str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    groups += field_words().get("headlines", [])
    return {word[:STEM_LENGTH]: words[0] for words in reversed(groups) for word in words}


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if CHARACTER.match(word):  # Chinese has no spaces: pairs of characters take their place
            yield from (word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            stem = re.sub("[.,]", "", word) if word[0].isdigit() else word[:STEM_LENGTH]
            yield _synonyms().get(stem, stem)


def canonical_address(url: str) -> str:
    """The address without what may differ between two spellings of the same page."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


WINDOW = 16  # days; reports come later, and documents are dated before their publication
MONTH = 31  # days that a date without a day may mean
LIKELY = 0.43
MANY = 0.3  # the share of a title's words from which they are a reason


@dataclass(frozen=True)
class Match:
    """An entry that may report the same development. `score` runs from 0 to 1."""

    id: str
    score: float
    reasons: tuple[str, ...]


def assigned(found: Iterable[tuple[Match, int]]) -> dict[int, str]:
    """The likely match of each place, the best first; no entry is given to two places."""
    entries: dict[int, str] = {}
    likely = ((-match.score, place, match.id) for match, place in found if match.score >= LIKELY)
    for _, place, name in sorted(likely):
        if place not in entries and name not in entries.values():
            entries[place] = name
    return entries


class Duplicates:
    """The entries of a collection, ready to be compared with drafts and with one another."""

    def __init__(self, collection: Collection) -> None:
        self.fingerprints = [fingerprint(entry, collection) for entry in collection.listed]
        self._frequency = Counter(word for known in self.fingerprints for word in known.words)
        self._places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, known in enumerate(self.fingerprints):
            first_day = known.date.first_day.toordinal() if known.date else 0
            for key in known.keys:
                self._places[key].append((first_day, number))
        for places in self._places.values():
            places.sort()

    def near(self, candidate: Fingerprint, least: float = LIKELY) -> list[Match]:
        """The entries that may report the same as the candidate, the likeliest first."""
        return self._likely(candidate, self._neighbours(candidate), least)

    def _likely(
        self, candidate: Fingerprint, others: Iterable[Fingerprint], least: float
    ) -> list[Match]:
        matches = (self.compare(candidate, other) for other in others)
        return sorted((m for m in matches if m.score >= least), key=lambda m: (-m.score, m.id))

    def pairs(self, least: float = LIKELY) -> Iterator[tuple[str, Match]]:
        """Every likely pair once, as (later, earlier), oldest first.

        Two entries of which one names the other under `related` are two developments.
        """
        for candidate in reversed(self.fingerprints):
            earlier = [known for known in self._neighbours(candidate) if known.id < candidate.id]
            for match in self._likely(candidate, earlier, least):
                yield candidate.id, match

    def _neighbours(self, candidate: Fingerprint) -> Iterator[Fingerprint]:
        """Those that share a key and lie within the window, each once."""
        if candidate.date is None:
            return
        low = candidate.date.first_day.toordinal() - WINDOW - MONTH
        high = candidate.date.last_day.toordinal() + WINDOW
        seen: set[int] = set()
        for key in candidate.keys:
            places = self._places.get(key, [])
            start, end = bisect_left(places, (low, 0)), bisect_right(places, (high, math.inf))
            seen |= {number for _, number in places[start:end]}
        for number in sorted(seen):
            known = self.fingerprints[number]
            are_related = known.id in candidate.related or candidate.id in known.related
            if known.id != candidate.id and not are_related:
                yield known

    def compare(self, one: Fingerprint, other: Fingerprint) -> Match:
        """How likely the two are the same, and why."""
        score, reasons = 0.0, []
        for weight, reason in self._evidence(one, other):
            score += weight
            if reason:
                reasons.append(reason)
        return Match(other.id, min(1.0, max(0.0, score)), tuple(reasons))

    def _evidence(self, one: Fingerprint, other: Fingerprint) -> Iterator[tuple[float, str]]:
        yield _days(one.date, other.date)
        yield _shared(one.regulators, other.regulators, self._acting(one, other), "the same body")
        are_known = one.topics and other.topics
        yield _shared(one.topics, other.topics, 0.45, "") if are_known else (0.35, "")
        yield from _instruments(one, other)
        if one.addresses & other.addresses:
            yield 0.2, "the same address"
        if one.figures and other.figures:
            differ = not one.figures & other.figures
            yield (-0.2, "") if differ else (0.15, "the same figures")
        if one.subject and other.subject:
            is_other = not (one.subject & other.words or other.subject & one.words)
            yield (-0.15 if is_other else 0.0), ""
        alike = self._alike(one, other)
        yield 0.8 * alike - 0.8, "the words of the title" if alike > MANY else ""

    def _acting(self, one: Fingerprint, other: Fingerprint) -> float:
        """The weight of a shared body: the more, the more seldom it acts."""
        shared = one.regulators & other.regulators or one.regulators
        acts = min((len(self._places.get(("regulator", name), ())) for name in shared), default=0)
        return 0.35 - 0.3 * math.log1p(acts) / math.log1p(max(1, len(self.fingerprints)))

    def _alike(self, one: Fingerprint, other: Fingerprint) -> float:
        """How far each title is contained in the other's text, where there is one.

        A Chinese and an English report share figures and the titles of sources: one way is enough.
        """
        ways = [(one, other)] if other.text else []
        ways += [(other, one)] if one.text else []
        found = [self._contained(*way) for way in ways or [(one, other), (other, one)]]
        return max(found) if one.is_chinese != other.is_chinese else sum(found) / len(found)

    def _contained(self, one: Fingerprint, other: Fingerprint) -> float:
        """The share of one's title, weighted by how rare its words are, that the other contains."""
        weights = {word: self._weight(word) for word in one.title_words}
        whole = sum(weights.values())
        held = sum(weight for word, weight in weights.items() if word in other.words)
        return held / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return math.log((1 + len(self.fingerprints)) / (1 + self._frequency[word]))


def near_draft(
    values: dict[str, Value], body: str, index: NameIndex, collection: Collection
) -> list[Match]:
    """The five likeliest duplicates of an entry that is being written, however incomplete it is."""
    item, _ = validate(Entry, values | {"id": "", "body": body}, index)
    return Duplicates(collection).near(fingerprint(item, collection))[:5]


def likely_duplicates(collection: Collection) -> Iterator[Problem]:
    """A warning for the later entry of every likely pair."""
    paths = {entry.id: entry.path for entry in collection.entries}
    for later, match in Duplicates(collection).pairs():
        message = (
            f"possible duplicate of {match.id} ({', '.join(match.reasons)}); if they are two "
            "developments, name one under 'related' of the other"
        )
        yield Problem(paths[later], 1, message, warning=True)


def _days(one: PartialDate | None, other: PartialDate | None) -> tuple[float, str]:
    """By the days between the two; dates without a day count by what is certain."""
    if one is None or other is None:
        return 0.0, ""
    early, late = sorted((one, other))
    gap = max(0, (late.first_day - early.last_day).days)
    exact = early.precision == late.precision == "day"
    if gap == 0:
        if exact:
            return 0.55, "the same day"
        return 0.3, "the same month" if early.month and late.month else "the same year"
    if gap <= 2:
        return 0.4, f"{gap} day{'s' * (gap > 1)} apart"
    if gap <= 7:
        return 0.15, f"{gap} days apart"
    return (0.0, "") if gap <= WINDOW else (-1.0, "")


def _shared(
    one: frozenset[str], other: frozenset[str], weight: float, reason: str
) -> tuple[float, str]:
    """By the share of the smaller set that the other contains; an empty set says nothing."""
    if not one or not other:
        return 0.0, ""
    share = len(one & other) / min(len(one), len(other))
    return (weight * share, reason) if share else (-weight, "")


def _instruments(one: Fingerprint, other: Fingerprint) -> Iterator[tuple[float, str]]:
    """By the stages of instruments; instruments that both merely cite say nothing."""
    shared = sorted(one.staged & other.staged)
    if shared:
        same = [name for name in shared if one.stages[name] is other.stages[name]]
        again = [name for name in same if one.rounds.get(name) == other.rounds.get(name)]
        unsure = [n for n in same if n not in one.rounds or n not in other.rounds]
        found = [*again, *unsure]
        yield (0.35, f"the same stage of {found[0]}") if found else (-0.4, "")
    elif one.staged and other.staged:
        yield -1.0, ""
    else:
        mentioned = sorted(one.staged & other.stages.keys() | other.staged & one.stages.keys())
        if mentioned:
            yield 0.1, f"the same instrument, {mentioned[0]}"
