"""Feeds of the news in Atom (RFC 4287) and JSON Feed 1.1, and a list of all feeds in OPML 2.0.

Readers can subscribe to channels: the whole site, and each regulator, topic and instrument.
"""

import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Protocol, TypeVar
from xml.etree import ElementTree

from feedgenerator import Atom1Feed
from feedgenerator.django.utils.xmlutils import SimplerXMLGenerator
from pydantic_core import to_json

from timeline.analysis.news import News, newest
from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.content.collection import Collection, closure
from timeline.content.markup import body_html
from timeline.output import OutputFile
from timeline.schema.dates import midnight
from timeline.schema.terms import KIND_TITLES, SUBSCRIBABLE_KINDS
from timeline.schema.types import Kind
from timeline.site.page import Names, names
from timeline.site.render import environment
from timeline.urls import ATOM, HOME, JSON_FEED, OPML, term_url

LANGUAGE = "en"
_END = "</feed>"


@dataclass(frozen=True)
class Channel:
    """Something readers can subscribe to.

    `url` is the address of the page, below which the feeds and calendars are. `title` also names
    the site, so that readers recognise the channel among their other subscriptions.
    """

    url: str
    name: str
    title: str
    kind: Kind | None  # None for the whole site


class HasTerms(Protocol):
    """Something that concerns regulators, topics and instruments."""

    def terms(self, kind: Kind) -> tuple[str, ...]:
        """Return the ids of those of a kind."""


T = TypeVar("T", bound=HasTerms)


def channels(collection: Collection, site_name: str) -> Iterator[Channel]:
    """Yield all channels, the whole site first."""
    yield Channel(HOME, site_name, site_name, None)
    for kind in SUBSCRIBABLE_KINDS:
        terms = getattr(collection, kind).values()
        for term in sorted(terms, key=lambda term: (term.name.casefold(), term.id)):
            title = f"{term.name} – {site_name}"
            yield Channel(term_url(kind, term.id), term.name, title, kind)


def by_channel(things: Iterable[T], collection: Collection) -> dict[str, list[T]]:
    """Return the things that concern each channel, by its address, in their order.

    As on the pages of regulators, acts of a body also concern the bodies that succeeded it.
    """

    def successors(name: str) -> Iterator[str]:
        return (successor.id for successor in collection.regulators[name].successors)

    heirs = {name: closure([name], successors) for name in collection.regulators}
    found: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        found[HOME].append(thing)
        for kind in SUBSCRIBABLE_KINDS:
            terms = thing.terms(kind)
            if kind == "regulators":
                terms = tuple(dict.fromkeys(heir for term in terms for heir in heirs[term]))
            for term in terms:
                found[term_url(kind, term)].append(thing)
    return found


def feeds(snapshot: Snapshot, site: Site) -> Iterator[OutputFile]:
    """Yield the feeds of every channel and the OPML list."""
    collection = snapshot.collection
    every = tuple(channels(collection, site.name))
    news = by_channel(snapshot.news, collection)
    made = Feeds(site, names(collection), snapshot.as_of)
    for channel in every:
        chosen = newest(news.get(channel.url, ()), snapshot.as_of)
        yield channel.url + ATOM, partial(made.atom, channel, chosen)
        yield channel.url + JSON_FEED, partial(made.json, channel, chosen)
    yield OPML, opml(every, site)


@dataclass(frozen=True)
class FeedItem:
    """A feed item in any format. All addresses in `html` are absolute."""

    id: str
    url: str
    title: str
    html: str
    published: datetime.datetime
    updated: datetime.datetime
    tags: list[str]

    @cached_property
    def atom(self) -> str:
        """The item as an Atom element, serialised once for all its feeds."""
        feed, written = _Atom(title="", link="", description=""), io.StringIO()
        feed.add_item(
            title=self.title,
            link=self.url,
            description=None,
            content=self.html,
            unique_id=self.id,
            pubdate=self.published,
            updateddate=self.updated,
            categories=self.tags,
        )
        feed.write_items(SimplerXMLGenerator(written, "utf-8", short_empty_elements=True))
        return written.getvalue()


