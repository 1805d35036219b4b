"""The page on which readers search and narrow the whole collection."""

from timeline.model.vocabulary import EntryType
from timeline.standing.standing import Standing
from timeline.views.facets import groups
from timeline.views.page import Page, head, names, path_of

URL = "explore/"
SHORT = 8  # values of a facet that are shown before the reader asks for all


def explore(standing: Standing) -> Page:
    """The explore page: its facets with their counts; the results come in the browser."""
    collection = standing.collection
    prose = collection.prose.get("explore")
    title, description = head(prose, "Explore")
    context = {
        "document": prose,
        "groups": groups(standing, names(collection)),
        "total": len(collection.listed),
        "types": tuple(EntryType),
        "short": SHORT,
        "feeds": {"regulator": "regulators", "topic": "topics"},
    }
    path, template, source = f"{URL}index.md", "explore.md.j2", path_of(prose)
    scripts = ("search/explore.js",)
    return Page(path, URL, template, title, description, source, context, scripts)
