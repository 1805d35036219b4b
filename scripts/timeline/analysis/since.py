"""The events in the life of an instrument, by its own stages and by other instruments.

The page of an entry shows the events since then, so that readers do not take the law of that time
for the law of today.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from timeline.analysis.history import History, HistoryAsOf
from timeline.content.collection import EntryStep
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.terms import RELATIONS
from timeline.schema.vocabulary import DRAFT_STAGES, EFFECT_STAGES, Stage


@dataclass(frozen=True)
class Event:
    """Something that happened to an instrument, as an entry reports it.

    `label` names the event: `Issued`, `Consultation 2`, `Displaced in part`. If another instrument
    caused the event, `by` is its id and `extent` the part affected. `effects` are the days from
    which the event takes effect.
    """

    entry: Entry
    label: str
    stage: Stage | None = None
    by: str | None = None
    extent: str | None = None
    effects: tuple[datetime.date, ...] = ()

    @property
    def date(self) -> PartialDate:
        """The date of the entry."""
        return self.entry.date

    @property
    def order(self) -> tuple[PartialDate, str]:
        """The sort key: date and id of the entry."""
        return self.entry.date, self.entry.id

    @property
    def changes_law(self) -> bool:
        """Whether the event changes the wording of an adopted text or whether the text applies."""
        return self.stage in _CHANGING if self.by is None else self.label != _INTERPRETED

    @property
    def is_repeated(self) -> bool:
        """Whether the event is one of a series, such as the batches of a campaign."""
        return self.stage is Stage.BATCH if self.by is None else self.label == _INTERPRETED


_CHANGING = frozenset({Stage.AMENDED, Stage.REPEALED, Stage.EXPIRED})
_INTERPRETED = "Interpreted"


def events_of(history: History, as_of: datetime.date) -> tuple[Event, ...]:
    """Return the events of an instrument, oldest first."""
    known = HistoryAsOf(history, as_of)
    found = [
        Event(event.entry, label, event.step.stage, effects=moved or known.effects_of(event))
        for event in history.events
        for label, moved in [_label(event)]
    ]
    for relation, others in (
        ("amends", history.amended_by),
        ("replaces", history.replaced_by),
        ("displaces", history.displaced_by),
        ("overtakes", history.overtaken_by),
        ("interprets", history.interpreted_by),
    ):
        for other in known.not_ended(others):
            found += _by_other(other, relation, known)
    # An entry may report an amendment as a step and through the amending instrument; the latter
    # says more.
    by_others = {(event.entry.id, event.label) for event in found if event.by}
    unique = (e for e in found if e.by or (e.entry.id, e.label) not in by_others)
    return tuple(sorted(unique, key=attrgetter("order")))


def _label(event: EntryStep) -> tuple[str, tuple[datetime.date, ...]]:
    """Return the label of a step and, if it changes nothing but effective dates, the new dates."""
    assert event.step.stage is not None
    effects = event.step.effective
    moved = sorted(e.date for e in effects if e.instead_of and e.instead_of != e.date)
    if moved and all(effect.instead_of for effect in effects):
        return "Effective date changed", tuple(moved)
    return f"{event.step.stage.label}{f' {event.step.round}' if event.step.round else ''}", ()


def _by_other(other: HistoryAsOf, relation: str, known: HistoryAsOf) -> Iterator[Event]:
    """Yield the events that another instrument caused by its adoption.

    A draft is overtaken by the next draft too.
    """
    label = RELATIONS[relation].passive.removesuffix(" by")
    by, adopted = other.history.instrument, other.adoptions
    extents = {named.id: named.extent for named in getattr(by, relation)}
    if relation == "overtakes" and not known.adoptions:
        last = max((event.day for event in known.events), default=known.day)
        adopted = [event for event in other.events if event.day > last][:1]
    for event in adopted:
        extent, effects = extents[known.history.instrument.id], other.effects_of(event)
        yield Event(event.entry, label, by=by.id, extent=extent, effects=effects)


def events_since(entry: Entry, instrument: str, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events of an instrument after an entry, oldest first.

    For an entry that records no stage of the instrument, only changes to the law are included. Of
    the batches of a campaign and the interpretations by one instrument, only the latest is.
    """
    is_stage = any(step.id == instrument and step.stage for step in entry.instruments)
    start = bisect_right(events, (entry.date, entry.id), key=attrgetter("order"))
    later = [event for event in events[start:] if is_stage or event.changes_law]
    latest = {event.by: event for event in later if event.is_repeated}
    return tuple(event for event in later if not event.is_repeated or event is latest[event.by])


def adopted_since(entry: Entry, since: Mapping[str, Iterable[Event]]) -> Iterator[str]:
    """Yield the instruments of which an entry reports only a draft and that were adopted later."""
    for step in entry.instruments:
        later = (event for event in since.get(step.id, ()) if event.by is None)
        if step.stage in DRAFT_STAGES and any(event.stage in EFFECT_STAGES for event in later):
            yield step.id
