"""Pages -> schema.org: what search engines and other programs make of them."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from timeline.model.entry import Entry
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.model.vocabulary import Rank
from timeline.sharing.citation import last_change
from timeline.sharing.schema_org import (
    LEGAL_FORCE,
    LICENCE,
    RELATIONS,
    Data,
    filled,
    json_ld,
    source,
    text,
    work,
)
from timeline.standing.deadlines import DeadlineKind, DueDay
from timeline.standing.known import Known
from timeline.standing.standing import Standing
from timeline.views.page import Page, Picture
from timeline.views.view import Link


class LinkedData:
    """Describes the pages of a day. What is empty or unknown is left out."""

    def __init__(self, standing: Standing, site: Site) -> None:
        self._standing = standing
        self._site = site
        self._publisher = {"@type": "Organization", "name": site.name, "url": site.url}

    def of(self, page: Page, about: Entry | Instrument | None, picture: Picture) -> Markup:
        """The JSON-LD of a page: where it stands, what it is about, and the days to come on it."""
        if not page.url:
            return json_ld([self._website()])
        found = [self._breadcrumbs(page)]
        if isinstance(about, Entry):
            found.append(self._article(about, page, picture))
        elif isinstance(about, Instrument):
            found.append(self._instrument(about))
        return json_ld([*found, *self._events(page, about)])

    def _website(self) -> Data:
        site = self._site
        return self._publisher | {
            "@type": "WebSite",
            "description": site.description,
            "inLanguage": "en",
            "license": LICENCE,
        }

    def _breadcrumbs(self, page: Page) -> Data:
        view = page.context.get("view")
        trail: Iterable[Link] = view.trail if view else page.context.get("trail", ())
        links = [Link(self._site.name, ""), *trail, Link(page.title, page.url)]
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
        collection = self._standing.collection
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
                "dateModified": last_change(entry).isoformat(),
                "articleSection": entry.type.label,
                "keywords": [collection.topics[topic].name for topic in entry.topics],
                "about": [self._reference(name) for name in named],
                "mentions": [self._body(name) for name in entry.regulators],
                "isBasedOn": [source(one) for one in entry.sources] + reported,
                "creativeWorkStatus": "Withdrawn" if entry.withdrawn else None,
                "author": self._publisher,
                "publisher": self._publisher,
                "license": LICENCE,
                "image": picture.address,
            }
        )

    def _instrument(self, instrument: Instrument) -> Data:
        if instrument.rank is Rank.CAMPAIGN:
            return self._campaign(instrument)
        known = Known(self._standing.histories[instrument.id], self._standing.as_of)
        adopted = known.adoptions[0].entry if known.adoptions else None
        state = self._standing.statuses[instrument.id].validity.state
        force = LEGAL_FORCE.get(state)
        abroad = instrument.rank is Rank.FOREIGN_LAW
        related = {
            name: [self._reference(other.id) for other in getattr(instrument, relation)]
            for relation, name in RELATIONS.items()
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
                "@id": self._site.absolute(f"instruments/{campaign.id}/"),
                "url": self._site.absolute(f"instruments/{campaign.id}/"),
                "name": campaign.name,
                "alternateName": campaign.name_zh,
                "startDate": str(campaign.start) if campaign.start else None,
                "endDate": str(campaign.end) if campaign.end else None,
                "organizer": [self._body(name) for name in campaign.issuers],
            }
        )

    def _events(self, page: Page, about: Entry | Instrument | None) -> Iterator[Data]:
        """What lies ahead: of an instrument, or of the whole site on the page of deadlines."""
        if isinstance(about, Instrument):
            coming = self._standing.coming("instruments", about.id)
        else:
            coming = self._standing.board.coming if "board" in page.context else ()
        yield from (self._event(due) for due in coming)

    def _event(self, due: DueDay) -> Data:
        instruments = self._standing.collection.instruments
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
        return self._site.absolute(f"entries/{entry.id}/")

    def _reference(self, instrument: str) -> Data:
        found = self._standing.collection.instruments[instrument]
        address = self._site.absolute(f"instruments/{instrument}/")
        kind = "Event" if found.rank is Rank.CAMPAIGN else "Legislation"
        return {"@type": kind, "@id": address, "url": address, "name": found.name}

    def _body(self, regulator: str) -> Data:
        body = self._standing.collection.regulators[regulator]
        address = self._site.absolute(f"regulators/{body.id}/")
        return filled(
            {
                "@type": "Organization",
                "@id": address,
                "name": body.name,
                "alternateName": body.name_zh,
            }
        )
