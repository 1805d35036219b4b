"""Find entries that may report the same development, with a score and the reasons.

The score is the sum of the evidence: shared features count for a duplicate, and different stages,
instruments, regulators or figures against it. Only entries of neighbouring days that share a
regulator, an instrument or an address are compared, so that the time grows linearly with the
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

STEM_LENGTH = 6  # letters, which `publishes`, `published` and `publication` share

_WORD = re.compile(rf"[a-z0-9]+(?:[.,][0-9]+)*|[{CHARACTERS}]+")
_FIGURE = re.compile(r"(?<![a-z0-9])[0-9]+(?:[., ][0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Fingerprint:
    """The features by which a development is recognised; a draft may lack any of them."""

    id: str
    title: str = ""
    text: str = ""
    regulator_names: str = ""  # most titles begin with one
    date: PartialDate | None = None
    regulators: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    stages: dict[str, Stage | None] = field(default_factory=dict)  # by instrument
    rounds: dict[str, int] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The stems of the title without regulators, which are compared separately."""
        return frozenset(_stems(self.title)) - frozenset(_stems(self.regulator_names))

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the title and the text."""
        return self.title_words | frozenset(_stems(self.text))

    @cached_property
    def is_chinese(self) -> bool:
        """True if most characters of the title are Chinese."""
        return 2 * len(CHARACTER.findall(self.title)) > len(self.title)

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of the title that are not common in headlines."""
        common = set(_synonyms().values())
        return frozenset(w for w in self.title_words - common if len(w) > 2 and not w.isdigit())

    @cached_property
    def figures(self) -> frozenset[str]:
        """The numbers in the title, except years."""
        found = (re.sub(r"\D", "", figure) for figure in _FIGURE.findall(self.title))
        return frozenset(f for f in found if not re.fullmatch(r"(19|20)\d\d", f))

    @cached_property
    def staged(self) -> frozenset[str]:
        """The instruments that reach a stage, not those only mentioned."""
        return frozenset(name for name, stage in self.stages.items() if stage)

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """The keys of the index; only entries that share one are compared."""
        yield from (("regulator", name) for name in self.regulators)
        yield from (("instrument", name) for name in self.stages)
        yield from (("address", name) for name in self.addresses)


