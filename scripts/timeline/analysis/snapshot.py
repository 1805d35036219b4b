"""The collection as of a date, with everything computed from it for pages and exports."""

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
from timeline.content.collection import Collection, closure, terms_of
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.terms import RELATIONS, SUBSCRIBABLE_KINDS, Instrument, Relation
from timeline.schema.types import Kind
from timeline.schema.vocabulary import PendingState, SourceKind, state_label

# (id of an entry, effective date that it recorded) -> the dates that replaced it
Replacements = dict[tuple[str, datetime.date], list[EffectiveDate]]


@dataclass(frozen=True)
class Coverage:
    """Counts of what the site covers, and what it lacks."""

    entries: int
    years: tuple[tuple[int, int], ...]  # year, number of entries
    with_official_source: int
    verified: int
    instruments: int
    chinese_titles: int
    without_chinese_title: tuple[str, ...]  # ids
    months_without_entry: tuple[PartialDate, ...]
    by_state: tuple[tuple[str, int], ...]  # label of the status, number of instruments


@dataclass
class Article:
    """An article of an instrument, and the entries and instruments based on it."""

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
        """The history of every instrument, by id."""
        return histories(self.collection)

    @cached_property
    def statuses(self) -> dict[str, Status]:
        """The status of every instrument, by id."""
        return {name: status_on(self.histories[name], self.as_of) for name in self.histories}

    @cached_property
    def topics_of(self) -> dict[str, frozenset[str]]:
        """The topics of every instrument, by id: those that at least half of its stages have."""
        found = {}
        for name, history in self.histories.items():
            counts = Counter(topic for event in history.events for topic in event.entry.topics)
            most = (topic for topic in counts if 2 * counts[topic] >= len(history.events))
            found[name] = frozenset(most)
        return found

    def events(self, instrument: str) -> tuple[Event, ...]:
        """Return the events of an instrument, oldest first."""
        if instrument not in self._events:
            self._events[instrument] = events_of(self.histories[instrument], self.as_of)
        return self._events[instrument]

    @cached_property
    def _events(self) -> dict[str, tuple[Event, ...]]:
        return {}

    def since(self, entry: Entry) -> dict[str, tuple[Event, ...]]:
        """Return the events after an entry, by id of each instrument named; none if withdrawn."""
        if entry.id not in self._since:
            named = () if entry.withdrawn else terms_of(entry, "instruments")
            found = {name: events_since(entry, name, self.events(name)) for name in named}
            self._since[entry.id] = found
        return self._since[entry.id]

    @cached_property
    def _since(self) -> dict[str, dict[str, tuple[Event, ...]]]:
        return {}

    def law_today(self, entry: Entry) -> tuple[tuple[Instrument, Status], ...]:
        """Return the instruments that have changed since an entry reported a stage of them.

        Each comes with its status today.
        """
        stages = {step.id for step in entry.instruments if step.stage}
        return tuple(
            (self.collection.instruments[name], self.statuses[name])
            for name, events in self.since(entry).items()
            if name in stages and not all(event.is_repeated for event in events)
        )

    def latest_successors(self, names: Iterable[str]) -> dict[str, str]:
        """Return id -> latest successor for instruments whose successor has a successor too."""

        def successor(name: str) -> list[str]:
            by = self.statuses[name].validity.by
            return [by] if by else []

        chains = {name: closure(successor(name), successor) for name in names}
        return {name: chain[-1] for name, chain in chains.items() if len(chain) > 1}

    def state_label(self, instrument: Instrument) -> str:
        """Return the state of validity of an instrument in a word or two."""
        return state_label(instrument.rank, self.statuses[instrument.id].validity.state)

    def state_words(self, instrument: Instrument) -> str:
        """Return the state in words, including whether the instrument is displaced in part."""
        is_displaced = self.statuses[instrument.id].validity.displaced
        return f"{self.state_label(instrument)}{', displaced in part' if is_displaced else ''}"

    @cached_property
    def news(self) -> tuple[News, ...]:
        """The news of the site, newest first."""
        return all_news(self.collection, self.histories, self.as_of)

    @cached_property
    def effects(self) -> Effects:
        """Every effective date by its key, with the dates that it replaces."""
        return all_effective_dates(self.collection)

    @cached_property
    def all_key_dates(self) -> tuple[KeyDate, ...]:
        """All key dates ever recorded, including replaced ones, earliest first."""
        return all_key_dates(self.collection, self.effects)

    @cached_property
    def key_dates(self) -> tuple[KeyDate, ...]:
        """All key dates that have not been replaced, earliest first."""
        return tuple(date for date in self.all_key_dates if date.is_current_on(self.as_of))

    @cached_property
    def deadlines(self) -> DeadlineOverview:
        """The key dates of the whole site as seen from the date of the snapshot."""
        return overview(self.key_dates, self.as_of)

    @cached_property
    def undated_consultations(self) -> tuple[UndatedConsultation, ...]:
        """Pending consultations without a recorded closing date, newest first."""
        entries = self.collection.listed
        return tuple(undated_consultations(entries, self.histories, self.as_of))[::-1]

    @cached_property
    def awaiting_outcome(self) -> tuple[KeyDate, ...]:
        """Comment periods that closed long ago and have led to nothing yet, newest first."""
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
        """Return the upcoming key dates of a regulator, topic or instrument, nearest first."""
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
        """The replaced effective dates of every instrument, by id, each with its replacements."""
        found: dict[str, Replacements] = defaultdict(dict)
        for date in self.effects.values():
            for old in date.replaces:
                found[date.instrument].setdefault((old.entry.id, old.date), []).append(date)
        return found

    def replacements_in(self, entry: Entry) -> dict[str, Replacements]:
        """Return the replaced effective dates of the instruments that an entry names."""
        return {step.id: self.replacements.get(step.id, {}) for step in entry.instruments}

    @cached_property
    def related_from(self) -> dict[str, dict[str, list[tuple[Relation, Instrument]]]]:
        """The instruments related to each instrument: id -> relation -> (relation, instrument)."""
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
        """The articles of each instrument, by id, on which something is based, in order."""
        found: dict[str, dict[str, Article]] = defaultdict(dict)
        for entry in self.collection.listed:
            for instrument, cited in _articles_of(entry):
                law = self.collection.instruments[instrument]
                name = law.current_number(cited, entry.date.first_day)
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
        """Counts of what the site covers, and what it lacks."""
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
            chinese_titles=sum(bool(i.name_zh) for i in instruments),
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
    """Return (instrument id, article) for each article on which the entry or a penalty is based."""
    found = [(step.id, article) for step in entry.instruments for article in step.articles]
    for penalty in entry.penalties:
        for basis in penalty.basis:
            found += [(basis.id, article) for article in basis.articles if basis.id]
    return list(dict.fromkeys(found))


def _article_order(article: str) -> tuple[int, str]:
    number = re.match(r"\d+", article)
    return (int(number[0]) if number else 10_000, article)
