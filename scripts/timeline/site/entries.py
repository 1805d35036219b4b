"""The pages of entries, and the status and history on the pages of instruments and topics."""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from timeline.analysis.since import Event, adopted_since
from timeline.analysis.snapshot import Snapshot
from timeline.analysis.status import Status
from timeline.content.collection import Collection, terms_of
from timeline.contribute.review import Review, review
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import APPLIES, ValidityState
from timeline.site.page import Link, Page, description_of, entry_link
from timeline.urls import TIMELINE, entry_url, month_url, year_url

MAX_STRIP_STEPS, SINCE_SHOWN = 9, 6
OFTEN_NAMED = 5  # an instrument named by as many entries of a topic is one of the topic


def entry_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Yield the page of each entry, with its neighbours in time and its instruments' histories."""
    collection = snapshot.collection
    listed = tuple(reversed(collection.listed))
    places = {entry.id: place for place, entry in enumerate(listed)}
    by_id = {entry.id: entry for entry in collection.entries}
    for entry in collection.entries:
        place = places.get(entry.id)
        earlier = listed[place - 1] if place else None
        later = listed[place + 1] if place is not None and place + 1 < len(listed) else None
        yield Page(
            url=entry_url(entry.id),
            template="entry.md.j2",
            title=entry.title,
            description=description_of(entry),
            source=entry.path,
            subject=entry,
            trail=tuple(_trail(entry, collection)),
            context={
                "entry": entry,
                "earlier": entry_link(earlier),
                "later": entry_link(later),
                "related": tuple(entry_link(by_id[i]) for i in entry.related if i in by_id),
                "history_strips": tuple(history_strips(entry, snapshot)),
                "replacements": snapshot.replacements_in(entry),
                "since": (since := snapshot.since(entry)),
                "statuses": {name: snapshot.statuses[name] for name in since},
                "instruments": {
                    name: collection.instruments[name] for name in terms_of(entry, "instruments")
                },
                "successors": snapshot.latest_successors(since),
                "drafts": tuple(adopted_since(entry, since)),
                "SINCE_SHOWN": SINCE_SHOWN,
            },
        )


def _trail(entry: Entry, collection: Collection) -> Iterator[Link]:
    """Yield the breadcrumbs of an entry; the month of a lone withdrawn entry has no page."""
    date = entry.date
    months = collection.by_month.get(date.year, {})
    yield Link("Timeline", TIMELINE)
    if months:
        yield Link(str(date.year), year_url(date.year))
    if date.month in months and date.month:
        yield Link(date.long.removeprefix(f"{date.day} "), month_url(date.year, date.month))


@dataclass(frozen=True)
class HistoryStrip:
    """The history of an instrument as shown on one of its entries; None is a gap."""

    instrument: str
    steps: tuple[Event | None, ...]
    total: int


def history_strips(entry: Entry, snapshot: Snapshot) -> Iterator[HistoryStrip]:
    """Yield the history of each instrument with a stage in the entry, if it has several events.

    A withdrawn entry records no stages.
    """
    steps = () if entry.withdrawn else entry.instruments
    for name in dict.fromkeys(step.id for step in steps if step.stage):
        events = snapshot.events(name)
        if len(events) > 1:
            yield HistoryStrip(name, tuple(_window(events, entry)), len(events))


def _window(events: tuple[Event, ...], entry: Entry) -> Iterator[Event | None]:
    """Yield the first and last events and those around the entry, with None for each gap."""
    here = next(i for i, event in enumerate(events) if event.entry is entry)
    shown = set(range(len(events)))
    if len(events) > MAX_STRIP_STEPS:
        shown &= {0, *range(here - 2, here + 3), len(events) - 1}
    before = -1
    for place in sorted(shown):
        if place > before + 1:
            yield None
        yield events[place]
        before = place


@dataclass(frozen=True)
class InstrumentRow:
    """A row of the list of instruments."""

    instrument: Instrument
    status: Status
    state: str
    count: int


def instrument_rows(
    snapshot: Snapshot, chosen: Container[str] | None = None
) -> tuple[InstrumentRow, ...]:
    """Return the chosen instruments, by default all, by rank and name."""
    entries = snapshot.collection.of("instruments")
    ordered = sorted(
        (
            instrument
            for name, instrument in snapshot.collection.instruments.items()
            if chosen is None or name in chosen
        ),
        key=lambda instrument: (instrument.rank.order, instrument.name.casefold()),
    )
    return tuple(
        InstrumentRow(
            instrument,
            snapshot.statuses[instrument.id],
            snapshot.state_words(instrument),
            len(entries.get(instrument.id, ())),
        )
        for instrument in ordered
    )


@dataclass(frozen=True)
class TopicLaw:
    """The instruments of a topic that apply today and those that are pending, by rank."""

    applies: tuple[InstrumentRow, ...]
    pending: tuple[InstrumentRow, ...]


def topic_law(topic: str, snapshot: Snapshot) -> TopicLaw:
    """Return the instruments of a topic, by rank.

    An instrument is one of the topic if at least half of its stages are reported under the topic,
    or if many entries of the topic name it. Programmes come after instruments in force; within a
    rank, those named by the most entries of the topic come first.
    """
    entries = snapshot.collection.of("topics").get(topic, ())
    named = Counter(name for entry in entries for name in terms_of(entry, "instruments"))
    often = max(OFTEN_NAMED, len(entries) / 10)
    chosen = {
        name
        for name, topics in snapshot.topics_of.items()
        if named[name] >= often or topic in topics
    }
    of_topic = sorted(
        instrument_rows(snapshot, chosen),
        key=lambda row: (
            row.status.validity.state is ValidityState.PROGRAMME,
            row.instrument.rank.order,
            -named[row.instrument.id],
        ),
    )
    return TopicLaw(
        applies=tuple(row for row in of_topic if row.status.validity.state in APPLIES),
        pending=tuple(row for row in of_topic if _is_pending(row.status)),
    )


def _is_pending(status: Status) -> bool:
    not_yet = {ValidityState.NOT_YET_ADOPTED, ValidityState.NOT_YET_IN_FORCE}
    return bool(status.pending) or status.validity.state in not_yet


def instrument_context(instrument: Instrument, snapshot: Snapshot) -> dict[str, Any]:
    """Return the context of an instrument's page."""
    return {
        "instrument": instrument,
        "status": snapshot.statuses[instrument.id],
        "history": snapshot.histories[instrument.id],
        "replacements": snapshot.replacements.get(instrument.id, {}),
        "related_from": snapshot.related_from.get(instrument.id, {}),
        "articles": tuple(
            (article.name, tuple(article.entries), tuple(article.instruments))
            for article in snapshot.articles.get(instrument.id, ())
        ),
        "as_of": snapshot.as_of,
    }


@dataclass(frozen=True)
class LazyReview:
    """A review made only when its page is rendered, since few pages of a preview change."""

    entry: Entry
    collection: Collection

    @property
    def result(self) -> Review:
        """The review of the entry."""
        return review(self.entry, self.collection)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyReview) and self.entry == other.entry

    __hash__ = None  # type: ignore[assignment]
