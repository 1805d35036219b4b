"""The collection as of a date, with all that follows from it, for pages and exports."""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from timeline.analysis.deadlines import (
    DeadlineKind,
    DeadlineOverview,
    Effects,
    KeyDate,
    UndatedConsultation,
    all_effective_dates,
    all_key_dates,
    overview,
    undated_consultations,
)
from timeline.analysis.effective import EffectiveDate
from timeline.analysis.history import History, histories
from timeline.analysis.news import News, all_news
from timeline.analysis.since import Event, events_of, events_since
from timeline.analysis.status import Status, status_on
from timeline.content.collection import Collection, terms_of
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.terms import RELATIONS, SUBSCRIBABLE_KINDS, Instrument, Relation
from timeline.schema.types import Kind
from timeline.schema.vocabulary import PendingState, SourceKind, state_label

# (entry, effective date that it recorded) -> what replaced it
Replacements = dict[tuple[str, datetime.date], list[EffectiveDate]]


@dataclass(frozen=True)
class Coverage:
    """What the site has and does not have, counted."""

    entries: int
    years: tuple[tuple[int, int], ...]
    with_official_source: int
    verified: int
    instruments: int
    chinese_titles: int
    without_chinese_title: tuple[str, ...]  # ids
    months_without_entry: tuple[PartialDate, ...]
    by_state: tuple[tuple[str, int], ...]


