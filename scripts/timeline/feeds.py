"""News -> Atom (RFC 4287), JSON Feed 1.1 and a list of all feeds in OPML 2.0."""

import datetime
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from feedgenerator import Atom1Feed

from timeline.channels import FOLLOWED, Channel, by_channel, channels
from timeline.dates import SHANGHAI
from timeline.fields import Kind
from timeline.fulltext import FullText
from timeline.news import News, newest
from timeline.page import Names, names
from timeline.site import Site
from timeline.standing import Standing
from timeline.view import KINDS

ATOM, JSON = "feed.atom", "feed.json"
LANGUAGE = "en"


def feeds(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content, for everything and each regulator, topic and instrument."""
    collection = standing.collection
    every = tuple(channels(collection, site.name))
    known = names(collection)
    items = by_channel(standing.news, collection)
    text = FullText(site, known)
    for channel in every:
        found = newest(items.get(channel.url, ()), standing.as_of)
        feed = Feed(channel, found, standing.as_of, site, text, known)
        yield channel.url + ATOM, feed.atom()
        yield channel.url + JSON, feed.json()
    yield "feeds.opml", opml(every, site)


@dataclass(frozen=True)
class Feed:
    """A channel's news, newest first, as of a day."""

    channel: Channel
    items: Sequence[News]
    as_of: datetime.date
    site: Site
    text: FullText
    names: Names

    @property
    def title(self) -> str:
        """The channel's name, and whose it is."""
        name = self.site.name
        return f"{self.channel.name} – {name}" if self.channel.kind else name

    def atom(self) -> bytes:
        """As Atom."""
        site, url = self.site, self.channel.url
        feed = _Atom(
            title=self.title,
            link=site.absolute(url),
            description=site.description,
            language=LANGUAGE,
            author_name=site.name,
            author_link=site.url,
            feed_url=site.absolute(url + ATOM),
            feed_guid=site.tag(url + "feed"),
        )
        feed.updated = max((moment(item.changed) for item in self.items), default=None)
        feed.updated = feed.updated or moment(self.as_of)
        for item in self.items:
            feed.add_item(
                title=item.title,
                link=site.absolute(item.url),
                description=None,
                content=self.text.of(item),
                unique_id=site.tag(item.name),
                pubdate=moment(item.day),
                updateddate=moment(item.changed),
                categories=self._categories(item),
            )
        written = io.StringIO()
        feed.write(written, "utf-8")
        return written.getvalue().encode()

    def json(self) -> bytes:
        """As JSON Feed."""
        site, url = self.site, self.channel.url
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": site.absolute(url),
            "feed_url": site.absolute(url + JSON),
            "description": site.description,
            "language": LANGUAGE,
            "authors": [{"name": site.name, "url": site.url}],
            "items": [
                {
                    "id": site.tag(item.name),
                    "url": site.absolute(item.url),
                    "title": item.title,
                    "content_html": self.text.of(item),
                    "date_published": moment(item.day).isoformat(),
                    "date_modified": moment(item.changed).isoformat(),
                    "tags": self._categories(item),
                }
                for item in self.items
            ],
        }
        return json.dumps(feed, ensure_ascii=False, indent=1).encode()

    def _categories(self, item: News) -> list[str]:
        named = [self.names[kind][term].short for kind in FOLLOWED for term in item.terms(kind)]
        return list(dict.fromkeys([item.kind.label, item.entry.type.label, *named]))


class _Atom(Atom1Feed):
    """An Atom feed that says itself when it was last new, rather than ask the clock."""

    updated: datetime.datetime | None = None

    def latest_post_date(self) -> datetime.datetime | None:
        """When the feed was last new."""
        return self.updated


def moment(day: datetime.date) -> datetime.datetime:
    """The moment at which a day begins in China."""
    return datetime.datetime.combine(day, datetime.time(), SHANGHAI)


def opml(every: Sequence[Channel], site: Site) -> bytes:
    """All feeds, grouped, for a program to subscribe to at once (http://opml.org/spec2.opml)."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = site.name
    body = ElementTree.SubElement(root, "body")
    groups: dict[Kind | None, ElementTree.Element] = {None: body}
    for channel in every:
        kind = channel.kind
        if kind and kind not in groups:
            groups[kind] = _outline(body, KINDS[kind])
        outline = _outline(groups[kind], channel.name)
        outline.set("type", "rss")
        outline.set("xmlUrl", site.absolute(channel.url + ATOM))
        outline.set("htmlUrl", site.absolute(channel.url))
    ElementTree.indent(root, " ")
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(written) + b"\n"


def _outline(parent: ElementTree.Element, text: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, "outline", text=text, title=text)
