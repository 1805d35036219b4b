"""Metadata in the head of each page, for search engines and other programs.

The metadata follow OpenGraph and schema.org.
"""

from collections.abc import Collection as Container
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from pydantic_core import to_json

from timeline.analysis.deadlines import DeadlineKind, KeyDate
from timeline.analysis.history import HistoryAsOf
from timeline.analysis.news import last_changed
from timeline.analysis.snapshot import Snapshot
from timeline.config import LICENCE_ADDRESS, Site
from timeline.schema.entry import Entry, Source
from timeline.schema.terms import Instrument, PublishedText
from timeline.schema.vocabulary import Rank, SourceKind, ValidityState
from timeline.site.cards import Card, Cards
from timeline.site.citations import Citations
from timeline.site.page import AlternateVersion, Head, Link, Page, Picture
from timeline.site.render import StatusWords
from timeline.urls import CARD, CARDS, MARKDOWN, api_entry, entry_url, term_url

Data = dict[str, Any]

# https://schema.org/LegalForceStatus. Unknown states and those of campaigns have no value.
LEGAL_FORCE = {
    ValidityState.IN_FORCE: "InForce",
    ValidityState.PARTLY_IN_FORCE: "PartiallyInForce",
    ValidityState.NOT_YET_ADOPTED: "NotInForce",
    ValidityState.NOT_YET_IN_FORCE: "NotInForce",
    ValidityState.SUPERSEDED: "NotInForce",
    ValidityState.OVERTAKEN: "NotInForce",
    ValidityState.PERIOD_ENDED: "NotInForce",
    ValidityState.REPEALED: "NotInForce",
    ValidityState.EXPIRED: "NotInForce",
    ValidityState.ABANDONED: "NotInForce",
}
_SCHEMA_RELATIONS = {
    "implements": "legislationEnsuresImplementationOf",
    "amends": "legislationAmends",
    "replaces": "legislationRepeals",
    "interprets": "about",  # schema.org has no term for it
}


def _source(source: Source) -> Data:
    """Describe a source of an entry."""
    return _work(source.kind.label, source.title, source.publisher, source.lang, source.url)


def _work(genre: str, title: str | None, publisher: str, language: str, url: str | None) -> Data:
    """Describe a source or newsletter."""
    return _without_empty(
        {
            "@type": "CreativeWork",
            "name": title or publisher,
            "inLanguage": language,
            "publisher": {"@type": "Organization", "name": publisher},
            "genre": genre,
            "url": url,
        }
    )


def _published_text(text: PublishedText) -> Data:
    """Describe a published text of an instrument."""
    official = text.kind is SourceKind.OFFICIAL
    value = "OfficialLegalValue" if official else "UnofficialLegalValue"
    return _without_empty(
        {
            "@type": "LegislationObject",
            "name": text.title,
            "inLanguage": text.lang,
            "publisher": {"@type": "Organization", "name": text.publisher},
            "legislationLegalValue": f"https://schema.org/{value}",
            "contentUrl": text.url,
        }
    )


def _without_empty(data: Data) -> Data:
    """Remove values that are empty or unknown."""
    return {name: value for name, value in data.items() if value not in (None, "", [], ())}


