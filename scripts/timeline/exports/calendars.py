"""Calendars of key dates in iCalendar (RFC 5545, with the names and intervals of RFC 7986).

The UID of an event is the permanent id of its key date. A corrected date moves the event and raises
its SEQUENCE. If a later entry replaces an effective date, the event keeps the id of the date first
recorded, so that subscribed calendars move the event instead of adding a second one. The events of
a withdrawn entry are cancelled, not left out, so that subscribed calendars remove them.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

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
from timeline.output import OutputFile
from timeline.schema.dates import ONE_DAY, long_day, midnight
from timeline.schema.entry import Entry
from timeline.schema.types import Kind
from timeline.schema.vocabulary import EFFECT_STAGES
from timeline.site.page import Name, Names, names
from timeline.urls import CALENDAR, DEADLINES, HOME, WHOLE_CALENDAR, calendar_event, entry_url

MAX_EVENTS = 1000  # calendar programs accept about a megabyte at once
RECENT = datetime.timedelta(days=365)
REFRESH = ONE_DAY
MORNING = datetime.timedelta(hours=9)
REMINDERS = (datetime.timedelta(days=7), ONE_DAY)
_BEGIN, _END = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class CalendarEvent:
    """A key date and its permanent id.

    `moved_by` are the entries that moved the date, including those withdrawn since. `corrected` are
    later entries on the instrument that were corrected: their earlier wording is lost, and may have
    moved the date.
    """

    due: KeyDate
    id: str
    moved_by: tuple[Entry, ...] = ()
    corrected: tuple[Entry, ...] = ()

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """Return the regulators, topics or instruments that the event concerns."""
        return self.due.terms(kind)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that the event is based on, the latest first."""
        lineage = self.due.effective.lineage if self.due.effective else ()
        return _unique((self.due.entry, *(date.entry for date in lineage), *self.moved_by))

    @property
    def sequence(self) -> int:
        """The number of revisions (RFC 5545, 3.8.7.4); reversing a revision counts as one too."""
        revised = (len(e.changes) + bool(e.withdrawn) for e in self.entries)
        reversed_ = (len(e.changes) + 1 for e in self.corrected)
        return sum(revised) + len(self.moved_by) + sum(reversed_)


def calendar_events(collection: Collection, effects: Effects) -> list[CalendarEvent]:
    """Return all calendar events, earliest first."""
    found = [*_plain_events(collection, effects), *_effect_events(collection, effects)]
    return sorted(found, key=lambda event: (event.due.date, event.id))


def _plain_events(collection: Collection, effects: Effects) -> Iterator[CalendarEvent]:
    """Yield the events of comment periods and duties."""
    for entry in collection.entries:
        for due, name in key_dates_with_ids(entry, effects):
            if due.effective is None:
                yield CalendarEvent(due, name)


def _effect_events(collection: Collection, effects: Effects) -> Iterator[CalendarEvent]:
    """Yield the events of current effective dates, each under the ids of the dates it replaced."""
    withdrawn, corrected = _withdrawn_moves(collection), _corrected(collection)
    ids: dict[Key, list[str]] = {}  # of the dates that no later date has replaced yet
    events: list[tuple[KeyDate, EffectiveDate]] = []
    for entry in collection.entries:
        dated = [(due, name, due.effective) for due, name in key_dates_with_ids(entry, effects)]
        for due, name, date in sorted(dated, key=_unchanged_first):
            if date is None or (entry.withdrawn and date.effect.instead_of):
                continue
            inherited = [former for old in date.replaces for former in ids.pop(old.key, ())]
            ids[date.key] = inherited or [name]
            events.append((due, date))
    for due, date in events:
        if date.replaced_by is None:
            moved_by = _moved_by(date, withdrawn)
            others = _later_corrected(date, moved_by, corrected)
            for name in ids.get(date.key, ()):
                yield CalendarEvent(due, name, moved_by, others)


def _unchanged_first(dated: tuple[KeyDate, str, EffectiveDate | None]) -> bool:
    """Return the sort key that puts the unchanged part of a divided phase first.

    The first part takes over the ids of the phase.
    """
    date = dated[2]
    return date is None or date.effect.instead_of != date.date


Moves = dict[tuple[str, datetime.date], list[Entry]]  # by instrument and date


def _withdrawn_moves(collection: Collection) -> Moves:
    """Return the withdrawn entries that had moved a date."""
    found: Moves = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.withdrawn else ():
            for effect in step.effective:
                if effect.instead_of:
                    found[step.id, effect.instead_of].append(entry)
    return found


