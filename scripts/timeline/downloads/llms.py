"""`/llms.txt`: what a language model should read first, https://llmstxt.org."""

from collections.abc import Iterator

from timeline.downloads.api import list_names
from timeline.downloads.plain_markdown import environment
from timeline.model.outputs import API, DATA_PACKAGE, LLMS, list_path
from timeline.model.site import Site
from timeline.standing.standing import Standing
from timeline.views.view import KINDS


def llms_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """The file. It leads to the lists and the data, and never holds the collection."""
    collection = standing.collection
    facts = {
        "site": site,
        "as_of": standing.as_of,
        "total": len(collection.listed),
        "api": API,
        "kinds": [(kind, title, len(getattr(collection, kind))) for kind, title in KINDS.items()],
        "data": [
            *((f"{name.capitalize()} as JSON", list_path(name)) for name in list_names()),
            ("Tables as a Data Package", DATA_PACKAGE),
        ],
        "years": [
            (year, sum(map(len, months.values()))) for year, months in collection.by_month.items()
        ],
    }
    yield LLMS, environment().get_template("llms.txt.j2").render(facts).encode()