class LinkedData:
    """The schema.org descriptions of the pages of a snapshot, without empty or unknown values."""

    def __init__(self, snapshot: Snapshot, site: Site) -> None:
        self._snapshot = snapshot
        self._site = site
        self._publisher = {"@type": "Organization", "name": site.name, "url": site.url}

    def of(self, page: Page, picture: Picture) -> list[Data]:
        """Return the graph of a page: its breadcrumbs, its subject and its upcoming dates."""
        if not page.url:
            return [self._website()]
        graph = [self._breadcrumbs(page)]
        if isinstance(page.subject, Entry):
            graph.append(self._article(page.subject, page, picture))
        elif isinstance(page.subject, Instrument):
            graph.append(self._instrument(page.subject))
        return [*graph, *self._events(page)]

    def _website(self) -> Data:
        site = self._site
        return self._publisher | {
            "@type": "WebSite",
            "description": site.description,
            "inLanguage": "en",
            "license": LICENCE_ADDRESS,
        }

    def _breadcrumbs(self, page: Page) -> Data:
        links = [Link(self._site.name, ""), *page.trail, Link(page.title, page.url)]
        items = [
            {
                "@type": "ListItem",
                "position": position,
                "name": link.title,
                "item": self._site.absolute(link.url),
            }
            for position, link in enumerate(links, start=1)
        ]
        return {"@type": "BreadcrumbList", "itemListElement": items}

    def _article(self, entry: Entry, page: Page, picture: Picture) -> Data:
        """Describe an entry as an Article (NewsArticle is for journalism, Report for findings)."""
        collection = self._snapshot.collection
        instruments = dict.fromkeys(step.id for step in entry.instruments)
        newsletters = (collection.newsletters[name] for name in entry.newsletters)
        works = [_source(source) for source in entry.sources]
        works += (
            _work("Newsletter", one.title, one.publisher, one.language, one.url)
            for one in newsletters
        )
        return _without_empty(
            {
                "@type": "Article",
                "@id": self._address(entry),
                "url": self._address(entry),
                "headline": entry.title,
                "description": page.description,
                "inLanguage": "en",
                "temporalCoverage": str(entry.date),
                "datePublished": entry.added.isoformat(),
                "dateModified": last_changed(entry, self._snapshot.as_of).isoformat(),
                "articleSection": entry.type.label,
                "keywords": [collection.topics[topic].name for topic in entry.topics],
                "about": [self._reference(name) for name in instruments],
                "mentions": [self._body(name) for name in entry.regulators],
                "isBasedOn": works,
                "creativeWorkStatus": "Withdrawn" if entry.withdrawn else None,
                "author": self._publisher,
                "publisher": self._publisher,
                "license": LICENCE_ADDRESS,
                "image": picture.address,
            }
        )

    def _instrument(self, instrument: Instrument) -> Data:
        if instrument.rank is Rank.CAMPAIGN:
            return self._campaign(instrument)
        known = HistoryAsOf(self._snapshot.histories[instrument.id], self._snapshot.as_of)
        adopted = known.adoptions[0].entry if known.adoptions else None
        state = self._snapshot.statuses[instrument.id].validity.state
        force = LEGAL_FORCE.get(state)
        jurisdiction: str | None = self._site.jurisdiction
        if instrument.rank is Rank.FOREIGN_LAW:
            jurisdiction = adopted.jurisdiction if adopted else None

        related = {
            name: [self._reference(other.id) for other in getattr(instrument, relation)]
            for relation, name in _SCHEMA_RELATIONS.items()
        }
        return _without_empty(
            {
                **self._reference(instrument.id),
                "alternateName": [
                    *filter(None, (instrument.short, instrument.name_zh)),
                    *instrument.aliases,
                ],
                "legislationIdentifier": instrument.number,
                "legislationType": instrument.rank.label,
                "legislationLegalForce": f"https://schema.org/{force}" if force else None,
                "legislationDate": str(adopted.date) if adopted else None,
                "legislationDateOfApplicability": [day.isoformat() for day in known.effects],
                "legislationPassedBy": [self._body(name) for name in instrument.issuers],
                "legislationJurisdiction": jurisdiction,
                "encoding": [_published_text(text) for text in instrument.text],
                **related,
            }
        )

    def _campaign(self, campaign: Instrument) -> Data:
        return _without_empty(
            {
                "@type": "Event",
                "@id": self._site.absolute(term_url("instruments", campaign.id)),
                "url": self._site.absolute(term_url("instruments", campaign.id)),
                "name": campaign.name,
                "alternateName": campaign.name_zh,
                "startDate": str(campaign.start) if campaign.start else None,
                "endDate": str(campaign.end) if campaign.end else None,
                "organizer": [self._body(name) for name in campaign.issuers],
            }
        )

    def _events(self, page: Page) -> Iterator[Data]:
        """Describe the upcoming dates of an instrument or, on the deadlines page, of the site."""
        if isinstance(page.subject, Instrument):
            coming = self._snapshot.coming("instruments", page.subject.id)
        else:
            coming = self._snapshot.deadlines.coming if page.lists_deadlines else ()
        yield from (self._event(due) for due in coming)

    def _event(self, due: KeyDate) -> Data:
        instruments = self._snapshot.collection.instruments
        name = f"{instruments[due.instrument].name}: {due.what}" if due.instrument else due.what
        opened = due.entry.date if due.kind is DeadlineKind.COMMENTS else None
        return _without_empty(
            {
                "@type": "Event",
                "name": name,
                "startDate": str(opened) if opened and opened.day else due.date.isoformat(),
                "endDate": due.date.isoformat(),
                "description": due.entry.title,
                "url": self._address(due.entry),
                "about": self._reference(due.instrument) if due.instrument else None,
                "organizer": [self._body(body) for body in due.entry.regulators],
            }
        )

    def _address(self, entry: Entry) -> str:
        return self._site.absolute(entry_url(entry.id))

    def _reference(self, instrument: str) -> Data:
        found = self._snapshot.collection.instruments[instrument]
        address = self._site.absolute(term_url("instruments", instrument))
        kind = "Event" if found.rank is Rank.CAMPAIGN else "Legislation"
        return {"@type": kind, "@id": address, "url": address, "name": found.name}

    def _body(self, regulator: str) -> Data:
        body = self._snapshot.collection.regulators[regulator]
        address = self._site.absolute(term_url("regulators", body.id))
        return _without_empty(
            {
                "@type": "Organization",
                "@id": address,
                "name": body.name,
                "alternateName": body.name_zh,
            }
        )


