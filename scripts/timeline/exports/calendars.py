"""Key dates -> iCalendar (RFC 5545, with the names and intervals of RFC 7986).

An event's UID is the permanent id of its key date: a corrected date moves the event, and its
SEQUENCE rises. Where a later entry replaces an effective date, the event goes on under the id of
the date that was first recorded, so that a calendar which has it moves it. A withdrawn entry's
events are cancelled, not left out, so that a calendar which has them drops them.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event, Timezone, vDuration, vUri

from timeline.analysis.deadlines import (
    DeadlineKind,
    Effects,
    KeyDate,
    key_date_id,
    key_dates_with_ids,
)
from timeline.analysis.effective import EffectiveDate, Key
from timeline.analysis.news import last_changed
from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.content.collection import Collection
from timeline.exports.feeds import by_channel, channels
from timeline.schema.dates import ONE_DAY, long_day, midnight
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.types import Kind
from timeline.schema.vocabulary import EFFECT_STAGES
from timeline.urls import CALENDAR, DEADLINES, HOME, WHOLE_CALENDAR, calendar_event, entry_url

MAX_EVENTS = 1000  # readers' programs take about a megabyte at once
RECENT = datetime.timedelta(days=365)
REFRESH = ONE_DAY
MORNING = datetime.timedelta(hours=9)
REMINDERS = (datetime.timedelta(days=7), ONE_DAY)
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class CalendarEvent:
    """A key date under its permanent id.

    `moved_by` are the entries that moved it, those withdrawn since included. `corrected` are the
    later entries on its instrument that were corrected: nothing is left in them of what they said
    before, and that may have moved the date.
    """

    due: KeyDate
    id: str
    moved_by: tuple[Entry, ...] = ()
    corrected: tuple[Entry, ...] = ()

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns."""
        return self.due.terms(kind)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that it is based on, the latest first."""
        lineage = self.due.effective.lineage if self.due.effective else ()
        return _once((self.due.entry, *(date.entry for date in lineage), *self.moved_by))

    @property
    def sequence(self) -> int:
        """How often it was revised (RFC 5545, 3.8.7.4); taking a revision back is one too."""
        revised = (len(e.changes) + (1 if e.withdrawn else 0) for e in self.entries)
        taken_back = (len(e.changes) + 1 for e in self.corrected)
        return sum(revised) + len(self.moved_by) + sum(taken_back)


def calendar_events(collection: Collection, effects: Effects) -> list[CalendarEvent]:
    """All of them, earliest first."""
    found = [*_plain_events(collection, effects), *_effect_events(collection, effects)]
    return sorted(found, key=lambda event: (event.due.date, event.id))


def _plain_events(collection: Collection, effects: Effects) -> Iterator[CalendarEvent]:
    """Comment periods and duties."""
    for entry in collection.entries:
        for due, name in key_dates_with_ids(entry, effects):
            if due.effective is None:
                yield CalendarEvent(due, name)


def _effect_events(collection: Collection, effects: Effects) -> Iterator[CalendarEvent]:
    """Effective dates, each under the ids of the dates that it has replaced."""
    withdrawn, corrected = _withdrawn_moves(collection), _corrected(collection)
    ids: dict[Key, list[str]] = {}  # of the dates that stand, until another replaces them
    events: list[tuple[KeyDate, EffectiveDate]] = []
    for entry in collection.entries:
        dated = [(due, name, due.effective) for due, name in key_dates_with_ids(entry, effects)]
        for due, name, date in sorted(dated, key=_takes_over):
            if date is None or (entry.withdrawn and date.effect.instead_of):
                continue
            inherited = [old for gone in date.replaces for old in ids.pop(gone.key, ())]
            ids[date.key] = inherited or [name]
            events.append((due, date))
    for due, date in events:
        if date.replaced_by is None:
            moved_by = _moved_by(date, withdrawn)
            others = _later_corrected(date, moved_by, corrected)
            for name in ids.get(date.key, ()):
                yield CalendarEvent(due, name, moved_by, others)


def _takes_over(dated: tuple[KeyDate, str, EffectiveDate | None]) -> bool:
    """Of the parts of a divided phase the first takes over its ids: the one that keeps its date."""
    date = dated[2]
    return date is None or date.effect.instead_of != date.date


Moves = dict[tuple[str, datetime.date], list[Entry]]  # by instrument and date


def _withdrawn_moves(collection: Collection) -> Moves:
    """The withdrawn entries that had moved a date."""
    found: Moves = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.withdrawn else ():
            for effect in step.effective:
                if effect.instead_of:
                    found[step.id, effect.instead_of].append(entry)
    return found


def _corrected(collection: Collection) -> dict[str, list[Entry]]:
    """The entries that were corrected, by each instrument of which they can record an effect."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.changes else ():
            if step.stage in EFFECT_STAGES:
                found[step.id].append(entry)
    return found


def _moved_by(date: EffectiveDate, withdrawn: Moves) -> tuple[Entry, ...]:
    kept = [one.entry for one in date.lineage if one.replaces]
    gone = [e for one in date.lineage for e in withdrawn.get((date.instrument, one.date), ())]
    return _once((*kept, *gone))


