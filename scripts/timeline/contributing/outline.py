"""What is compared of a development to find it again in other words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from timeline.model.dates import PartialDate
from timeline.model.entry import Entry
from timeline.model.vocabulary import Stage
from timeline.source.collection import Collection

STEM = 6  # letters; `publishes`, `published` and `publication` are alike in as many

_WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*|[\u3400-\u9fff]+")
_FIGURE = re.compile(r"(?<![a-z0-9])[0-9]+(?:[., ][0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Outline:
    """What is compared of a development; all of it may be missing in one that is being written."""

    id: str
    title: str = ""
    text: str = ""
    bodies: str = ""  # the names of the regulators, which titles mostly begin with
    date: PartialDate | None = None
    regulators: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    stages: dict[str, Stage | None] = field(default_factory=dict)  # by instrument
    rounds: dict[str, int] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The stems of the title, but for the bodies' names: bodies are compared by themselves."""
        return frozenset(_stems(self.title)) - frozenset(_stems(self.bodies))

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of title and text."""
        return self.title_words | frozenset(_stems(self.text))

    @cached_property
    def figures(self) -> frozenset[str]:
        """The numbers in the title, years aside."""
        found = (re.sub(r"\D", "", figure) for figure in _FIGURE.findall(self.title))
        return frozenset(f for f in found if not re.fullmatch(r"(19|20)\d\d", f))

    @cached_property
    def moved(self) -> frozenset[str]:
        """The instruments to which something happens; others are only mentioned."""
        return frozenset(name for name, stage in self.stages.items() if stage)

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """Two that share none of these are not compared."""
        yield from (("regulator", name) for name in self.regulators)
        yield from (("instrument", name) for name in self.stages)
        yield from (("address", name) for name in self.addresses)


def outline(entry: Entry, collection: Collection) -> Outline:
    """What is compared of an entry; keys of it that could not be typed may be None."""
    steps = entry.instruments or ()
    laws = [collection.instruments.get(step.id) for step in steps]
    acting = [collection.regulators.get(name) for name in entry.regulators or ()]
    titles = [source.title for source in entry.sources or ()]
    said = [word for law in laws if law for word in (law.name, law.short, law.name_zh)]
    names = [word for body in acting if body for word in (body.name, body.abbreviation)]
    return Outline(
        id=entry.id,
        title=entry.title or "",
        text=" ".join(filter(None, [entry.body, *titles, *said])),
        bodies=" ".join(filter(None, names)),
        date=entry.date,
        regulators=frozenset(entry.regulators or ()),
        topics=frozenset(entry.topics or ()),
        stages={step.id: step.stage for step in steps},
        rounds={step.id: step.round for step in steps if step.round},
        addresses=frozenset(plain_address(s.url) for s in entry.sources or () if s.url),
        related=frozenset(entry.related or ()),
    )


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if "\u3400" <= word[0] <= "\u9fff":  # Chinese has no spaces: pairs of characters stand in
            yield from (word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            yield re.sub("[.,]", "", word) if word[0].isdigit() else word[:STEM]


def plain_address(url: str) -> str:
    """The address without what may differ between two who mean the same page."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"
