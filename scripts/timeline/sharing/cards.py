"""Which page has which card. A status that moves makes a new one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from timeline.model.dates import long_day
from timeline.model.entry import Entry
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.model.vocabulary import EntryType
from timeline.rendering.status_words import StatusWords
from timeline.sharing.card import Card
from timeline.sharing.citation import chinese_title
from timeline.standing.standing import Standing

MOST_ENTRIES = 2_000  # of a larger site, only highlights have a card of their own


@dataclass
class Cards:
    """The cards of a day."""

    standing: Standing
    site: Site
    words: StatusWords
    _of_types: dict[EntryType, Card] = field(default_factory=dict)

    def every(self) -> Iterator[Card]:
        """All that the site's pages could show, the general one first."""
        collection = self.standing.collection
        yield self.general()
        yield from (self._of_type(kind) for kind in EntryType)
        yield from (self._instrument(one) for one in collection.instruments.values())
        yield from (self._entry(one) for one in collection.entries if self.has_own(one))

    def has_own(self, about: Entry | Instrument) -> bool:
        """Whether it has a card of its own, not one for its type."""
        few = len(self.standing.collection.entries) <= MOST_ENTRIES
        return few or isinstance(about, Instrument) or about.highlight

    def of(self, about: Entry | Instrument) -> Card:
        """The card of an entry or an instrument."""
        if isinstance(about, Instrument):
            return self._instrument(about)
        return self._entry(about) if self.has_own(about) else self.shared(about)

    def shared(self, about: Entry | Instrument) -> Card:
        """The one that stands in where it has none: its type's, or the general one."""
        return self._of_type(about.type) if isinstance(about, Entry) else self.general()

    def general(self) -> Card:
        """The site's own."""
        return self._plain("", self.site.name)

    def _plain(self, kind: str, title: str) -> Card:
        return Card(self.site.name, kind, title, status=self.site.description)

    def _of_type(self, kind: EntryType) -> Card:
        if kind not in self._of_types:
            self._of_types[kind] = self._plain("Timeline", kind.label)
        return self._of_types[kind]

    def _entry(self, entry: Entry) -> Card:
        instruments = self.standing.collection.instruments
        moved = next((step.id for step in entry.instruments if step.stage), None)
        status = ""
        if entry.withdrawn:
            status = f"Withdrawn on {long_day(entry.withdrawn.date)}"
        elif moved:
            status = self._with_pending(moved, self.words.named(moved))
        return Card(
            site=self.site.name,
            kind=entry.type.label,
            title=entry.title,
            title_zh=chinese_title(entry, instruments) or "",
            date=entry.date.long,
            bodies=self._bodies(entry.regulators),
            status=status,
        )

    def _instrument(self, instrument: Instrument) -> Card:
        events = self.standing.histories[instrument.id].events
        return Card(
            site=self.site.name,
            kind=instrument.rank.label,
            title=instrument.name,
            title_zh=instrument.name_zh or "",
            date=events[-1].entry.date.long if events else "",
            bodies=self._bodies(instrument.issuers),
            status=self._with_pending(instrument.id, self.words.validity(instrument.id)),
        )

    def _with_pending(self, instrument: str, validity: str) -> str:
        pending = self.words.pending(instrument)
        return f"{validity}. {pending}" if pending else validity

    def _bodies(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.standing.collection.regulators[name].short for name in ids)
