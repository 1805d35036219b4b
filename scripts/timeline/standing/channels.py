"""What readers can follow: the whole site, and each regulator, topic and instrument."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from timeline.model.fields import Kind
from timeline.source.collection import Collection

FOLLOWED: tuple[Kind, ...] = ("regulators", "topics", "instruments")


@dataclass(frozen=True)
class Channel:
    """One of them. `url` is its page, below which its feeds and its calendar stand.

    `title` says whose it is, and so reads alone among what a reader subscribes to.
    """

    url: str
    name: str
    title: str
    kind: Kind | None  # None for the whole site


class Concerned(Protocol):
    """Something that concerns regulators, topics and instruments."""

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """Their ids."""


T = TypeVar("T", bound=Concerned)


def channels(collection: Collection, site_name: str) -> Iterator[Channel]:
    """All of them, the whole site first."""
    yield Channel("", site_name, site_name, None)
    for kind in FOLLOWED:
        terms = getattr(collection, kind).values()
        for term in sorted(terms, key=lambda term: (term.name.casefold(), term.id)):
            title = f"{term.name} – {site_name}"
            yield Channel(f"{kind}/{term.id}/", term.name, title, kind)


def by_channel(things: Iterable[T], collection: Collection) -> dict[str, list[T]]:
    """Address of a channel -> the things that concern it, in their order.

    What a body did concerns the bodies that followed it too, as on their pages.
    """
    followers = {name: _followers(name, collection) for name in collection.regulators}
    found: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        found[""].append(thing)
        for kind in FOLLOWED:
            terms = thing.terms(kind)
            if kind == "regulators":
                terms = tuple(dict.fromkeys(heir for term in terms for heir in followers[term]))
            for term in terms:
                found[f"{kind}/{term}/"].append(thing)
    return found


def _followers(regulator: str, collection: Collection) -> list[str]:
    """The body itself and all that followed it."""
    found, ahead = dict[str, None](), [regulator]
    while ahead:
        name = ahead.pop(0)
        if name not in found:
            found[name] = None
            ahead += [successor.id for successor in collection.regulators[name].successors]
    return list(found)
