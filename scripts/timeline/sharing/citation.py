"""What a citation of an entry or an instrument says, before any format."""

import datetime
from dataclasses import dataclass

from timeline.model.dates import PartialDate, long_day, long_days
from timeline.model.entry import Entry
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.model.vocabulary import SourceKind
from timeline.rendering.status_words import StatusWords
from timeline.standing.known import Known
from timeline.standing.standing import Standing

MOST_STATUSES = 3  # of the instruments that an entry moves


@dataclass(frozen=True)
class Citation:
    """All that the memo line and the formats draw on.

    `address` is the permalink. An entry is cited as a page of the site, an instrument as
    legislation that can be read about there. `accessed` is the day of the build: a static page
    knows no other, and a script puts the reader's in its place.
    """

    id: str
    address: str
    site: str
    legislation: bool
    title: str
    title_zh: str | None
    issuers: tuple[str, ...]
    number: str | None
    came: str  # how its date came about: made public, issued, passed
    date: PartialDate | None
    effective: tuple[datetime.date, ...]
    status: str
    changed: datetime.date | None  # the entry's last change; of an instrument, of its entries
    accessed: datetime.date

    @property
    def note(self) -> str:
        """What the formats have no field of their own for."""
        said = []
        if self.date and not self.legislation:
            said.append(f"{self.came} {self.date.long}")
        if self.effective:
            said.append(f"Effective {long_days(self.effective)}")
        if self.status:
            said.append(f"Status as of {long_day(self.accessed)}: {self.status}")
        if self.changed:
            said.append(f"Page last changed {long_day(self.changed)}")
        return "".join(f"{part}. " for part in said).strip()


class Citations:
    """Makes the citations of a day."""

    def __init__(self, standing: Standing, site: Site, words: StatusWords) -> None:
        self._standing = standing
        self._site = site
        self._words = words

    def of(self, document: Entry | Instrument) -> Citation:
        """The citation of an entry or an instrument."""
        return self._entry(document) if isinstance(document, Entry) else self._law(document)

    def _entry(self, entry: Entry) -> Citation:
        moved = list(dict.fromkeys(step.id for step in entry.instruments if step.stage))
        instruments = self._standing.collection.instruments
        effects = {effect.date for step in entry.instruments for effect in step.effective}
        return Citation(
            id=entry.id,
            address=self._site.absolute(f"entries/{entry.id}/"),
            site=self._site.name,
            legislation=False,
            title=entry.title,
            title_zh=chinese_title(entry, instruments),
            issuers=self._names(entry.regulators),
            number=entry.number,
            came="Made public",
            date=entry.date,
            effective=tuple(sorted(effects)),
            status=self._status(entry, moved[:MOST_STATUSES]),
            changed=last_change(entry),
            accessed=self._standing.as_of,
        )

    def _status(self, entry: Entry, moved: list[str]) -> str:
        if entry.withdrawn:
            return f"entry withdrawn on {long_day(entry.withdrawn.date)}"
        return "; ".join(self._words.named(name) for name in moved)

    def _law(self, instrument: Instrument) -> Citation:
        known = Known(self._standing.histories[instrument.id], self._standing.as_of)
        adopted = known.adoptions[0] if known.adoptions else None
        entries = self._standing.collection.of("instruments").get(instrument.id, ())
        pending = self._words.pending(instrument.id)
        status = self._words.validity(instrument.id) + (f"; {pending}" if pending else "")
        return Citation(
            id=instrument.id,
            address=self._site.absolute(f"instruments/{instrument.id}/"),
            site=self._site.name,
            legislation=True,
            title=instrument.name,
            title_zh=instrument.name_zh,
            issuers=self._names(instrument.issuers),
            number=instrument.number,
            came=adopted.step.stage.label if adopted and adopted.step.stage else "",
            date=adopted.entry.date if adopted else None,
            effective=known.effects,
            status=status,
            changed=max((last_change(entry) for entry in entries), default=None),
            accessed=self._standing.as_of,
        )

    def _names(self, bodies: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._standing.collection.regulators[body].name for body in bodies)


def chinese_title(entry: Entry, instruments: dict[str, Instrument]) -> str | None:
    """As its official source has it, else the name of the first instrument that it moves."""
    for source in entry.sources:
        if source.kind is SourceKind.OFFICIAL and source.title and source.lang.startswith("zh"):
            return source.title
    moved = (instruments[step.id].name_zh for step in entry.instruments if step.stage)
    return next(moved, None)


def last_change(entry: Entry) -> datetime.date:
    """The day on which an entry was added, last corrected or withdrawn."""
    days = [entry.added, *(change.date for change in entry.changes)]
    return max(*days, entry.withdrawn.date) if entry.withdrawn else max(days)