def _corrected(collection: Collection) -> dict[str, list[Entry]]:
    """Return the corrected entries, by each instrument whose effective dates they can record."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in collection.entries:
        for step in entry.instruments if entry.changes else ():
            if step.stage in EFFECT_STAGES:
                found[step.id].append(entry)
    return found


def _moved_by(date: EffectiveDate, withdrawn: Moves) -> tuple[Entry, ...]:
    current = [one.entry for one in date.lineage if one.replaces]
    former = [e for one in date.lineage for e in withdrawn.get((date.instrument, one.date), ())]
    return _unique((*current, *former))


def _later_corrected(
    date: EffectiveDate, moved_by: tuple[Entry, ...], corrected: dict[str, list[Entry]]
) -> tuple[Entry, ...]:
    """Return the corrected entries later than the date's first entry that no longer move it."""
    first = min(original.recorded.day for original in date.originals)
    own = {entry.id for entry in (*moved_by, *(one.entry for one in date.lineage))}
    later = (e for e in corrected.get(date.instrument, ()) if e.date.first_day >= first)
    return _unique(entry for entry in later if entry.id not in own)


def _unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.id: entry for entry in entries}.values())


def calendars(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield every calendar.

    The whole site and each regulator, topic and instrument have two: one to subscribe to, with the
    events to come and those of the last year, and a complete one with the latest `MAX_EVENTS`. Each
    key date to come also has a calendar of its own.
    """
    collection = snapshot.collection
    since = snapshot.as_of - RECENT
    found = by_channel(calendar_events(collection, snapshot.effects), collection)
    every = found.get(HOME, [])
    made = Calendars(site, names(collection), snapshot.as_of)
    for channel in channels(collection, site.name):
        latest = found.get(channel.url, [])[-MAX_EVENTS:]
        recent = [event for event in latest if event.due.date >= since]
        for name, events in ((CALENDAR, recent), (WHOLE_CALENDAR, latest)):
            address = channel.url + name
            yield address, partial(made.calendar, channel.title, channel.url, address, events)
    ahead: dict[str, list[CalendarEvent]] = defaultdict(list)
    for event in every:
        if event.due.is_upcoming(snapshot.as_of) and not event.due.entry.withdrawn:
            ahead[key_date_id(event.due)].append(event)
    for name, events in ahead.items():
        address = calendar_event(name)
        yield address, partial(made.calendar, site.name, DEADLINES, address, events)


@dataclass(frozen=True)
class Calendars:
    """Makes the calendars of a site.

    Each event is in about five calendars, and serialising takes longer than everything else, so an
    event is serialised once, and so are the properties that all calendars have. Properties and
    components consist of whole lines, so they can be concatenated (RFC 5545, 3.4).
    """

    site: Site
    names: Names
    as_of: datetime.date
    _events: dict[str, bytes] = field(default_factory=dict, compare=False)

    def calendar(
        self, title: str, page: str, address: str, events: Iterable[CalendarEvent]
    ) -> bytes:
        """Return a calendar; `page` is the address of the calendar's page."""
        site, made = self.site, Calendar()
        for name in ("name", "x-wr-calname"):
            made.add(name, title)
        made.add("url", vUri(site.absolute(page)))
        made.add("source", vUri(site.absolute(address)), parameters={"VALUE": "URI"})
        own = made.to_ical().removeprefix(_BEGIN).removesuffix(_END)
        # A calendar must have a component even if nothing is due (RFC 5545, 3.4).
        components = [_timezone(str(site.zone)), *map(self._serialised, events)]
        return b"".join([_start(site), own, *components, _END])

    def _serialised(self, event: CalendarEvent) -> bytes:
        if event.id not in self._events:
            self._events[event.id] = self._event(event).to_ical()
        return self._events[event.id]

    def _event(self, event: CalendarEvent) -> Event:
        site, due, entry = self.site, event.due, event.due.entry
        instrument = self.names["instruments"][due.instrument] if due.instrument else None
        concerned = (*event.entries, *event.corrected)
        day = max(last_changed(other, self.as_of) for other in concerned)
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


@functools.cache
def _start(site: Site) -> bytes:
    """Return the start of a calendar, with the properties that all calendars of a site have."""
    made = Calendar()
    made.add("prodid", f"-//{site.authority}//{site.name}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-timezone", str(site.zone))
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    text: bytes = made.to_ical()
    return text.removesuffix(_END)


@functools.cache
def _timezone(name: str) -> bytes:
    text: bytes = Timezone.from_tzid(name, first_date=datetime.date(2015, 1, 1)).to_ical()
    return text


def _summary(due: KeyDate, instrument: Name | None) -> str:
    """Return a summary that can be understood without the description."""
    what = due.what[:1].upper() + due.what[1:]
    who = f" ({due.who})" if due.who else ""
    withdrawn = "Withdrawn: " if due.entry.withdrawn else ""
    return f"{withdrawn}{what}: {instrument.name if instrument else due.entry.title}{who}"


def _description(event: CalendarEvent, instrument: Name | None) -> Iterator[str]:
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
    """Return a reminder at nine in the morning, the given time before the event."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", MORNING - before)
    made.add("description", text)
    return made
