"""The page that explains the open data: what people wrote, and a list of the files."""

from timeline.downloads.api import list_names
from timeline.downloads.front_matter_schema import MODELS
from timeline.downloads.tables import table_names
from timeline.model.outputs import (
    ATOM,
    CALENDAR,
    DATA,
    DATA_PACKAGE,
    JSON_FEED,
    LLMS,
    OPML,
    list_path,
    schema_path,
    table_path,
)
from timeline.model.terms import Prose
from timeline.views.page import Page


def data_page(prose: Prose) -> Page:
    """`/data/`."""
    files = (
        ("JSON", [list_path(name) for name in list_names()]),
        ("CSV", [table_path(name) for name in table_names()]),
        ("Data Package", [DATA_PACKAGE]),
        ("JSON Schema", [schema_path(name) for name in MODELS]),
        ("Markdown", [LLMS]),
        ("Feeds", [ATOM, JSON_FEED, OPML]),
        ("Calendar", [CALENDAR]),
    )
    context = {"document": prose, "files": files}
    url, title, described = DATA, prose.title, prose.description
    return Page("data.md", url, "data.md.j2", title, described, prose.path, context)
