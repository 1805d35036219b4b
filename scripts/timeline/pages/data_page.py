"""The page that explains the open data: what people wrote, and a list of the files."""

from timeline.downloads.api import list_names
from timeline.downloads.calendars import ICS
from timeline.downloads.data_package import FOLDER
from timeline.downloads.feeds import ATOM, JSON, OPML
from timeline.downloads.front_matter_schema import MODELS, schema_path
from timeline.downloads.tables import table_names
from timeline.model.terms import Prose
from timeline.views.page import Page
from timeline.views.view import API


def data_page(prose: Prose) -> Page:
    """`/data/`."""
    files = (
        ("JSON", [f"{API}{name}.json" for name in list_names()]),
        ("CSV", [f"{FOLDER}{name}.csv" for name in table_names()]),
        ("Data Package", [f"{FOLDER}datapackage.json"]),
        ("JSON Schema", [schema_path(name) for name in MODELS]),
        ("Markdown", ["llms.txt"]),
        ("Feeds", [ATOM, JSON, OPML]),
        ("Calendar", [ICS]),
    )
    context = {"document": prose, "files": files}
    url, title, described = FOLDER, prose.title, prose.description
    return Page("data.md", url, "data.md.j2", title, described, prose.path, context)
