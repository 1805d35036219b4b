"""The head of each page, for search engines and other programs: OpenGraph and schema.org."""

import json
from collections.abc import Collection as Container
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from timeline.analysis.deadlines import DeadlineKind, KeyDate
from timeline.analysis.history import HistoryAsOf
from timeline.analysis.news import last_changed
from timeline.analysis.snapshot import Snapshot
from timeline.config import LICENCE_ADDRESS, Site
from timeline.schema.entry import Entry, Source
from timeline.schema.terms import Instrument, PublishedText
from timeline.schema.vocabulary import Rank, SourceKind, ValidityState
from timeline.site.cards import Card, Cards
from timeline.site.citations import Citation, Citations, citation_files
from timeline.site.page import AlternateVersion, Head, Link, Page, Picture
from timeline.site.render import StatusWords
from timeline.urls import CARD, CARDS, MARKDOWN, api_entry, entry_url, term_url

Data = dict[str, Any]

_UNSAFE_IN_SCRIPTS = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

# Where nothing is known, and for campaigns, nothing is said: https://schema.org/LegalForceStatus
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


def source(one: Source) -> Data:
    """A source of an entry."""
    return work(one.kind, one.title, one.publisher, one.lang, one.url)


def work(
    kind: SourceKind | None, title: str | None, publisher: str, language: str, url: str | None
) -> Data:
    """A work of others: a source of some kind, or else a newsletter."""
    return filled(
        {
            "@type": "CreativeWork",
            "name": title or publisher,
            "inLanguage": language,
            "publisher": {"@type": "Organization", "name": publisher},
            "genre": kind.label if kind else "Newsletter",
            "url": url,
        }
    )


def text(one: PublishedText) -> Data:
    """Where an instrument can be read."""
    official = one.kind is SourceKind.OFFICIAL
    value = "OfficialLegalValue" if official else "UnofficialLegalValue"
    return filled(
        {
            "@type": "LegislationObject",
            "name": one.title,
            "inLanguage": one.lang,
            "publisher": {"@type": "Organization", "name": one.publisher},
            "legislationLegalValue": f"https://schema.org/{value}",
            "contentUrl": one.url,
        }
    )


def filled(data: Data) -> Data:
    """The data without what is empty or unknown."""
    return {name: value for name, value in data.items() if value not in (None, "", [], ())}


def json_ld(graph: Sequence[Data]) -> Markup:
    """The graph as JSON-LD 1.1 for a script element, which no text within can end."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    for character, escaped in _UNSAFE_IN_SCRIPTS.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - what could end it is escaped


class LinkedData:
    """Describes the pages of a snapshot. What is empty or unknown is left out."""

    def __init__(self, snapshot: Snapshot, site: Site) -> None:
        self._snapshot = snapshot
        self._site = site
        self._publisher = {"@type": "Organization", "name": site.name, "url": site.url}

    def of(self, page: Page, picture: Picture) -> Markup:
        """The JSON-LD of a page: its place in the site, its subject, and what is upcoming on it."""
        about = page.subject
        if not page.url:
            return json_ld([self._website()])
        found = [self._breadcrumbs(page)]
        if isinstance(about, Entry):
            found.append(self._article(about, page, picture))
        elif isinstance(about, Instrument):
            found.append(self._instrument(about))
        return json_ld([*found, *self._events(page)])

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
                "position": place,
                "name": link.title,
                "item": self._site.absolute(link.url),
            }
            for place, link in enumerate(links, start=1)
        ]
        return {"@type": "BreadcrumbList", "itemListElement": items}

    def _article(self, entry: Entry, page: Page, picture: Picture) -> Data:
        """An Article: NewsArticle is for journalism, Report for findings of one's own."""
        collection = self._snapshot.collection
        named = dict.fromkeys(step.id for step in entry.instruments)
        newsletters = (collection.newsletters[name] for name in entry.newsletters)
        reported = [
            work(None, letter.title, letter.publisher, letter.language, letter.url)
            for letter in newsletters
        ]
        return filled(
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
                "about": [self._reference(name) for name in named],
                "mentions": [self._body(name) for name in entry.regulators],
                "isBasedOn": [source(one) for one in entry.sources] + reported,
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
        abroad = instrument.rank is Rank.FOREIGN_LAW
        related = {
            name: [self._reference(other.id) for other in getattr(instrument, relation)]
            for relation, name in _SCHEMA_RELATIONS.items()
        }
        return filled(
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
                "legislationJurisdiction": (
                    (adopted.jurisdiction if adopted else None)
                    if abroad
                    else self._site.jurisdiction or None
                ),
                "encoding": [text(one) for one in instrument.text],
                **related,
            }
        )

    def _campaign(self, campaign: Instrument) -> Data:
        return filled(
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
        """What is upcoming: of an instrument, or of the whole site on the page of deadlines."""
        if isinstance(page.subject, Instrument):
            coming = self._snapshot.coming("instruments", page.subject.id)
        else:
            coming = self._snapshot.deadlines.coming if page.lists_deadlines else ()
        yield from (self._event(due) for due in coming)

    def _event(self, due: KeyDate) -> Data:
        instruments = self._snapshot.collection.instruments
        name = f"{instruments[due.instrument].name}: {due.what}" if due.instrument else due.what
        opened = due.entry.date if due.kind is DeadlineKind.COMMENTS else None
        return filled(
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
        return filled(
            {
                "@type": "Organization",
                "@id": address,
                "name": body.name,
                "alternateName": body.name_zh,
            }
        )


_SCRIPT = "share.js"


class Heads:
    """Adds to pages what is needed to share them.

    `drawn` holds the names of the cards that exist; where one is missing, the page shows that of
    its type or the general one. `used_cards` gathers the names of those that pages show.
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
        """The pages, each with its head; entries and instruments with their citations too."""
        for page in pages:
            if page.subject is None:
                yield replace(page, head=self._head(page, None))
                continue
            found = self._citations.of(page.subject)
            context = {"citations": tuple((one, citation_files(one)) for one in found)}
            yield replace(
                page,
                head=self._head(page, found[0]),
                context=page.context | context,
                scripts=(*page.scripts, _SCRIPT),
            )

    def _head(self, page: Page, citation: Citation | None) -> Head:
        picture = self._picture(page.subject)
        entry = page.subject if isinstance(page.subject, Entry) else None
        topics = self._snapshot.collection.topics
        return Head(
            kind="article" if entry else "website",
            address=self._site.absolute(page.url),
            site=self._site.name,
            picture=picture,
            data=self._data.of(page, picture),
            versions=tuple(self._versions(page)),
            published=entry.added if entry else None,
            changed=last_changed(entry, self._snapshot.as_of) if entry else None,
            section=entry.type.label if entry else None,
            tags=tuple(topics[topic].name for topic in entry.topics) if entry else (),
            citation=citation,
        )

    def _versions(self, page: Page) -> Iterator[AlternateVersion]:
        """Markdown (RFC 7763); an entry has a JSON file of its own too."""
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
        """The best first."""
        if subject:
            yield self._cards.of(subject)
            yield self._cards.shared(subject)
        yield self._cards.general()
