"""News -> Atom (RFC 4287), JSON Feed 1.1 and a list of all feeds in OPML 2.0."""

import datetime
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from feedgenerator import Atom1Feed

from timeline.downloads.items import Item, Items
from timeline.model.dates import moment
from timeline.model.fields import Kind
from timeline.model.outputs import ATOM, JSON_FEED, OPML
from timeline.model.site import Site
from timeline.standing.channels import Channel, by_channel, channels
from timeline.standing.news import newest
from timeline.standing.standing import Standing
from timeline.views.page import names
from timeline.views.view import KINDS

LANGUAGE = "en"


def feeds(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content, for everything and each regulator, topic and instrument."""
    collection = standing.collection
    every = tuple(channels(collection, site.name))
    news = by_channel(standing.news, collection)
    items = Items(site, names(collection))
    for channel in every:
        told = newest(news.get(channel.url, ()), standing.as_of)
        feed = Feed(channel, [items.of(item) for item in told], standing.as_of, site)
        yield channel.url + ATOM, feed.atom()
        yield channel.url + JSON_FEED, feed.json()
    yield OPML, opml(every, site)


@dataclass(frozen=True)
class Feed:
    """A channel's news, newest first, as of a day."""

    channel: Channel
    items: Sequence[Item]
    as_of: datetime.date
    site: Site

    def atom(self) -> bytes:
        """As Atom."""
        site, url = self.site, self.channel.url
        feed = _Atom(
            title=self.channel.title,
            link=site.absolute(url),
            description=site.description,
            language=LANGUAGE,
            author_name=site.name,
            author_link=site.url,
            feed_url=site.absolute(url + ATOM),
            feed_guid=site.tag(url + "feed"),
        )
        dawn = moment(self.as_of, site.zone)
        feed.updated = max((item.updated for item in self.items), default=dawn)
        for item in self.items:
            feed.add_item(
                title=item.title,
                link=item.url,
                description=None,
                content=item.html,
                unique_id=item.id,
                pubdate=item.published,
                updateddate=item.updated,
                categories=item.tags,
            )
        written = io.StringIO()
        feed.write(written, "utf-8")
        return written.getvalue().encode()

    def json(self) -> bytes:
        """As JSON Feed."""
        site, url = self.site, self.channel.url
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.channel.title,
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
                for item in self.items
            ],
        }
        return json.dumps(feed, ensure_ascii=False).encode()


class _Atom(Atom1Feed):
    """An Atom feed that says itself when it was last new, rather than ask the clock."""

    updated: datetime.datetime | None = None

    def latest_post_date(self) -> datetime.datetime | None:
        """When the feed was last new."""
        return self.updated


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
