"""What the pages of instruments show of status and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from timeline.model.entry import Entry
from timeline.model.terms import Instrument
from timeline.model.vocabulary import Rank, Stage, state_label
from timeline.standing.history import Event, History
from timeline.standing.standing import Standing
from timeline.standing.status import Status

LONGEST_STRIP = 9


class Stop(NamedTuple):
    """One stage in a strip: an entry's step of an instrument. None for a gap."""

    entry: str
    stage: Stage
    round: int | None
    date: Any
    title: str


@dataclass(frozen=True)
class Strip:
    """An instrument's history as it stands on one of its entries."""

    instrument: str
    stops: tuple[Stop | None, ...]
    total: int


@dataclass(frozen=True)
class InstrumentRow:
    """A row of the list of instruments."""

    instrument: Instrument
    status: Status
    state: str
    count: int


def instrument_rows(standing: Standing) -> tuple[InstrumentRow, ...]:
    """All instruments by rank and name."""
    collection, ranks = standing.collection, list(Rank)
    found = sorted(
        collection.instruments.values(),
        key=lambda instrument: (ranks.index(instrument.rank), instrument.name.casefold()),
    )
    entries = collection.of("instruments")
    rows = []
    for instrument in found:
        status = standing.statuses[instrument.id]
        state = state_label(instrument.rank, status.validity.state)
        count = len(entries.get(instrument.id, ()))
        rows.append(InstrumentRow(instrument, status, state, count))
    return tuple(rows)


def instrument_facts(instrument: Instrument, standing: Standing) -> dict[str, Any]:
    """The context of an instrument's page."""
    return {
        "instrument": instrument,
        "status": standing.statuses[instrument.id],
        "history": standing.histories[instrument.id],
        "moved": standing.moved.get(instrument.id, {}),
        "label": state_label,
        "related_from": standing.related_from.get(instrument.id, {}),
        "articles": tuple(
            (article.name, tuple(article.entries), tuple(article.instruments))
            for article in standing.articles.get(instrument.id, ())
        ),
        "as_of": standing.as_of,
    }


def strips(entry: Entry, standing: Standing) -> Iterator[Strip]:
    """The history of each instrument that the entry moves, where it has more than one stage.

    A withdrawn entry moves nothing.
    """
    steps = () if entry.withdrawn else entry.instruments
    moved = dict.fromkeys(step.id for step in steps if step.stage)
    for name in moved:
        history = standing.histories[name]
        if len(history.events) > 1:
            yield Strip(name, tuple(_window(history, entry)), len(history.events))


def _window(history: History, entry: Entry) -> Iterator[Stop | None]:
    """The first, the last and those around this entry; a long history is not told on every page."""
    events = history.events
    here = next(i for i, event in enumerate(events) if event.entry is entry)
    shown = set(range(len(events)))
    if len(events) > LONGEST_STRIP:
        shown &= {0, *range(here - 2, here + 3), len(events) - 1}
    before = -1
    for place in sorted(shown):
        if place > before + 1:
            yield None
        yield _stop(events[place])
        before = place


def _stop(event: Event) -> Stop:
    assert event.step.stage is not None
    step = event.step
    return Stop(event.entry.id, event.step.stage, step.round, event.entry.date, event.entry.title)
