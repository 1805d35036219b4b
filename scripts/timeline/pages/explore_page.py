"""The page on which readers search and narrow the whole collection."""

from timeline.standing.standing import Standing
from timeline.views.facets import groups
from timeline.views.page import Page, head, names, path_of

URL = "explore/"
SHORT = 8  # values of a facet that are shown before the reader asks for all


def explore(standing: Standing, *, preview: bool) -> Page:
    """The explore page: its facets with their counts; the results come in the browser.

    A preview has no index of the search, and no facets.
    """
    collection = standing.collection
    prose = collection.prose.get("explore")
    title, description = head(prose, "Explore")
    context = {
        "document": prose,
        "groups": () if preview else groups(standing, names(collection)),
        "total": len(collection.listed),
        "short": SHORT,
    }
    path, template, source = f"{URL}index.md", "explore.md.j2", path_of(prose)
    scripts = ("search/explore.js",)
    return Page(path, URL, template, title, description, source, context, scripts)
