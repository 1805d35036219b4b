"""What is new on the site, each item once: feeds and the page of changes are made of it.

An added entry is news under its own headline, with the stages that it records. A milestone, which
the calendar alone brings about, is news of the instrument on that day, unless the entry that
recorded the day was added only later: it was never new here. A correction and a withdrawal are news
of the entry, and a withdrawn entry is no other news. Nothing that lies ahead is news.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from timeline.analysis.history import Day, History
from timeline.analysis.status import Status, status_on
from timeline.content.collection import Collection, EntryStep, terms_of
from timeline.schema.dates import ONE_DAY
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.types import Kind
from timeline.schema.vocabulary import APPLIES, LabelledEnum, PendingState, Rank, ValidityState
from timeline.urls import entry_url, term_url

MIN_ITEMS, MAX_ITEMS = 50, 200
RECENT = datetime.timedelta(days=30)
# The day of a development, counted from the epoch, times four fits the seconds of a day until 2059.
_EPOCH, PER_DAY = datetime.date(2000, 1, 1), 4

_REACHED = {
    ValidityState.IN_FORCE: "Took effect",
    ValidityState.PARTLY_IN_FORCE: "Took effect in part",
    ValidityState.SUPERSEDED: "Superseded",
    ValidityState.OVERTAKEN: "Overtaken",
    ValidityState.PERIOD_ENDED: "Period ended",
    ValidityState.CONCLUDED: "Campaign ended",
}


@dataclass(frozen=True)
class Milestone:
    """A state that an instrument reached by the calendar alone.

    `entry` is the one by which the day was known, `by` the id of the superseding instrument.
    """

    instrument: Instrument
    state: ValidityState | PendingState
    day: Day
    label: str
    entry: Entry
    by: str | None = None


def milestones(history: History, until: Day) -> Iterator[Milestone]:
    """Those of an instrument up to a day, oldest first.

    What happened on a day on which an entry records a stage is that entry's news.
    """
    recorded = {event.day for event in history.events}
    for day, entry in sorted(_known_beforehand(history).items()):
        if day <= until and day not in recorded:
            before, after = status_on(history, day - ONE_DAY), status_on(history, day)
            for state, label in _reached(before, after, day, history.instrument):
                by = after.validity.by if state is after.validity.state else None
                yield Milestone(history.instrument, state, day, label, entry, by)


def _known_beforehand(history: History) -> dict[Day, Entry]:
    """The days that were known beforehand, with the entry by which each was."""
    found: dict[Day, Entry] = {}
    for related in history.affecting_status:
        for event in related.events:
            found |= dict.fromkeys(_days_ahead(event), event.entry)
    campaign = history.instrument
    end = campaign.end.last_day + ONE_DAY if campaign.end else None
    for day in (campaign.start.first_day if campaign.start else None, end):
        earlier = [event.entry for event in history.events if day and event.day < day]
        if day and earlier:
            found[day] = earlier[-1]
    return found


def _days_ahead(event: EntryStep) -> Iterator[Day]:
    yield from (effect for effect in event.effects if effect > event.day)
    if event.step.comments_close:
        yield event.step.comments_close + ONE_DAY


def _reached(
    before: Status, after: Status, day: Day, instrument: Instrument
) -> Iterator[tuple[ValidityState | PendingState, str]]:
    """The states that were reached between two days, with their labels."""
    old, new = before.validity, after.validity
    if new.state is not old.state and new.state in _REACHED and new.since == day:
        in_full = old.state is ValidityState.PARTLY_IN_FORCE and new.state in APPLIES
        begins = instrument.rank is Rank.CAMPAIGN and new.state is ValidityState.IN_FORCE
        label = "Campaign began" if begins else _REACHED[new.state]
        yield new.state, "Took effect in full" if in_full else label
    elif new.state is old.state is ValidityState.PARTLY_IN_FORCE and new.then != old.then:
        yield new.state, "A further part took effect"
    if new.state in APPLIES and new.amended == day:
        yield PendingState.AMENDMENT, "Amendment took effect"
    if set(new.displaced) - set(old.displaced):
        yield PendingState.DISPLACEMENT, "Displaced in part"
    if day - ONE_DAY in _closing_days(before) - _closing_days(after):
        yield PendingState.AWAITING_OUTCOME, "Comments closed"


def _closing_days(status: Status) -> set[Day]:
    """Of its own open consultations; those on what amends it are news of the amendment."""
    return {
        pending.day
        for pending in status.pending
        if pending.state is PendingState.OPEN_FOR_COMMENTS and pending.day and not pending.via
    }


class NewsKind(LabelledEnum):
    """The kinds of news, in the order in which a day lists them."""

    MILESTONE = "moved", "Took effect or closed"
    ADDED = "added", "Added"
    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class News:
    """One item of news.

    `name` is permanent: it is made of the first id of the entry or of the id of the instrument,
    never of a title. `day` is when it was new, `changed` when it was last corrected, `url` where it
    is.
    """

    name: str
    kind: NewsKind
    day: datetime.date
    changed: datetime.date
    title: str
    url: str
    entry: Entry
    note: str = ""  # of a correction or withdrawal
    milestone: Milestone | None = None
    second: int = 0  # of the day

    @property
    def happened(self) -> datetime.date:
        """The day of the development itself."""
        return self.milestone.day if self.milestone else self.entry.date.first_day

    @property
    def dated_title(self) -> str:
        """The title, with the date of a development so old that it might be taken for a new one."""
        is_old = self.day - self.happened > RECENT
        return f"{self.title} ({self.entry.date.long})" if is_old else self.title

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """The regulators, topics or instruments that it concerns."""
        if kind == "instruments" and self.milestone:
            return (self.milestone.instrument.id,)
        return terms_of(self.entry, kind)


def all_news(
    collection: Collection, histories: Mapping[str, History], as_of: datetime.date
) -> tuple[News, ...]:
    """All news, newest first; within a day by the day of the development, then by kind."""
    found = [item for entry in collection.entries for item in _of_entry(entry, as_of)]
    reached = (one for history in histories.values() for one in milestones(history, as_of))
    found += [_of_milestone(one) for one in reached if one.day >= date_added(one.entry, as_of)]
    return tuple(_with_seconds(sorted(found, key=_order)))[::-1]


def _with_seconds(items: Iterable[News]) -> Iterator[News]:
    """Each at its own second, in the order of what happened, by which feed readers sort."""
    for (_, happened), found in groupby(items, key=lambda item: (item.day, item.happened)):
        days = (happened - _EPOCH).days
        for place, item in enumerate(found):
            second = max(days, 0) * PER_DAY + min(place, PER_DAY - 1)
            yield replace(item, second=min(second, 86_399))


def _order(item: News) -> tuple[datetime.date, datetime.date, int, str]:
    return item.day, item.happened, -item.kind.order, item.name


def newest(items: Sequence[News], as_of: datetime.date) -> Sequence[News]:
    """The newest fifty, or all of the last thirty days up to two hundred."""
    recent = sum(item.day > as_of - RECENT for item in items[:MAX_ITEMS])
    return items[: max(MIN_ITEMS, recent)]


def date_added(entry: Entry, as_of: datetime.date) -> datetime.date:
    """When an entry was new: on a site earlier than its addition, on the day of the development."""
    return entry.added if entry.added <= as_of else entry.date.first_day


def last_changed(entry: Entry, as_of: datetime.date) -> datetime.date:
    """When an entry was last corrected or withdrawn, else when it was new."""
    days = [date_added(entry, as_of), *(change.date for change in entry.changes)]
    return max([*days, entry.withdrawn.date] if entry.withdrawn else days)


def _of_entry(entry: Entry, as_of: datetime.date) -> Iterator[News]:
    name, url = f"entries/{entry.first_id}", entry_url(entry.id)
    if entry.withdrawn:
        day, title = entry.withdrawn.date, f"Withdrawn: {entry.title}"
        reason = entry.withdrawn.reason
        yield News(f"{name}/withdrawn", NewsKind.WITHDRAWN, day, day, title, url, entry, reason)
        return
    day, changed = date_added(entry, as_of), last_changed(entry, as_of)
    yield News(name, NewsKind.ADDED, day, changed, entry.title, url, entry)
    title, before = f"Correction: {entry.title}", Counter[datetime.date]()
    for change in entry.changes:
        day = change.date
        before[day] += 1
        own = f"{name}/changes/{day}/{before[day]}"
        place = f"{url}#corrections"
        yield News(own, NewsKind.CORRECTED, day, day, title, place, entry, change.note)


def _of_milestone(one: Milestone) -> News:
    url, day = term_url("instruments", one.instrument.id), one.day
    name, title = f"{url}{one.state}/{day}", f"{one.label}: {one.instrument.name}"
    return News(name, NewsKind.MILESTONE, day, day, title, url, one.entry, milestone=one)
