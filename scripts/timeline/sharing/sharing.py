"""Pages as they are shared: each with a head for other programs, and how to cite it."""

from collections.abc import Collection as Container
from collections.abc import Iterable, Iterator
from dataclasses import replace

from timeline.model.entry import Entry
from timeline.model.outputs import CARD, data_path, twin_path
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.rendering.status_words import StatusWords
from timeline.sharing.card import Card
from timeline.sharing.cards import Cards
from timeline.sharing.citation import Citations, last_change
from timeline.sharing.citation_formats import citation_files
from timeline.sharing.linked_data import LinkedData
from timeline.standing.standing import Standing
from timeline.views.page import Head, Page, Picture, Twin

CARDS = "cards/"  # where they stand on the site
SCRIPT = "share.js"


class Sharing:
    """Adds to pages what is needed to pass them on.

    `drawn` holds the names of the cards that there are; where one is missing, the page shows its
    type's or the general one. `used` gathers the names of those that pages show.
    """

    def __init__(self, standing: Standing, site: Site, drawn: Container[str]) -> None:
        words = StatusWords(standing)
        self._standing = standing
        self._site = site
        self._citations = Citations(standing, site, words)
        self._cards = Cards(standing, site, words)
        self._data = LinkedData(standing, site)
        self._drawn = drawn
        self.used: set[str] = set()

    def add(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages, each with its head; entries and instruments with their citation too."""
        for page in pages:
            about = _about(page)
            shared = replace(page, head=self._head(page, about))
            yield self._cited(shared, about) if about else shared

    def _cited(self, page: Page, about: Entry | Instrument) -> Page:
        citation = self._citations.of(about)
        cited = {"citation": citation, "citation_files": citation_files(citation)}
        return replace(page, context=page.context | cited, scripts=(*page.scripts, SCRIPT))

    def _head(self, page: Page, about: Entry | Instrument | None) -> Head:
        picture = self._picture(about)
        head = Head(
            kind="website",
            address=self._site.absolute(page.url),
            site=self._site.name,
            picture=picture,
            data=self._data.of(page, about, picture),
            twins=tuple(self._twins(about)),
        )
        return self._dated(head, about) if isinstance(about, Entry) else head

    def _twins(self, about: Entry | Instrument | None) -> Iterator[Twin]:
        """Markdown (RFC 7763); an entry is a JSON file of its own too."""
        if about:
            kind = "entries" if isinstance(about, Entry) else "instruments"
            yield Twin("text/markdown", self._site.absolute(twin_path(kind, about.id)))
        if isinstance(about, Entry):
            yield Twin("application/json", self._site.absolute(data_path(about.id)))

    def _dated(self, head: Head, entry: Entry) -> Head:
        topics = self._standing.collection.topics
        return replace(
            head,
            kind="article",
            published=entry.added,
            changed=last_change(entry),
            section=entry.type.label,
            tags=tuple(topics[topic].name for topic in entry.topics),
        )

    def _picture(self, about: Entry | Instrument | None) -> Picture:
        for card in self._candidates(about) if self._drawn else ():
            if card.file in self._drawn:
                self.used.add(card.file)
                return Picture(self._site.absolute(CARDS + card.file), card.text)
        return Picture(self._site.absolute(CARD), self._cards.general().text)

    def _candidates(self, about: Entry | Instrument | None) -> Iterator[Card]:
        """The best first."""
        if about:
            yield self._cards.of(about)
            yield self._cards.shared(about)
        yield self._cards.general()


def _about(page: Page) -> Entry | Instrument | None:
    """The entry or instrument whose own page it is."""
    context = page.context
    found = context.get("entry") or context.get("instrument")
    return found if isinstance(found, Entry | Instrument) else None
