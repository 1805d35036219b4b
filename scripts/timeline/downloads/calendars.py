"""Days that are due -> iCalendar (RFC 5545, with the names and intervals of RFC 7986).

An event's UID is an appointment's name, which stays: a corrected date and a later entry that puts
a day off move the event, and its SEQUENCE rises with each. A withdrawn entry's events are
cancelled, not left out, so that a calendar that has them heals.
"""

import datetime
import functools
from collections.abc import Iterable, Iterator

from icalendar import Alarm, Calendar, Event, Timezone, vDuration, vUri

from timeline.downloads.appointments import Appointment, appointments
from timeline.model.dates import ONE_DAY, long_day, moment
from timeline.model.outputs import CALENDAR
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.standing.channels import Channel, by_channel, channels
from timeline.standing.deadlines import DeadlineKind, DueDay
from timeline.standing.news import last_changed
from timeline.standing.standing import Standing

MOST = 1000  # events; what readers' programs take at once is limited to a megabyte
REFRESH = ONE_DAY
MORNING = datetime.timedelta(hours=9)
REMINDERS = (datetime.timedelta(days=7), ONE_DAY)
END = b"END:VCALENDAR\r\n"


def calendars(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content, for everything and each regulator, topic and instrument.

    A calendar holds the thousand latest events, all that lie ahead among them.
    """
    collection = standing.collection
    found = by_channel(appointments(collection, standing.effects), collection)
    written = {
        appointment.name: _event(appointment, standing, site).to_ical()
        for appointment in found.get("", ())
    }
    for channel in channels(collection, site.name):
        events = [written[a.name] for a in found.get(channel.url, ())[-MOST:]]
        yield channel.url + CALENDAR, calendar(channel, events, site)


def calendar(channel: Channel, events: Iterable[bytes], site: Site) -> bytes:
    """A calendar with events that are already written.

    Each stands in about five calendars, and to write it takes longer than all else; a component
    is a run of whole lines, so those of a calendar follow one another (RFC 5545, 3.4).
    """
    made = Calendar()
    made.add("prodid", f"-//{site.authority}//{site.name}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, channel.title)
    made.add("x-wr-timezone", str(site.zone))
    made.add("url", vUri(site.absolute(channel.url)))
    made.add("source", vUri(site.absolute(channel.url + CALENDAR)), parameters={"VALUE": "URI"})
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    # A calendar must hold a component, also where nothing is due (RFC 5545, 3.4).
    made.add_component(_timezone(str(site.zone)))
    return b"".join([made.to_ical().removesuffix(END), *events, END])


@functools.cache
def _timezone(name: str) -> Timezone:
    return Timezone.from_tzid(name, first_date=datetime.date(2015, 1, 1))


def _event(appointment: Appointment, standing: Standing, site: Site) -> Event:
    due, entry = appointment.due, appointment.due.entry
    instrument = standing.collection.instruments[due.instrument] if due.instrument else None
    bearing = (*appointment.entries, *appointment.corrected)
    day = max(last_changed(other, standing.as_of) for other in bearing)
    changed = moment(day, site.zone).astimezone(datetime.UTC)
    url, summary = site.absolute(f"entries/{entry.id}/"), _summary(due, instrument)
    made = Event()
    made.add("uid", f"{appointment.name}@{site.authority}")
    made.add("sequence", appointment.sequence)
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("dtstart", due.date)
    made.add("dtend", due.date + ONE_DAY)
    made.add("summary", summary)
    made.add("description", "\n".join([*_description(appointment, instrument), url]))
    made.add("url", vUri(url))
    made.add("status", "CANCELLED" if entry.withdrawn else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    if due.kind is DeadlineKind.COMMENTS and not entry.withdrawn:
        for before in REMINDERS:
            made.add_component(_reminder(before, summary))
    return made


def _summary(due: DueDay, instrument: Instrument | None) -> str:
    """What is due, of what: it reads alone."""
    what = due.what[:1].upper() + due.what[1:]
    who = f" ({due.who})" if due.who else ""
    withdrawn = "Withdrawn: " if due.entry.withdrawn else ""
    return f"{withdrawn}{what}: {instrument.name if instrument else due.entry.title}{who}"


def _description(appointment: Appointment, instrument: Instrument | None) -> Iterator[str]:
    entry, effect = appointment.due.entry, appointment.due.effect
    if instrument and instrument.name_zh:
        yield instrument.name_zh
    yield f"{entry.title} ({entry.date.long})"
    for day in effect.chain if effect else ():
        for old in day.instead_of if day.earlier else ():
            said = f"{day.manner.capitalize()} from {long_day(old.date)}"
            yield f"{said}: {old.entry.title} ({old.entry.date.long})"
    for change in sorted((c for e in appointment.entries for c in e.changes), key=lambda c: c.date):
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
