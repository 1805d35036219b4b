"""Former addresses of entries: a page that leads to the new one, without script.

It says what it leads to: programs that show a link in a chat do not follow it.
"""

from collections.abc import Iterator

import jinja2

from timeline.downloads.records import entry_url
from timeline.model.outputs import CARD
from timeline.model.site import Site
from timeline.rendering.rendering import TEMPLATES, han
from timeline.standing.standing import Standing
from timeline.views.page import description_of


def moved_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> HTML, for each alias of an entry."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(
        loader=loader, autoescape=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    templates.filters["han"] = han
    template = templates.get_template("moved.html.j2")
    for entry in standing.collection.entries:
        shared = {
            "entry": entry,
            "site": site,
            "url": entry_url(entry.id, site),
            "description": description_of(entry),
            "picture": site.absolute(CARD),
        }
        for alias in entry.aliases:
            text = template.render(shared, alias=alias)
            yield f"entries/{alias}/index.html", text.encode()
