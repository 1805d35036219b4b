"""The topics of a text, by the topics that it names and by what the entries of the site have.

A word of titles speaks for the topics that entries with it have more often than others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from timeline.content.collection import Collection
from timeline.content.text import STOPWORDS

LEAST = 3  # titles that must have a word before anything is learnt from it
MOST = 4  # topics of a text
SURE = 1.5  # points that a topic needs: one for each time that it is named, and those of words
_WORD = re.compile(r"[a-z0-9]+")


def _words(text: str) -> set[str]:
    """The beginnings of the words, which tell enough."""
    return {word[:6].rstrip("s") for word in _WORD.findall(text.lower())} - {*STOPWORDS}


class LikelyTopics:
    """What the titles and the instruments of entries say about topics."""

    def __init__(self, collection: Collection) -> None:
        self._entries = collection.of("instruments")
        self._told = Counter[str]()
        self._usual = Counter(topic for entry in collection.entries for topic in entry.topics)
        self._count = len(collection.entries)
        self._topics = defaultdict[str, Counter[str]](Counter)
        for entry in collection.entries:
            for word in _words(entry.title):
                self._told[word] += 1
                self._topics[word].update(entry.topics)

    def of(self, named: Iterable[str | None], lead: str, laws: Iterable[str | None]) -> list[str]:
        """The likeliest first: those that are named, and those of like titles and the same laws."""
        points: dict[str, float] = defaultdict(float)
        for topic in named:
            points[topic or ""] += 1
        for law in laws:
            for entry in self._entries.get(law or "", ())[:5]:
                for topic in entry.topics:
                    points[topic] += 2
        for word in sorted(_words(lead)):
            count = self._told[word]
            for topic, times in self._topics[word].items() if count >= LEAST else ():
                points[topic] += times / count - self._usual[topic] / self._count
        points.pop("", None)  # of a name that two topics have
        least = max([SURE, *(most / 5 for most in points.values())])
        likely = [topic for topic in points if points[topic] >= least]
        return sorted(likely, key=lambda topic: -points[topic])[:MOST]
