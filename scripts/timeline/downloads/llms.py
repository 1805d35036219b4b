"""`/llms.txt`: what a language model should read first, https://llmstxt.org."""

from collections.abc import Iterator

from timeline.downloads.api import list_names
from timeline.downloads.data_package import FOLDER
from timeline.downloads.plain_markdown import environment
from timeline.model.site import Site
from timeline.standing.standing import Standing
from timeline.views.view import API, KINDS


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
            *((f"{name.capitalize()} as JSON", f"{API}{name}.json") for name in list_names()),
            ("Tables as a Data Package", f"{FOLDER}datapackage.json"),
        ],
        "years": [
            (year, sum(map(len, months.values()))) for year, months in collection.by_month.items()
        ],
    }
    yield "llms.txt", environment().get_template("llms.txt.j2").render(facts).encode()
