"""The news of the site, from which the feeds and the page of changes are made.

A new entry is one item of news, with its own title and the stages that it records. A milestone,
which happens through the passage of time alone, is an item about the instrument on that day, unless
the entry that recorded the day was added only later: the milestone was then never new on the site.
A correction and a withdrawal are items about the entry; a withdrawn entry yields no other item.
Future events are not news.
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
# Each day on which a development happened, counted from the epoch, takes four seconds of the day of
# the news, which has enough seconds for that until 2059.
_EPOCH, _SECONDS_EACH = datetime.date(2000, 1, 1), 4

_MILESTONE_LABELS = {
    ValidityState.IN_FORCE: "Took effect",
    ValidityState.PARTLY_IN_FORCE: "Took effect in part",
    ValidityState.SUPERSEDED: "Superseded",
    ValidityState.OVERTAKEN: "Overtaken",
    ValidityState.PERIOD_ENDED: "Period ended",
    ValidityState.CONCLUDED: "Campaign ended",
}


@dataclass(frozen=True)
class Milestone:
    """A state that an instrument reached through the passage of time alone.

    `entry` is the entry that recorded the day in advance, `by` the id of a superseding instrument.
    """

    instrument: Instrument
    state: ValidityState | PendingState
    day: Day
    label: str
    entry: Entry
    by: str | None = None


def milestones(history: History, until: Day) -> Iterator[Milestone]:
    """Yield the milestones of an instrument up to a day, oldest first.

    A day on which an entry records a stage has no milestones: that entry is the news.
    """
    recorded = {event.day for event in history.events}
    for day, entry in sorted(_known_beforehand(history).items()):
        if day <= until and day not in recorded:
            before, after = status_on(history, day - ONE_DAY), status_on(history, day)
            for state, label in _reached(before, after, day, history.instrument):
                by = after.validity.by if state is after.validity.state else None
                yield Milestone(history.instrument, state, day, label, entry, by)


def _known_beforehand(history: History) -> dict[Day, Entry]:
    """Return the days that were known in advance, each with the entry that recorded the day."""
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
    """Yield the states reached on a day and their labels, given the statuses before and after."""
    old, new = before.validity, after.validity
    if new.state is not old.state and new.state in _MILESTONE_LABELS and new.since == day:
        in_full = old.state is ValidityState.PARTLY_IN_FORCE and new.state in APPLIES
        begins = instrument.rank is Rank.CAMPAIGN and new.state is ValidityState.IN_FORCE
        label = "Campaign began" if begins else _MILESTONE_LABELS[new.state]
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
    """Return the closing dates of the instrument's own open consultations.

    A consultation on an amending instrument is news about that instrument.
    """
    return {
        pending.day
        for pending in status.pending
        if pending.state is PendingState.OPEN_FOR_COMMENTS and pending.day and not pending.via
    }


class NewsKind(LabelledEnum):
    """The kinds of news, in the order in which they are listed within a day."""

    MILESTONE = "moved", "Took effect or closed"
    ADDED = "added", "Added"
    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class News:
    """One item of news.

    `name` is a permanent id: it contains the first id of the entry or the id of the instrument,
    never a title. `day` is the day on which the item was new, `changed` the day of its last
    correction, and `url` the address of its page.
    """

    name: str
    kind: NewsKind
    day: datetime.date
    changed: datetime.date
    title: str
    url: str
    entry: Entry
    note: str = ""  # the note of a correction or the reason for a withdrawal
    milestone: Milestone | None = None
    second: int = 0  # time of day, by which the items of a day are sorted

    @property
    def happened(self) -> datetime.date:
        """The day of the development itself."""
        return self.milestone.day if self.milestone else self.entry.date.first_day

    @property
    def dated_title(self) -> str:
        """The title, followed by the date if the development is not recent."""
        is_old = self.day - self.happened > RECENT
        return f"{self.title} ({self.entry.date.long})" if is_old else self.title

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """Return the regulators, topics or instruments that the item concerns."""
        if kind == "instruments" and self.milestone:
            return (self.milestone.instrument.id,)
        return terms_of(self.entry, kind)


def all_news(
    collection: Collection, histories: Mapping[str, History], as_of: datetime.date
) -> tuple[News, ...]:
    """Return all news, newest first; within a day by the day of the development, then by kind."""
    found = [item for entry in collection.entries for item in _of_entry(entry, as_of)]
    reached = (one for history in histories.values() for one in milestones(history, as_of))
    found += [_of_milestone(one) for one in reached if one.day >= date_added(one.entry, as_of)]
    return tuple(_with_seconds(sorted(found, key=_order)))[::-1]


def _with_seconds(items: Iterable[News]) -> Iterator[News]:
    """Yield the items with times of day, so that feed readers sort them by their developments."""
    for (_, happened), found in groupby(items, key=lambda item: (item.day, item.happened)):
        days = (happened - _EPOCH).days
        for place, item in enumerate(found):
            second = max(days, 0) * _SECONDS_EACH + min(place, _SECONDS_EACH - 1)
            yield replace(item, second=min(second, 86_399))


def _order(item: News) -> tuple[datetime.date, datetime.date, int, str]:
    return item.day, item.happened, -item.kind.order, item.name


def newest(items: Sequence[News], as_of: datetime.date) -> Sequence[News]:
    """Return the newest `MIN_ITEMS`, or all of the last thirty days up to `MAX_ITEMS`."""
    recent = sum(item.day > as_of - RECENT for item in items[:MAX_ITEMS])
    return items[: max(MIN_ITEMS, recent)]


def date_added(entry: Entry, as_of: datetime.date) -> datetime.date:
    """Return the day on which an entry was new.

    A site as of a day before the entry was added uses the day of the development.
    """
    return entry.added if entry.added <= as_of else entry.date.first_day


def last_changed(entry: Entry, as_of: datetime.date) -> datetime.date:
    """Return the day on which an entry was last corrected or withdrawn, or else was new."""
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
        own, section = f"{name}/changes/{day}/{before[day]}", f"{url}#corrections"
        yield News(own, NewsKind.CORRECTED, day, day, title, section, entry, change.note)


def _of_milestone(one: Milestone) -> News:
    url, day = term_url("instruments", one.instrument.id), one.day
    name, title = f"{url}{one.state}/{day}", f"{one.label}: {one.instrument.name}"
    return News(name, NewsKind.MILESTONE, day, day, title, url, one.entry, milestone=one)
