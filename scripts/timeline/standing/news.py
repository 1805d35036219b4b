"""What is new on the site, each told once: feeds and the page of changes are made of it.

An entry that joined is told under its own headline, with the stages that it moves; a stage is not
told a second time. What the calendar moved is told of the instrument, on the day, unless the entry
that tells of that day joined only later: it was never new here. A correction and a withdrawal are
told of the entry; a withdrawn entry is told of in no other way. Nothing that lies ahead is news.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.vocabulary import Word
from timeline.source.collection import Collection, terms_of
from timeline.standing.history import History
from timeline.standing.moves import Move, moves

FEWEST, MOST = 50, 200
RECENT = datetime.timedelta(days=30)


class NewsKind(Word):
    """What is told, in the order in which a day tells it: many may be added at once."""

    MOVED = "moved", "Moved by the calendar"
    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ADDED = "added", "Added"


_ORDER = {kind: place for place, kind in enumerate(NewsKind)}


@dataclass(frozen=True)
class News:
    """One item.

    `name` is its own for ever: it is made of the entry's first id or of the instrument's, never of
    a title. `day` is when it was new, `changed` when it was last corrected, `url` where it stands.
    """

    name: str
    kind: NewsKind
    day: datetime.date
    changed: datetime.date
    title: str
    url: str
    entry: Entry
    note: str = ""  # of a correction or withdrawal
    move: Move | None = None

    @property
    def happened(self) -> datetime.date:
        """The day of the development itself."""
        return self.move.day if self.move else self.entry.date.first_day

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns."""
        if kind == "instruments" and self.move:
            return (self.move.instrument.id,)
        return terms_of(self.entry, kind)


def news(
    collection: Collection, histories: Mapping[str, History], as_of: datetime.date
) -> tuple[News, ...]:
    """All of it, newest first; within a day by kind, then by the day of the development."""
    found = [item for entry in collection.entries for item in _of_entry(entry, as_of)]
    every = (move for history in histories.values() for move in moves(history, as_of))
    found += [_moved(move) for move in every if move.day >= joined(move.entry, as_of)]
    return tuple(sorted(found, key=_place, reverse=True))


def _place(item: News) -> tuple[datetime.date, int, datetime.date, str]:
    return item.day, -_ORDER[item.kind], item.happened, item.name


def newest(items: Sequence[News], as_of: datetime.date) -> Sequence[News]:
    """The newest fifty, or all of the last thirty days up to two hundred."""
    recent = sum(item.day > as_of - RECENT for item in items[:MOST])
    return items[: max(FEWEST, recent)]


def joined(entry: Entry, as_of: datetime.date) -> datetime.date:
    """When an entry was new: on an earlier site than knew it, on the day of the development."""
    return entry.added if entry.added <= as_of else entry.date.first_day


def last_changed(entry: Entry, as_of: datetime.date) -> datetime.date:
    """When an entry was last corrected or withdrawn, else when it was new."""
    days = [joined(entry, as_of), *(change.date for change in entry.changes)]
    return max([*days, entry.withdrawn.date] if entry.withdrawn else days)


def _of_entry(entry: Entry, as_of: datetime.date) -> Iterator[News]:
    name, url = f"entries/{entry.identity}", f"entries/{entry.id}/"
    if entry.withdrawn:
        day, title = entry.withdrawn.date, f"Withdrawn: {entry.title}"
        reason = entry.withdrawn.reason
        yield News(f"{name}/withdrawn", NewsKind.WITHDRAWN, day, day, title, url, entry, reason)
        return
    day, changed = joined(entry, as_of), last_changed(entry, as_of)
    yield News(name, NewsKind.ADDED, day, changed, entry.title, url, entry)
    title, before = f"Correction: {entry.title}", Counter[datetime.date]()
    for change in entry.changes:
        day = change.date
        before[day] += 1
        own = f"{name}/changes/{day}/{before[day]}"
        place = f"{url}#corrections"
        yield News(own, NewsKind.CORRECTED, day, day, title, place, entry, change.note)


def _moved(move: Move) -> News:
    url, day = f"instruments/{move.instrument.id}/", move.day
    name = f"{url}{move.state}/{day}"
    title = f"{move.said}: {move.instrument.name}"
    return News(name, NewsKind.MOVED, day, day, title, url, move.entry, move=move)