def _later_corrected(
    date: EffectiveDate, moved_by: tuple[Entry, ...], corrected: dict[str, list[Entry]]
) -> tuple[Entry, ...]:
    """Those that were corrected, are later than the date's first entry and no longer move it."""
    first = min(original.recorded.day for original in date.originals)
    own = {entry.id for entry in (*moved_by, *(one.entry for one in date.lineage))}
    later = (e for e in corrected.get(date.instrument, ()) if e.date.first_day >= first)
    return _once(entry for entry in later if entry.id not in own)


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.id: entry for entry in entries}.values())


def calendars(snapshot: Snapshot, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content, for everything and each regulator, topic and instrument.

    The calendar to subscribe to holds what lies ahead and what passed in the last year, the whole
    one beside it the thousand latest events. What lies ahead is also a calendar for each key date.
    """
    collection = snapshot.collection
    since = snapshot.as_of - RECENT
    found = by_channel(calendar_events(collection, snapshot.effects), collection)
    every = found.get(HOME, [])
    written = {event.id: _event(event, snapshot, site).to_ical() for event in every}
    for channel in channels(collection, site.name):
        events = found.get(channel.url, [])[-MAX_EVENTS:]
        for name, kept in (
            (CALENDAR, [event for event in events if event.due.date >= since]),
            (WHOLE_CALENDAR, events),
        ):
            address = channel.url + name
            texts = [written[event.id] for event in kept]
            yield address, calendar(channel.title, channel.url, address, texts, site)
    ahead: dict[str, list[bytes]] = defaultdict(list)
    for event in every:
        if event.due.is_upcoming(snapshot.as_of) and not event.due.entry.withdrawn:
            ahead[key_date_id(event.due)].append(written[event.id])
    for name, texts in ahead.items():
        address = calendar_event(name)
        yield address, calendar(site.name, DEADLINES, address, texts, site)


def calendar(title: str, page: str, address: str, events: Iterable[bytes], site: Site) -> bytes:
    """A calendar with events that are already written; `page` is what it belongs to.

    Each is in about five calendars, and writing it takes longer than all else; a component is a run
    of whole lines, so those of a calendar follow one another (RFC 5545, 3.4).
    """
    made = Calendar()
    made.add("prodid", f"-//{site.authority}//{site.name}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, title)
    made.add("x-wr-timezone", str(site.zone))
    made.add("url", vUri(site.absolute(page)))
    made.add("source", vUri(site.absolute(address)), parameters={"VALUE": "URI"})
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    # A calendar must hold a component, also where nothing is due (RFC 5545, 3.4).
    components = [_timezone(str(site.zone)), *events]
    return b"".join([made.to_ical().removesuffix(_END), *components, _END])


@functools.cache
def _timezone(name: str) -> bytes:
    text: bytes = Timezone.from_tzid(name, first_date=datetime.date(2015, 1, 1)).to_ical()
    return text


def _event(event: CalendarEvent, snapshot: Snapshot, site: Site) -> Event:
    due, entry = event.due, event.due.entry
    instrument = snapshot.collection.instruments[due.instrument] if due.instrument else None
    concerned = (*event.entries, *event.corrected)
    day = max(last_changed(other, snapshot.as_of) for other in concerned)
    changed = midnight(day, site.zone).astimezone(datetime.UTC)
    url, summary = site.absolute(entry_url(entry.id)), _summary(due, instrument)
    made = Event()
    made.add("uid", f"{event.id}@{site.authority}")
    made.add("sequence", event.sequence)
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("dtstart", due.date)
    made.add("dtend", due.date + ONE_DAY)
    made.add("summary", summary)
    made.add("description", "\n".join([*_description(event, instrument), url]))
    made.add("url", vUri(url))
    made.add("status", "CANCELLED" if entry.withdrawn else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    if due.kind is DeadlineKind.COMMENTS and not entry.withdrawn:
        for before in REMINDERS:
            made.add_component(_reminder(before, summary))
    return made


def _summary(due: KeyDate, instrument: Instrument | None) -> str:
    """What is due, of what: it can be read alone."""
    what = due.what[:1].upper() + due.what[1:]
    who = f" ({due.who})" if due.who else ""
    withdrawn = "Withdrawn: " if due.entry.withdrawn else ""
    return f"{withdrawn}{what}: {instrument.name if instrument else due.entry.title}{who}"


def _description(event: CalendarEvent, instrument: Instrument | None) -> Iterator[str]:
    entry, effective = event.due.entry, event.due.effective
    if instrument and instrument.name_zh:
        yield instrument.name_zh
    yield f"{entry.title} ({entry.date.long})"
    for date in effective.lineage if effective else ():
        for old in date.replaces if date.earlier else ():
            moved = f"{date.change.capitalize()} from {long_day(old.date)}"
            yield f"{moved}: {old.entry.title} ({old.entry.date.long})"
    for change in sorted((c for e in event.entries for c in e.changes), key=lambda c: c.date):
        yield f"Corrected on {long_day(change.date)}: {change.note}"
    if entry.withdrawn:
        yield f"Withdrawn on {long_day(entry.withdrawn.date)}: {entry.withdrawn.reason}"


def _reminder(before: datetime.timedelta, text: str) -> Alarm:
    """At nine in the morning, some days before."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", MORNING - before)
    made.add("description", text)
    return made