@dataclass
class Article:
    """An article of an instrument, and what is based on it."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)


@dataclass(frozen=True)
class Snapshot:
    """The collection as of a date."""

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
    def topics_of(self) -> dict[str, frozenset[str]]:
        """The topics of every instrument: at least half of its stages are reported under each."""
        found = {}
        for name, history in self.histories.items():
            counts = Counter(topic for event in history.events for topic in event.entry.topics)
            most = (topic for topic in counts if 2 * counts[topic] >= len(history.events))
            found[name] = frozenset(most)
        return found

    def events(self, instrument: str) -> tuple[Event, ...]:
        """All that happened to an instrument, oldest first."""
        if instrument not in self._events:
            self._events[instrument] = events_of(self.histories[instrument], self.as_of)
        return self._events[instrument]

    @cached_property
    def _events(self) -> dict[str, tuple[Event, ...]]:
        return {}

    def since(self, entry: Entry) -> dict[str, tuple[Event, ...]]:
        """What came after an entry, by instrument that it names; withdrawn ones name none."""
        if entry.id not in self._since:
            named = () if entry.withdrawn else terms_of(entry, "instruments")
            found = {name: events_since(entry, name, self.events(name)) for name in named}
            self._since[entry.id] = found
        return self._since[entry.id]

    @cached_property
    def _since(self) -> dict[str, dict[str, tuple[Event, ...]]]:
        return {}

    def law_today(self, entry: Entry) -> tuple[tuple[Instrument, Status], ...]:
        """The instruments of whose making an entry tells, and that have changed since, today."""
        stages = {step.id for step in entry.instruments if step.stage}
        return tuple(
            (self.collection.instruments[name], self.statuses[name])
            for name, events in self.since(entry).items()
            if name in stages and not all(event.is_repeated for event in events)
        )

    def latest_successors(self, names: Iterable[str]) -> dict[str, str]:
        """Of instruments whose successor has one too: id -> the last of them."""
        found = {}
        for name in names:
            successors: list[str] = []
            then = self.statuses[name].validity.by
            while then and then not in successors:
                successors.append(then)
                then = self.statuses[then].validity.by
            if len(successors) > 1:
                found[name] = successors[-1]
        return found

    def state_label(self, instrument: Instrument) -> str:
        """An instrument's state of validity in a word or two."""
        return state_label(instrument.rank, self.statuses[instrument.id].validity.state)

    def state_words(self, instrument: Instrument) -> str:
        """The state, and whether another instrument prevails over it in part."""
        is_displaced = self.statuses[instrument.id].validity.displaced
        return f"{self.state_label(instrument)}{', displaced in part' if is_displaced else ''}"

    @cached_property
    def news(self) -> tuple[News, ...]:
        """What is new on the site, newest first."""
        return all_news(self.collection, self.histories, self.as_of)

    @cached_property
    def effects(self) -> Effects:
        """Every effective date, with what it replaces."""
        return all_effective_dates(self.collection)

    @cached_property
    def all_key_dates(self) -> tuple[KeyDate, ...]:
        """All key dates that were ever recorded, those that were replaced among them."""
        return all_key_dates(self.collection, self.effects)

    @cached_property
    def key_dates(self) -> tuple[KeyDate, ...]:
        """All key dates, earliest first."""
        return tuple(date for date in self.all_key_dates if date.stood_on(self.as_of))

    @cached_property
    def deadlines(self) -> DeadlineOverview:
        """The deadlines of the whole site."""
        return overview(self.key_dates, self.as_of)

    @cached_property
    def undated_consultations(self) -> tuple[UndatedConsultation, ...]:
        """Pending consultations whose closing date nobody recorded, newest first."""
        entries = self.collection.listed
        found = tuple(undated_consultations(entries, self.histories, self.as_of))
        return found[::-1]

    @cached_property
    def awaiting_outcome(self) -> tuple[KeyDate, ...]:
        """Comment periods that closed long ago and led to nothing yet, newest first."""
        awaited = {
            (name, pending.day)
            for name, status in self.statuses.items()
            for pending in status.pending
            if pending.state is PendingState.AWAITING_OUTCOME and pending.via is None
        }
        return tuple(
            due
            for due in reversed(self.key_dates)
            if due.kind is DeadlineKind.COMMENTS
            and (due.instrument, due.date) in awaited
            and due not in self.deadlines.passed
        )

    def coming(self, kind: Kind, term: str) -> tuple[KeyDate, ...]:
        """What is upcoming of a regulator, topic or instrument, nearest first."""
        return tuple(self._coming.get((kind, term), ()))

    @cached_property
    def _coming(self) -> dict[tuple[Kind, str], list[KeyDate]]:
        found: dict[tuple[Kind, str], list[KeyDate]] = defaultdict(list)
        for due in self.deadlines.coming:
            for kind in SUBSCRIBABLE_KINDS:
                for term in due.terms(kind):
                    found[kind, term].append(due)
        return found

    @cached_property
    def replacements(self) -> dict[str, Replacements]:
        """Instrument -> the effective dates that were replaced, and by which."""
        found: dict[str, Replacements] = defaultdict(dict)
        for date in self.effects.values():
            for old in date.replaces:
                found[date.instrument].setdefault((old.entry.id, old.date), []).append(date)
        return found

    def replacements_in(self, entry: Entry) -> dict[str, Replacements]:
        """The same for the instruments that an entry names."""
        return {step.id: self.replacements.get(step.id, {}) for step in entry.instruments}

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
        """Id of an instrument -> its articles on which something is based, in order."""
        found: dict[str, dict[str, Article]] = defaultdict(dict)
        for entry in self.collection.listed:
            for instrument, cited in _articles_of(entry):
                law = self.collection.instruments[instrument]
                name = law.present_number(cited, entry.date.first_day)
                found[instrument].setdefault(name, Article(name)).entries.append(entry)
        for other in self.collection.instruments.values():
            for relation_name in RELATIONS:
                for relation in getattr(other, relation_name):
                    for name in relation.articles:
                        article = found[relation.id].setdefault(name, Article(name))
                        article.instruments.append(other)
        return {
            name: sorted(articles.values(), key=lambda article: _article_order(article.name))
            for name, articles in found.items()
        }

    @cached_property
    def coverage(self) -> Coverage:
        """What the site has and does not have."""
        collection = self.collection
        listed, instruments = collection.listed, collection.instruments.values()
        states = Counter(map(self.state_label, instruments))
        official = SourceKind.OFFICIAL
        return Coverage(
            entries=len(listed),
            years=tuple(
                (year, sum(map(len, months.values())))
                for year, months in collection.by_month.items()
            ),
            with_official_source=sum(any(s.kind is official for s in e.sources) for e in listed),
            verified=sum(any(source.checked for source in e.sources) for e in listed),
            instruments=len(instruments),
            chinese_titles=sum(1 for i in instruments if i.name_zh),
            without_chinese_title=tuple(i.id for i in instruments if i.name_zh is None),
            months_without_entry=tuple(self._months_without_entry()),
            by_state=tuple(sorted(states.items(), key=lambda pair: (-pair[1], pair[0]))),
        )

    def _months_without_entry(self) -> Iterator[PartialDate]:
        if not self.collection.listed:
            return
        first = self.collection.listed[-1].date
        last = self.as_of.year * 12 + self.as_of.month
        for number in range(first.year * 12 + max(first.month, 1) - 1, last):
            year, month = number // 12, number % 12 + 1
            if month not in self.collection.by_month.get(year, {}):
                yield PartialDate(year, month)


def _articles_of(entry: Entry) -> list[tuple[str, str]]:
    """(instrument, article) for each article that the entry or its penalties are based on."""
    found = [(step.id, article) for step in entry.instruments for article in step.articles]
    for penalty in entry.penalties:
        for basis in penalty.basis:
            found += [(basis.id, article) for article in basis.articles if basis.id]
    return list(dict.fromkeys(found))


def _article_order(article: str) -> tuple[int, str]:
    number = re.match(r"\d+", article)
    return (int(number[0]) if number else 10_000, article)