def fingerprint(entry: Entry, collection: Collection) -> Fingerprint:
    """Return the features of an entry; the value of an invalid key is None."""
    steps = entry.instruments or ()
    laws = [collection.instruments.get(step.id) for step in steps]
    acting = [collection.regulators.get(name) for name in entry.regulators or ()]
    titles = [source.title for source in entry.sources or ()]
    law_names = [name for law in laws if law for name in (law.name, law.short, law.name_zh)]
    names = [name for body in acting if body for name in (body.name, body.abbreviation)]
    return Fingerprint(
        id=entry.id,
        title=entry.title or "",
        text=" ".join(filter(None, [entry.body, *titles, *law_names])),
        regulator_names=" ".join(filter(None, names)),
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
    """Return the first word of each group of headline synonyms, by stem."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    groups: list[list[str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    groups += field_words().get("headlines", [])
    return {word[:STEM_LENGTH]: words[0] for words in reversed(groups) for word in words}


def _stems(text: str) -> Iterator[str]:
    """Yield the stem of each word, with synonyms replaced."""
    for word in _WORD.findall(text.lower()):
        if CHARACTER.match(word):  # no spaces, so use pairs of characters
            yield from (word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            stem = re.sub("[.,]", "", word) if word[0].isdigit() else word[:STEM_LENGTH]
            yield _synonyms().get(stem, stem)


def canonical_address(url: str) -> str:
    """Return the address without scheme, `www.`, trailing slash and fragment, for comparison."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


WINDOW = 16  # days; reports appear later, and documents are dated before their publication
MONTH = 31  # days that a date without a day may cover
LIKELY = 0.43  # the score from which a match is reported
SIMILAR = 0.3  # the overlap from which similar titles are named as a reason


@dataclass(frozen=True)
class Match:
    """An entry that may report the same development. `score` runs from 0 to 1."""

    id: str
    score: float
    reasons: tuple[str, ...]


def assign_matches(found: Iterable[tuple[Match, int]]) -> dict[int, str]:
    """Return the best likely match of each position, assigning no entry to two positions."""
    entries: dict[int, str] = {}
    likely = ((-match.score, place, match.id) for match, place in found if match.score >= LIKELY)
    for _, place, name in sorted(likely):
        if place not in entries and name not in entries.values():
            entries[place] = name
    return entries


class Duplicates:
    """The entries of a collection, indexed for comparison with drafts and with each other."""

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
        """Return the entries that may report the same development, the likeliest first."""
        return self._likely(candidate, self._neighbours(candidate), least)

    def _likely(
        self, candidate: Fingerprint, others: Iterable[Fingerprint], least: float
    ) -> list[Match]:
        matches = (self.compare(candidate, other) for other in others)
        return sorted((m for m in matches if m.score >= least), key=lambda m: (-m.score, m.id))

    def pairs(self, least: float = LIKELY) -> Iterator[tuple[str, Match]]:
        """Yield every likely pair once, as (later id, match with the earlier one), oldest first.

        If one entry names the other under `related`, they are different developments.
        """
        for candidate in reversed(self.fingerprints):
            earlier = [known for known in self._neighbours(candidate) if known.id < candidate.id]
            for match in self._likely(candidate, earlier, least):
                yield candidate.id, match

    def _neighbours(self, candidate: Fingerprint) -> Iterator[Fingerprint]:
        """Yield every entry that shares a key and lies within the window."""
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
        """Return how likely the two report the same development, and why."""
        score, reasons = 0.0, []
        for weight, reason in self._evidence(one, other):
            score += weight
            if reason:
                reasons.append(reason)
        return Match(other.id, min(1.0, max(0.0, score)), tuple(reasons))

    def _evidence(self, one: Fingerprint, other: Fingerprint) -> Iterator[tuple[float, str]]:
        """Yield (weight, reason) for each piece of evidence; most have no reason to show."""
        yield _days(one.date, other.date)
        weight = self._regulator_weight(one, other)
        yield _shared(one.regulators, other.regulators, weight, "the same regulator")
        are_known = one.topics and other.topics
        yield _shared(one.topics, other.topics, 0.45, "") if are_known else (0.35, "")
        yield from _instruments(one, other)
        if one.addresses & other.addresses:
            yield 0.2, "the same address"
        if one.figures and other.figures:
            differ = not one.figures & other.figures
            yield (-0.2, "") if differ else (0.15, "the same figures")
        if one.subject and other.subject:
            differ = not (one.subject & other.words or other.subject & one.words)
            yield (-0.15 if differ else 0.0), ""
        overlap = self._overlap(one, other)
        yield 0.8 * overlap - 0.8, "similar titles" if overlap > SIMILAR else ""

    def _regulator_weight(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return the weight of a shared regulator, which is higher the more rarely it acts."""
        shared = one.regulators & other.regulators or one.regulators
        acts = min((len(self._places.get(("regulator", name), ())) for name in shared), default=0)
        return 0.35 - 0.3 * math.log1p(acts) / math.log1p(max(1, len(self.fingerprints)))

    def _overlap(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return how far the words of each title occur in the other's title and text.

        A side without a text is not searched. Reports in Chinese and in English share only figures
        and titles of sources, so the better direction counts.
        """
        ways = [(one, other)] if other.text else []
        ways += [(other, one)] if one.text else []
        found = [self._containment(*way) for way in ways or [(one, other), (other, one)]]
        return max(found) if one.is_chinese != other.is_chinese else sum(found) / len(found)

    def _containment(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return the share of one's title words that the other contains, weighted by rarity."""
        weights = {word: self._weight(word) for word in one.title_words}
        whole = sum(weights.values())
        held = sum(weight for word, weight in weights.items() if word in other.words)
        return held / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return math.log((1 + len(self.fingerprints)) / (1 + self._frequency[word]))


def draft_duplicates(
    values: dict[str, Value], body: str, index: NameIndex, collection: Collection
) -> list[Match]:
    """Return the five likeliest duplicates of a draft, which may be incomplete."""
    item, _ = validate(Entry, values | {"id": "", "body": body}, index)
    return Duplicates(collection).near(fingerprint(item, collection))[:5]


def likely_duplicates(collection: Collection) -> Iterator[Problem]:
    """Yield a warning for the later entry of every likely pair."""
    paths = {entry.id: entry.path for entry in collection.entries}
    for later, match in Duplicates(collection).pairs():
        message = (
            f"possible duplicate of {match.id} ({', '.join(match.reasons)}); if the two report "
            "different developments, list one under 'related' in the other"
        )
        yield Problem(paths[later], 1, message, warning=True)


def _days(one: PartialDate | None, other: PartialDate | None) -> tuple[float, str]:
    """Return the evidence of two dates by the days that lie between them at least."""
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
    """Return the evidence of two sets by how much of the smaller one the other contains.

    An empty set is no evidence.
    """
    if not one or not other:
        return 0.0, ""
    share = len(one & other) / min(len(one), len(other))
    return (weight * share, reason) if share else (-weight, "")


def _instruments(one: Fingerprint, other: Fingerprint) -> Iterator[tuple[float, str]]:
    """Yield the evidence of instruments by their stages; those merely cited by both are none."""
    shared = sorted(one.staged & other.staged)
    if shared:
        same = [name for name in shared if one.stages[name] is other.stages[name]]
        again = [name for name in same if one.rounds.get(name) == other.rounds.get(name)]
        unnumbered = [n for n in same if n not in one.rounds or n not in other.rounds]
        found = [*again, *unnumbered]
        yield (0.35, f"the same stage of {found[0]}") if found else (-0.4, "")
    elif one.staged and other.staged:
        yield -1.0, ""
    else:
        mentioned = sorted(one.staged & other.stages.keys() | other.staged & one.stages.keys())
        if mentioned:
            yield 0.1, f"the same instrument, {mentioned[0]}"