def json_ld(graph: list[Data]) -> Markup:
    """Return a graph as JSON-LD 1.1, escaped so that no text can close its script element."""
    text = to_json({"@context": "https://schema.org", "@graph": graph}).decode()
    for character, escaped in _UNSAFE_IN_SCRIPTS.items():  # ten times as fast as `translate`
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - unsafe characters are escaped


_UNSAFE_IN_SCRIPTS = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_SCRIPT = "share.js"


class Heads:
    """Adds metadata, citations and social cards to pages.

    `drawn`: the names of the cards that have been drawn; if a page's own card is missing, the page
    uses its type's or the general card. `used_cards` collects the names of the cards in use.
    """

    def __init__(self, snapshot: Snapshot, site: Site, drawn: Container[str]) -> None:
        words = StatusWords(snapshot)
        self._snapshot = snapshot
        self._site = site
        self._citations = Citations(snapshot, site, words)
        self._cards = Cards(snapshot, site, words)
        self._data = LinkedData(snapshot, site)
        self._drawn = drawn
        self.used_cards: set[str] = set()

    def add(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Yield the pages with their heads, and those of entries and instruments with citations."""
        for page in pages:
            head, context, scripts = self._head(page), page.context, page.scripts
            if page.subject:
                context = context | {"citations": self._citations.of(page.subject)}
                scripts = (*scripts, _SCRIPT)
            yield replace(page, head=head, context=context, scripts=scripts)

    def _head(self, page: Page) -> Head:
        picture = self._picture(page.subject)
        entry = page.subject if isinstance(page.subject, Entry) else None
        topics = self._snapshot.collection.topics
        return Head(
            kind="article" if entry else "website",
            address=self._site.absolute(page.url),
            site=self._site.name,
            picture=picture,
            json_ld=json_ld(self._data.of(page, picture)),
            versions=tuple(self._versions(page)),
            published=entry.added if entry else None,
            changed=last_changed(entry, self._snapshot.as_of) if entry else None,
            section=entry.type.label if entry else None,
            tags=tuple(topics[topic].name for topic in entry.topics) if entry else (),
        )

    def _versions(self, page: Page) -> Iterator[AlternateVersion]:
        """Yield the Markdown version of a page (RFC 7763) and, for an entry, its JSON file."""
        if page.subject:
            yield AlternateVersion("text/markdown", self._site.absolute(page.url + MARKDOWN))
        if isinstance(page.subject, Entry):
            address = self._site.absolute(api_entry(page.subject.id))
            yield AlternateVersion("application/json", address)

    def _picture(self, subject: Entry | Instrument | None) -> Picture:
        for card in self._candidates(subject) if self._drawn else ():
            if card.file in self._drawn:
                self.used_cards.add(card.file)
                return Picture(self._site.absolute(CARDS + card.file), card.text)
        return Picture(self._site.absolute(CARD), self._cards.general().text)

    def _candidates(self, subject: Entry | Instrument | None) -> Iterator[Card]:
        """Yield the cards that a page may use, in order of preference."""
        if subject:
            yield self._cards.of(subject)
            yield self._cards.shared(subject)
        yield self._cards.general()