@dataclass(frozen=True)
class Feeds:
    """Makes the feeds of a site; each item is made only once, since it is in several feeds."""

    site: Site
    names: Names
    as_of: datetime.date
    _items: dict[str, FeedItem] = field(default_factory=dict, compare=False)

    def _item(self, news: News) -> FeedItem:
        """Return the feed item of a piece of news."""
        if news.name not in self._items:
            start = midnight(news.day, self.site.zone)
            published = start + datetime.timedelta(seconds=news.second)
            self._items[news.name] = FeedItem(
                id=self.site.tag(news.name),
                url=self.site.absolute(news.url),
                title=news.dated_title,
                html=self._html(news),
                published=published,
                updated=max(published, midnight(news.changed, self.site.zone)),
                tags=self._tags(news),
            )
        return self._items[news.name]

    def _html(self, news: News) -> str:
        template = environment().get_template("item.html.j2")
        html: str = template.render(
            item=news,
            entry=news.entry,
            body=lambda text: body_html(text, self.site.url),
            names=self.names,
            absolute=self.site.absolute,
        )
        return html.strip()

    def _tags(self, news: News) -> list[str]:
        terms = ((kind, term) for kind in SUBSCRIBABLE_KINDS for term in news.terms(kind))
        named = [self.names[kind][term].short for kind, term in terms]
        return list(dict.fromkeys([news.kind.label, news.entry.type.label, *named]))

    def atom(self, channel: Channel, news: Sequence[News]) -> bytes:
        """Return the feed of a channel as Atom; the news are the newest first."""
        items = [self._item(one) for one in news]
        site, url = self.site, channel.url
        feed = _Atom(
            title=channel.title,
            link=site.absolute(url),
            description=site.description,
            language=LANGUAGE,
            author_name=site.name,
            author_link=site.url,
            feed_url=site.absolute(url + ATOM),
            feed_guid=site.tag(url + "feed"),
        )
        start = midnight(self.as_of, site.zone)
        feed.updated = max((item.updated for item in items), default=start)
        written = io.StringIO()
        feed.write(written, "utf-8")
        head = written.getvalue().removesuffix(_END)
        return "".join([head, *(item.atom for item in items), _END]).encode()

    def json(self, channel: Channel, news: Sequence[News]) -> bytes:
        """Return the feed of a channel as JSON Feed."""
        site, url = self.site, channel.url
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": channel.title,
            "home_page_url": site.absolute(url),
            "feed_url": site.absolute(url + JSON_FEED),
            "description": site.description,
            "language": LANGUAGE,
            "authors": [{"name": site.name, "url": site.url}],
            "items": [
                {
                    "id": item.id,
                    "url": item.url,
                    "title": item.title,
                    "content_html": item.html,
                    "date_published": item.published.isoformat(),
                    "date_modified": item.updated.isoformat(),
                    "tags": item.tags,
                }
                for item in map(self._item, news)
            ],
        }
        return to_json(feed)


class _Atom(Atom1Feed):
    """An Atom feed whose time of update is set by the caller, not taken from the clock."""

    updated: datetime.datetime | None = None

    def latest_post_date(self) -> datetime.datetime | None:
        """Return the time at which the feed was last updated."""
        return self.updated


def opml(every: Sequence[Channel], site: Site) -> bytes:
    """Return a list of all feeds, grouped by kind, for subscribing to all of them at once.

    The format is described at http://opml.org/spec2.opml.
    """
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = site.name
    body = ElementTree.SubElement(root, "body")
    groups: dict[Kind | None, ElementTree.Element] = {None: body}
    for channel in every:
        kind = channel.kind
        if kind and kind not in groups:
            groups[kind] = _outline(body, KIND_TITLES[kind])
        outline = _outline(groups[kind], channel.name)
        outline.set("type", "rss")
        outline.set("xmlUrl", site.absolute(channel.url + ATOM))
        outline.set("htmlUrl", site.absolute(channel.url))
    ElementTree.indent(root, " ")
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(written) + b"\n"


def _outline(parent: ElementTree.Element, text: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, "outline", text=text, title=text)
