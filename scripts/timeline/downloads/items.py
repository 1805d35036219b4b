"""An item of news as a feed tells it: full text that can be read anywhere, whole addresses."""

import datetime
from dataclasses import dataclass

from markupsafe import Markup

from timeline.model.dates import moment
from timeline.model.site import Site
from timeline.rendering.body_html import body_html
from timeline.rendering.rendering import environment
from timeline.standing.channels import FOLLOWED
from timeline.standing.news import News
from timeline.views.page import Names


@dataclass(frozen=True)
class Item:
    """What Atom and JSON Feed both tell. `html` holds no address that is not whole."""

    id: str
    url: str
    title: str
    html: str
    published: datetime.datetime
    updated: datetime.datetime
    tags: list[str]


class Items:
    """Makes items, each once, since one stands in several feeds."""

    def __init__(self, site: Site, names: Names) -> None:
        self._site = site
        self._names = names
        self._template = environment().get_template("item.html.j2")
        self._made: dict[str, Item] = {}

    def of(self, news: News) -> Item:
        """An item of news, ready to be told."""
        if news.name not in self._made:
            self._made[news.name] = Item(
                id=self._site.tag(news.name),
                url=self._site.absolute(news.url),
                title=news.title,
                html=self._html(news),
                published=moment(news.day, self._site.zone),
                updated=moment(news.changed, self._site.zone),
                tags=self._tags(news),
            )
        return self._made[news.name]

    def _html(self, news: News) -> str:
        return self._template.render(
            item=news,
            entry=news.entry,
            body=self._body,
            names=self._names,
            absolute=self._site.absolute,
        ).strip()

    def _body(self, text: str) -> Markup:
        """An entry's Markdown as HTML with whole addresses."""
        return body_html(text, self._site.url)

    def _tags(self, news: News) -> list[str]:
        named = [self._names[kind][term].short for kind in FOLLOWED for term in news.terms(kind)]
        return list(dict.fromkeys([news.kind.label, news.entry.type.label, *named]))
