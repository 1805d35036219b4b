"""Which entries may tell of the same development: how likely it is, and why.

The evidence is added up: what two entries share speaks for it, what they set against each other
(other stages, other instruments, other bodies, other figures) against. Compared are only entries of
neighbouring days that share a body, an instrument or an address, so that the whole collection is
gone through in a time that grows with its size. The weights were chosen by trial on the pairs in
tests/duplicates/, where a test tells how many are found and how many falsely.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline.contributing.outline import Outline, outline
from timeline.model.dates import PartialDate
from timeline.model.problems import Problem
from timeline.source.collection import Collection

WINDOW = 16  # days; reports come later, and documents bear an earlier day than their publication
MONTH = 31  # days that a date without its day may mean
LIKELY = 0.43


@dataclass(frozen=True)
class Match:
    """An entry that may tell of the same development. `score` runs from 0 to 1."""

    id: str
    score: float
    reasons: tuple[str, ...]


class Duplicates:
    """The entries of a collection, ready to be compared with others and with one another."""

    def __init__(self, collection: Collection) -> None:
        self.outlines = [outline(entry, collection) for entry in collection.listed]
        self._frequency = Counter(word for known in self.outlines for word in known.words)
        self._places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, known in enumerate(self.outlines):
            for key in known.keys:
                self._places[key].append((_first(known), number))
        for places in self._places.values():
            places.sort()

    def near(self, candidate: Outline, least: float = LIKELY) -> list[Match]:
        """The entries that may be the same as the candidate, the likeliest first."""
        return self._likely(candidate, self._neighbours(candidate), least)

    def _likely(self, candidate: Outline, others: Iterable[Outline], least: float) -> list[Match]:
        matches = (self.compare(candidate, other) for other in others)
        return sorted((m for m in matches if m.score >= least), key=lambda m: (-m.score, m.id))

    def pairs(self, least: float = LIKELY) -> Iterator[tuple[str, Match]]:
        """Every likely pair once, as (later, earlier), oldest first.

        Two of which one names the other under `related` are two developments.
        """
        for candidate in reversed(self.outlines):
            earlier = [known for known in self._neighbours(candidate) if known.id < candidate.id]
            for match in self._likely(candidate, earlier, least):
                yield candidate.id, match

    def _neighbours(self, candidate: Outline) -> Iterator[Outline]:
        """Those that share a key and stand within the window, each once."""
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
            known = self.outlines[number]
            told_apart = known.id in candidate.related or candidate.id in known.related
            if known.id != candidate.id and not told_apart:
                yield known

    def compare(self, one: Outline, other: Outline) -> Match:
        """How likely the two are the same, and what speaks for it."""
        score, reasons = 0.0, []
        for weight, reason in self._evidence(one, other):
            score += weight
            if reason and weight > 0:
                reasons.append(reason)
        return Match(other.id, min(1.0, max(0.0, score)), tuple(reasons))

    def _evidence(self, one: Outline, other: Outline) -> Iterator[tuple[float, str]]:
        yield _days(one.date, other.date)
        yield _shared(one.regulators, other.regulators, self._acting(one, other), "the same body")
        yield _shared(one.topics, other.topics, 0.1, "")
        yield from _instruments(one, other)
        if one.addresses & other.addresses:
            yield 0.2, "the same address"
        if one.figures and other.figures:
            differ = not one.figures & other.figures
            yield (-0.2, "") if differ else (0.15, "the same figures")
        alike = self._alike(one, other)
        yield 0.8 * (alike - 0.3), "the words of the title"

    def _acting(self, one: Outline, other: Outline) -> float:
        """What a shared body weighs: one that seldom acts more than one that acts every week."""
        shared = one.regulators & other.regulators or one.regulators
        acts = min((len(self._places.get(("regulator", name), ())) for name in shared), default=0)
        return 0.35 - 0.2 * math.log1p(acts) / math.log1p(max(1, len(self.outlines)))

    def _alike(self, one: Outline, other: Outline) -> float:
        """How far each title stands in the other's text; in one without text it need not."""
        ways = [(one, other)] if other.text else []
        ways += [(other, one)] if one.text else []
        found = [self._contained(*way) for way in ways or [(one, other), (other, one)]]
        return sum(found) / len(found)

    def _contained(self, one: Outline, other: Outline) -> float:
        """Which share of one's title, weighed by how rare its words are, the other holds."""
        weights = {word: self._weight(word) for word in one.title_words}
        whole = sum(weights.values())
        held = sum(weight for word, weight in weights.items() if word in other.words)
        return held / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return math.log((1 + len(self.outlines)) / (1 + self._frequency[word]))


def likely_duplicates(collection: Collection) -> Iterator[Problem]:
    """A warning for the later entry of every likely pair."""
    paths = {entry.id: entry.path for entry in collection.entries}
    for later, match in Duplicates(collection).pairs():
        said = f"may tell of the same as {match.id} ({', '.join(match.reasons)})"
        hint = "if they are two, name one under 'related' of the other"
        yield Problem(paths[later], 1, f"{said}; {hint}", warning=True)


def _first(known: Outline) -> int:
    return known.date.first_day.toordinal() if known.date else 0


def _days(one: PartialDate | None, other: PartialDate | None) -> tuple[float, str]:
    """By the days between the two; dates without a day lie apart by what is certain."""
    if one is None or other is None:
        return 0.0, ""
    early, late = sorted((one, other))
    gap = max(0, (late.first_day - early.last_day).days)
    exact = early.precision == late.precision == "day"
    if gap == 0:
        return (0.2, "the same day") if exact else (0.1, "the same month")
    if gap <= 2:
        return 0.15, f"{gap} day{'s' * (gap > 1)} apart"
    if gap <= 7:
        return 0.05, f"{gap} days apart"
    return (0.0, "") if gap <= WINDOW else (-1.0, "")


def _shared(
    one: frozenset[str], other: frozenset[str], weight: float, reason: str
) -> tuple[float, str]:
    """By what the smaller of two sets shares with the other; an empty one says nothing."""
    if not one or not other:
        return 0.0, ""
    share = len(one & other) / min(len(one), len(other))
    return (weight * share, reason) if share else (-weight, "")


def _instruments(one: Outline, other: Outline) -> Iterator[tuple[float, str]]:
    """By what the two do to which instruments; laws on which both merely rest tell nothing."""
    moved = sorted(one.moved & other.moved)
    if moved:
        same = [name for name in moved if one.stages[name] is other.stages[name]]
        again = [name for name in same if one.rounds.get(name) == other.rounds.get(name)]
        unsure = [n for n in same if n not in one.rounds or n not in other.rounds]
        found = [*again, *unsure]
        yield (0.35, f"the same stage of {found[0]}") if found else (-0.4, "")
    elif one.moved and other.moved:
        yield -1.0, ""
    else:
        touched = sorted(one.moved & other.stages.keys() | other.moved & one.stages.keys())
        if touched:
            yield 0.1, f"the same instrument, {touched[0]}"
