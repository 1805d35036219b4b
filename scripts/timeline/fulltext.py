"""An item of news as HTML that can be read anywhere: full text, whole addresses."""

from collections.abc import Callable

from markdown import Markdown
from markupsafe import Markup

from timeline import body
from timeline.news import News
from timeline.page import Names
from timeline.rendering import environment
from timeline.site import Site


class FullText:
    """Writes items, each once, since an item stands in several feeds."""

    def __init__(self, site: Site, names: Names) -> None:
        self._absolute: Callable[[str], str] = site.absolute
        self._template = environment().get_template("item.html.j2")
        self._markdown = Markdown(extensions=["tables"])  # as MkDocs renders the page
        self._names = names
        self._written: dict[str, str] = {}

    def of(self, item: News) -> str:
        """The HTML of an item."""
        if item.name not in self._written:
            self._written[item.name] = self._template.render(
                item=item,
                entry=item.entry,
                body=self.body(item.entry.body),
                names=self._names,
                absolute=self._absolute,
            ).strip()
        return self._written[item.name]

    def body(self, text: str) -> Markup:
        """An entry's Markdown as HTML; it was checked to hold no HTML of its own."""
        linked = body.linked(text, lambda entry: self._absolute(f"entries/{entry}/"))
        return Markup(self._markdown.reset().convert(body.marked(linked)))  # noqa: S704
