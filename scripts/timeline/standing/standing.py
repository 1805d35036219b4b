"""All that pages draw on: the collection as of a day, and what follows from it."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.terms import Instrument, Relation
from timeline.model.vocabulary import state_label
from timeline.source.collection import Collection
from timeline.source.effects import EffectDay
from timeline.standing.channels import FOLLOWED
from timeline.standing.coverage import Coverage, coverage
from timeline.standing.deadlines import (
    Board,
    DueDay,
    Effects,
    board,
    effect_days,
    recorded_days,
)
from timeline.standing.history import History, histories
from timeline.standing.news import News, news
from timeline.standing.status import Status, status_on

RELATIONS = ("implements", "amends", "replaces", "interprets")


@dataclass
class Article:
    """An article of an instrument, and what rests on it."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """Where everything stands on a day."""

    collection: Collection
    as_of: datetime.date

    @cached_property
    def histories(self) -> dict[str, History]:
        """Every instrument's history, by id."""
        return histories(self.collection)

    @cached_property
    def statuses(self) -> dict[str, Status]:
        """Every instrument's status, by id."""
        return {name: status_on(self.histories[name], self.as_of) for name in self.histories}

    @cached_property
    def news(self) -> tuple[News, ...]:
        """What is new on the site, newest first."""
        return news(self.collection, self.histories, self.as_of)

    @cached_property
    def coverage(self) -> Coverage:
        """What the site has and does not have."""
        instruments = self.collection.instruments
        states = {
            name: state_label(instruments[name].rank, status.validity.state)
            for name, status in self.statuses.items()
        }
        return coverage(self.collection, states, self.as_of)

    @cached_property
    def recorded(self) -> tuple[DueDay, ...]:
        """All days that matter, and those that an entry moved to another day."""
        return recorded_days(self.collection, self.effects)

    @cached_property
    def effects(self) -> Effects:
        """Every step of effect, with what it takes the place of."""
        return effect_days(self.collection)

    @cached_property
    def moved(self) -> dict[str, dict[tuple[str, datetime.date], list[EffectDay]]]:
        """Instrument -> (entry, day of effect that it recorded) -> what took its place."""
        found: dict[str, dict[tuple[str, datetime.date], list[EffectDay]]] = defaultdict(dict)
        for day in self.effects.values():
            for old in day.instead_of:
                found[day.step.id].setdefault((old.entry.id, old.date), []).append(day)
        return found

    def moved_of(self, entry: Entry) -> dict[str, dict[tuple[str, datetime.date], list[EffectDay]]]:
        """The same for the instruments that an entry names."""
        return {step.id: self.moved.get(step.id, {}) for step in entry.instruments}

    @cached_property
    def due(self) -> tuple[DueDay, ...]:
        """All days that matter."""
        return tuple(day for day in self.recorded if day.stood(self.as_of))

    @cached_property
    def board(self) -> Board:
        """The deadlines of the whole site."""
        return board(self.due, self.as_of)

    def coming(self, kind: Kind, term: str) -> tuple[DueDay, ...]:
        """What lies ahead of a regulator, topic or instrument, nearest first."""
        return tuple(self._coming.get((kind, term), ()))

    @cached_property
    def _coming(self) -> dict[tuple[Kind, str], list[DueDay]]:
        found: dict[tuple[Kind, str], list[DueDay]] = defaultdict(list)
        for due in self.board.coming:
            for kind in FOLLOWED:
                for term in due.terms(kind):
                    found[kind, term].append(due)
        return found

    @cached_property
    def related_from(self) -> dict[str, dict[str, list[tuple[Relation, Instrument]]]]:
        """Id -> relation -> the instruments that stand in it to this one."""
        found: dict[str, dict[str, list[tuple[Relation, Instrument]]]] = defaultdict(
            lambda: {name: [] for name in RELATIONS}
        )
        for instrument in self.collection.instruments.values():
            for name in RELATIONS:
                for relation in getattr(instrument, name):
                    found[relation.id][name].append((relation, instrument))
        return found

    @cached_property
    def articles(self) -> dict[str, list[Article]]:
        """Id of an instrument -> its articles that something rests on, in order."""
        found: dict[str, dict[str, Article]] = defaultdict(dict)
        for entry in self.collection.listed:
            for instrument, name in _rested_on(entry):
                article = found[instrument].setdefault(name, Article(name))
                if not article.entries or article.entries[-1] is not entry:
                    article.entries.append(entry)
        for other in self.collection.instruments.values():
            for relation_name in RELATIONS:
                for relation in getattr(other, relation_name):
                    for name in relation.articles:
                        article = found[relation.id].setdefault(name, Article(name))
                        article.instruments.append(other)
        return {
            name: sorted(articles.values(), key=lambda article: _numbered(article.name))
            for name, articles in found.items()
        }


def _rested_on(entry: Entry) -> list[tuple[str, str]]:
    """(instrument, article) for each article that the entry or its penalties rest on."""
    found = [(step.id, article) for step in entry.instruments for article in step.articles]
    for penalty in entry.penalties:
        for basis in penalty.basis:
            found += [(basis.id, article) for article in basis.articles if basis.id]
    return list(dict.fromkeys(found))


def _numbered(article: str) -> tuple[int, str]:
    number = re.match(r"\d+", article)
    return (int(number[0]) if number else 10_000, article)
